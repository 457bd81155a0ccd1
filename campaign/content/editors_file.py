"""An editor's file as text, and the faults that are found in it."""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from campaign.errors import ContentError, Fix

MOST_FAULTS = 100  # of one file: nobody reads more at once, and the receiver's log takes them all
ALIKE = 0.7  # how like a misspelt name is to the right one
PAGES = ("thanks", "closed", "privacy")  # texts that are pages of their own
NAMES = {f"{one}.md" for one in ("story", "how-it-works", "suggestions", *PAGES, "won")}
MARK = "\ufeff"
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
DOCUMENTS = (
    b"PK\x03\x04",
    b"{\\rtf",
    b"\xd0\xcf\x11\xe0",
    b"%PDF-",
)  # as word processors save, under any name
LONGEST = 128 * 1024  # bytes: the whole Declaration of Human Rights, six times
# What Google Docs writes of a picture into the Markdown that it exports is longer than any text.
OF_ITS_OWN = (
    "save the picture as a file beside this one, write ![what it shows](its-name.jpg), and take data:… out"
)


@dataclass(frozen=True)
class Source:
    """One file's text with plain newlines, and the list that its faults are added to."""

    path: Path
    text: str
    faults: list[ContentError]

    def fault(self, line: int, fault: str, remedy: str, fix: Fix | None = None) -> None:
        """Note one fault, if not too many are; `line` counts from 1, 0 means the file as a whole."""
        if sum(known.path is self.path for known in self.faults) < MOST_FAULTS:
            self.faults.append(ContentError(self.path, line, fault, remedy, fix=fix))


def read(path: Path, faults: list[ContentError], remedy: str) -> Source | None:
    """Read a file that has to be there; `remedy` says what to do when it is missing or empty."""
    try:
        with path.open("rb") as file:
            raw = file.read(LONGEST + 1)
    except FileNotFoundError:
        other = _misnamed(path)
        if other:
            fix = Fix(0, other.name, path.name)
            faults.append(ContentError(other, 0, f"is not {path.name}", f"name it {path.name}", fix=fix))
        else:
            faults.append(ContentError(path, 0, "missing", remedy))
        return None
    except OSError as error:
        faults.append(unreadable(error, path))
        return None
    if len(raw) > LONGEST:
        fault = f"is longer than {LONGEST // 1024} KiB"
        remedy = OF_ITS_OWN if b"data:image/" in raw else "shorten it, or put part of it elsewhere"
        faults.append(ContentError(path, 0, fault, remedy))
        return None
    if raw.startswith(DOCUMENTS):
        remedy = "save it as plain text in UTF-8, or copy its words into a file that is"
        faults.append(ContentError(path, 0, "is a word processor's document, not plain text", remedy))
        return None
    if raw.startswith(UTF_16) or raw.count(b"\0") > len(raw) // 4:
        fault = 'not UTF-8 but UTF-16, which Windows calls "Unicode"'
        faults.append(ContentError(path, 1, fault, "save the file in the encoding UTF-8"))
        return None
    try:
        text = raw.decode("utf-8").lstrip(MARK)  # Windows editors put it before the first letter, or twice
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        faults.append(ContentError(path, line, "not UTF-8", "save the file in the encoding UTF-8"))
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        faults.append(ContentError(path, 0, "empty", remedy))
        return None
    return Source(path, text, faults)


def unreadable(error: OSError, path: Path) -> ContentError:
    """Name a file, a picture or a folder that whoever checks may not read."""
    fault = f"cannot be read: {error.strerror}"
    return ContentError(Path(error.filename or path), 0, fault, "make it a readable file")


def _misnamed(path: Path) -> Path | None:
    """Find the file that was meant to be one that is missing: `Thanks.md`, `thank.md`, `thanks.md.txt`."""
    beside = {other.name.lower(): other for other in path.parent.glob("*") if other.name not in NAMES}
    near = difflib.get_close_matches(path.name, beside, n=1, cutoff=ALIKE)
    return beside[near[0]] if near and beside[near[0]].is_file() else None


def did_you_mean(word: str, known: Collection[str]) -> str:
    """Return a remedy for a word that is not known: the nearest one, and the list of them all."""
    near, every = nearest(word, known), ", ".join(known)
    return f"did you mean {near}? Known: {every}" if near else f"write one of: {every}"


def nearest(word: str, known: Iterable[str], *, alike: float = 0.6) -> str | None:
    """Return the known word that was meant by a misspelt one, if any is near."""
    folded = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), folded, n=1, cutoff=alike)
    return folded[near[0]] if near else None
