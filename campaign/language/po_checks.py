"""What is wrong with a PO file: what is lost of the English, missing, fuzzy, or shown by nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from gettext import c2py

from babel.messages.catalog import Catalog, Message

PLACES = re.compile(r"%\((\w+)\)")
WHOLE_PLACE = re.compile(r"%\((\w+)\)\w")
COUNT = re.compile(r"%\((\w+)\)d")
_WIDE = re.compile(r"%(?:\(\w+\))?[-#0+ ]*[\d*.]")
# A translation may put the person's name in a case: %(person_dative)s for the English %(person)s.
CASES = ("genitive", "dative", "accusative", "instrumental", "locative", "vocative")
ONE_CASE = re.compile(rf"(?<=%\(person)_(?:{'|'.join(CASES)})(?=\))")
Found = tuple[int, str, str]  # line, fault and remedy; the line is 0 where the file does not name the string
QUOTES = re.compile('["“”„«»「」]')
MANY = 20  # labels that are missing are not named one by one
COUNTED = 1000
REMEDY = "use each place of the English, such as %(name)s, and no others; a plain % is written %%"


def refusals(catalog: Catalog) -> Iterator[Found]:
    """Yield what would fail, or lose a word, while a page is made."""
    numbers = numbers_by_form(catalog)
    for message in _translated(catalog):
        if fault := _fault(message, numbers):
            yield message.lineno or 0, f"{_shown(message)}: {fault}", REMEDY


def numbers_by_form(catalog: Catalog) -> Sequence[Sequence[int]]:
    """Return the numbers below a thousand that each plural form is for: those of msgstr[0] first.

    Raises:
        ValueError: the header's Plural-Forms cannot be read, or give a number no form.
        ArithmeticError: they divide by zero.
    """
    if not 0 < catalog.num_plurals < 10:
        raise ValueError(catalog.num_plurals)
    form = c2py(catalog.plural_expr)
    found: list[list[int]] = [[] for _ in range(catalog.num_plurals)]
    for number in range(COUNTED):
        if not 0 <= (place := form(number)) < len(found):
            raise ValueError(number)
        found[place].append(number)
    return found


def faults(catalog: Catalog, strings: Catalog, update: str) -> Iterator[Found]:
    """Yield what a PO file leaves in English, is not sure of, loses or has too much.

    `strings` are those of the code, and `update` is the command that brings the file up to them.
    """
    done = {_key(message) for message in _translated(catalog)}
    missing = [message for message in strings if message.id and _key(message) not in done]
    named = (
        _missing(message, catalog.get(_originals(message)[0], message.context), update) for message in missing
    )
    if len(missing) <= MANY:
        yield from named
    else:
        line, first, remedy = next(named)
        yield line, f"{len(missing)} of {len(strings)} labels are not translated; {first}", remedy
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


def _fault(message: Message, numbers: Sequence[Sequence[int]]) -> str | None:
    """Fill a translation's places as a page will, and say why that fails or what gets lost."""
    originals = _originals(message)
    whole = {found[1]: found[0] for original in originals for found in WHOLE_PLACE.finditer(original)}
    places = {name: 0 for original in originals for name in PLACES.findall(original)}
    count = COUNT.search(originals[-1]) if message.pluralizable else None
    for form, string in enumerate(ONE_CASE.sub("", string) for string in _strings(message)) if places else ():
        where = f"msgstr[{form}] " if message.pluralizable else ""
        try:
            if _WIDE.search(string):
                return f"{where}has a place with a width, which could fill the memory"
            _ = string % places
        except KeyError as error:
            return f"{where}has a place %({error.args[0]})s, which the English does not have"
        except (ValueError, TypeError) as error:
            return f"{where}cannot be filled: {error}"
        lost = places.keys() - set(PLACES.findall(string))
        if count and len(numbers[form]) == 1:
            lost -= {count[1]}  # the form's words say it themselves: سطرين are two lines
        if lost:
            return f"{where}lacks the place {whole.get(min(lost), min(lost))} of the English"
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
