"""What `build.py doctor` finds, and what it leaves in peace."""
