"""What fingers slip on: a space, a sign, a capital in the wrong place, a word that a PDF parted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from campaign.content.proofreading.proof_text import BLANK, ProofText, words_of
from campaign.errors import ContentError, Fix

CAPITALS = "two capitals"
TIED = "spaces at which no line ends"  # seen in no editor; on a phone a word breaks instead
HALVES = "a word in two halves"
# What a person has to see: a name such as GStreamer is no slip, and "he waited- nobody came" lacks a space.
UNSURE = (CAPITALS, HALVES)
BRACKET = "a space inside a bracket"
SPACE = "a space before a sign"
APOSTROPHE = "a sign in an apostrophe's place"
RIGHT_IN = {APOSTROPHE: ("uz",)}  # in some languages they are none
SPACED = {"fr": ";:!?"}  # signs that have a space before them
SENTENCE = "no space after a sentence"
W = r"[^\W\d_]"
NO_NAME = r"(?!(?:Js|Net|Org|Com|Io|Ai|Fm|Tv|Ru|Ua)\b)"  # node.js, as a telephone writes it
UPPER = "[A-ZÀ-ÞĄĆĘŁŃŚŹŻА-ЯЁЄІЇҐЎ]"
# What follows half a word: "Vor- und Nachname", "pre- and postwar".
BESIDE = re.compile(
    r"(?:und|oder|bzw|beziehungsweise|sowie|bis|als|wie|noch|statt|and|nor|but|rather|through|versus|или|либо|або|чи|альбо|oraz|lub|albo|czy"
    r"|och|eller|nebo|alebo|tai|sekä|või|vai|vagy|arba|bei|sau|ili|ali)\b"
)
Mend = Callable[[re.Match[str]], str | None]  # what belongs there; None where nothing is wrong


def _sentence(found: re.Match[str]) -> str | None:
    before, sign, after = found.groups()
    begins = after[0].isupper() and after[1:].islower() and before.islower()
    return f"{before}{sign} {after}" if begins or (after == "I" and before.islower()) else None


def _capitals(found: re.Match[str]) -> str | None:
    word = found[0]
    return word[0] + word[1:].lower() if word[:2].isupper() and word[2:].islower() else None


def _joined(found: re.Match[str]) -> str | None:
    return None if BESIDE.match(found[2]) or not found[2].islower() else f"{found[1]}{found[2]}"


# Each: where to look, what is wrong, what belongs there.
SLIPS: tuple[tuple[str, str, Mend], ...] = (
    (
        rf"(?<![\w'’`´])(?!(?:Hawai|Kaua)‘i|O‘ahu)({W}+)[´`‘]({W}+)",
        APOSTROPHE,
        lambda one: f"{one[1]}’{one[2]}",
    ),
    (r",,(?=\w)([^,'\n]{1,80}?)(?:''|[“”\"]|´´|``)", "quotes made of commas", lambda one: f'"{one[1]}"'),
    (r"(?<!')''(?=\w)([^'\n]{1,80})''(?!')", "quotes made of apostrophes", lambda one: f'"{one[1]}"'),
    (
        rf"(?<![\w.@/:-])({W}{{2,}})([.!?]){NO_NAME}({W}{{2,}}|I(?!\w))(?![\w@/-]*[.@/]\w)",
        SENTENCE,
        _sentence,
    ),
    (rf"(?<=\d)\.(?={UPPER}[^\W\d_A-ZÀ-ÞА-Я]+\s)", SENTENCE, lambda _: ". "),
    (rf"(?<![\w.@/-])({W}{{2,}})([,;،؛])(?={W}{{2}})", "no space behind a sign", lambda one: f"{one[0]} "),
    (rf"(?<=\w) +([,;،؛])(?=\s|$|{W})", SPACE, lambda one: f"{one[1]} "),
    (rf"(?<={W}) +(:)(?=\s+\w|[«„“])", SPACE, lambda one: one[1]),
    (rf"(?<=[\w»”]) +([.!?]){NO_NAME}(?={UPPER}(?:[^\W\d_A-ZÀ-ÞА-Я]|\s))", SPACE, lambda one: f"{one[1]} "),
    (r"(?<=\w) +([.!?؟])(?=\s|$)", SPACE, lambda one: one[1]),
    (r"(?<![:;])(\w?)\( +(?=\w)", BRACKET, lambda one: f"{one[1]} (" if one[1] else "("),
    (r"(?<=\w) +\)(\w?)", BRACKET, lambda one: f") {one[1]}".rstrip()),
    (r"(?<=\w)(\.)\.(?![.\w/])", "a sign twice", lambda one: one[1]),
    (r"(?<=\w)([,;،؛])[,;،؛]+(\w?)", "a sign twice", lambda one: " ".join(filter(None, one.groups()))),
    (rf"(?<![\w-])({W}{{2,}})- ({W}{{3,}})(?!\w)", HALVES, _joined),
    (rf"(?<![\w-]){UPPER}{{2}}{W}{{3,}}(?!\w)", CAPITALS, _capitals),
    (r"(?<!\w)(?:\w[\w’'-]*+[,;]?\u00a0){4,40}\w+", TIED, lambda one: one[0].replace("\u00a0", " ")),
)
PATTERNS = tuple((re.compile(pattern, re.MULTILINE), fault, mend) for pattern, fault, mend in SLIPS)
LONGEST = 100  # characters that are shown on each side: a line may be one word of a thousand slips
PARTED = re.compile(rf"(?<!\w)({W}{{2,}})-\n({W}{{2,}})")  # at a line's end, as a PDF does
OPEN = re.compile(r"(?<![:;-])\([^()]*(?:\([^()]*\)[^()]*)*$")


def slips(text: ProofText) -> Iterator[ContentError]:
    """Warn of each; what belongs there is known for most."""
    written = text.written.split("\n")
    found_somewhere = _in_any_line(text)
    spaced = SPACED.get(text.language.split("-")[0], "")
    for part in text.parts if found_somewhere else ():
        for pattern, fault, mend in found_somewhere:
            for found in pattern.finditer(part.words):
                if fault == SPACE and found[1] in spaced:
                    continue
                if (right := mend(found)) is not None:
                    yield _warning(text, part.number, written, found, fault, right)
    for found in PARTED.finditer(text.written) if "-\n" in text.written else ():
        if joined := _joined(found):
            number = text.written.count("\n", 0, found.start()) + 1
            remedy = (
                f"write {joined} or {found[1]}-{found[2]} on one line: a page makes a space of a line's end"
            )
            yield text.warning(number, f'{HALVES}: "{found[1]}-"', remedy)
    yield from _open_brackets(text)


def _in_any_line(text: ProofText) -> list[tuple[re.Pattern[str], str, Mend]]:
    """Return what is found somewhere in a text: most find nothing."""
    words = "\n".join(part.words for part in text.parts)
    own = [one for one in PATTERNS if text.language.split("-")[0] not in RIGHT_IN.get(one[1], ())]
    return [one for one in own if one[0].search(words)]


def _warning(
    text: ProofText, number: int, written: list[str], found: re.Match[str], fault: str, right: str
) -> ContentError:
    whole = found.string
    first, last = max(0, found.start() - LONGEST), min(len(whole), found.end() + LONGEST)
    begin = max(first, *(whole.rfind(gap, first, found.start()) + 1 for gap in (" ", BLANK)))
    end = next((n for n in range(found.end(), last) if whole[n] in f" {BLANK}"), last)
    old = whole[begin:end]
    new = (whole[begin : found.start()] + right + whole[found.end() : end]).rstrip()
    line = written[number - 1] if number <= len(written) else ""
    fix = Fix(number, old, new) if old in line and fault not in UNSURE else None
    also = ", or a dash with a space on both sides" if fault == HALVES else ""
    return text.warning(number, f'{fault}: "{old}"', f"write {new}{also}", fix)


def _open_brackets(text: ProofText) -> Iterator[ContentError]:
    """Warn of a bracket that is not closed in its paragraph."""
    lines = sorted(text.lines.items())
    for block, first in text.elements("p", "li") if "(" in text.written else ():
        words = words_of(block)
        if words.count("(") > words.count(")") and "[" not in words and (found := OPEN.search(words)):
            shown = found[0][:30]
            number = next((n for n, line in lines if n >= first and shown[:8] in line), first)
            yield text.warning(number, f'a bracket that is not closed: "{shown}"', "write ) where it ends")
