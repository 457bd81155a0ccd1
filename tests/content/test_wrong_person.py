"""The name of another campaign's person in a text that was copied: told in each case, and mended."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from campaign import ROOT
from campaign.content.campaign import load, load_sound
from campaign.content.campaign_toml.facts import CampaignFacts, load_facts
from campaign.content.campaign_toml.names import PersonName
from campaign.content.markup import parse_cache
from campaign.content.proofreading import wrong_person
from campaign.content.proofreading.proof_text import ProofText
from campaign.errors import ContentError
from tests.support.editing import replace as edit
from tests.support.slips import found, sound_campaign
from tests.support.table import table

MIKITA = load_facts(ROOT / "content" / "mikita")
LENA = replace(
    MIKITA,
    slug="lena",
    name="Lena",
    names={
        "be": PersonName("Лена", "Лены", "Лене", "Лену", "Ленай", "Лене", "Лена"),
        "ru": PersonName("Лена", "Лены", "Лене", "Лену", "Леной", "Лене", "Лена"),
        "uk": PersonName("Лена", "Лени", "Лені", "Лену", "Леною", "Лені", "Лено"),
        "pl": PersonName("Lena", "Leny", "Lenie", "Lenę", "Leną", "Lenie", "Leno"),
        "de": PersonName("Lena", "Lenas"),
    },
)


def told(
    words: str, language: str, name: str = "thanks.md", of: CampaignFacts = LENA, *more: CampaignFacts
) -> list[ContentError]:
    written = f"# Title\n\n{words}\n"
    parsed = parse_cache.read(written.replace("{{ name }}", "…"), language)
    text = ProofText(Path("content", of.slug, language, *name.split("/")), language, written, parsed)
    other = MIKITA if of is LENA else LENA
    others = {one.slug: one for one in (other, *more)}
    return list(wrong_person.named({name: text}, of, others))  # type: ignore[arg-type]


@table(
    "language, words, right",
    [
        ("en", "It is on its way to Mikita.", "Lena"),
        ("en", "Mikita's card is printed.", "Lena"),
        ("de", "Mikitas Karte ist gedruckt.", "Lenas"),
        ("be", "Яе атрымлівае сям’я Мікіты.", "Лены"),
        ("ru", "Она придёт к Никите.", "Лене"),
        ("uk", "Ми думаємо разом з Микитою.", "Леною"),
        ("pl", "Drogi Mikito, życzę Ci siły.", "Leno"),
        ("pl", "Piszemy o Mikicie.", "Lenie"),
        (
            "be",
            "Мы пішам Мікіту.",
            "",
        ),  # the dative, the accusative or the locative: three forms of another name
    ],
)
def test_another_s_name_is_told_in_each_case_and_mended_where_there_is_one_way(
    language: str, words: str, right: str
):
    (warning,) = told(words, language)
    assert (warning.line, warning.level) == (3, "warning")
    assert (warning.fix is not None) == bool(right)
    assert warning.fix is None or right in warning.fix.new
    assert warning.remedy.startswith(f"write {right or 'Lena, in the case'}")


def test_a_paragraph_is_mended_as_a_whole_but_for_its_addresses():
    words = "{0} waits, and\nso does {0}: [here](https://x.org/Mikita/)."
    warning, _ = told(f"{words.format('Mikita')}\n\nMikita waits.", "en")
    assert warning.fix is not None
    assert (warning.fix.line, warning.fix.new) == (3, words.format("Lena"))


def test_two_others_are_not_both_this_one():
    anna = replace(MIKITA, slug="anna", name="Anna", names={})
    (warning,) = told("Mikita and Anna wait.", "en", "thanks.md", LENA, anna)
    assert warning.fix is None


@table(
    "words, name",
    [
        ("Mikita and Lena share a birthday.", "thanks.md"),  # both are meant
        ("{{ name }} and Mikita share a birthday.", "thanks.md"),
        ("Her brother is [Mikita](https://example.org/mikita).\n\nLena writes to him.", "story.md"),
        ("She was taken where Mikita is held. Lena writes to him.", "news/2026-12-01-moved.md"),
        ("Mikitas are many, and Mikitanian is a word.", "thanks.md"),
    ],
)
def test_whoever_is_meant_is_left_alone(words: str, name: str):
    assert told(words, "en", name) == []


def test_a_name_that_is_a_word_of_the_language_is_left_alone():
    hope = replace(MIKITA, slug="hope", name="Hope", names={})
    words = "Hope is what we have, and hope is what we give."
    text = ProofText(Path("content/lena/en/thanks.md"), "en", words, parse_cache.read(words, "en"))
    assert list(wrong_person.named({"thanks.md": text}, LENA, {"hope": hope})) == []  # type: ignore[arg-type]


def test_a_story_that_was_copied_whole_is_told(tmp_path: Path):
    folder = sound_campaign(tmp_path)
    sound_campaign(tmp_path / "other").rename(tmp_path / "ilse")
    (tmp_path / "other").rmdir()
    edit(tmp_path / "ilse" / "campaign.toml", 'name = "Lena"', 'name = "Ilse"')
    edit(tmp_path / "ilse" / "campaign.toml", '"Lena"\ngenitive = "Lenas"', '"Ilse"\ngenitive = "Ilses"')
    warnings = found(tmp_path)
    assert not [one for one in warnings if one.path.is_relative_to(folder)]
    assert {one.fault for one in warnings} >= {'"Lena" is whom lena is about, and not this campaign'}
    assert {one.path.name for one in warnings} >= {"story.md", "how-it-works.md"}
    assert all(one.fix for one in warnings if '"Lena"' in one.fault)


def test_facts_behind_a_link_that_leads_elsewhere_are_not_read(tmp_path: Path):
    folder = sound_campaign(tmp_path / "content")
    secret = sound_campaign(tmp_path / "elsewhere") / "campaign.toml"
    (tmp_path / "content" / "other").mkdir()
    (tmp_path / "content" / "other" / "campaign.toml").symlink_to(secret)
    assert wrong_person.beside(load(folder)) == {}


def test_a_link_that_leads_to_itself_is_that_campaign_s_fault_alone(tmp_path: Path):
    folder = sound_campaign(tmp_path)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "campaign.toml").symlink_to(tmp_path / "other" / "campaign.toml")
    assert wrong_person.beside(load(folder)) == {}
    sound, faults = load_sound(tmp_path)
    assert list(sound) == [folder.name]
    assert tmp_path / "other" / "campaign.toml" in {fault.path for fault in faults}
