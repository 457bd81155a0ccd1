"""What the preview answers, and whom."""

import os
import shutil
import threading
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from campaign.content import opening_days
from campaign.language import po_files
from campaign.language.catalogue import read_catalogue
from campaign.pages import assets, site
from campaign.pages.preview import proofreading, serving
from campaign.pages.preview.guard import refused
from campaign.pages.preview.workbench import Workbench
from tests.pages.preview.conftest import ORIGIN, PORT
from tests.support.editing import replace, write_campaign
from tests.support.table import table


def get(bench, path, **how):
    return bench.get(path, base_url=ORIGIN, **how)


def test_a_page_is_shown_with_the_headers_of_its_host_and_may_be_framed_here_alone(bench):
    answer = get(bench, "/anna/")
    assert "He waits" in answer.text
    assert "/.preview/page.js" in answer.text
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_file_that_a_page_names_is_answered(bench):
    names = set(site.re.findall(r'(?:src|href)="(/[^"#]*)"', get(bench, "/anna/").text))
    names.discard("/.preview/overview")
    assert len(names) > 5
    assert {name: get(bench, name.replace("&amp;", "&")).status_code for name in names} == dict.fromkeys(
        names, 200
    )


def test_no_archive_is_packed_and_no_folder_written(bench, workbench):
    get(bench, "/anna/")
    assert {path.name for path in workbench.settings.build_dir.iterdir()} == {"pictures"}


def test_an_unknown_page_is_answered_in_the_sites_own_words(bench):
    answer = get(bench, "/nowhere/")
    assert answer.status_code == 404
    assert "/.preview/page.js" in answer.text


def test_a_file_of_before_a_save_is_not_there(bench):
    """A page that is still shown asks for it."""
    assert get(bench, "/static/page.0123456789ab.css").status_code == 404


def test_a_save_is_told_and_shown(bench, workbench, content):
    before = workbench.board.news
    replace(content / "anna/en/story.md", "He waits", "She waits")
    workbench.rebuild()
    assert workbench.board.after(before.number).pages > before.pages
    assert "She waits" in get(bench, "/anna/").text


def test_a_page_tells_its_browser_of_which_state_it_is(bench, workbench):
    """A save may come after the page was made, and before its browser first asks for news."""
    assert f"/.preview/page.js?pages={workbench.board.news.pages}" in get(bench, "/anna/").text
    assert f"/.preview/page.js?pages={workbench.board.news.pages}" in get(bench, "/nowhere/").text


def test_a_new_day_is_told_and_shown_without_a_save(bench, workbench, content, monkeypatch):
    replace(content / "anna/campaign.toml", 'n"\n', f'n"\ncloses = {datetime.now(UTC).date()}\n')
    workbench.rebuild()
    before = workbench.board.news
    assert 'name="message"' in get(bench, "/anna/").text
    monkeypatch.setattr(opening_days, "now", lambda: datetime.now(UTC) + timedelta(days=2))
    workbench.rebuild()
    assert workbench.board.news.pages > before.pages
    assert 'name="message"' not in get(bench, "/anna/").text


def test_a_name_of_any_bytes_is_told_and_ends_nothing(bench, workbench, content, monkeypatch):
    """It comes out of an old archive, and no watcher of files can tell of it."""
    monkeypatch.setattr(proofreading, "apart", lambda: nullcontext(proofreading.here))
    saves = serving.rebuilding(workbench, threading.Event())
    next(saves)
    (content / "anna/en" / os.fsdecode(b"\xff.md")).mkdir()
    next(saves)
    os.mkfifo(content / "anna/en" / os.fsdecode(b"\xff.png"))
    next(saves)
    workbench.rebuild()
    (told,) = get(bench, "/.preview/news?after=0").get_json()["faults"]
    assert told["fault"] == "is no file"
    assert get(bench, "/.preview/files?page=/anna/en/").status_code == 200
    saves.close()


def test_a_fault_leaves_the_page_as_it_was_and_loads_none_again(bench, workbench, content):
    before = workbench.board.news
    replace(content / "anna/en/story.md", "{{ name }}", "{{ nmae }}")
    workbench.rebuild()
    told = get(bench, "/.preview/news?after=0").get_json()
    assert told["pages"] == before.pages
    assert [(one["line"], one["place"]) for one in told["faults"]] == [(5, "{{ nmae }}")]
    assert "He waits" in get(bench, "/anna/").text


def test_it_starts_without_any_page_that_can_be_shown(content, tmp_path, bench, workbench):
    (content / "anna/campaign.toml").write_text("name = \n")
    broken = Workbench(workbench.settings)
    broken.rebuild()
    bench.application.workbench = broken
    answer = get(bench, "/anna/")
    assert answer.status_code == 404
    assert "/.preview/page.js" in answer.text
    assert broken.board.news.faults


def test_a_templates_fault_is_named_on_the_page_and_ends_nothing(bench, workbench, monkeypatch):
    def broken(*_args, **_more):
        raise site.StrictUndefined(name="nonsense")._undefined_exception("'nonsense' is undefined")

    with monkeypatch.context() as patch:
        patch.setattr(site, "render_template", broken)
        answer = get(bench, "/anna/")
    assert answer.status_code == 500
    assert "nonsense" in answer.text
    assert get(bench, "/anna/").status_code == 200


def a_strip_for_a_tab(content, _tmp, _patch):
    Image.new("RGB", (600, 100)).save(content / "anna/icon.png")
    return "icon.png: is a strip"


def labels_with_a_fault(_content, tmp, patch):
    (tmp / "en.po").write_text('msgid "Won\n')
    patch.setattr(po_files, "FOLDER", tmp)
    patch.setattr(read_catalogue, "__defaults__", (tmp,))
    return "en.po"


def a_style_sheet_that_is_just_saved(_content, tmp, patch):
    patch.setattr(assets, "STATIC", shutil.copytree(assets.STATIC, tmp / "static"))
    (tmp / "static/page.css").unlink()
    return "page.css"


@pytest.mark.parametrize("spoil", [a_strip_for_a_tab, labels_with_a_fault, a_style_sheet_that_is_just_saved])
def test_whatever_cannot_be_made_is_told_and_ends_nothing(
    bench, workbench, content, tmp_path, monkeypatch, spoil
):
    with monkeypatch.context() as patch:
        named = spoil(content, tmp_path, patch)
        replace(content / "anna/en/story.md", "He waits", "She waits")
        workbench.rebuild()
        assert named in "\n".join(map(str, workbench.faults))
    (content / "anna/icon.png").unlink(missing_ok=True)
    workbench.rebuild()
    assert not workbench.faults
    assert "She waits" in get(bench, "/anna/").text


def test_the_button_mends_what_a_program_can_mend(bench, post, workbench, content):
    replace(content / "anna/en/story.md", "{{ name }}", "{{ nmae }}")
    workbench.rebuild()
    (fault,) = workbench.board.news.faults
    assert post("fix", {"id": fault.id})[0] == 200
    assert "{{ name }}" in (content / "anna/en/story.md").read_text()
    workbench.rebuild()
    assert not workbench.board.news.faults
    assert post("fix", {"id": fault.id})[0] == 409


def test_what_check_would_refuse_is_told_once_there_was_time_to_look(workbench, content):
    (content / "anna/left-over.txt").write_text("?")
    workbench.rebuild()
    workbench.look_through()
    assert "left-over.txt" in {one.path.rpartition("/")[2] for one in workbench.board.news.warnings}


def test_what_was_said_stays_where_a_fault_comes_while_it_is_looked_through(workbench, content):
    replace(content / "anna/en/story.md", "The lead.", "The lead. TODO")
    workbench.rebuild()
    workbench.look_through()
    replace(content / "anna/en/closed.md", "# ", "# So, ")
    workbench.rebuild()
    replace(content / "anna/en/thanks.md", "# ", "{{ nmae }}\n\n# ")  # saved before the next look reads it
    workbench.look_through()
    workbench.rebuild()
    workbench.look_through()
    assert any("TODO" in one.fault for one in workbench.board.news.warnings)


def test_what_was_said_of_a_text_goes_on_while_another_has_a_fault(workbench, content):
    replace(content / "anna/en/story.md", "The lead.", "The lead. TODO")
    workbench.rebuild()
    workbench.look_through()
    replace(content / "anna/en/thanks.md", "# ", "{{ nmae }}\n\n# ")
    workbench.rebuild()
    workbench.look_through()
    assert workbench.board.news.faults
    assert "TODO" in {one.place for one in workbench.board.news.warnings}

    replace(content / "anna/en/story.md", "TODO", "Done")
    workbench.rebuild()
    workbench.look_through()
    assert "TODO" not in {one.place for one in workbench.board.news.warnings}


def test_a_copied_name_is_told_as_soon_as_the_other_campaign_bears_it(workbench, content):
    write_campaign(content / "zoe")
    replace(content / "anna/en/thanks.md", "It arrived.", "It is on its way to Zoe.")
    for slug in ("anna", "zoe"):  # some day it would be told that these are long ago
        replace(content / slug / "campaign.toml", "address_verified_on = 2026-11-01\n", "")
        replace(content / slug / "campaign.toml", "as_of = 2026-11-22", f"as_of = {datetime.now(UTC).date()}")
    workbench.rebuild()
    workbench.look_through()
    assert not workbench.board.news.warnings
    replace(content / "zoe/campaign.toml", 'name = "Mikita"', 'name = "Zoe"')
    workbench.rebuild()
    workbench.look_through()
    assert [(one.file, one.place) for one in workbench.board.news.warnings] == [("anna/en/thanks.md", "Zoe")]


@table(
    ("method", "headers"),
    [
        ("GET", {"Host": f"evil.example:{PORT}"}),
        ("GET", {"Host": f"127.0.0.1.evil.example:{PORT}"}),
        ("GET", {"Host": "127.0.0.1:1"}),
        ("GET", {"Host": ""}),
        ("GET", {"Host": f"127.0.0.1:{PORT}", "Sec-Fetch-Site": "cross-site"}),
        ("GET", {"Host": f"127.0.0.1:{PORT}", "Sec-Fetch-Site": "same-site"}),
        ("POST", {"Host": f"127.0.0.1:{PORT}"}),
        ("POST", {"Host": f"127.0.0.1:{PORT}", "Origin": "null"}),
        ("POST", {"Host": f"127.0.0.1:{PORT}", "Origin": "https://evil.example"}),
        ("POST", {"Host": f"127.0.0.1:{PORT}", "Origin": f"http://evil.example:{PORT}"}),
        ("POST", {"Host": f"evil.example:{PORT}", "Origin": f"http://evil.example:{PORT}"}),
        ("PUT", {"Host": f"127.0.0.1:{PORT}", "Origin": "https://evil.example"}),
    ],
)
def test_nobody_but_this_machines_own_pages_is_answered(bench, method, headers):
    answer = bench.open("/.preview/news", method=method, base_url=ORIGIN, headers=headers)
    assert answer.status_code == 403


def test_the_port_that_no_browser_writes_is_answered_without_it():
    asked = Request(EnvironBuilder(base_url="http://127.0.0.1").get_environ())
    assert (refused(asked, 80), bool(refused(asked, PORT))) == ("", True)


def test_the_pages_too_are_shown_to_nobody_under_another_name(bench):
    assert get(bench, "/anna/", headers={"Host": f"evil.example:{PORT}"}).status_code == 403
    assert get(bench, "/anna/", headers={"Host": f"localhost:{PORT}"}).status_code == 200
