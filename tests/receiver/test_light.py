"""The public half is light: it sets text in lines to see whether it fits, and draws and opens nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from campaign import ROOT
from tests.support.public_half import Loaded, loaded

pytestmark = pytest.mark.slow  # it starts a process
HEAVY = {"pymupdf", "fitz", "PIL", "resvg_py", "alembic", "pycld2", "flask_frozen", "rich", "numpy"}
HEAVY |= {"redis", "psycopg", "feedgenerator", "tarfile", "icu4py"}  # the first two serve other settings
# Of the cards: what sets a text in lines, what that stands on, the comparison with what was meant, outlines.
SETTING = (
    "fitting",
    "illustration",
    "outlines",
    "fonts",
    "type",
    "dimensions",
    "memo",
    "card_words",
    "mupdf_lock",
    "grids",
    "crop_marks",
    "imposition",
    "pdf",
    "proof",
)


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Loaded:
    """The public half after requests to campaigns whose illustrations are SVG, PNG and PDF."""
    folder = tmp_path_factory.mktemp("light")
    for kind in ("svg", "png", "pdf"):
        campaign = folder / "content" / f"with-{kind}"
        shutil.copytree(ROOT / "content" / "mikita", campaign)
        if kind != "svg":
            (campaign / "illustration.svg").unlink()
            draw(campaign / f"illustration.{kind}")
    database = shutil.copy(migrated_file, folder / "candle.sqlite")
    return loaded(folder / "content", f"sqlite:///{database}")


def draw(path: Path) -> None:
    if path.suffix == ".png":
        Image.new("RGB", (1240, 1748), "white").save(path)
    else:
        with pymupdf.open() as pdf:
            pdf.new_page(width=298, height=420)
            pdf.save(path)


def test_the_public_half_loads_no_library_that_draws_or_migrates(public: Loaded) -> None:
    assert not HEAVY & {name.partition(".")[0] for name in public.modules}
    assert "babel.messages.extract" not in public.modules


def test_it_loads_harfbuzz_with_the_first_message(public: Loaded) -> None:
    assert "uharfbuzz" in public.modules - public.at_start


def test_of_the_cards_it_loads_only_what_sets_a_text_in_lines(public: Loaded) -> None:
    cards = {name.split(".")[2] for name in public.modules if name.startswith("campaign.cards.")}
    assert cards <= set(SETTING)
    proof = {name for name in public.modules if name.startswith("campaign.cards.proof.")}
    assert proof == {"campaign.cards.proof.comparing"}
    pictures = {name for name in public.modules if name.startswith("campaign.cards.illustration.")}
    read = ("orientation", "file_kinds", "svg_limits", "fault")
    assert pictures <= {f"campaign.cards.illustration.{name}" for name in read}
    assert not [name for name in public.modules if name.startswith("campaign.press")]


def test_it_loads_nothing_that_explains_a_faulty_file(public: Loaded) -> None:
    room = "campaign.content.campaign_toml"
    assert not {f"{room}.toml_{name}" for name in ("slips", "multiline", "mending")} & public.modules


def test_it_loads_nothing_of_the_desk(public: Loaded) -> None:
    assert not [name for name in public.modules if name.startswith(("receiver.staff", "campaign.accounts"))]


def test_what_is_looked_for_would_be_found(public: Loaded) -> None:
    assert {"campaign.cards.fitting", "receiver.supporters.sending", "flask"} <= public.modules
