"""The interface's strings, collected from the code and the templates that show them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog

from campaign import ROOT

SOURCE = "en"  # the language of the strings in code and templates
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


def strings() -> Catalog:
    """Collect every string of the code and the templates."""
    from babel.messages.extract import extract_from_dir  # late, as above

    catalog = Catalog(project="Candle", locale=SOURCE, charset="utf-8")
    for folder, method in SOURCES.items():
        extracted = extract_from_dir(ROOT / folder, METHODS[method], LOUD, comment_tags=("Translators:",))
        for file, _, message, comments, context in extracted:
            catalog.add(message, None, [(f"{folder}/{file}", 0)], auto_comments=comments, context=context)
    return catalog
