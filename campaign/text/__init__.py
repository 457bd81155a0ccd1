"""What a message may hold: normalising, refusals, flags, languages."""
