"""What is wrong with a PO file: what is lost of the English, missing, fuzzy, or shown by nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message

PLACES = re.compile(r"%\((\w+)\)")
_WIDE = re.compile(r"%(?:\(\w+\))?[-#0+ ]*[\d*.]")
# A translation may put the person's name in a case: %(person_dative)s for the English %(person)s.
CASES = ("genitive", "dative", "accusative", "instrumental", "locative", "vocative")
ONE_CASE = re.compile(rf"(?<=%\(person)_(?:{'|'.join(CASES)})(?=\))")
Found = tuple[int, str, str]  # line, fault and remedy; the line is 0 where the file does not name the string
QUOTES = re.compile('["“”„«»「」]')
REMEDY = "use each place of the English, such as %(name)s, and no others; a plain % is written %%"


def refusals(catalog: Catalog) -> Iterator[Found]:
    """Yield what would fail, or lose a word, while a page is made."""
    for message in _translated(catalog):
        if fault := _fault(message):
            yield message.lineno or 0, f"{_shown(message)}: {fault}", REMEDY


def faults(catalog: Catalog, strings: Catalog, update: str) -> Iterator[Found]:
    """Yield what a PO file leaves in English, is not sure of, loses or has too much.

    `strings` are those of the code, and `update` is the command that brings the file up to them.
    """
    done = {_key(message) for message in _translated(catalog)}
    for message in strings:
        if message.id and _key(message) not in done:
            yield _missing(message, catalog.get(_originals(message)[0], message.context), update)
    for message in _translated(catalog):
        if all(map(QUOTES.search, _originals(message))) and not all(map(QUOTES.search, _strings(message))):
            fault = f"{_shown(message)}: lacks the quotation marks of the English"
            yield message.lineno or 0, fault, "put the same words between those of the language"
    wanted = {_key(message) for message in strings if message.id}
    for message in (*catalog, *catalog.obsolete.values()):
        if message.id and _key(message) not in wanted:
            yield message.lineno or 0, f"nothing shows {_shown(message)}", f"take it out with: {update}"


def _missing(message: Message, entry: Message | None, update: str) -> Found:
    line = (entry.lineno or 0) if entry else 0
    if entry and entry.fuzzy:
        return line, f"{_shown(message)} is a guess (fuzzy)", "correct it, and take #, fuzzy out"
    return line, f"{_shown(message)} is not translated", f"translate it; if it is not in the file: {update}"


def _fault(message: Message) -> str | None:
    """Fill a translation's places as a page will, and say why that fails or what gets lost."""
    places = {name: 0 for original in _originals(message) for name in PLACES.findall(original)}
    for string in (ONE_CASE.sub("", string) for string in _strings(message)) if places else ():
        try:
            if _WIDE.search(string):
                return "has a place with a width, which could fill the memory"
            _ = string % places
            if lost := places.keys() - set(PLACES.findall(string)):
                return f"lacks the place %({min(lost)})s of the English"
        except KeyError as error:
            return f"has a place %({error.args[0]})s, which the English does not have"
        except (ValueError, TypeError) as error:
            return f"cannot be filled: {error}"
    return None


def _translated(catalog: Catalog) -> Iterator[Message]:
    """Yield the entries that a page takes."""
    for message in catalog:
        if message.id and not message.fuzzy and all(_strings(message)):
            yield message


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def _originals(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _shown(message: Message) -> str:
    words = _originals(message)[0]
    return f'"{words}"' if len(words) <= 40 else f'"{words[:36]} …"'


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, _originals(message)[0]
