"""Python-Markdown as Candle uses it: no HTML, lines that are known, a language's own quotes."""
