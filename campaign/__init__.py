"""What a campaign is: content, messages, cards, pages. No request is handled here."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent  # of the project
