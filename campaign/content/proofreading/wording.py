"""Words that nobody meant to publish: an example's sentence, a word or a paragraph twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cache

from campaign.content import scaffold
from campaign.content.markup import dialect
from campaign.content.placeholders import PLACEHOLDER
from campaign.content.proofreading.proof_text import BLANK, ProofText, words_of
from campaign.errors import ContentError

ALIKE = 0.75  # of a sentence of the example's that had a few words changed
SHORTEST = 25  # characters that are compared
TWICE = re.compile(r"(?<![\w'’-])(\w{2,}) \1(?![\w'’-])", re.IGNORECASE)
RIGHT_TWICE = {
    "had",
    "that",
    "die",
    "der",
    "das",
    "sie",
    "den",
    "ihr",
    "nous",
    "vous",
    "что",
    "то",
    "long",
    "so",
    "bye",
    "very",
    "never",
    "aye",
    "blah",
    *("bora", "duran", "pago", "sing", "walla", "wagga"),  # places, and a band
    *("ha", "ho", "hey", "la", "na", "knock"),  # said and sung so
    *("no", "yes", "ja", "да", "нет", "так", "ні"),
}
CALLED = ("!", "?", ",", "…", "...")  # what people chant, and what a poem says again, ends so
PHRASE = 3  # words: "again and again and" and "year after year after" say two of them twice


def _phrase_twice(words: Sequence[str]) -> Sequence[str]:
    """Return three words or more that stand right behind each other again; () for none."""
    if len(words) - len(set(words)) < PHRASE - 1:  # as of most lines: the first may begin with a capital
        return ()
    small = [word.lower() for word in words]
    last: dict[tuple[str, ...], int] = {}
    for place in range(len(words) - PHRASE + 1):
        begun = tuple(small[place : place + PHRASE])
        first = last.get(begun, place)
        apart = place - first
        if apart >= PHRASE and small[first:place] == small[place : place + apart]:
            return words[first:place]
        last[begun] = place
    return ()


def unwritten(text: ProofText) -> Iterator[ContentError]:
    """Find each paragraph that is still the example's, or is like it: no page shows that."""
    examples = _example(text.path.name)
    for block, line in text.elements("p", "li"):
        words = words_of(block)
        if len(words) >= SHORTEST and _alike(words, examples):
            yield ContentError(text.path, line, "is still the example's", "put your own in its place")


@cache
def _example(name: str) -> Sequence[str]:
    text = PLACEHOLDER.sub(BLANK, scaffold.example(name).decode())
    blocks = (block for root in dialect.read(text, "en").blocks for block in root.iter())
    told = (words_of(block) for block in blocks if block.tag in {"p", "li"})
    return tuple(words for words in told if len(words) >= SHORTEST)


def _alike(words: str, examples: Sequence[str]) -> bool:
    letters = Counter(words)
    return any(
        _could_be_alike(letters, _letters(example))
        and 2 * _in_order(words, example) >= ALIKE * (len(words) + len(example))
        and SequenceMatcher(None, words, example, autojunk=False).ratio() >= ALIKE
        for example in examples
    )


def _could_be_alike(some: Counter[str], others: Counter[str]) -> bool:
    """Tell whether the letters of two texts, in any order, are so much the same: most texts' are not."""
    shorter, longer = sorted((some.total(), others.total()))
    most = 2 * shorter / (shorter + longer)
    return most >= ALIKE and 2 * (some & others).total() / (shorter + longer) >= ALIKE


@cache
def _letters(words: str) -> Counter[str]:
    return Counter(words)


def _in_order(words: str, example: str) -> int:
    """Count the letters that two texts have in the same order: no blocks of both hold more of them.

    Hyyrö's way (Bit-parallel LCS-length computation revisited, 2004): a bit for each letter of the example.
    """
    every = left = (1 << len(example)) - 1
    places = _places(example)
    for letter in words:
        met = left & places.get(letter, 0)
        left = ((left + met) | (left - met)) & every
    return len(example) - left.bit_count()


@cache
def _places(words: str) -> Mapping[str, int]:
    places: dict[str, int] = {}
    for place, letter in enumerate(words):
        places[letter] = places.get(letter, 0) | 1 << place
    return places


def repeated(text: ProofText) -> Iterator[ContentError]:
    """Warn of words that stand there twice, and of a paragraph or entry that does."""
    for number, line in text.lines().items():
        phrase = _phrase_twice(line.split())
        if phrase and not phrase[-1].rstrip("\"'”»’").endswith(CALLED):
            yield text.warning(number, f'"{" ".join(phrase)}" stands there twice', "take one of them out")
            continue
        for found in TWICE.finditer(line):
            if found[1].lower() not in RIGHT_TWICE and not found[1].isdigit():
                # Lang Lang, "he gave her her coat": whether it is meant is for a person to see.
                yield text.warning(number, f'"{found[0]}" says a word twice', "take one of them out")
                break
    seen: dict[str, int] = {}
    for block, first in text.elements("p", "li"):
        words = words_of(block)
        if len(words) >= SHORTEST and seen.setdefault(words, first) != first:
            yield text.warning(first, f"says again what line {seen[words]} says", "take one of them out")
