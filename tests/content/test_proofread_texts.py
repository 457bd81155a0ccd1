"""Words of editors in five languages: what is told of a slip, and that nothing is told of what is right.

Each wrong one in texts.toml stands beside words of what is told; a right one is told of with nothing.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from campaign.content.campaign import Campaign, load
from campaign.content.markup import parse_cache
from campaign.content.proofreading import proofreader
from campaign.content.proofreading.proof_text import ProofText
from tests.support.slips import SLIPS, TODAY, sound_campaign

TEXTS = tomllib.loads((SLIPS / "texts.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lena(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return load(sound_campaign(tmp_path_factory.mktemp("content")))


def told(campaign: Campaign, language: str, words: str) -> list[str]:
    path = Path("lena") / language / "closed.md"
    text = f"# Title\n\n{words.strip()}\n"
    read = ProofText(path, language, text, parse_cache.read(text, language))
    return [one.fault for one in proofreader.of_edition({path.name: read}, campaign, TODAY)]


@pytest.mark.parametrize("language", TEXTS["right"])
def test_nothing_is_told_of_what_is_right(lena: Campaign, language: str):
    said = {words: told(lena, language, words) for words in TEXTS["right"][language]}
    assert {words: faults for words, faults in said.items() if faults} == {}


@pytest.mark.parametrize("language", TEXTS["wrong"])
def test_each_slip_is_told_once(lena: Campaign, language: str):
    missed = []
    for words, fault in TEXTS["wrong"][language]:
        said = told(lena, language, words)
        if len(said) != 1 or fault not in said[0]:
            missed.append((words, fault, said))
    assert not missed
