"""What supporters meet: the form, its answers, and taking a message back."""
