"""Mutants: small changes to the program, each of which a test should notice."""
