"""Figures read otherwise than they were meant: days of numbers alone, another's decimal sign or month."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from campaign.content.proofreading.proof_text import ProofText
from campaign.errors import ContentError, Fix
from campaign.language import locales

Told = tuple[str, str, str]  # the fault, the remedy, and what belongs there where it is known
Look = Callable[[re.Match[str], str], Told | None]
DIGIT = re.compile(r"\d")
# 12/5/2026, which is May for some readers of English and December for others; beyond twelve it is clear.
EITHER = r"(?:0?[1-9]|1[0-2])"
OF_FIGURES = re.compile(
    rf"(?<![\w/.-])(?<!\b[Nn]o\. ){EITHER}(?:/{EITHER}/(?:20)?|-{EITHER}-20)\d\d(?![\w/-])"
)
LARGE = (
    r"(?:mill[io]|milyon|triệu|mrd\b|mio\b|milia|milio|mln\b|mld\b|billion|percent|per cent|procent|prozent"
    r"|%|млн|млрд|мільё|мільй|мілья|миллио|миллиа|процент|працэнт|відсот)"
)
# By the sign of decimals: what another language's numbers look like.
FOREIGN = {
    sign: (
        rf"[1-9]\d{{0,2}}(?:\{sign}\d{{3}}){{0,6}}\{sign}000",
        rf"[1-9]\d{{0,2}}(?:\{sign}\d{{3}}){{1,6}}{other}\d\d?",
        rf"\d{{1,15}}{other}\d\d?(?=[ \u00a0]?{LARGE})",
    )
    for sign, other in ((".", ","), (",", r"\."))
}
DAY = re.compile(r"(?<![\w.,/-])[0-3]?\d(?:\.|st|nd|rd|th)? ([^\W\d_]{3,12})\.? (?:19|20)\d\d(?!\w)")
LANGUAGES = ("en", "be", "ru", "uk", "pl", "de", "fr", "es", "lt")


def doubtful(text: ProofText) -> Iterator[ContentError]:
    """Warn of each, once a line of each kind."""
    looks = (*LOOKS, (_foreign(text.language), _decimal))
    shown = "\n".join(line for line in text.lines.values() if DIGIT.search(line))
    likely = [(pattern, look) for pattern, look in looks if shown and pattern.search(shown)]
    lines = text.written.split("\n")
    for number, line in text.lines.items() if likely else ():
        for pattern, look in likely:
            found = pattern.search(line)
            told = look(found, text.language) if found else None
            if found and told:
                fault, remedy, right = told
                sure = right and found[0] in lines[number - 1]
                yield text.warning(number, fault, remedy, Fix(number, found[0], right) if sure else None)


@cache
def _decimal_sign(language: str) -> str:
    return "." if re.sub(r"\d", "", locales.number(12345, language)) in {",", "’", "'"} else ","


@cache
def _foreign(language: str) -> re.Pattern[str]:
    kinds = "|".join(FOREIGN[_decimal_sign(language)])
    return re.compile(rf"(?<![\w.,/:-])(?:{kinds})(?![\d.,]*\d)", re.IGNORECASE)


def _decimal(found: re.Match[str], language: str) -> Told:
    whole, decimals = re.fullmatch(r"(.*?)(?:[.,](\d\d?))?", found[0]).groups()  # type: ignore[union-attr]
    right = locales.number(int(re.sub(r"\D", "", whole)), language)
    right += _decimal_sign(language) + decimals if decimals else ""
    sure = decimals or len(whole) > len("1.000") or not whole.endswith("000")
    return f'"{found[0]}" is a number as another language writes it', f"write {right}", right if sure else ""


@cache
def _months(language: str) -> frozenset[str]:
    return frozenset(name.lower() for name in locales.month_names(language))


def _of_another(found: re.Match[str], language: str) -> Told | None:
    """Name a day's month that is another language's."""
    word = found[1].lower()
    if word in _months(language) or not any(word in _months(code) for code in LANGUAGES):
        return None
    return f'"{found[0]}" names no month of this language', "write the month as this language does", ""


def _of_figures(found: re.Match[str], language: str) -> Told | None:
    fault = f'a day as "{found[0]}", which others read otherwise'
    return (fault, "write the month as a word", "") if language.split("-")[0] == "en" else None


LOOKS: tuple[tuple[re.Pattern[str], Look], ...] = ((OF_FIGURES, _of_figures), (DAY, _of_another))
