"""Unicode's bidirectional algorithm (UAX #9)."""
