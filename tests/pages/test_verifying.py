"""`build.py verify`: a published page against what this checkout makes, changed in one way at a time."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import build
from campaign import settings as operator
from campaign.content.campaign import load_all
from campaign.keys import sealing
from campaign.messages.wall import WallMessage
from campaign.pages import site, verifying
from campaign.pages.local_server import PageHandler, hosting
from campaign.pages.site import freeze
from campaign.pages.verifying import shown

pytestmark = pytest.mark.slow  # they build pages

KEY, _ = sealing.new_key()
OTHER, _ = sealing.new_key()
SITE, RECEIVER = "https://candle.example.org", "https://post.candle.example.org"
SOURCE = "https://code.example.org/candle"
STORY = "mikita/en/index.html"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The page of the content as it is, built once."""
    folder = tmp_path_factory.mktemp("built")
    config = replace(
        operator.Settings(),
        site_url=(SITE,),
        receiver_url=RECEIVER,
        source_url=SOURCE,
        age_recipients=(KEY,),
        build_dir=folder / "kept",
    )
    freeze(folder / "site", load_all(config.content_dir), config)
    return folder / "site"


@pytest.fixture(scope="module", autouse=True)
def each_page_is_built_once(tmp_path_factory):
    """Let all comparisons share what this checkout makes of the same content, settings and day."""
    made: dict[str, Path] = {}

    def once(folder: Path, content: object, config: operator.Settings, *others: object) -> None:
        key = repr((content, replace(config, build_dir=Path()), others))
        if key not in made:
            made[key] = tmp_path_factory.mktemp("made") / "site"
            freeze(made[key], content, config, *others)
        shutil.copytree(made[key], folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "freeze", once)
        yield


@pytest.fixture
def page(built, tmp_path):
    """A copy that may be changed, as whoever has the host would."""
    return Path(shutil.copytree(built, tmp_path / "site"))


@pytest.fixture
def verify(monkeypatch, tmp_path) -> Callable[..., tuple[int, str, list[str]]]:
    """Run the command; returns status, stdout and the lines of stderr without warnings."""
    monkeypatch.setattr(operator, "CONFIG", tmp_path / "none.toml")
    for name in list(filter(lambda name: name.startswith("CANDLE_"), os.environ)):
        monkeypatch.delenv(name)

    def run(folder: Path, *options: str, **environ: str) -> tuple[int, str, list[str]]:
        with hosting(folder) as url:
            done = CliRunner().invoke(build.cli, ["verify", url, *options], env=environ)
        lines = [line for line in done.stderr.splitlines() if ": warning: " not in line]
        return done.exit_code, done.stdout, lines

    return run


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_an_untouched_page_is_what_this_checkout_makes(page, verify):
    status, told, faults = verify(page)
    assert (status, faults) == (0, [])
    assert RECEIVER in told
    assert KEY in told
    assert "Only the page says so" in told


def test_a_wall_is_compared_as_the_page_says_it_was_built(verify, tmp_path):
    settings = operator.load(
        {"CANDLE_SITE_URL": SITE, "CANDLE_RECEIVER_URL": RECEIVER, "CANDLE_SOURCE_URL": SOURCE}, None
    )
    shutil.copytree(settings.content_dir, tmp_path / "content")
    facts = tmp_path / "content" / "mikita" / "campaign.toml"
    facts.write_text(facts.read_text() + "\n[page]\nwall = 3\n")
    walls = {"mikita": (WallMessage("Words of ours", "Anna", "en"),)}
    settings = replace(settings, build_dir=tmp_path / "kept", content_dir=tmp_path / "content")
    freeze(tmp_path / "site", load_all(settings.content_dir), settings, walls=walls)
    status, told, faults = verify(tmp_path / "site", CANDLE_CONTENT_DIR=str(settings.content_dir))
    assert (status, faults) == (0, [])
    assert "messages of supporters, which only a database could prove" in told
    edit(tmp_path / "site" / STORY, "Words of ours", "Words of theirs")
    status, _, faults = verify(tmp_path / "site", CANDLE_CONTENT_DIR=str(settings.content_dir))
    assert (status, faults) == (1, [f"{STORY}: changed"])


def test_a_page_without_a_wall_is_built_without_the_words_that_its_record_names(page, verify):
    """Whoever has the host could else show words of his own, and call them those of supporters."""
    record, words = page / "build.json", {"text": "Send money.", "first_name": "Anna", "language": "en"}
    record.write_text(json.dumps(json.loads(record.read_text()) | {"walls": {"mikita": [words]}}))
    assert verify(page)[::2] == (0, [])


def remove(page: Path) -> None:
    (page / "mikita" / "privacy" / "index.html").unlink()


def change_words(page: Path) -> None:
    edit(page / "mikita" / "closed" / "index.html", "</main>", "<p>Send money.</p></main>")


def change_script(page: Path) -> None:
    (script,) = (page / "static").glob("page.*.js")
    script.write_text(script.read_text() + "alert(1)")


def change_picture(page: Path) -> None:
    next((page / "static").glob("*.webp")).write_bytes(b"other")


def empty_a_file(page: Path) -> None:
    (page / "robots.txt").write_bytes(b"")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (remove, "mikita/privacy/index.html: missing"),
        (change_words, "mikita/closed/index.html: changed"),
        (change_script, r"static/page.*.js: changed"),
        (change_picture, r"static/*.webp: changed"),
        (empty_a_file, "robots.txt: changed"),
    ],
)
def test_a_file_that_is_not_ours_is_named(page, verify, change, expected):
    change(page)
    status, _, faults = verify(page)
    assert status == 1
    assert len(faults) == 1
    begin, _, end = expected.partition("*")
    assert faults[0].startswith(begin)
    assert faults[0].endswith(end or expected)


@pytest.mark.parametrize(
    ("file", "ours", "theirs", "told"),
    [
        (STORY, f'action="{RECEIVER}', 'action="https://evil.example', "form's address changed: https"),
        ("mikita/parts.txt", KEY, OTHER, f"recipient changed: {OTHER}"),
    ],
    ids=["form", "recipient"],  # the keys are others in each process
)
def test_where_words_would_go_elsewhere_stands_first(page, verify, file, ours, theirs, told):
    edit(page / "404.html", "</body>", "<!-- --></body>")
    edit(page / file, ours, theirs)
    status, _, faults = verify(page)
    assert status == 1
    assert told in faults[0]
    assert faults[1].endswith(" is gone")
    assert {f"{file}: changed", "404.html: changed"} <= set(faults)


def rewrite(page: Path, **settings: object) -> None:
    """Let build.json tell of other settings, with the hashes of what lies there."""
    told = json.loads((page / "build.json").read_text())
    (page / "build.json").write_text(json.dumps(told | {"settings": told["settings"] | settings}))


def test_a_host_that_rebuilt_everything_is_found_by_what_is_known(page, built, verify, tmp_path):
    """It changes page and build.json alike; nothing on the page could tell."""
    other = operator.load(
        {
            "CANDLE_SITE_URL": SITE,
            "CANDLE_RECEIVER_URL": "https://evil.example",
            "CANDLE_SOURCE_URL": SOURCE,
            "CANDLE_AGE_RECIPIENTS": OTHER,
        },
        None,
    )
    other = replace(other, build_dir=built.parent / "kept")
    freeze(tmp_path / "theirs", load_all(other.content_dir), other)
    assert verify(tmp_path / "theirs")[0] == 0  # it agrees with itself, and that is said
    for options, environ in (
        (["--known", str(built / "build.json")], {}),
        ([], {"CANDLE_AGE_RECIPIENTS": KEY, "CANDLE_RECEIVER_URL": RECEIVER}),
    ):
        status, _, faults = verify(tmp_path / "theirs", *options, **environ)
        assert status == 1
        assert len(faults) == 2
        assert any("https://evil.example" in fault and RECEIVER in fault for fault in faults)
        assert any(OTHER in fault and KEY in fault for fault in faults)


def test_what_is_known_says_that_nothing_else_has_to_be_asked(page, built, verify):
    status, told, _ = verify(page, "--known", str(built / "build.json"))
    assert status == 0
    assert "Only the page says so" not in told


def test_settings_of_this_machine_count_for_its_own_page_alone(page, verify, monkeypatch, tmp_path):
    file = tmp_path / "config.toml"
    monkeypatch.setattr(operator, "CONFIG", file)
    monkeypatch.setattr(operator.load, "__defaults__", (os.environ, file))
    file.write_text(f'age_recipients = ["{OTHER}"]')
    assert verify(page)[0] == 0
    with hosting(page) as url:
        file.write_text(f'age_recipients = ["{OTHER}"]\nsite_url = ["{SITE}", "{url}"]')
        done = CliRunner().invoke(build.cli, ["verify", url])
    assert done.exit_code == 1
    assert OTHER in done.stderr


def test_a_file_that_only_the_host_has_is_added(page, verify):
    told = json.loads((page / "build.json").read_text())
    told["files"]["mikita/prize/index.html"] = "0" * 64
    (page / "build.json").write_text(json.dumps(told))
    assert verify(page)[2] == ["mikita/prize/index.html: added"]


@pytest.mark.parametrize("body", [None, b"<html>", b"{}", b"[" * 50_000, b"\0" * 5_000_000])
def test_without_its_record_the_page_is_compared_all_the_same(page, verify, body):
    change_words(page)
    (page / "build.json").unlink()
    if body is not None:
        (page / "build.json").write_bytes(body)
    status, _, faults = verify(
        page,
        CANDLE_SITE_URL=SITE,
        CANDLE_RECEIVER_URL=RECEIVER,
        CANDLE_SOURCE_URL=SOURCE,
        CANDLE_AGE_RECIPIENTS=KEY,
    )
    assert status == 1
    assert faults[0].startswith("build.json: missing" if body is None else "build.json: changed")
    assert faults[1:] == ["mikita/closed/index.html: changed"]


def test_what_a_host_need_not_serve_is_left_out(page, verify):
    (page / "_headers").write_text("/*\n  X-Other: yes\n")
    (page / "404.html").unlink()
    assert verify(page)[0] == 0


def add_header(page: Path, path: str, header: str) -> None:
    with (page / "_headers").open("a") as rules:
        rules.write(f"{path}\n  {header}\n")


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Content-Security-Policy: script-src 'none'", "another Content-Security-Policy"),
        ("Refresh: 0; url=https://evil.example", "leads to 0; url=https://evil.example"),
        ("Link: </evil.css>; rel=stylesheet", "leads to </evil.css>"),
    ],
)
def test_the_right_bytes_under_another_header_are_named(page, verify, header, told):
    """With its script stopped a page would send details in the clear to whoever has the receiver."""
    add_header(page, "/mikita/en/", header)
    status, _, (fault,) = verify(page)
    assert status == 1
    assert fault.startswith(f"{STORY}: changed: ")
    assert told in fault


def test_a_script_that_is_served_as_another_kind_is_named(page, verify, monkeypatch):
    guess = PageHandler.guess_type
    monkeypatch.setattr(
        PageHandler,
        "guess_type",
        lambda self, path: "text/plain" if path.endswith(".js") else guess(self, path),
    )
    status, _, faults = verify(page)
    assert status == 1
    assert len(faults) == len(list((page / "static").glob("*.js")))
    assert all("served as text/plain" in fault for fault in faults)


def test_a_page_without_its_policy_is_warned_of(page, verify, monkeypatch):
    (page / "_headers").unlink()
    with hosting(page) as url:
        done = CliRunner().invoke(build.cli, ["verify", url])
    assert done.exit_code == 0
    assert "without the Content-Security-Policy" in done.stderr


def test_settings_that_nothing_is_built_with_are_refused(page, verify):
    rewrite(page, age_recipients=["AGE-SECRET-KEY-1"])
    status, _, faults = verify(page)
    assert status == 1
    assert "AGE_RECIPIENTS" in faults[0]


def test_the_packed_source_may_be_packed_by_another_gzip(tmp_path):
    from campaign.pages.verifying import _same

    words = b"words " * 1000
    right = gzip.compress(words, 6, mtime=0)
    assert _same("a.tar.gz", gzip.compress(words, 1, mtime=5), right)
    for body in (
        gzip.compress(words + b"!"),
        right + b"!",
        right[:-9],
        b"",
        words,
        gzip.compress(b"\0" * 10**7),
    ):
        assert not _same("a.tar.gz", body, right)


def test_a_host_that_takes_too_long_with_all_files_is_told_after_what_was_found(page, verify, monkeypatch):
    edit(page / STORY, f'action="{RECEIVER}', 'action="https://elsewhere.example')
    asked: list[str] = []

    def slow(folder: Path, path: str, *others: object) -> Iterator[verifying.Difference]:
        asked.append(path)
        yield from compared(folder, path, *others)

    compared = verifying._compared
    monkeypatch.setattr(verifying, "_compared", slow)
    monkeypatch.setattr(time, "monotonic", lambda: 0.0 if STORY not in asked else 901.0)
    status, _, faults = verify(page)
    assert status == 1
    assert all(path.endswith((".html", ".js", "parts.txt")) for path in asked)
    assert "elsewhere.example" in faults[0]
    assert re.search(
        r": not compared, nor \d+ files more: the host took more than 15 minutes; try", faults[-1]
    )


def test_what_a_stranger_wrote_cannot_move_the_cursor():
    assert shown("a\x1b[2J\u202eb") == "a\\x1b[2J\\u202eb"
    assert len(shown("x" * 10_000)) < 400
