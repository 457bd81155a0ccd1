"""Words that nobody meant to publish: an example's sentence, a word or a paragraph twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import cache

from campaign.content import scaffold
from campaign.content.markup import dialect
from campaign.content.placeholders import PLACEHOLDER
from campaign.content.proofreading.proof_text import BLANK, ProofText, words_of
from campaign.errors import ContentError

ALIKE = 0.6  # of the words of a sentence of the example's, of which a few were changed
SHORTEST = 25  # characters that are compared
TWICE = re.compile(r"(?<![\w'’-])(\w{2,}) \1(?![\w'’-])", re.IGNORECASE)
SAID_TWICE = (
    "had that die der das sie den ihr nous vous что то long so bye very never aye blah"
    " bora duran pago sing walla wagga"  # places, and a band
    " ha ho hey la na knock no yes ja да нет так ні"  # said and sung so
    " што що pl:to de:zu"  # ведаю, што што б ні было; jest to to samo; ab und zu zu ihr
)
RIGHT_TWICE = frozenset(SAID_TWICE.split())
# Languages that double words: yavaş yavaş is slowly, کم کم little by little.
DOUBLING = frozenset(
    ("tr", "az", "kk", "ky", "uz", "fa", "ku", "he", "hi", "ur", "bn", "id", "ms", "vi", "ka", "hy", "it")
)
CALLED = ("!", "?", ",", "…", "...")  # what people chant, and what a poem says again, ends so
# Three words or more: "again and again and" and "year after year after" say two of them twice.
PHRASE = re.compile(r"(?<!\S)(\S+(?: \S+){2,39}?) \1(?!\S)", re.IGNORECASE)


def unwritten(text: ProofText) -> Iterator[ContentError]:
    """Find each paragraph that is still the example's, or is like it: no page shows that."""
    examples = _example(text.path.name)
    for block, line in text.elements("p", "li"):
        words = words_of(block)
        if len(words) >= SHORTEST and get_close_matches(words.split(), examples, cutoff=ALIKE):
            yield ContentError(text.path, line, "is still the example's", "put your own in its place")


@cache
def _example(name: str) -> Sequence[Sequence[str]]:
    text = PLACEHOLDER.sub(BLANK, scaffold.example(name).decode())
    blocks = (block for root in dialect.read(text, "en").blocks for block in root.iter())
    told = (words_of(block) for block in blocks if block.tag in {"p", "li"})
    return tuple(words.split() for words in told if len(words) >= SHORTEST)


def repeated(text: ProofText) -> Iterator[ContentError]:
    """Warn of words that stand there twice, and of a paragraph or entry that does."""
    for number, line in text.lines.items():
        parted = line.split()
        phrase = PHRASE.search(" ".join(parted)) if len(parted) - len(set(parted)) > 1 else None  # few do
        if phrase and not phrase[1].rstrip("\"'”»’").endswith(CALLED):
            yield text.warning(number, f'"{phrase[1]}" stands there twice', "take one of them out")
            continue
        code = text.language.split("-")[0]
        for found in TWICE.finditer(line) if code not in DOUBLING else ():
            word = found[1].lower()
            if RIGHT_TWICE.isdisjoint((word, f"{code}:{word}")) and not word.isdigit():
                # Lang Lang, "he gave her her coat": whether it is meant is for a person to see.
                yield text.warning(number, f'"{found[0]}" says a word twice', "take one of them out")
                break
    seen: dict[str, int] = {}
    for block, first in text.elements("p", "li"):
        words = words_of(block)
        if len(words) >= SHORTEST and seen.setdefault(words, first) != first:
            yield text.warning(first, f"says again what line {seen[words]} says", "take one of them out")
