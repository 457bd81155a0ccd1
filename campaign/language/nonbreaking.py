"""What a line break must not separate: a one-letter word and the next, a number and its unit, кто-то."""

from __future__ import annotations

import re

NO_BREAK_SPACE, WORD_JOINER = "\u00a0", "\u2060"
CYRILLIC = frozenset({"be", "bg", "mk", "ru", "uk"})
# Languages whose printers leave no preposition or conjunction of one letter at a line's end.
TIED = CYRILLIC | {"cs", "pl", "sk"}
# Who copies a printed address would have the joiner in it.
RUN, ADDRESS = re.compile(r"\S+"), re.compile(r"@|://|\w\.\w")
LEFT_ALONE = re.compile(r"(<code.*?</code>|<[^>]*>)", re.DOTALL)
# The s of %(count)s is no word: what follows the page's large number begins a line.
ONE_LETTER = re.compile(r"(?<![\w’')-])([^\W\d_]) (?=[\w«„“%])")
COUNTED = re.compile(r"(?:(?<=\d)|(?<=\)d)) (?=[^\W\d_])")
SPACED = re.compile(r" (?=[;:!?»])|(?<=«) ")  # as French sets its signs
# Then what some put a space before: signs of Thai, Lao, Khmer, India and Ethiopia that begin no line.
FIRM = re.compile(r"(?<=[№§]) (?=\w)| (?=[ๆໆៗ។।॥።-፧])")
RANGE = r"(?<=\d)–(?=\d)"
INITIAL = re.compile(rf"\b[^\W\d_]-(?=[^\W\d_])|{RANGE}")
HYPHEN = re.compile(rf"\b[^\W\d_]{{1,4}}-(?=[^\W\d_])|(?<=[^\W\d_])-(?=[^\W\d_]{{1,4}}\b)|{RANGE}")


def tied(words: str, language: str) -> str:
    """Tie together in a text, or in HTML between its tags, what the language keeps on one line."""
    root = language.split("-")[0]
    pieces = LEFT_ALONE.split(words)
    pieces[::2] = (_tied(piece, root) for piece in pieces[::2])
    return "".join(pieces)


def _tied(words: str, language: str) -> str:
    words = FIRM.sub(NO_BREAK_SPACE, words)
    if language in TIED:
        for space in (ONE_LETTER, COUNTED):
            words = space.sub(lambda found: found[0].replace(" ", NO_BREAK_SPACE), words)
    if language == "fr":
        words = SPACED.sub(NO_BREAK_SPACE, words)
    hyphen = HYPHEN if language in CYRILLIC else INITIAL
    if "-" not in words and "–" not in words:
        return words
    joined = rf"\g<0>{WORD_JOINER}"
    return RUN.sub(lambda run: run[0] if ADDRESS.search(run[0]) else hyphen.sub(joined, run[0]), words)
