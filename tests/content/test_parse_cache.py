"""A text that is looked at twice is read once, and each look finds it as it was read."""

from collections import Counter
from xml.etree.ElementTree import tostring

import pytest

from campaign.content import checks
from campaign.content.markup import dialect
from campaign.content.markup.parse_cache import read, reading_once
from campaign.pages.preview.latest import Reader
from tests.support.editing import replace

TEXT = '# One\n\nA "word", a [link](story.md) and a note.[^1]\n\n- a list\n\n[^1]: Of it.\n'


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each text is taken apart, from here on."""
    counted: Counter[str] = Counter()
    real = dialect.read

    def counting(text: str, language: str) -> dialect.Parsed:
        counted[text] += 1
        return real(text, language)

    monkeypatch.setattr(dialect, "read", counting)
    monkeypatch.setattr("campaign.content.markup.parse_cache.read", read)  # as it is where no test runs
    return counted


def _shown(parsed: dialect.Parsed) -> list[tuple[bytes, int | None]]:
    return [(tostring(one), parsed.lines.get(one)) for block in parsed.blocks for one in block.iter()]


def test_what_one_reader_does_to_a_text_reaches_no_other() -> None:
    untouched = _shown(dialect.read(TEXT, "de"))
    with reading_once():
        for _ in range(3):
            parsed = read(TEXT, "de")
            assert _shown(parsed) == untouched
            for block in parsed.blocks:
                block.tag = "h6"
                block.clear()


def test_the_same_words_of_two_languages_are_two_texts() -> None:
    with reading_once():
        quotes = [read('A "word".', code).blocks[0].text for code in ("en", "de")]
    assert quotes == ["A “word”.", "A „word“."]


def test_a_check_takes_a_text_apart_once(folder, readings) -> None:
    checks.findings(folder.parent)
    own = {path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}
    assert {text: many for text, many in readings.items() if text in own and many > 1} == {}
    assert len(own & readings.keys()) > 4


def test_the_preview_takes_only_the_text_apart_that_was_changed(folder, readings) -> None:
    reader = Reader(folder.parent)
    reader.read()
    readings.clear()
    replace(folder / "en/story.md", "The lead.", "Another lead.")
    assert reader.read().campaigns
    assert [text for text in readings if "Another lead." in text] == list(readings)
