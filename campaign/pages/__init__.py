"""The frozen page, and the host for it on this machine."""
