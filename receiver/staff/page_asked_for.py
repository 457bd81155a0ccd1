"""Where a login leads: to the page that was asked for without one, with word of what came too late."""

from __future__ import annotations

import re
from typing import Any

from flask import flash, request, session, url_for

PLACE = ("kind", "of", "flood", "aside", "second", "after")  # of a group, or of a queue
STEPS = ("decisions", "undo", "groups", "batches")  # blueprints
LONGEST = 1000  # characters of an address


def page_asked_for() -> str:
    """Return the address of the page at hand: of a form, a picture or a file the page on which it stands."""
    known, slug = request.view_args or {}, (request.view_args or {}).get("slug")
    if request.method == "GET" and "." not in request.path:
        return request.full_path.rstrip("?")
    if "identifier" in known:
        return url_for("desk.review", slug=slug, message=known["identifier"])
    if "number" in known:
        return url_for("batches.single", slug=slug, number=known["number"])
    if not slug:
        return request.values.get("next", "")
    if request.blueprint in ("batches", "downloads"):
        return url_for("batches.listing", slug=slug)
    page = "groups.show" if request.blueprint == "groups" else "desk.review"
    place: dict[str, Any] = {name: request.form[name] for name in PLACE if request.form.get(name)}
    return url_for(page, slug=slug, **place)


def own_page(address: object) -> str:
    """Return an address within the desk; home for any other, which could lead to somebody else's page.

    So does "/..", however it is written; and what is too long for a session's cookie.
    """
    own = (
        isinstance(address, str)
        and len(address) <= LONGEST
        and re.fullmatch(r"/staff/[!-\[\]-~]*", address)
        and not re.search(r"/(?:\.|%2e){2}", address, re.IGNORECASE)
    )
    return str(address) if own else url_for("desk.home")


def note_lost() -> bool:
    """Remember where a decision or a step came too late, for when its member is in again.

    Not of another site's form: it would choose the message.
    """
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    lost = ours and request.method == "POST" and request.blueprint in STEPS
    if lost:
        session["lost"] = (request.view_args or {}).get("identifier", "")
    return lost


def tell_lost(lost: str | None, page: str) -> None:
    """Say on the next page what a member who is in again left undone; it then keeps what was typed there.

    Who is led to a single message on which it was is asked to press once more, and nobody else.
    """
    if lost is not None:
        more = " Please press once more." if lost and page.endswith(f"?message={lost}") else ""
        flash(f"Nothing was changed: your login had ended.{more}", "fault")
