"""English for what the commands say."""


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: 1 card, 2 cards."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
