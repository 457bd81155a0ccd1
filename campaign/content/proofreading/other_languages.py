"""Sentences of another language: pasted from another edition, or left when a text was translated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from campaign.content.proofreading.characters import STRANGE
from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError
from campaign.text.language_detection import language, stretches

END = re.compile(r"(?<=[.!?])[\"“”’»)]*\s+")  # not …, which stands for a placeholder
SURE = 60  # letters: of fewer, the guess is taken where another edition holds the very same words
ENOUGH = 20  # characters by which a sentence is found again
SHORTEST = 10  # letters
QUOTE = re.compile(r"[\"“”„«»‘’‚]")  # what somebody said may stand in any language
LOWER = re.compile(r"(?<!\w)[^\W\d_A-ZÀ-Þ]{4,}")  # a word that is no name
NEVER = re.compile("(?!)")
FAULT = 'a sentence in another language: "{}", {}'
Said = Mapping[str, tuple[str, int]]
TAGS = ("p", "li", "h1", "h2", "h3")


def sentences(texts: Mapping[str, ProofText]) -> Said:
    """Return the sentences of an edition, each with the file and the line that hold it."""
    return {said: (name, line) for name, text in texts.items() for said, line in _sentences(text)}


def pasted(text: ProofText, editions: Mapping[str, Said], main: str) -> Iterator[ContentError]:
    """Warn of each; `editions` are the sentences of all languages by codes, `main` the first of them."""
    others = {code: said for code, said in editions.items() if code != text.language}
    of_others = [(code, words) for code, words in stretches(text.written) if code in others] if others else []
    told, own_name = 0, text.name
    for said, (name, line) in editions[text.language].items() if others else ():
        if name != own_name or line == told:
            continue
        same = [code for code, all_of_it in others.items() if said in all_of_it]
        code = _same(said, text.language, same, main) if same else _guessed(said, text.language, of_others)
        code = code if code in others else None
        if code:
            told = line
            there = f"as in {code}/{others[code][said][0]}" if same else f"likely {code}"
            yield text.warning(line, FAULT.format(said[:60], there), "translate it")


def _same(said: str, own: str, same: Sequence[str], main: str) -> str | None:
    """Return the language of a sentence that another edition holds as well, None where it is this one's."""
    if sum(map(str.isalpha, said)) < SHORTEST:
        return None
    guess, _ = language(said)
    return None if guess == own else guess if guess in same else main if main in same else None


def _guessed(said: str, own: str, of_others: Sequence[tuple[str, str]]) -> str | None:
    """Return the language of a sentence that is long enough to be sure."""
    apart = any(said[:ENOUGH] in words for _, words in of_others)
    if sum(map(str.isalpha, said)) < SURE or not (apart or STRANGE.get(own, NEVER).search(said.lower())):
        return None
    guess, sure = language(said)
    return guess if sure and guess != own else None


def _sentences(text: ProofText) -> Iterator[tuple[str, int]]:
    lines = text.written.split("\n")
    for block, line in text.elements(*TAGS):
        if lines[line - 1].lstrip().startswith(">"):
            continue
        for said in END.split(words_of(block)):
            if not QUOTE.match(said) and " " in said and LOWER.search(said):
                yield said, line
