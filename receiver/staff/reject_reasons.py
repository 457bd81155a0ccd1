"""The reasons for which staff usually reject a message; they may write others."""

REASONS = (
    "Spam",
    "Insult or threat",
    "Would harm the recipient",
    "Holds personal details",
    "Not a message",
)
