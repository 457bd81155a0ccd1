"""What is signed, and what is sealed."""
