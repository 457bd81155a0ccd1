"""Which letters a language is written in, and whether a text is mostly in others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from babel.core import get_global

from campaign.cards.type.bidi.levels import base_level
from campaign.language.locales import Direction
from campaign.text.scripts import script

# By the codes of ISO 15924. Of a language with several, such as Japanese, nothing is claimed.
SCRIPTS = {"Cyrl": "CYRILLIC", "Latn": "LATIN", "Arab": "ARABIC", "Hebr": "HEBREW", "Grek": "GREEK"}
FEWEST = 12  # letters, before anything is said of a text that is still being written


def script_code(language: str) -> str:
    """Return the code of the script in which a language is mostly written; "" where that is not known."""
    likely = str(get_global("likely_subtags").get(language, "")).split("_")
    return likely[1] if len(likely) > 1 else ""


def script_codes(languages: Sequence[str]) -> tuple[str, ...]:
    """List the scripts of all the languages; none where nothing can be claimed of one of them."""
    codes = tuple(dict.fromkeys(script_code(language) for language in languages))
    return codes if all(code in SCRIPTS for code in codes) else ()


def direction(text: str) -> Direction:
    """Return the direction in which a text is set on a card, and shown."""
    return "rtl" if base_level(text) else "ltr"


def mostly_foreign(text: str, languages: Sequence[str]) -> bool:
    """Tell whether most letters belong to no script of the languages, as static/writing.js does."""
    own = {SCRIPTS[code] for code in script_codes(languages)}
    letters = Counter(script(character) in own for character in text if character.isalpha())
    return bool(own) and letters.total() >= FEWEST and letters[False] > letters[True]
