"""The staff desk: log in, review what waits, look up what was decided."""
