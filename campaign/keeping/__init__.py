"""How long things are kept: erasure, retention, backups, and the list that keeps erased things away."""
