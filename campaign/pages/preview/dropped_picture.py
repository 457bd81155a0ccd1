"""A picture dropped into the browser: opened as all pictures are before it takes a place in content/.

What its camera noted, such as the place, is not taken along: content/ is handed on.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path

from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.file_kinds import HEIC_ENDINGS, HEIC_REMEDY
from campaign.cards.illustration.photo_metadata import bare
from campaign.cards.illustration.web_picture import published
from campaign.content import illustration, picture_check
from campaign.content.story_pictures import SUFFIXES
from campaign.errors import ContentError
from campaign.pages.preview.files import Files, RefusedFile, State

MOST_BYTES = picture_check.MOST_BYTES
PICTURE = re.compile(r"!\[[^\[\]]*\]\(([^()\s]+)")
TEXTS = frozenset((".docx", ".doc", ".odt", ".rtf", ".txt", ".md", ".pages", ".html", ".pdf"))
NO_SIGNS = re.compile(r"[^\w.-]+")


def put_own(files: Files, slug: str, name: str, dropped: str, data: bytes) -> str:
    """Let a picture take the place of one of a campaign's own, and return the name it is undone by.

    Raises:
        RefusedFile: it cannot be shown; says why and what to do.
    """
    suffix = _suffix(dropped, illustration.SUFFIXES)
    if name not in illustration.NAMES:
        raise RefusedFile(f"{name}: no campaign has such a picture; choose {', '.join(illustration.NAMES)}")
    if suffix in HEIC_ENDINGS:
        raise RefusedFile(f"{dropped}: is a picture of a telephone's own kind; {HEIC_REMEDY}")
    path = files.path(f"{slug}/{name}{suffix}", illustration.SUFFIXES)
    faults: list[ContentError] = []
    with tempfile.TemporaryDirectory() as aside:
        trial = Path(aside) / path.name
        trial.write_bytes(data)
        picture_check.check(trial, faults)
    if faults:
        raise RefusedFile(f"{dropped}: {faults[0].fault}; {faults[0].remedy}")
    beside = (old for old in path.parent.glob(f"{name}.*") if old.is_file())
    others = (old for old in beside if old.suffix.lower() not in {".md", ".license"})
    state: State = {**dict.fromkeys(others), path: bare(data)}
    files.put(f"{slug}/{name}", state)
    return f"{slug}/{name}"


def put_beside(files: Files, text: str, dropped: str, data: bytes) -> str:
    """Lay a picture beside a text, and return the name by which the text can show it.

    Raises:
        RefusedFile: it cannot be shown; says why and what to do.
    """
    suffix = _suffix(dropped, frozenset(SUFFIXES))
    stem = NO_SIGNS.sub("-", unicodedata.normalize("NFC", Path(dropped).stem)).strip("-.") or "picture"
    home = text.rpartition("/")[0]
    if suffix not in SUFFIXES or home.count("/") < 1:
        remedy = HEIC_REMEDY if suffix in HEIC_ENDINGS else "save it as one of them"
        raise RefusedFile(f"{dropped}: a text shows JPEG, PNG, WebP and SVG; {remedy}")
    with tempfile.TemporaryDirectory() as aside:
        trial = Path(aside) / f"{stem}{suffix}"
        trial.write_bytes(data)
        try:
            published(trial, SUFFIXES[suffix])
            bared = bare(data)
        except PictureFault as fault:
            raise RefusedFile(f"{dropped}: {fault.fault}; {fault.remedy}") from fault
    number = 1
    while True:
        name = f"{stem}{f'-{number}' if number > 1 else ''}{suffix}"
        path = files.path(f"{home}/{name}", frozenset(SUFFIXES))
        if not path.exists():
            files.put(f"{home}/{name}", {path: bared})
            return name
        if path.read_bytes() in (data, bared):
            return name
        number += 1


def take_back(files: Files, text: str, before: str) -> None:
    """Take back the pictures that were laid here beside a text, and that it showed `before` it was undone."""
    home, _, name = text.rpartition("/")
    if not name.endswith(".md"):
        return
    for picture in PICTURE.findall(before):
        laid = f"{home}/{picture}"
        if not files.can_undo(laid) or picture in files.words_beside(text):
            continue
        with suppress(RefusedFile):  # it was changed since
            files.undo(laid)


def _suffix(dropped: str, pictures: frozenset[str]) -> str:
    suffix = Path(dropped).suffix.lower()
    if suffix in TEXTS - pictures:
        raise RefusedFile(f"{dropped}: is a text and no picture; open it, copy its words, paste them here")
    return suffix
