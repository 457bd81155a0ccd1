"""The audit: what the page weighs, how fast it is, and whether anybody is kept out of it."""
