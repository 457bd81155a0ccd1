"""Words of editors in five languages: what is told of a slip, and that nothing is told of what is right.

Each wrong one in texts.toml stands beside words of what is told; a right one is told of with nothing.
"""

from __future__ import annotations

import time
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from campaign import ROOT
from campaign.content import fixing
from campaign.content.campaign import Campaign, load
from campaign.content.markup import parse_cache
from campaign.content.proofreading import (
    characters,
    left_over_signs,
    pasted,
    proof_text,
    proofreader,
    quotation_marks,
    shapes,
    times_and_numbers,
    translation_differences,
    typed_figures,
    typing_slips,
    wording,
)
from campaign.content.proofreading.proof_text import ProofText, read
from campaign.errors import ContentError, Fix
from tests.support.slips import SLIPS, TODAY, sound_campaign
from tests.support.table import table

TEXTS = tomllib.loads((SLIPS / "texts.toml").read_text(encoding="utf-8"))
LOOKS = (
    characters.unmeant,
    pasted.pasted,
    pasted.run_together,
    typing_slips.slips,
    quotation_marks.unpaired,
    times_and_numbers.doubtful,
    shapes.unfinished,
    left_over_signs.left_over,
    wording.repeated,
)


def test_the_same_number_may_be_counted_of_something_else(lena: Campaign):
    text = "# Title\n\nThere are 5,000 prisoners, and 90 days to wait.\n"
    for name in ("closed.md", "privacy.md"):
        read = ProofText(Path("lena/en") / name, "en", text, parse_cache.read(text, "en"))
        warnings = list(typed_figures.typed(read, lena))
        assert warnings
        assert not any(one.fix for one in warnings)


@table(
    ("german", "english", "told"),
    [
        ("# Lange Tage\n\nEs sind 214.\n", "# 214 days\n\nIt is 214.\n", []),
        (
            "# Seit 2026\n\n2025, 2026\n",
            "# Since 2025\n\n2025, 2026\n",
            ["has 2026, where en/closed.md has 2025"],
        ),
        ("# Um 18.30 Uhr\n\nSo.\n", "# At 6:30 p.m.\n\nSo.\n", []),
        ("# มีนาคม 2567\n\nพ.ศ. 2569\n", "# March 2024\n\n2026\n", []),
        ("# มีนาคม 2567\n\nมี 2500 คน\n", "# March 2024\n\n2500\n", []),
        ("# มีนาคม 2567\n\nไป\n", "# March 2025\n\nSo\n", ["has 2567, where en/closed.md has 2025"]),
        ("# Um 6 Uhr abends\n\nSo.\n", "# At 6 p.m.\n\nSo.\n", []),
        ("# Da\n\n[So](https://x.org/de/a)\n", "# Here\n\n[So](https://x.org/de/a)\n", []),
        ("# Da\n\n[So](https://x.de/a)\n", "# Here\n\n[So](https://x.en/a)\n", []),
        (
            "# Da\n\n[So](https://x.de/a)\n",
            "# Here\n\n[So](https://x.en/b)\n",
            ["has https://x.de/a, where en/closed.md has https://x.en/b"],
        ),
    ],
)
def test_a_number_may_stand_in_another_paragraph_of_a_translation(german: str, english: str, told: list[str]):
    text, original = (
        ProofText(Path("lena") / code / "closed.md", code, words, parse_cache.read(words, code))
        for code, words in (("de", german), ("en", english))
    )
    assert [one.fault for one in translation_differences.differing(text, original)] == told


def test_a_number_is_the_same_in_other_figures_and_behind_a_nought():
    told = {"en": "At 5.40 a.m. they took 12,000 pages.", "fa": "ساعت ۵:۴۰ صبح ۱۲٬۰۰۰ صفحه بردند."}
    told |= {"tr": "Saat 05.40'ta 12.000 sayfa aldılar.", "vi": "Tháng 3 lúc 5.40 họ lấy 12.000 trang."}
    told |= {"ko": "3월 5.40에 12,000쪽을 가져갔다.", "pl": "O 5.40 zabrali 12 tys. stron."}
    texts = [
        ProofText(Path("lena") / code / "closed.md", code, words, parse_cache.read(words, code))
        for code, words in told.items()
    ]
    assert not [one for text in texts[1:] for one in translation_differences.differing(text, texts[0])]


@pytest.fixture(scope="module")
def lena(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return load(sound_campaign(tmp_path_factory.mktemp("content")))


def warnings(campaign: Campaign, language: str, words: str) -> list[ContentError]:
    path = Path("lena") / language / "closed.md"
    text = f"# Title\n\n{words.strip()}\n"
    read = ProofText(path, language, text, parse_cache.read(text, language))
    return list(proofreader.of_edition({path.name: read}, campaign, TODAY))


def told(campaign: Campaign, language: str, words: str) -> list[str]:
    return [one.fault for one in warnings(campaign, language, words)]


@pytest.mark.parametrize("language", TEXTS["right"])
def test_nothing_is_told_of_what_is_right(lena: Campaign, language: str):
    said = {words: told(lena, language, words) for words in TEXTS["right"][language]}
    assert {words: faults for words, faults in said.items() if faults} == {}


@pytest.mark.parametrize("path", sorted((SLIPS / "right").glob("*.md")), ids=lambda path: path.stem)
def test_nothing_is_told_of_a_long_text_that_is_right(lena: Campaign, path: Path):
    language = path.suffixes[0].removeprefix(".")
    text = path.read_text(encoding="utf-8")
    read = ProofText(Path("lena") / language / "closed.md", language, text, parse_cache.read(text, language))
    assert list(proofreader.of_edition({"closed.md": read}, lena, TODAY)) == []


@pytest.mark.parametrize("language", TEXTS["wrong"])
def test_each_slip_is_told_once(lena: Campaign, language: str):
    missed = []
    for words, fault in TEXTS["wrong"][language]:
        said = told(lena, language, words)
        if len(said) != 1 or fault not in said[0]:
            missed.append((words, fault, said))
    assert not missed


def mended(path: Path, words: str, language: str, faults: list[ContentError]) -> str:
    """Return a text after all fixes of one look: the file is where the faults say."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")
    fixing.fix(faults)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", TEXTS["right"])
def test_no_fix_changes_what_is_right(lena: Campaign, language: str, tmp_path: Path):
    """Each look by itself: what one tells may hide what another would mend."""
    path = tmp_path / "lena" / language / "closed.md"
    changed = []
    for words in TEXTS["right"][language]:
        text = f"# Title\n\n{words}\n"
        read = ProofText(path, language, text, parse_cache.read(text, language))
        for look in LOOKS:
            new = mended(path, text, language, list(look(read)))
            changed += [(look.__module__, new)] if new != text else []
    assert not changed


def test_no_fix_changes_the_campaigns_of_this_repository(tmp_path: Path):
    changed = []
    for path in sorted((ROOT / "content").glob("*/??/**/*.md")):
        language = next(one for one in path.parts[::-1] if len(one) == 2)
        read = proof_text.read(path, language)
        copy = replace(read, path=tmp_path / path.relative_to(ROOT))
        for look in LOOKS:
            new = mended(copy.path, read.written, language, list(look(copy)))
            changed += [(look.__module__, path)] if new != read.written else []
    assert not changed


@pytest.mark.parametrize(
    "words",
    [
        "There were 1" + ".000" * 1500 + " letters.",
        "There were " + "1" * 5000 + ",5 million letters.",
        "On " + "1" * 5000 + ".12.2026 and 2026" + "9" * 5000,
        "See [1]" + "1" * 5000 + " and [^" + "1" * 5000 + "].",
    ],
)
def test_figures_of_thousands_of_digits_are_read_through(lena: Campaign, words: str):
    told(lena, "en", words)


@pytest.mark.parametrize("words", ["ab [cd] … " * 12_000, "[" * 20_000, "ab [cd]\n\n" * 10_000])
def test_a_text_of_brackets_is_looked_through_in_time_of_its_length(words: str):
    begun = time.process_time()
    left_over_signs.LEFT_OUT.sub("", words)
    assert time.process_time() - begun < 2


def test_a_word_that_also_stands_in_an_address_is_not_mended(tmp_path: Path):
    path, line = tmp_path / "story.md", "[See](https://x.org/10.000): there were 10.000 people.\n"
    path.write_text(line, encoding="utf-8")
    fault = ContentError(path, 1, "a number", "write it", fix=Fix(1, "10.000", "10,000"))
    assert fixing.fix([fault]) == []
    assert path.read_text(encoding="utf-8") == line


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A vote of 2051–1987 for her."),
        ("en", "She lives in Hawai‘i."),
        ("fr", "Elle dessinait souvent\npartout où elle allait,\nsur tout ce qu’elle\navait près d’elle."),
        ("en", "Lang Lang played, and Rose is a rose is a rose is a rose."),
        ("de", "» Wir schreiben weiter.\n» Und wir warten."),
        ("en", "✓ Letters\n✗ Knives"),
        ("en", "−5 °C in May\n−3 °C in June"),
        ("pl", "– Kto tam?\n– To ja."),
        ("ru", "-Кто там?\n\n-Это я."),
        ("en", "He waited- nobody came."),
        ("en", "He gave her her coat."),
        ("en", "We are not afraid and we are not alone and we are not afraid and we are not alone"),
        ("en", "We shall overcome some day. We shall overcome some day."),
        ("en", "He uses node.Js, last.Fm and vc.Ru."),
        ("en", "See example.Com for it, and library.Io too."),
        ("it", "Vedi example.Com per questo, e library.Io."),
        ("pl", "– Nie wiem\n– Ja też nie"),
        ("be", "– Не ведаю\n– І я не"),
        ("ru", "– Не знаю\n– И я нет"),
        ("uk", "– Не знаю\n– І я ні"),
        ("cs", "– Nevím\n– Já taky ne"),
    ],
)
def test_what_may_be_meant_is_at_most_told(lena: Campaign, language: str, words: str):
    assert not [one for one in warnings(lena, language, words) if one.fix]


def looked_at(look: Callable[[ProofText], Iterator[ContentError]], language: str, words: str) -> list[str]:
    text = f"# Title\n\n{words}\n"
    read = ProofText(Path("lena/closed.md"), language, text, parse_cache.read(text, language))
    return [one.fix.new for one in look(read) if one.fix and one.fix.new]


@table(
    ("language", "right"),
    [
        *(("ar", "سلام"), ("he", "שלום"), ("he", "אדם"), ("el", "Μικίτα"), ("vi", "Việt Nam")),
        *(("ka", "გამარჯობა"), ("hi", "नमस्ते"), ("zh-TW", "你好"), ("ko", "안녕하세요"), ("sr", "Здраво")),
        *(("ja", "こんにちは"), ("ja", "「カード」"), ("ro", "Ștefan și Ana"), ("az", "Əli və")),
    ],
)
def test_the_page_s_own_letters_in_the_wrong_encoding_are_mended(language: str, right: str):
    misread = "".join(bytes((n,)).decode("cp1252", "ignore") or chr(n) for n in right.encode())
    mended_words = looked_at(characters.unmeant, language, f"A {misread} b")
    assert mended_words
    assert mended_words[0] in right


def test_letters_in_two_parts_are_one_and_notes_are_for_editors(lena: Campaign, tmp_path: Path):
    path = tmp_path / "closed.md"
    text = "# Fin\n\n<!-- Voir :\n\n• Anna\n• Bela c -->\n\nLe début de détention.\n"
    path.write_text(unicodedata.normalize("NFD", text), "utf-8")
    assert not list(proofreader.of_edition({path.name: read(path, "fr")}, lena, TODAY))


def test_a_word_of_one_latin_letter_among_cyrillic_ones_is_typed_anew(tmp_path: Path):
    path = tmp_path / "story.md"
    for language, words, right in (
        ("ru", "Он вышел c утра.\nМать, a не суд.", "Он вышел с утра.\nМать, а не суд."),
        ("ru", "Витамин C и план B, «It was a day», a b.", "Витамин C и план B, «It was a day», a b."),
        ("ru", "Взял Mac с собой и хлеб c собой.", "Взял Mac с собой и хлеб с собой."),
        ("uk", "Мати i син.", "Мати і син."),
        ("ru", "Мать i сын.", "Мать i сын."),
    ):
        path.write_text(words, "utf-8")
        told = list(characters.unmeant(read(path, language)))
        fixing.fix(told)
        assert (path.read_text("utf-8"), bool(told)) == (right, "C" not in words)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "CAFÉ™ et MARIÈ™"),
        ("de", "“So ein Spaß“ war es. “Spaß” auch."),
        ("es", "“«Está»…” y «está»… y «está»…”"),
        ("fr", "«Là»…"),
    ],
)
def test_what_ends_before_a_mark_was_read_in_the_right_encoding(language: str, words: str):
    assert looked_at(characters.unmeant, language, words) == []
