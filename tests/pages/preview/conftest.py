"""A campaign of one small story in the preview, and a browser of a program before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from campaign.pages.preview import stage
from campaign.pages.preview.web_app import Bench
from campaign.pages.preview.workbench import Workbench
from campaign.settings import Settings
from tests.support.editing import write_campaign

PORT = 8123
ORIGIN = f"http://127.0.0.1:{PORT}"


@pytest.fixture(scope="session", autouse=True)
def templates_stay_compiled() -> Iterator[None]:
    """Let all workbenches share what one keeps while it lasts: half a second for each that shows a page."""
    compiled = stage.Compiled()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "Compiled", lambda: compiled)
        yield


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    write_campaign(folder / "anna")
    return folder


@pytest.fixture
def workbench(content: Path, build_dir: Path) -> Workbench:
    nobody = "http://127.0.0.1:9"  # a receiver that runs here beside the tests would answer
    config = Settings(content_dir=content, build_dir=build_dir, site_url=(ORIGIN,), receiver_url=nobody)
    made = Workbench(config)
    made.rebuild()
    return made


@pytest.fixture
def bench(workbench: Workbench) -> Client:
    return Client(Bench(workbench, PORT))


@pytest.fixture
def post(bench: Client) -> Callable[..., tuple[int, dict[str, object]]]:
    """Post as the preview's own pages do, and give status and answer."""

    def post(name: str, told: object = None, **how: object) -> tuple[int, dict[str, object]]:
        how = {"json": told, **how} if "data" not in how else how
        answer = bench.post(f"/.preview/{name}", base_url=ORIGIN, headers={"Origin": ORIGIN}, **how)
        return answer.status_code, answer.get_json()

    return post
