"""The interface's strings and their translations: PO files, read, checked, and kept up with the code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, write_po

from campaign import ROOT
from campaign.errors import ContentError

SOURCE = "en"  # the language of the strings in code and templates
FOLDER = ROOT / "site" / "translations"
HEADER = "# Candle's words in another language. Leave places such as %(name)s as they are."
PLACES = re.compile(r"%\((\w+)\)")
_WIDE = re.compile(r"%(?:\(\w+\))?[-#0+ ]*[\d*.]")
# A translation may put the person's name in a case: %(person_dative)s for the English %(person)s.
CASES = ("genitive", "dative", "accusative", "instrumental", "locative", "vocative")
ONE_CASE = re.compile(rf"(?<=%\(person)_(?:{'|'.join(CASES)})(?=\))")
QUOTES = re.compile('["“”„«»「」]')
QUOTED = re.compile(r'(?:msg\w+(?:\[\d+\])?\s+)?"(?:[^"\\]|\\.)*"')
REMEDY = "use each place of the English, such as %(name)s, and no others; a plain % is written %%"
# Where strings for people stand, and how they are found there.
SOURCES = {"site/templates": "jinja2", "receiver": "both", "campaign": "python"}


def calls_in_code(
    file: BinaryIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[Any]:
    """Find the strings of a module; one that calls none of the keywords is not taken apart, and few do."""
    if _calls_any(file, keywords):
        from babel.messages.extract import extract_python  # late: who reads a PO file takes no code apart

        yield from extract_python(file, keywords, comment_tags, options)


def calls_in_template(
    file: BinaryIO, keywords: Mapping[str, Any], comment_tags: Collection[str], options: Any
) -> Iterator[Any]:
    """Find the strings of a template in the same way: the desk's have none."""
    if _calls_any(file, keywords):
        from jinja2.ext import babel_extract  # late, as above

        yield from babel_extract(file, list(keywords), list(comment_tags), options)


def _calls_any(file: BinaryIO, keywords: Mapping[str, Any]) -> bool:
    names = "|".join(map(re.escape, keywords)).encode()
    found = re.search(rb"\b(?:%s)[\s\\]*\(|\btrans\b" % names, file.read())
    file.seek(0)
    return found is not None


METHODS: dict[str, list[tuple[str, Any]]] = {
    "jinja2": [("**.html", calls_in_template), ("**.txt", calls_in_template)],
    "python": [("**.py", calls_in_code)],
    "both": [("**.py", calls_in_code), ("**.html", calls_in_template), ("**.txt", calls_in_template)],
}
LOUD = {
    "**.html": {"silent": "false"},
    "**.txt": {"silent": "false"},
}  # else a broken template has no strings


def read(file: Path, locale: Locale) -> Catalog:
    """Read a PO file, and refuse one that would fail while a page is made.

    Raises:
        ContentError: with the file, the line and the fault.
    """
    try:
        with file.open("rb") as source:
            catalog = read_po(source, locale=locale, abort_invalid=True)
    except PoFileError as error:
        what = re.sub(r" on \d+$", "", str(error))  # it counts lines from 0
        raise ContentError(file, error.lineno + 1, f"{what}: {error.line}", "correct that entry") from error
    except (UnicodeDecodeError, LookupError) as error:
        raise ContentError(file, 0, "not UTF-8", "save the file in the encoding UTF-8") from error
    _check_quotes(file)
    for message in _translated(catalog):
        if fault := _fault(message):
            raise ContentError(file, message.lineno or 0, f"{_shown(message)}: {fault}", REMEDY)
    return catalog


def _check_quotes(file: Path) -> None:
    """Refuse a line that lacks a quotation mark: Babel would take its last letter for one."""
    for number, line in enumerate(file.read_text(encoding="utf-8-sig").split("\n"), start=1):
        if line.startswith(("msg", '"')) and not QUOTED.fullmatch(line.strip()):
            raise ContentError(file, number, f"a quotation mark is missing: {line.strip()[-40:]}", "add it")


def _translated(catalog: Catalog) -> Iterator[Message]:
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


def faults(file: Path, locale: Locale, strings: Catalog) -> Iterator[tuple[int, str, str]]:
    """Yield (line, fault, remedy) of what a PO file leaves in English, is not sure of, or has too much.

    The line is 0 where the file does not name the string.
    """
    catalog = read(file, locale)
    wanted, done = {_key(m) for m in strings if m.id}, {_key(m) for m in _translated(catalog)}
    update = f"python build.py translate {file.stem}"
    for message in strings:
        if message.id and _key(message) not in done:
            entry = catalog.get(_originals(message)[0], message.context)
            if entry and entry.fuzzy:
                yield (
                    entry.lineno or 0,
                    f"{_shown(message)} is a guess (fuzzy)",
                    "correct it, and take #, fuzzy out",
                )
            else:
                remedy = f"translate it; if it is not in the file: {update}"
                yield (entry.lineno or 0) if entry else 0, f"{_shown(message)} is not translated", remedy
    for message in _translated(catalog):
        if all(map(QUOTES.search, _originals(message))) and not all(map(QUOTES.search, _strings(message))):
            fault = f"{_shown(message)}: lacks the quotation marks of the English"
            yield message.lineno or 0, fault, "put the same words between those of the language"
    for message in (*catalog, *catalog.obsolete.values()):
        if message.id and _key(message) not in wanted:
            yield message.lineno or 0, f"nothing shows {_shown(message)}", f"take it out with: {update}"


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, _originals(message)[0]


def strings() -> Catalog:
    """Collect every string of the code and the templates."""
    from babel.messages.extract import extract_from_dir  # late, as above

    catalog = Catalog(project="Candle", locale=SOURCE, charset="utf-8")
    for folder, method in SOURCES.items():
        extracted = extract_from_dir(ROOT / folder, METHODS[method], LOUD, comment_tags=("Translators:",))
        for file, _, message, comments, context in extracted:
            catalog.add(message, None, [(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return catalog


def update(file: Path, locale: Locale, strings: Catalog) -> None:
    """Write a PO file that holds every string, with the translations that there are."""
    catalog = read(file, locale) if file.exists() else _empty(locale)
    if file.exists():
        strings.creation_date = catalog.creation_date  # else each run would change the file
    catalog.update(strings)
    catalog.obsolete.clear()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as target:
        write_po(target, catalog, width=100, include_lineno=False, sort_by_file=True)


def _empty(locale: Locale) -> Catalog:
    return Catalog(locale=locale, header_comment=HEADER, project="Candle", version="1", fuzzy=False)
