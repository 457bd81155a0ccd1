"""HTTP's own matters: bodies, headers, origins, limits, logs, errors, static files."""
