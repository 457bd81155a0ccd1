"""What can be published and should not be: each text as a reader would see it, looked through for slips."""
