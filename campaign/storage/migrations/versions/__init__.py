"""The steps of the tables, one module each, oldest first."""
