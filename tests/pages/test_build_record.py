"""What each build says of itself, and that the same checkout makes the same bytes elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from campaign import ROOT
from campaign.keys import sealing
from campaign.pages import build_record
from campaign.pages.build_record import RecordError
from campaign.pages.git_revision import checkout
from campaign.pages.site import freeze
from tests.support.english import english_alone
from tests.support.lanes import few
from tests.support.press import picture
from tests.support.table import table

REACHING = ("site_url", "receiver_url", "source_url", "age_recipients")
GOOD = {
    "revision": "",
    "changed": False,
    "day": "2026-11-28",
    "settings": {"site_url": ["https://a"], "receiver_url": "b", "source_url": "", "age_recipients": []},
    "files": {"index.html": "0" * 64},
    "walls": {},
}


@pytest.fixture
def settings(settings, tmp_path):
    return replace(settings, build_dir=tmp_path / "kept", source_url="https://code.example.org/candle")


def hashes(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name != "build.json")
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths
    }


@pytest.mark.slow
def test_it_names_the_day_the_settings_and_every_file(tmp_path, campaign, settings):
    settings = replace(settings, age_recipients=(sealing.new_key()[0],))
    freeze(tmp_path / "site", {campaign.slug: campaign}, settings, date(2026, 11, 20))
    told = json.loads((tmp_path / "site" / "build.json").read_text())
    assert told["files"] == hashes(tmp_path / "site")
    assert told["day"] == "2026-11-20"
    assert told["settings"] == json.loads(json.dumps({name: getattr(settings, name) for name in REACHING}))
    assert told["revision"] == checkout().revision


def test_it_reads_what_it_wrote(tmp_path, settings):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("words")
    made = build_record.record(
        tmp_path / "site", settings, date(2026, 11, 20), {}, {"anna": date(2026, 11, 19)}
    )
    build_record.write(tmp_path / "site", made)
    assert build_record.read((tmp_path / "site" / "build.json").read_bytes()) == made


@pytest.mark.slow
def test_no_other_setting_reaches_the_page(tmp_path, campaign, settings):
    others = {
        name: {bool: not value, int: 7, str: "x" * 40, tuple: ("x" * 40,)}.get(type(value), value)
        for name, value in vars(settings).items()
        if name not in (*REACHING, "build_dir", "content_dir")
    }
    freeze(tmp_path / "one", {campaign.slug: campaign}, settings)
    freeze(tmp_path / "two", {campaign.slug: campaign}, replace(settings, **others))
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")


@pytest.mark.slow
@pytest.mark.parametrize("languages", few(1, ["one", "all"]))
def test_another_process_place_and_clock_make_the_same_bytes(tmp_path, build_dir, languages):
    made, content = [], Path(shutil.copytree(ROOT / "content", tmp_path / "content"))
    if languages == "one":
        picture(english_alone(content / "mikita"))
    for name, kept, seed, zone, language, mask in (
        ("a", build_dir, "1", "UTC", "C.UTF-8", 0o022),  # with pictures that others have drawn
        ("b", tmp_path / "kept", "2", "Asia/Tokyo", "C", 0o077),
    ):
        environ = {key: value for key, value in os.environ.items() if not key.startswith("CANDLE_")}
        environ |= {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        environ |= {"CANDLE_BUILD_DIR": str(kept), "CANDLE_CONTENT_DIR": str(content)}
        command = [sys.executable, str(ROOT / "build.py"), "site", "--output", str(tmp_path / name)]
        subprocess.run(
            command, cwd=ROOT, env=environ, check=True, timeout=120, umask=mask, capture_output=True
        )
        made.append(hashes(tmp_path / name))
    assert made[0] == made[1]


@table(
    "told",
    [
        b"",
        b"[" * 100_000,
        b'{"revision": ""}',
        b"\xff\xfe",
        b"9" * 5_000,
        *(
            json.dumps(GOOD | changed).encode()
            for changed in (
                {"files": {"index.html": 7}},
                {"files": ["index.html"]},
                {"day": "tomorrow"},
                {"day": 7},
                {"settings": None},
                {"settings": {**GOOD["settings"], "age_recipients": "age1"}},
                {"settings": {**GOOD["settings"], "site_url": ["https://a"] * 1000}},
                {"revision": "0" * 10_000},
            )
        ),
    ],
)
def test_what_is_no_record_is_refused(told):
    assert build_record.read(json.dumps(GOOD).encode())
    with pytest.raises(RecordError, match="no record of a build"):
        build_record.read(told)


def git(folder: Path, *words: str) -> None:
    told = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *told, *words], check=True, capture_output=True)


def test_a_checkout_is_its_commit_and_whether_anything_was_changed(tmp_path):
    (tmp_path / "file").write_text("one")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-qm", "one")
    found = checkout(tmp_path)
    assert len(found.revision) == 40
    assert not found.changed
    (tmp_path / "file").write_text("two")
    assert checkout(tmp_path) == replace(found, changed=True)


def test_a_folder_inside_of_somebody_else_s_checkout_has_no_revision(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "unpacked").mkdir()
    assert checkout(tmp_path / "unpacked").revision == ""
