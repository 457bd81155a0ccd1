"""Characters that nobody meant to write: invisible ones, and letters read in the wrong encoding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from campaign.content.proofreading.proof_text import ProofText
from campaign.errors import ContentError, Fix
from campaign.language import locales
from campaign.text.scripts import script

# Joiners shape Persian, Hindi and emoji; marks of direction are what right-to-left texts need.
MEANT = frozenset("\n\t\u200c\u200d\u200e\u200f")
HIDDEN = frozenset(("Cc", "Cf", "Co", "Zl", "Zp", "Cs"))  # not "Cn": signs that are newer than Python
LOST = "\ufffd"
OBJECT = "\ufffc"  # what a word processor leaves of a picture
NO_CHARACTERS = "\ufffe\uffff"
WRONG_ENCODING = '"{}" was read in the wrong encoding'
TAGS = range(0xE0000, 0xE0080)  # of flags of regions
UNSPACED = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]")  # where U+200B says that a line may end
# What UTF-8 looks like to a program that takes it for the encoding of old Windows, and the bytes it was.
WINDOWS = {bytes((n,)).decode("cp1252", "ignore") or chr(n): n for n in range(0x80, 0xC0)}
MISREAD = re.compile(rf"(?!\bÄ…(?!\w))[Â-ôÐÑ][{re.escape(''.join(WINDOWS))}]+")  # Ä… begins who hesitates
# What may have been meant by it, beside letters of the page's own: of “Spaß” it would make one of N’Ko,
# and of a Polish “Ó…” one of Sami.
LIKELY = re.compile("[\u00a0-\u017f\u0400-\u045f\u2010-\u27bf\ufe0f\U0001f000-\U0001faff]+")
# And what a language's own name, written in it, does not show of its letters.
OWN = {"ja": re.compile("[\u3000-\u30ff\uff01-\uff5e]"), "ro": re.compile("[ȘșȚț]"), "az": re.compile("[Əə]")}
SPACE_MISREAD = re.compile(r"(?<![A-ZÀ-ÞĞİŞ])Â(?= )")  # HÂLÂ is a word
CYRILLIC_WINDOWS = {bytes((n,)).decode("cp1251", "ignore") or chr(n): n for n in range(0x80, 0x100)}
FOLLOWING = "".join(CYRILLIC_WINDOWS)[:64]
# Of the letters in use today: СІРІ is a word.
CYRILLIC_PAIR = f"(?:Р[{re.escape(FOLLOWING)}]|С[{re.escape(FOLLOWING[:32])}]|Т[ђ‘])"
CYRILLIC_MISREAD = re.compile(f"(?:{CYRILLIC_PAIR}){{2,}}")
# What letters of other old Windows look like to a program that takes them for the western one's: of other
# scripts accents in a row, as no language has them; of the west's own, a few where no foreign name has them.
IN_A_ROW = re.compile("[À-ÖØ-öø-ÿ]{4,}")
OF_OLD_WINDOWS = {
    "CYRILLIC": ("cp1251", IN_A_ROW),
    "GREEK": ("cp1253", IN_A_ROW),
    "HEBREW": ("cp1255", IN_A_ROW),
    "ARABIC": ("cp1256", IN_A_ROW),
    "tr": ("cp1254", re.compile(r"(?<!\w)[a-zâçîöûü]*[ðþý][a-zâçîöûüðþý]*(?!\w)")),
    "pl": ("cp1250", re.compile(r"[^\W\d_]+[¹³¿](?![¹²³⁰-ₜ])[^\W\d_]\w*")),
}
# Letters that a language lacks, where neighbours are written with nearly the same.
STRANGE = {"be": re.compile("[ищъїє]"), "ru": re.compile("[іўїє]"), "uk": re.compile("[ыэёъў]")}
QUOTED = re.compile('«[^»]*»|„[^“”]*[“”]|“[^”]*”|"[^"]*"')
WORD = re.compile(r"(?<![\w’'-])[^\W\d_A-ZА-ЯЁІЇЄЎ]+(?![\w’'-])")
# What a PDF draws: one sign for several letters, and the shape that an Arabic letter has in its place.
LIGATURE = re.compile("[\ufb00-\ufb06]")
SHAPES = re.compile("[\ufb50-\ufbb1\ufbd3-\ufd3d\ufe70-\ufefc]{2,}")
NEVER = re.compile("(?!)")
FEW = 2
LATIN, CYRILLIC = re.compile("[a-zA-Z]"), re.compile("[\u0400-\u04ff]")
MIXED = re.compile(r"(?<!\w)(?=\w*[a-zA-Z])\w*[\u0400-\u04ff]\w*")
# a, c, e, i, o, y of the other keyboard: a word by itself among Cyrillic ones. A vitamin's C is a capital.
LONE = re.compile("([\u0400-\u04ff,] )([aceioy])( [\u0400-\u04ff])")
ALIKE = dict(zip("aceioy", "асеіоу", strict=True))
WITH_I = ("be", "uk", "kk", "rue")  # who else wrote i meant another letter


def unmeant(text: ProofText) -> Iterator[ContentError]:
    """Warn of lines that hold such characters, once a line."""
    for number, line in enumerate(text.written.split("\n"), start=1):
        if (
            warning := _lost(text, number, line)
            or _misread(text, number, line)
            or _cyrillic_misread(text, number, line)
            or _western_misread(text, number, line)
            or _hidden(text, number, line)
            or _drawn(text, number, line)
        ):
            yield warning
        elif LATIN.search(line) and CYRILLIC.search(line) and (mixed := MIXED.search(line)):
            fault = f'"{mixed[0]}" mixes Latin and Cyrillic letters'
            yield text.warning(number, fault, "type it anew on one keyboard")
        elif (lone := LONE.search(line)) and "CYRILLIC" in _scripts(text.language):
            before, letter, after = lone.groups()
            known = letter != "i" or text.language.split("-")[0] in WITH_I
            fix = Fix(number, lone[0], f"{before}{ALIKE[letter]}{after}") if known else None
            remedy = f"write {ALIKE[letter]}" if known else "type it anew on one keyboard"
            yield text.warning(number, f'a Latin letter among Cyrillic ones: "{letter}{after}"', remedy, fix)


def of_neighbours(text: ProofText) -> Iterator[ContentError]:
    """Warn of a word with a letter that its language lacks and a neighbour has, as и for і in Belarusian."""
    lacking = STRANGE.get(text.language)
    for number, line in text.lines.items() if lacking and lacking.search(text.written) else ():
        words = [word for word in WORD.findall(QUOTED.sub("", line)) if lacking and lacking.search(word)]
        if 0 < len(words) <= FEW and lacking:  # more of them are a sentence, which is told as such
            letter = lacking.findall(words[0])[0]
            fault = f'"{words[0]}" has a letter that this language lacks: "{letter}"'
            yield text.warning(
                number, fault, "type it anew; another language's words stand in quotation marks"
            )


def _lost(text: ProofText, number: int, line: str) -> ContentError | None:
    if LOST not in line:
        return None
    around = line[max(0, line.index(LOST) - 10) : line.index(LOST) + 10]
    return text.warning(number, f'a letter is lost: "{around}"', "type it anew")


def _misread(text: ProofText, number: int, line: str) -> ContentError | None:
    ends = {quoted.end() for quoted in QUOTED.finditer(line)}
    for found in MISREAD.finditer(line):
        try:
            right = bytes(WINDOWS.get(letter, ord(letter)) for letter in found[0]).decode("utf-8")
        except UnicodeError:
            continue
        if found.end() in ends or not _is_likely(right, text.language):
            continue
        fix = Fix(number, found[0], right)
        return text.warning(number, WRONG_ENCODING.format(found[0]), f'write "{right}"', fix)
    if SPACE_MISREAD.search(line):
        fix = Fix(number, "Â ", " ")
        return text.warning(number, WRONG_ENCODING.format("Â"), "take it out", fix)
    return None


def _is_likely(words: str, language: str) -> bool:
    own = _scripts(language)
    if language.split("-")[0] != "vi":  # of «está»… it would make a letter of Vietnamese
        own.discard("LATIN")
    also = OWN.get(language.split("-")[0], LIKELY)
    return all(LIKELY.match(one) or also.match(one) or script(one) in own for one in words)


def _western_misread(text: ProofText, number: int, line: str) -> ContentError | None:
    """Warn of letters of another old Windows that were read as the western one's."""
    page, pattern = _of_old_windows(text.language)
    found = pattern.search(line)
    if not found:
        return None
    right = found[0].encode("cp1252", "replace").decode(page, "replace")
    return text.warning(number, WRONG_ENCODING.format(found[0]), f'copy the line anew, with "{right}"')


@cache
def _of_old_windows(language: str) -> tuple[str, re.Pattern[str]]:
    known = (language.split("-")[0], *_scripts(language))
    return next((OF_OLD_WINDOWS[one] for one in known if one in OF_OLD_WINDOWS), ("", NEVER))


def _scripts(language: str) -> set[str]:
    return {script(letter) for letter in locales.name(language)} - {""}  # as the language's name is written


def _cyrillic_misread(text: ProofText, number: int, line: str) -> ContentError | None:
    """Warn of Cyrillic in the wrong encoding of old Windows; its words of one letter alone may be right."""
    found = CYRILLIC_MISREAD.search(line)
    if not found:
        return None
    right = bytes(CYRILLIC_WINDOWS[letter] for letter in found[0]).decode("utf-8", "replace")
    return text.warning(number, WRONG_ENCODING.format(found[0]), f'copy the line anew, with "{right}"')


def _hidden(text: ProofText, number: int, line: str) -> ContentError | None:
    hidden = hidden_in(line)
    if not hidden:
        return None
    fault = f"an invisible character, {named(hidden)}"
    if hidden.isspace():  # a line's or a page's end, as word processors write it
        return text.warning(number, fault, "write a space, or begin a new line", Fix(number, hidden, " "))
    return text.warning(number, fault, "take it out", Fix(number, hidden, ""))


def _drawn(text: ProofText, number: int, line: str) -> ContentError | None:
    if found := LIGATURE.search(line):
        fix = Fix(number, line, LIGATURE.sub(lambda sign: unicodedata.normalize("NFKC", sign[0]), line))
        right = unicodedata.normalize("NFKC", found[0])
        return text.warning(number, f'"{found[0]}" is one sign for several letters', f"write {right}", fix)
    if found := SHAPES.search(line):
        remedy = "copy it from elsewhere than a PDF, or type it anew"
        return text.warning(number, f'shapes of letters in their place: "{found[0][:20]}"', remedy)
    return None


def hidden_in(line: str) -> str:
    """Return the first character of a line that shows nothing; "" where there is none, as in most."""
    line = line.replace("\u200b", "") if UNSPACED.search(line) else line
    return "" if line.isprintable() and OBJECT not in line else next(filter(is_hidden, line), "")


def is_hidden(letter: str) -> bool:
    """Tell whether a character shows nothing, and means nothing in any text."""
    return letter in {OBJECT, *NO_CHARACTERS} or (
        unicodedata.category(letter) in HIDDEN
        and letter not in MEANT
        and ord(letter) not in TAGS
        and letter != LOST
    )


def named(letter: str) -> str:
    """Call a character by its number, and by its name where it has one."""
    name = unicodedata.name(letter, "").lower()
    return f"U+{ord(letter):04X}" + (f" ({name})" if name else "")
