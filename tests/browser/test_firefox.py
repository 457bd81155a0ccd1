"""Firefox seals too: the road from its form to the operator's offline machine."""

from __future__ import annotations

import base64
import csv
import io
import sqlite3
from pathlib import Path

import pytest

from campaign.keys import sealing
from tests.browser.firefox import firefox
from tests.browser.test_road import CYRILLIC, EMAIL, SURNAME, Road, road

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["road"]  # the fixture: page, receiver and keys


def stored(road: Road) -> list[bytes]:
    file = Path(road.environ["CANDLE_DATABASE_URL"].removeprefix("sqlite:///"))
    with sqlite3.connect(file) as connection:
        return [sealed for (sealed,) in connection.execute("SELECT sealed FROM details")]


def test_what_firefox_sealed_is_opened_by_build_py_details(road: Road, tmp_path: Path) -> None:
    with firefox(tmp_path / "profile") as browser:
        browser.open(f"{road.page}/mikita/en/")
        browser.type("[name=message]", CYRILLIC)
        browser.type("[name=first_name]", "Алеся")
        browser.click(".details summary")
        browser.type("[name=last_name]", SURNAME)
        browser.type("[name=email]", EMAIL)
        browser.run("document.querySelector('[name=country]').value = 'PL'")
        browser.click("[name=consent]")
        browser.click("form.message-form [type=submit]")
        browser.wait("document.querySelector('.thanked')")
        assert browser.run("return location.href").startswith(road.page)  # in place: not the receiver's page
    (sealed,) = stored(road)
    assert (
        sealing.read_seal(base64.b64encode(sealed).decode(), 1) == sealed
    )  # of a browser's shape, not pyrage's
    printed = road.build("details", "mikita", "--all", "--identity", str(road.identity))
    (row,) = csv.DictReader(io.StringIO(printed))
    assert (row["last_name"], row["email"], row["country"]) == (SURNAME, EMAIL, "PL")
