"""The picture on the front of every card, printed as it looks."""
