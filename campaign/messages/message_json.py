"""A message as JSON: what `build.py messages CAMPAIGN list --json` prints (docs/contract.md, "Commands")."""

from __future__ import annotations

from typing import Any

from campaign.messages.message import Message

NAMES = ("id", "campaign", "state", "first_name", "text", "language")


def as_dict(message: Message) -> dict[str, Any]:
    """Return what programs are told of a message, its flags last."""
    told = {name: getattr(message, name) for name in NAMES}
    return told | {"flags": [flag.as_dict() for flag in message.flags]}
