"""All that readers may meet of a campaign, and that each of it can be seen."""

import io
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from PIL import Image

from campaign.content.opening_days import SOON
from campaign.pages.index_page import ORDER
from campaign.pages.preview import overview_frames
from campaign.pages.preview.overview_frames import Sheets
from campaign.press import sample_sheets
from tests.pages.preview.conftest import ORIGIN
from tests.support.table import table


@pytest.fixture
def scenes(bench, workbench, tmp_path):
    workbench.sheets = Sheets(sample_sheets.sample, tmp_path / "sheets")
    return bench.get("/.preview/scenes?campaign=anna", base_url=ORIGIN).get_json()["scenes"]


def test_everything_is_there_once_and_can_be_seen(bench, scenes):
    titles = [scene["title"] for scene in scenes]
    assert len(set(titles)) == len(titles)
    assert {status.capitalize() for status in ORDER if status != SOON} <= set(titles)
    assert SOON.capitalize() not in titles  # it has no first day that could be told
    assert {"On a phone", "On a desktop", "In the dark", "Thanks", "Front page", "Shared link, en"} <= set(
        titles
    )
    assert {"Front", "Back, en 1", "Back, en 2", "Sheet, front", "Sheet, back"} <= set(titles)
    addresses = {one["address"].partition("#")[0] for one in scenes if one["title"] != "Form with errors"}
    answers = {address: bench.get(address, base_url=ORIGIN) for address in addresses}
    assert {address: one.status_code for address, one in answers.items()} == dict.fromkeys(addresses, 200)


def test_a_page_is_shown_in_a_state_that_it_is_not_in(bench):
    assert "No more." in bench.get("/.preview/as/closed/anna/en/", base_url=ORIGIN).text
    assert "Writing rests" in bench.get("/.preview/as/paused/anna/en/", base_url=ORIGIN).text
    assert "No more." not in bench.get("/anna/en/", base_url=ORIGIN).text


def test_a_dark_page_is_dark_on_every_screen(bench):
    page = bench.get("/.preview/as/dark/anna/en/", base_url=ORIGIN).text
    address = next(part for part in page.split('"') if part.startswith("/.preview/dark/page."))
    sheet = bench.get(address, base_url=ORIGIN).text
    assert "prefers-color-scheme" not in sheet
    assert "@media (min-width:0)" in sheet
    assert "color-scheme:dark" in sheet


def test_a_campaign_in_colours_of_its_own_is_dark_too(bench, content, workbench):
    facts = content / "anna" / "campaign.toml"
    facts.write_text(facts.read_text(encoding="utf-8") + '\n[page]\npalette = "sea"\n', encoding="utf-8")
    workbench.rebuild()
    page = bench.get("/.preview/as/dark/anna/en/", base_url=ORIGIN).text
    address = next(part for part in page.split('"') if part.startswith("/.preview/dark/theme."))
    sheet = bench.get(address, base_url=ORIGIN).text
    assert "prefers-color-scheme" not in sheet
    assert "@media screen and (min-width:0){" in sheet


def test_a_card_is_drawn_in_its_size(bench):
    drawn = bench.get("/.preview/card/anna/en/1", base_url=ORIGIN).data
    with Image.open(io.BytesIO(drawn)) as image:
        assert 1.3 < max(image.size) / min(image.size) < 1.5


def test_the_form_with_errors_is_asked_of_the_receiver_and_missed_without_one(bench):
    answer = bench.get("/.preview/errors/anna/en/", base_url=ORIGIN)
    assert answer.status_code == 503
    assert "starts once" in answer.text


def test_no_frame_takes_the_focus_and_scrolls_the_overview_to_itself(monkeypatch):
    page = SimpleNamespace(
        read=lambda: b'<div class="errors" autofocus><a href="/x">', headers={"Content-Type": "text/html"}
    )
    asked = SimpleNamespace(open=lambda *_, **__: nullcontext(page))
    monkeypatch.setattr(overview_frames, "DIRECT", asked)
    shown = overview_frames.answered("http://127.0.0.1:1", "anna/messages").get_data(as_text=True)
    assert shown == '<div class="errors"><a href="/.preview/receiver/x">'


@table(
    "path",
    [
        *("as/closed/nobody/en/", "as/nonsense/anna/en/", "as", "dark/none.css", "nonsense/x"),
        *(
            "card/anna/en/99",
            "card/anna/xx/0",
            "card/nobody/en/0",
            "card/anna",
            "sheet/anna/0",
            "sheet/anna/x",
        ),
        *("../web_app.py", "/etc/passwd"),  # which are there
    ],
)
def test_what_is_not_there_is_answered_in_words(bench, path):
    assert bench.get(f"/.preview/{path}", base_url=ORIGIN).status_code in {404, 409}
