"""What `check --fix` mends: the slips of TOML that people make, and each fix takes its fault away."""

import functools
import re
from pathlib import Path

import pytest

from campaign.content import checks, fixing
from campaign.errors import ContentError
from tests.support.editing import replace
from tests.support.lanes import first
from tests.support.slips import TODAY, Slip, found, seeded, sound_campaign


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A campaign without a slip."""
    return sound_campaign(tmp_path)


def fix(folder: Path) -> list[ContentError]:
    return list(fixing.fix_all(functools.partial(checks.findings, folder.parent, today=TODAY)))


def test_curly_quotes_around_half_an_address_are_both_told(folder):
    facts = folder / "campaign.toml"
    text = re.sub(r'(?m)^address = "(?!"").*$', "address = “friends.example.org”", facts.read_text("utf-8"))
    facts.write_text(text, "utf-8")
    (told,) = found(folder.parent)
    assert told.fault == (
        "[contact] address: quotes as word processors write them, and "
        '"friends.example.org" is no address of a page or e-mail'
    )


ADDRESSES = {
    "See https//court.example.org/a.": "See <https://court.example.org/a>.",
    "See https:/court.example.org now.": "See <https://court.example.org> now.",
    "See [it] (https://court.example.org/a).": "See [it](https://court.example.org/a).",
    "See (it)[https://court.example.org/a].": "See [it](https://court.example.org/a).",
    "See [it](www.court.by/a).": "See [it](https://www.court.by/a).",
    "Ask [us](anna@example.org).": "Ask [us](mailto:anna@example.org).",
    "The court (www.court.by) said so.": "The court (<https://www.court.by>) said so.",
}


@pytest.mark.parametrize("written", ADDRESSES)
def test_an_address_with_a_sign_too_few_or_without_its_beginning_is_mended(folder, written):
    path = folder / "en" / "closed.md"
    path.write_text(path.read_text("utf-8") + f"\n{written}\n", "utf-8")
    assert re.search("address|a bracket", fix(folder)[0].fault)
    assert path.read_text("utf-8").endswith(f"\n{ADDRESSES[written]}\n")


def test_several_slips_are_told_at_once_and_each_is_mended(folder):
    facts = folder / "campaign.toml"
    sound = facts.read_bytes()
    replace(facts, "goal = 5000", "goal: 5,000")
    replace(facts, "number = true", "number = yes")
    replace(facts, '"A6"', '"a6"')
    assert [told.line for told in found(folder.parent)] == [6, 34, 37]
    assert len(fix(folder)) == 3
    assert facts.read_bytes() == sound


SLIPS_OF_TEXTS = [slip for slip in seeded() if not slip.file.endswith("toml")][::9]


@pytest.mark.parametrize("slip", first(5, SLIPS_OF_TEXTS), ids=str)
def test_a_fix_takes_its_fault_away(tmp_path, slip: Slip):
    unmended = mended_wrongly(slip, tmp_path)
    assert not unmended


def mended_wrongly(slip: Slip, content: Path) -> list[ContentError]:
    """Make a slip, mend it, and return what was mended and is still there."""
    folder = sound_campaign(content)
    slip.make(folder)
    mendable = [one for one in found(content) if one.fix]
    fix(folder)
    # What a slip put into one language alone is lacking in the other, and only a translator can mend that.
    left = [one for one in found(content) if "paragraphs and lists" not in one.fault] if mendable else []
    return [one for one in mendable if str(one) in map(str, left)] + ([] if not mendable else left)


def test_a_misspelt_name_of_a_file_is_mended(folder):
    (folder / "en" / "thanks.md").rename(folder / "en" / "Thansk.md.txt")
    (folder / "en" / "news").mkdir()
    (folder / "en" / "news" / "1.3.2026 Moved.md").write_text("# Moved\n\nShe was moved.\n")
    (folder / "en" / "news" / "2026.3.2 Moved.md").write_text("# Moved\n\nShe was moved again.\n")
    assert {told.remedy for told in fix(folder)} == {"name it 2026-03-02-moved.md", "name it thanks.md"}
    assert (folder / "en" / "thanks.md").is_file()
    assert (folder / "en" / "news" / "2026-03-02-moved.md").is_file()


def test_a_name_that_another_file_has_is_left_to_its_writer(folder):
    news = folder / "en" / "news"
    news.mkdir()
    for name in ("2026-03-02-moved.md", "2026.3.2 Moved.md"):
        (news / name).write_text(f"# Moved\n\nShe was moved, as {name} says.\n")
    assert not fix(folder)
    assert len(list(news.iterdir())) == 2


PASTED = {
    "| a | b |\n| 1 | 2 |": "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "a | b\n--- | --- | ---\n1 | 2": "| a | b |\n| --- | --- |\n| 1 | 2 |",
    "+---+---+\n| a | b |\n+---+---+\n| 1 |": "| a | b |\n| --- | --- |\n| 1 |  |",
    "a\tb\tc\n1|2\t3": "| a | b | c |\n| --- | --- | --- |\n| 1\\|2 | 3 |  |",
    "•\tone\n•\ttwo\n•\tthree": "- one\n- two\n- three",
    "·\u00a0\u00a0 one\n·\u00a0\u00a0 two": "- one\n- two",
    "o\tone\no\ttwo": "- one\n- two",
    "\uf0b7 one\n\uf0b7 two": "- one\n- two",
    "one\x0btwo": "one two",
    "one \ufffctwo": "one two",
    "one \u2028two": "one  two",
    "– one\n– two": "- one\n- two",
    "one\uffff": "one",
    "##\u00a0one\n\ntwo": "## one\n\ntwo",
    "-\u00a0one": "- one",
    "cafe\u0301 ,one": "caf\u00e9, one",
}


@pytest.mark.parametrize("pasted", first(3, PASTED))
def test_what_a_word_processor_left_is_mended_at_once(folder, pasted):
    for path in (folder / language / "closed.md" for language in ("en", "de")):
        path.write_bytes((path.read_text("utf-8") + f"\n{pasted}\n").replace("\n", "\r\n").encode())
    assert len(fix(folder)) == 2
    for path in (folder / language / "closed.md" for language in ("en", "de")):
        assert path.read_bytes().decode().endswith(f"\n{PASTED[pasted]}\n".replace("\n", "\r\n"))
    assert not [one for one in found(folder.parent) if "is the same as" not in one.fault]


def test_a_link_leads_to_the_heading_that_begins_so_and_to_no_opposite(folder):
    path = folder / "en" / "closed.md"
    text = (
        path.read_text("utf-8")
        + "\n## What is never kept\n\nNo.\n\n## What is kept, and for how long\n\nAll.\n"
    )
    path.write_text(f"{text}\nSee [it](#what-is-kept).\n", "utf-8")
    fix(folder)
    assert "[it](#what-is-kept-and-for-how-long)" in path.read_text("utf-8")
    for doubtful in ("what-was-kept-then", "what-is", "w"):
        path.write_text(f"{text}\nSee [it](#{doubtful}).\n", "utf-8")
        assert fix(folder) == []
        (told,) = found(folder.parent)
        assert told.fault == f"a link to #{doubtful}, which is no heading"


def test_line_ends_and_the_mark_of_windows_stay(folder):
    path = folder / "en" / "closed.md"
    windows = b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(windows.replace(b"everybody", b"every\xe2\x80\x8bbody"))
    assert [told.fault for told in fix(folder)] == ["an invisible character, U+200B (zero width space)"]
    assert path.read_bytes() == windows
