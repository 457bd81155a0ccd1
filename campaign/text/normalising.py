"""What a message may hold: how it is normalised, and what it is refused for.

The rules and their limits were measured on the Declaration of Human Rights in 531 languages, on 31,053
names, and on a list of naughty strings. Nothing here knows a request or a database.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from campaign.text import invisible
from campaign.text.character_table import CharacterTable

if TYPE_CHECKING:
    from campaign.language.catalogue import Catalogue  # slower to load

MOST_MARKS = 8  # in a row: real text reached 5, vandalism 88
# Sorting marks takes the square of their row, so a longer one is not even composed: UAX #15's stream-safe
# format has so many. It is a bound that refuses, and never changes a text.
MOST_SORTED = 30
LONGEST_GRAPHEME = 12  # code points on average: one could hold a whole book, and real ones reach 10
MOST_BLANK_LINES = 2

_LINE_END = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(f"\n{{{MOST_BLANK_LINES + 2},}}")
# Old word processors wrote their own signs where Unicode has controls (Windows-1252), and a hyphen of theirs.
_CONTROLS = re.compile("[\x1e\x80\x82-\x84\x86-\x8c\x8e\x91-\x9c\x9e\x9f]")
# Forms of a letter that names have of their own, and that Unicode would let go for the common form.
_FORMS = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f])")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000fffff\U00100000-\U0010ffff]")

# Letters and signs of common scripts that never join with their neighbours: counted without ICU.
_ONE_EACH = re.compile(
    "[\n -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2015\u2018-\u2026\u4e00-\u9fff]*"
)

RefusalKind = Literal["empty", "too-long", "private-use", "marks"]


@dataclass(frozen=True)
class Normalised:
    """A text as it will be reviewed and printed, and whether something was removed that nobody sees.

    One that is out of all bounds is not worked on: `refused` says why, and `text` is as it came.
    """

    text: str
    removed: bool = False
    refused: Refusal | None = None


@dataclass(frozen=True)
class Refusal:
    """Why a text cannot be taken: graphemes over the limit, or the characters that nobody can print."""

    kind: RefusalKind
    over: int = 0
    limit: int = 0
    characters: tuple[str, ...] = ()

    def words(self, catalogue: Catalogue) -> str:
        """Say it to the supporter, in the language of `catalogue`."""
        if self.kind == "empty":
            return catalogue.gettext("Please write something here.")
        if self.kind == "too-long":
            return catalogue.ngettext(
                "This is %(over)d character too long: at most %(limit)d fit.",
                "This is %(over)d characters too long: at most %(limit)d fit.",
                self.over,
            ) % {"over": self.over, "limit": self.limit}
        if self.kind == "private-use":
            return catalogue.gettext(
                "This holds a character that only some devices know (%(characters)s). Please take it out."
            ) % {"characters": ", ".join(f"U+{ord(character):04X}" for character in self.characters)}
        return catalogue.gettext("This holds too many accents on one letter. Please take some out.")


def normalise(raw: str, *, one_line: bool = False, limit: int = 0) -> Normalised:
    """Bring a text to the form in which it is counted, reviewed, signed and printed.

    Line ends become newlines, what cannot be seen and is not needed goes, the rest is NFC (never NFKC, which
    changes what people wrote) but for forms of a name's letters, spaces at line ends go, and no more than two
    blank lines follow each other.
    `one_line` is for names; `limit` counts graphemes, and 0 is no limit. Normalising twice changes nothing.
    """
    if limit and len(raw) > limit * LONGEST_GRAPHEME and (refusal := _too_long(raw, limit)):
        return Normalised(raw, refused=refusal)
    if raw.isascii() and raw.isprintable():
        return Normalised(" ".join(raw.split()) if one_line else raw.strip())  # of all below, what is left
    return _closely(raw, one_line=one_line)


def _closely(raw: str, *, one_line: bool) -> Normalised:
    readable = _CONTROLS.sub(_sign, _LINE_END.sub("\n", raw).replace("\t", " "))
    visible = invisible.remove(readable)
    if most_marks(visible) > MOST_SORTED:
        return Normalised(raw, refused=Refusal("marks"))
    return Normalised(_tidy(_composed(visible), one_line=one_line), removed=visible != readable)


def _sign(control: re.Match[str]) -> str:
    return "-" if control[0] == "\x1e" else control[0].encode("latin-1").decode("cp1252")


def _composed(text: str) -> str:
    parts = _FORMS.split(text)
    parts[::2] = [unicodedata.normalize("NFC", part) for part in parts[::2]]
    return "".join(parts)


def length(text: str) -> int:
    """Count what a person counts: grapheme clusters, with an emoji family as one."""
    if _ONE_EACH.fullmatch(text):
        return len(text)
    from icu4py.breakers import CharacterBreaker  # late: 4 MB, of which most texts need nothing

    return len(list(CharacterBreaker(text, "und")))


def refusals(text: str, limit: int = 0) -> list[Refusal]:
    """List why a normalised text cannot be taken; `limit` counts graphemes, and 0 is no limit.

    Where graphemes are longer than any real ones, they count as several.
    """
    if not has_something(text):
        return [Refusal("empty")]
    reasons = []
    if limit and (refusal := _too_long(text, limit)):
        reasons.append(refusal)
    if text.isascii():
        return reasons
    if private := _PRIVATE.findall(text):
        reasons.append(Refusal("private-use", characters=tuple(dict.fromkeys(private))[:5]))
    if most_marks(text) > MOST_MARKS:
        reasons.append(Refusal("marks"))
    return reasons


def _too_long(text: str, limit: int) -> Refusal | None:
    if len(text) <= limit:
        return None  # no grapheme is shorter than a character
    over = max(length(text), len(text) // LONGEST_GRAPHEME) - limit
    return Refusal("too-long", over=over, limit=limit) if over > 0 else None


def has_something(text: str) -> bool:
    """Tell whether anything of the text leaves ink; the blank of Braille does not, next year's emoji do."""
    return text[:1].isalnum() or any(map(_leaves_ink, text))


def _leaves_ink(character: str) -> bool:
    kind = unicodedata.category(character)
    return (kind[0] in "LNPS" or kind in {"Cn", "Co"}) and character != "\u2800"


def most_marks(text: str) -> int:
    """Count the longest row of combining marks."""
    if text.isascii():
        return 0
    rows = text.translate(_MARKS).split()
    return max(map(len, rows), default=0)


_MARKS = CharacterTable(lambda character: "m" if invisible.is_mark(character) else " ")


def _tidy(composed: str, *, one_line: bool) -> str:
    if one_line:
        return " ".join(composed.split())
    lines = "\n".join(line.rstrip() for line in composed.split("\n"))
    text = _BLANK_LINES.sub("\n" * (MOST_BLANK_LINES + 1), lines)
    indented = "\n " in text.lstrip()  # a poem: its first line may stand aside too
    return text.rstrip().lstrip("\n") if indented else text.strip()
