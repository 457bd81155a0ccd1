"""The database and the disk: what is stored stays stored."""
