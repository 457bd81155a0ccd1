"""Which language a message is in: found when staff look, never while a supporter waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from campaign.text.letters import SCRIPTS, script_code
from campaign.text.scripts import script

UNKNOWN = "un"
FEW_LETTERS = 40  # of which the guess may be a neighbour, however sure
# Where CLD2's code is not the one of BCP 47.
CODES = {"iw": "he", "no": "nb", "sr-ME": "cnr", "zh-Hant": "zh", "jw": "jv"}


def language(text: str) -> tuple[str, bool]:
    """Guess the language of a text as (code, sure); "un" when there is too little to tell."""
    import pycld2  # late: commands that only list need no tables of languages

    try:
        sure, _, guesses = pycld2.detect(text, bestEffort=True)
    except pycld2.error:  # a character that CLD2 does not take for text
        return UNKNOWN, False
    code = guesses[0][1]
    return CODES.get(code, code), sure


def stretches(text: str) -> Iterator[tuple[str, str]]:
    """Part a text where its language changes, and yield each stretch behind its language's code."""
    import pycld2  # late, as above

    written = text.encode()
    try:
        found = pycld2.detect(text, bestEffort=True, returnVectors=True)[3]
    except pycld2.error:
        found = ()
    for start, size, _, code in found:
        yield CODES.get(code, code), written[start : start + size].decode(errors="ignore")


def is_read(text: str, languages: Sequence[str], page: str = "") -> bool:
    """Tell whether a text may well be in one of `languages`; where the guess is unsure, yes.

    So it may where it was written on a `page` of one of them, in its letters: of few words the guess is often
    a neighbour. Without a list, or without a letter, nothing is claimed.
    """
    if not languages or not any(map(str.isalpha, text)):
        return True
    guess, sure = language(text)
    if guess in languages:
        return True
    unsure = not sure or guess == UNKNOWN
    if not unsure and page not in languages:
        return False
    letters = Counter[str]()
    for character, times in Counter(text).items():  # each once: a text has few
        if character.isalpha():
            letters[script(character)] += times
    most = letters.most_common(1)[0][0]
    few = letters.total() <= FEW_LETTERS
    if few and page in languages and most == SCRIPTS.get(script_code(page), ""):
        return True
    return unsure and most in {SCRIPTS.get(script_code(code), "") for code in languages}
