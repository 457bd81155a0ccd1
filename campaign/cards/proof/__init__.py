"""A file of sheets read again, and compared with what was approved."""
