"""Text set in lines: shaping, breaking, bidirectional order."""
