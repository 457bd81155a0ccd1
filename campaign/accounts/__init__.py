"""Who works at the staff desk, and their sessions."""
