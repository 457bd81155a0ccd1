"""Figures read otherwise than they were meant: times, days of numbers alone, another's decimal sign."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from functools import cache

from campaign.content.proofreading.proof_text import ProofText
from campaign.errors import ContentError, Fix
from campaign.language import locales

Told = tuple[str, str, str]  # the fault, the remedy, and what belongs there where it is known
Look = Callable[[re.Match[str], str], Told | None]
DIGIT = re.compile(r"\d")
# What stands before a time; a film's minutes and a score are none.
AT = r"(?:at|um|gegen|в|во|а|аб|о|об|o|godz\.)"
HOURS = r"(?:2[5-9]|[3-9]\d):[0-5]\d|(?:[01]?\d|2[0-4]):[6-9]\d"
TIME = re.compile(rf"(?<!\w){AT} ({HOURS})(?![\d:])(?! (?:of|into|min)\b)|(?<![\d:])((?:{HOURS})) Uhr\b")
NUMBERED = r"(?<![\w/.-])(?<!№ )(?<!№)(?<!No\. )(?<!Nr\. )(?<!no\. )"
DASHED = re.compile(rf"{NUMBERED}(?:3[01]|[012]\d)-(?:3[01]|[012]\d)-(?:19|20)\d\d(?![\w-])")
OF_DASHES = frozenset(("nl", "hi", "bn", "ta", "id"))  # the languages that write their days so
GLUED = re.compile(r"(?<![\w.,/:@#-])((?:19|20)\d\d)([^\W\d_]{2,})(?!\w)")
# What belongs to a number: of ordinals and decades, and short forms of years.
SHORT_FORMS = (
    "er ern ers th st nd rd ème eme ère ete eten ste sten te ten tes nde tych ty ta tego tym tymi"
    " го га му ый ая ое ые ій ий ой ом ым ых ыя ае ай ую ыі ага ога ому аму ого іх их ії"
    " ти ті тих тим тими те та ні ми гг рр"
)
ENDINGS = frozenset(SHORT_FORMS.split())
NO_ENDING = 4  # letters: a shorter one may be an ending of some language's
LARGE = (
    r"(?:milli|mrd\b|mio\b|milia|milio|mln\b|mld\b|billion|percent|per cent|procent|prozent|%|млн|млрд"
    r"|мільё|мільй|мілья|миллио|миллиа|процент|працэнт|відсот)"
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
ALIKE = 0.75  # how like a misspelt month is to the right one
MONTH = "write the month as a word"


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


def _misspelt(found: re.Match[str], language: str) -> Told | None:
    """Name a day's month that this language does not have: mistyped, or another language's."""
    word, own = found[1].lower(), _months(language)
    if word in own:
        return None
    whole = [name for name in own if len(name) > 3]
    of_others = any(word in _months(code) for code in LANGUAGES)
    if not of_others and not difflib.get_close_matches(word, whole, n=1, cutoff=ALIKE):
        return None
    return f'"{found[0]}" names no month of this language', "write the month as this language does", ""


def _time(found: re.Match[str], _: str) -> Told:
    return f'there is no time such as "{found[1] or found[2]}"', "write the time that was meant", ""


def _dashed(found: re.Match[str], language: str) -> Told | None:
    own = language.split("-")[0] in OF_DASHES
    return None if own else (f'a day as "{found[0]}", which others read otherwise', MONTH, "")


def _glued(found: re.Match[str], _: str) -> Told | None:
    if found[2].lower() in ENDINGS or not found[2].islower():
        return None
    right = f"{found[1]} {found[2]}"
    sure = right if len(found[2]) >= NO_ENDING else ""
    return f'no space behind a number: "{found[0]}"', f"write {right}", sure


LOOKS: tuple[tuple[re.Pattern[str], Look], ...] = (
    (TIME, _time),
    (DASHED, _dashed),
    (GLUED, _glued),
    (DAY, _misspelt),
)
