"""campaign.toml as people write it who know YAML, JSON or a word processor: each slip is named and mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from campaign.content import fixing
from tests.support.lanes import first
from tests.support.slips import found, sound_campaign

READ = 'languages = ["de", "en"]'
LANGUAGES = 'languages = ["en", "de"]'
RISKY = 'risky_words = ["escape", "strike", "Flucht"]'
DAY = "signatures_as_of = 2026-11-20"
PETITION = "https://petition.example.org/lena"
CONTACT = "https://readers.example.org/lena"
NAMED = 'name = "Readers for Lena"'
LONG = '''address = """
Lena Beispiel
Lange Gasse 7
12345 Musterstadt
GERMANY
"""'''

# Each: what is in the file, what somebody wrote, words of the fault, and what stands there once it is mended.
MENDED = [
    (
        RISKY,
        'risky_words = [\n"escape"\n"strike"  # or not\n"Flucht"\n]',
        "a list's line without its comma",
        'risky_words = [\n"escape",\n"strike",  # or not\n"Flucht"\n]',
    ),
    ("signatures = 4200", "signatures = 4 200", "a number is written otherwise", "signatures = 4200"),
    ("signatures = 4200", "signatures = 4.200", "4.2 is no whole number", "signatures = 4200"),
    ("2026-11-20", "20/11/2026", "a date is written otherwise", "2026-11-20"),
    ("2026-11-20", "20.11.2026 # by hand", "a date", "2026-11-20 # by hand"),
    ("2026-11-20", '"2026-11-20"', "is no date", "2026-11-20"),
    ('name = "Lena"', "name = „Lena # 7“", "quotes as word processors write them", 'name = "Lena # 7"'),
    ('name = "Lena"', 'name = "Lena  # "so"', "without its two quotes", 'name = "Lena"  # "so"'),
    (NAMED, "name = “Les amis d’Élif”", "quotes as word processors write them", 'name = "Les amis d’Élif"'),
    ('name = "Lena"', "name = 'Lena # 7';", "a sign too many at the end", "name = 'Lena # 7'"),
    ('status = "open"', "status: open", "no single = behind the key", 'status = "open"'),
    ("number = true", 'number = "true"', "neither true nor false", "number = true"),
    (LANGUAGES, 'languages = ["en" "de"]', "a list is written otherwise", LANGUAGES),
    ("[0.5, -1.0]", "[0,5, -1,0]", "is no offset", "[0.5, -1.0]"),
    (RISKY, RISKY.replace('strike"', "strike"), "a list", RISKY),
    ("[form]", "[form", "a line in brackets is written otherwise", "[form]"),
    (LONG, LONG.replace('"""', "“““"), "whose quotes are not", LONG),
    (LONG, LONG.replace('"""', "'''", 1), "whose quotes are not", LONG),
    (LONG, LONG.replace('"""\n', '"', 1).replace('\n"""', '"'), "an address whose quotes are not", LONG),
    (NAMED, 'name = "Readers for\nLena"', "parted over several lines", NAMED),
    (NAMED, 'name = "Readers for "Lena""', "without its two quotes", r'name = "Readers for \"Lena\""'),
    ("goal = 5000", "gоal = 5000", "a key is written otherwise", "goal = 5000"),
    ("[form]", "[fоrm]", "a line in brackets is written otherwise", "[form]"),
    (DAY, DAY.replace("_", "–"), "a key is written otherwise", DAY),
    ('name = "Lena"', 'name = "Lena"  // so', "a remark that does not begin", 'name = "Lena"  # so'),
    ('name = "Lena"', 'name = "Lena"   so', "a remark that does not begin", 'name = "Lena"  # so'),
    ('size = "A6"', "size = «\u00a0A6\u00a0»", "quotes as word processors write them", 'size = "A6"'),
    (READ, READ.replace("languages", "laguages"), "no such key here", READ),
    ("goal = 5000", "goal = 5000 // for now", "a remark that does not begin", "goal = 5000  # for now"),
    ("goal = 5000", "goal = 5000 (for now)", "a remark that does not begin", "goal = 5000  # for now"),
    ("signatures = 4200", "signatures = ca. 4200", "a number is written otherwise", "signatures = 4200"),
    (DAY, "signatures_as_of = 20 ноября 2026", "a date is written otherwise", DAY),
    (DAY, "signatures_as_of = 20 listopada 2026", "a date is written otherwise", DAY),
    (DAY, "signatures_as_of = 20. November 2026", "a date is written otherwise", DAY),
    (DAY, "signatures_as_of = 20 Kasım 2026", "a date is written otherwise", DAY),
    (DAY, "signatures_as_of = 11/20/26", "a date is written otherwise", DAY),
    ("number = true", "number = ja", "true or false is written otherwise", "number = true"),
    (PETITION, PETITION.replace("https", "http"), "is no address", PETITION),
    (PETITION, PETITION.removeprefix("https://"), "is no address", PETITION),
    (PETITION, f"[petition]({PETITION})", "is no address", PETITION),
    (PETITION, f"<{PETITION}>", "is no address", PETITION),
    (CONTACT, "mailto:anna@example.org", "is no address of a page or e-mail", "anna@example.org"),
    (CONTACT, "Anna <anna@example.org>", "is no address of a page or e-mail", "anna@example.org"),
    (CONTACT, "anna @example.org", "is no address of a page or e-mail", "anna@example.org"),
    (CONTACT, "anna@example,org", "is no address of a page or e-mail", "anna@example.org"),
]


@pytest.mark.parametrize(("before", "after", "fault", "right"), first(6, MENDED))
def test_what_was_meant_is_written(tmp_path: Path, before: str, after: str, fault: str, right: str):
    path = sound_campaign(tmp_path) / "campaign.toml"
    sound = path.read_text("utf-8")
    path.write_text(sound.replace(before, after, 1), "utf-8")
    assert [one.path for one in found(tmp_path)] == [path]
    assert [fault in one.fault for one in fixing.fix_all(lambda: found(tmp_path))] == [True]
    lines = [line for line in path.read_text("utf-8").split("\n") if line]
    assert lines == [line for line in sound.replace(before, right, 1).split("\n") if line]
    assert not found(tmp_path)


def test_the_address_of_a_page_or_a_mailbox_is_put_on_one_line(tmp_path: Path):
    path = sound_campaign(tmp_path) / "campaign.toml"
    sound = path.read_text("utf-8")
    for parted, right in ((f"\n{CONTACT}\n", CONTACT), ("anna@\nexample.org", "anna@example.org")):
        path.write_text(sound.replace(CONTACT, parted), "utf-8")
        assert list(fixing.fix_all(lambda: found(tmp_path)))
        assert path.read_text("utf-8") == sound.replace(CONTACT, right)


def test_what_is_no_number_of_a_character_ends_no_check(tmp_path: Path):
    path = sound_campaign(tmp_path) / "campaign.toml"
    path.write_text(path.read_text("utf-8").replace('"strike"', r"'\U00110000'"), "utf-8")
    assert not found(tmp_path)


@pytest.mark.parametrize(
    ("before", "after", "fault", "remedy"),
    [
        (LANGUAGES, 'languages = ["en", "by"]', '"by" is no language code', 'did you mean "be"?'),
        (LANGUAGES, 'languages = ["en", "ua"]', '"ua" is no language code', 'did you mean "uk"?'),
        (LANGUAGES, 'languages = ["en", "German"]', '"German" is no language code', 'did you mean "de"?'),
        (DAY, f'{DAY}\ntime_zone = "Minsk"', '"Minsk" is no time zone', "did you mean Europe/Minsk?"),
        (DAY, f'{DAY}\ntime_zone = "GMT+3"', '"GMT+3" is no time zone', "write a region and its city"),
        ("goal = 5000", "<<<<<<< HEAD\ngoal = 5000", "a mark of a conflict", "keep the lines that are right"),
        ("2026-11-20", "2/5/2026 # or so", "two ways", "2026-05-02 or signatures_as_of = 2026-02-05"),
        ("2026-11-20", "2026-11-31", "is no date", "year-month-day"),
        ("2026-11-20", "mardi 3 avril 2026", "is no date", "year-month-day"),
        (NAMED, 'name: "Amis de « Lena »"', "two ways", 'write name = "Amis de « Lena »" or '),
        (
            "goal = 5000",
            "goal = five thousand",
            '"five thousand" is no whole number',
            "whole number of 1 or more",
        ),
        ("goal = 5000", "goal =", "no value", "a whole number"),
        ("goal = 5000", "goal = 5000\ngoal = 6000", "goal stands on line 6 already", "keep the one"),
        ("goal = 5000", "goal = 5000\ngoal.x = 1", "[goal] x stands above already", "keep the one"),
        ("[privacy]", "[form]\n[privacy]", "[form] stands on line 17 already", "put its keys there"),
        ('GERMANY\n"""', "GERMANY", 'a text between """ that does not end', "on a line of its own"),
        (NAMED, 'name = { en: "Lena" }', "a table in one line", "write [name] on a line of its own"),
    ],
)
def test_what_may_have_been_meant_is_told(tmp_path: Path, before: str, after: str, fault: str, remedy: str):
    path = sound_campaign(tmp_path) / "campaign.toml"
    path.write_text(path.read_text("utf-8").replace(before, after, 1), "utf-8")
    (told,) = found(tmp_path)
    assert fault in told.fault
    assert remedy in told.remedy
    assert told.fix is None or "did you mean" in remedy
