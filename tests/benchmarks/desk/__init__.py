"""How long the pages of the staff desk take once many messages are stored."""
