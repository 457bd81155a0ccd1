"""A language's own ways, and the interface's words in it."""
