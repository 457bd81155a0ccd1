"""Quotes, dashes and ellipses as a language prints them, in the place of those on a keyboard."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, STX

from campaign.content.markup.tree import ADDRESS, BLOCKS, TextNode, text_nodes

# Outer opening and closing quote, inner opening and closing quote.
QUOTES: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("be", "ru", "uk"), "«»„“"),
    **dict.fromkeys(("bg", "cs", "de", "ka", "lt", "sk"), "„“‚‘"),
    **dict.fromkeys(("am", "ar", "el", "es", "fa", "hy", "it", "pt"), "«»“”"),
    **dict.fromkeys(("hu", "pl", "ro"), "„”«»"),
    **dict.fromkeys(("da", "fi", "sv"), "””’’"),
    **dict.fromkeys(("nb", "nn", "no"), "«»‘’"),
    **dict.fromkeys(("ja", "zh-Hant", "zh-HK", "zh-TW"), "「」『』"),
    "fr": ("«\u00a0", "\u00a0»", "“", "”"),
}
ENGLISH = "“”‘’"
APOSTROPHE = "’"
UNSPACED = re.compile(r"[^\W\d_]|[\u0300-\u036f\u0900-\u0e4f\u3000-\u303f\uff00-\uffef]")
HEBREW = re.compile(r"[א-ת]")
SIGNS = (
    (re.compile(r"(?<!-)---(?!-)"), "—"),
    (re.compile(r"(?<!-)--(?!-)"), "–"),
    (re.compile(r"(?<!\.)\.\.\.(?!\.)"), "…"),
)
PUNCTUATION = frozenset(string.punctuation + STX + ETX)  # the two enclose an escaped character


class Typography(Extension):
    """Typographic signs for Python-Markdown, by a language's code such as de-AT."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.quotes = QUOTES.get(language) or QUOTES.get(language.split("-")[0], ENGLISH)

    def extendMarkdown(self, md: Markdown) -> None:
        """Have the signs set after the delimiters are read and before what was escaped comes back."""
        md.treeprocessors.register(_Signs(self.quotes), "typography", 6)


class _Signs(Treeprocessor):
    def __init__(self, quotes: Sequence[str]) -> None:
        super().__init__()
        self.quotes = quotes

    def run(self, root: Element) -> None:
        for run in _runs(root):
            text, starts = "", []
            for node in run:
                starts.append(len(text))
                text += "x" * len(node.words) if node.verbatim else _veiled(node) or "\n" * node.is_break
            signs = _paired(text, self.quotes)
            for node, start in zip(run, starts, strict=True):
                typed = node.words
                if typed and not node.verbatim and (words := _signs(_quoted(typed, start, signs))) != typed:
                    node.write(words)


def _veiled(node: TextNode) -> str:
    """Return a node's words with a letter for each sign of an address."""
    return ADDRESS.sub(lambda address: "x" * len(address[0]), node.words)


def _runs(root: Element) -> Iterator[list[TextNode]]:
    """Return the text nodes of each block together: a quote may open in one and close in another."""
    run: list[TextNode] = []
    for node in text_nodes(root):
        if node.element.tag in BLOCKS:
            yield run
            run = []
        run.append(node)
    yield run


def _paired(text: str, quotes: Sequence[str]) -> Mapping[int, str]:
    """Say what stands for each straight quote, by its place in the text; one without a pair stays.

    A quote opens or closes as an asterisk does in CommonMark, by what stands on either side of it.
    """
    signs: dict[int, str] = {}
    opened: list[int] = []
    for straight in re.finditer("[\"']", text):
        place, quote = straight.start(), straight[0]
        before, after = text[:place][-1:], text[place + 1 : place + 2]
        tight = quote == '"' and _stand_close(before, after)
        opens, closes = (True, True) if tight else _sides(before, after)
        pair = next((n for n in reversed(opened) if text[n] == quote), None) if closes else None
        if pair is not None:
            signs[pair], signs[place] = quotes[:2] if quote == '"' else quotes[2:]
            del opened[opened.index(pair) :]
        elif opens:
            opened.append(place)
        elif quote == "'":
            signs[place] = APOSTROPHE
    return signs


def _quoted(words: str, start: int, signs: Mapping[int, str]) -> str:
    if '"' not in words and "'" not in words:  # as in most: there is nothing to look up letter by letter
        return words
    return "".join(signs.get(start + n, letter) for n, letter in enumerate(words))


def _sides(before: str, after: str) -> tuple[bool, bool]:
    """Say whether a quote between two characters can open, and whether it can close."""
    gap_before, gap_after = not before.strip(), not after.strip()
    sign_before, sign_after = _is_sign(before), _is_sign(after)
    opens = not gap_after and (not sign_after or gap_before or sign_before)
    closes = not gap_before and (not sign_before or gap_after or sign_after)
    return (sign_before, sign_after) if opens and closes else (opens, closes)


def _stand_close(before: str, after: str) -> bool:
    """Say whether words are put around a quote without a space, as Chinese is and behind an Amharic ለ.

    Hebrew writes a sign of its own so, as in צה"ל.
    """
    return all(UNSPACED.match(one) and not HEBREW.match(one) for one in (before, after))


def _is_sign(character: str) -> bool:
    return bool(character) and (character in PUNCTUATION or unicodedata.category(character)[0] == "P")


def _signs(text: str) -> str:
    if not any(written.search(text) for written, _ in SIGNS):
        return text
    shown, end = "", 0
    for address in ADDRESS.finditer(text):
        shown += _dressed(text[end : address.start()]) + address[0]
        end = address.end()
    return shown + _dressed(text[end:])


def _dressed(words: str) -> str:
    for written, sign in SIGNS:
        words = written.sub(sign, words)
    return words
