"""The fonts of the cards, and which of them sets which characters."""
