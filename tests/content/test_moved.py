"""`[moved]`: earlier addresses lead on, and hide no page."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from campaign.content.campaign import load
from campaign.pages.host_files import host_files
from campaign.settings import Settings
from tests.support import nginx
from tests.support.editing import TODAY, the_fault
from tests.support.ports import free_ports


def moved(folder: Path, old: str, new: str) -> Path:
    with (folder / "campaign.toml").open("a", encoding="utf-8") as facts:
        facts.write(f'\n[moved]\n"{old}" = "{new}"\n')
    return folder


@pytest.mark.parametrize(
    ("old", "new"),
    [("/nikita/", "/mikita/"), ("/mikita/by/", "/mikita/en/"), ("/mikita/help/", "/mikita/privacy/")],
)
def test_what_lay_below_an_old_address_leads_on(old: str, new: str, folder: Path, settings: Settings):
    campaign = load(moved(folder, old, new), today=TODAY)
    assert host_files({"mikita": campaign}, settings)["_redirects"] == f"{old}* {new}:splat 301\n"


def test_where_nothing_moved_there_is_no_such_file(folder: Path, settings: Settings):
    assert "_redirects" not in host_files({"mikita": load(folder, today=TODAY)}, settings)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("/mikita/", "/mikita/en/", "a page stands there now"),
        ("/mikita/en/", "/mikita/", "a page stands there now"),
        ("/mikita/en/privacy/", "/mikita/", "a page stands there now"),
        ("/static/", "/mikita/", "a page stands there now"),
        ("/de/", "/mikita/", "a page stands there now"),
        ("/anna/", "/mikita/", "a page stands there now"),
        ("/nikita", "/mikita/", "is no address of this page"),
        ("/a/ /b/ 301\\n/c/", "/mikita/", "is no address of this page"),
        ("/nikita/", "/anna/", "/anna/ is no page of this campaign"),
        ("/nikita/", "/mikita/ru/", "/mikita/ru/ is no page of this campaign"),
        ("/nikita/", "https://example.org/", "'https://example.org/' is no address of this page"),
        ("/nikita/", "//example.org/", "'//example.org/' is no address of this page"),
        *(
            ("/nikita/", f"/mikita/en/{name}/", f"/mikita/en/{name}/ is no page of this campaign")
            for name in ("won", "wall", "news")
        ),
        ("/mikita/en/won/", "/mikita/", "a page stands there now"),
    ],
)
def test_an_address_that_hides_a_page_or_leads_astray_is_named(old: str, new: str, fault: str, folder: Path):
    (folder.parent / "anna").mkdir()
    file, line, told, _ = the_fault(moved(folder, old, new))
    assert (file, line > 0) == ("campaign.toml", True)
    assert fault in told


@pytest.mark.parametrize(
    ("name", "file", "text"),
    [
        ("won", "en/won.md", "# Free\n\nMikita is free.\n"),
        ("news", "en/news/2026-11-20-letters.md", "# Letters\n\nLetters arrive.\n"),
        ("wall", "campaign.toml", "\n[page]\nwall = 24\n"),
    ],
)
def test_an_address_may_lead_to_a_page_that_comes_only_with_its_text(
    name: str, file: str, text: str, folder: Path, settings: Settings
):
    (folder / file).parent.mkdir(exist_ok=True)
    with (folder / file).open("a", encoding="utf-8") as written:
        written.write(text)
    campaign = load(moved(folder, "/nikita/", f"/mikita/{name}/"), today=TODAY)
    assert (
        host_files({"mikita": campaign}, settings)["_redirects"] == f"/nikita/* /mikita/{name}/:splat 301\n"
    )


def test_nginx_leads_on_by_what_the_page_holds(tmp_path: Path, folder: Path, settings: Settings):
    if nginx.missing() and not os.environ.get("CI"):
        pytest.skip(nginx.missing())
    page = tmp_path / "page"
    page.mkdir()
    (page / "404.html").write_text("Not here.")
    for name, text in host_files(
        {"mikita": load(moved(folder, "/mikita/by/", "/mikita/en/"), today=TODAY)}, settings
    ).items():
        (page / name).write_text(text)
    receiver_port, desk_port = free_ports(2)
    with nginx.server(tmp_path, page, receiver_port, desk_port=desk_port) as front:
        for path, rest in (
            ("/mikita/by/privacy/", "privacy/"),
            ("/mikita/by", ""),
            ("/mikita/by/?a=b", ""),
            ("/mikita/by/%0D%0AX:%20y", "%0D%0AX:%20y"),
        ):
            answer = front.ask(nginx.PAGE, path)
            assert (answer.status, answer.headers["Location"]) == (301, f"/mikita/en/{rest}")
        assert front.ask(nginx.PAGE, "/mikita/byway/").status == 404
        for path in ("/_redirects", "/_headers", "/_moved.map"):
            assert front.ask(nginx.PAGE, path).status == 404
