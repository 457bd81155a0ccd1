"""Links as programs copy them: by way of a tracker, in translation, with the full stop."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

BY_WAY_OF = re.compile(
    r"https?://(?:www\.)?(google\.\w+(?=/url\?)|[lm]+\.(?:facebook\.com(?=/l\.php)|instagram\.com(?=/\?u=))|vk\.com(?=/away\.php)"
    r"|\w+\.safelinks\.protection\.outlook\.com)"
)
TRANSLATED = re.compile(r"https?://([\w-]+)\.translate\.goog(?=[/?#]|$)")
TRACKED = re.compile(
    r"(?<=[?&])(?:fbclid|gclid|yclid|igsh(?:id)?|mc_[ce]id|utm_\w+|recruiter|_x_tr_\w+)=[^&#]*&?"
)
SHARED = re.compile(r"(?<=[?&])si=[^&#]*&?")  # of a film
FILMS = re.compile(r"https://(?:youtu\.be|(?:www\.)?youtube\.com|open\.spotify\.com)/")
# Each: what an address holds, what is wrong with it, and what belongs there, where that is known.
SIGNS = (
    (
        r"^https?://(bit\.ly|t\.co|tinyurl\.com|goo\.gl|ow\.ly|is\.gd|buff\.ly|lnkd\.in|clck\.ru|vk\.cc|cutt\.ly)/",
        "which leads by way of {}",
        None,
    ),
    (r"^https?:(?://|/)(?=https?://)", "which begins twice", ""),
    (
        r"^https://(?:mail\.google\.com/mail|web\.telegram\.org|t\.me/c/\d|drive\.google\.com/drive/u/|vk\.com/im\b"
        r"|web\.whatsapp\.com|outlook\.(?:live|office)\.com/mail)",
        "which nobody else can open",
        None,
    ),
    (r"^(https?://)[^/@\s?#]+@", "which tells a name or a password", r"\1"),
    (r"/(?:edit|wp-admin)(?:[/?#]|$)|[?&]preview=true\b", "where people edit and do not read", None),
    (r"(?<![.,;:!])([.,;:!]+)$", 'whose last sign is "{}"', ""),
)
PATTERNS = tuple((re.compile(sign), fault, right) for sign, fault, right in SIGNS)


def meant(href: str) -> tuple[str, str] | None:
    """Say what is wrong with an address that leads somewhere, and the right one where it is known."""
    if found := BY_WAY_OF.match(href):
        asked = parse_qs(urlsplit(href).query)
        right = next((asked[name][0] for name in ("q", "url", "u", "to") if name in asked), "")
        return f"which leads by way of {found[1]}", right if right.startswith("https://") else ""
    if found := TRANSLATED.match(href):
        host = found[1].replace("--", "\0").replace("-", ".").replace("\0", "-")
        return "which is a translation by a program", without_tracking(f"https://{host}{href[found.end() :]}")
    for sign, fault, instead in PATTERNS:
        if found := sign.search(href):
            return fault.format(*found.groups()), "" if instead is None else sign.sub(instead, href)
    right = without_tracking(href)
    return ("which tells who shared it", right) if right != href else None


def is_sure(href: str) -> bool:
    """Tell whether the right one is certain: …/wiki/Apple_Inc. and …/Yahoo! end so."""
    return href[-1] not in ".!"


def without_tracking(href: str) -> str:
    """Return an address without what tells who shared it."""
    right = TRACKED.sub("", href)
    right = SHARED.sub("", right) if FILMS.match(right) else right
    return re.sub(r"\?(?=#|$)|(?<=\?)&|&(?=#|$)", "", right) if right != href else href
