"""The two halves of the receiver: the public paths, and the staff desk.

One process serves both on one port, or two processes over one database serve one each, so that nobody who
reaches the port of the public paths reaches a login, whatever name they ask for. Each route belongs to one
half; only `/health` is answered by both.
"""

from __future__ import annotations

from typing import Literal, get_args

Half = Literal["public", "desk"]
HALVES: tuple[Half, ...] = get_args(Half)


def signing_keys(only: Half | None) -> tuple[str, ...]:
    """Name the signing keys that must be there; the public half approves nothing, and needs no key for it."""
    return ("secret_key",) if only == "public" else ("secret_key", "approval_key")
