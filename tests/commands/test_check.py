"""`build.py check`: two levels, three ways to print them, and how it ends."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from campaign.content import checks, scaffold
from campaign.errors import ContentError, ContentErrors
from commands.check import check
from commands.site import NO_KEY, site
from tests.support.editing import replace, write_campaign


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign without a fault, in the content of this run."""
    monkeypatch.setenv("CANDLE_CONTENT_DIR", str(tmp_path / "content"))
    monkeypatch.setenv("CANDLE_BUILD_DIR", str(tmp_path / "_build"))
    monkeypatch.setenv("CANDLE_AGE_RECIPIENTS", "")  # whatever `make run` left on this machine
    folder = write_campaign(tmp_path / "content" / "mikita")
    replace(folder / "campaign.toml", "address_verified_on = 2026-11-01\n", "")
    replace(folder / "campaign.toml", "as_of = 2026-11-22", f"as_of = {datetime.now(UTC).date()}")
    return folder


@pytest.fixture
def warned(folder: Path) -> Path:
    """The same with a sign that a reader would see."""
    replace(folder / "en" / "closed.md", "No more.", "No **more, 100 %.")
    return folder


@pytest.fixture
def spoilt(warned: Path) -> Path:
    """The same with a fault, too."""
    (warned / "en" / "a, b.txt").write_text("x")
    return warned


def run(*arguments: str) -> Result:
    return CliRunner().invoke(check, arguments)


def test_content_without_a_slip_is_fine(folder: Path):
    assert (run().exit_code, run().stdout) == (0, "content is fine\n")


def test_only_warnings_end_well(warned: Path):
    told = run()
    assert (told.exit_code, told.stderr) == (0, "")
    line = f'{warned}/en/closed.md:3: warning: the sign "**" is left over; put it right before'
    assert told.stdout.startswith(line)
    assert told.stdout.endswith("content can be published, with 1 to look at\n")


def test_strict_counts_warnings_as_faults(warned: Path):
    told = run("--strict")
    assert (told.exit_code, told.stdout) == (1, "")
    assert "closed.md:3: warning: the sign" in told.stderr
    assert told.stderr.endswith("\n1 to look at, which --strict counts as faults\n")


def test_faults_and_warnings_are_told_together_on_stderr(spoilt: Path):
    told = run()
    assert (told.exit_code, told.stdout) == (1, "")
    assert len(told.stderr.splitlines()) == 3
    assert told.stderr.endswith("\n1 to mend, though site publishes it; 1 to look at\n")


def test_the_end_says_what_stands_between_content_and_its_page(folder: Path):
    (folder / "en" / "a.txt").write_text("x")
    replace(folder / "en" / "story.md", "# ", "")
    replace(folder / "campaign.toml", '"open"', '"opne"')
    assert run().stderr.endswith("\n2 to mend, then it can be published\n")
    assert isinstance(CliRunner().invoke(site, []).exception, ContentErrors)


@pytest.mark.slow
def test_site_publishes_what_only_check_refuses(folder: Path):
    (folder / "en" / "a.txt").write_text("x")
    assert run().stderr.endswith("\n1 to mend, though site publishes it\n")
    done = CliRunner().invoke(site, [], catch_exceptions=False)
    assert done.exit_code == 0
    said = done.stdout.splitlines()
    assert said[0].endswith(" files")
    assert said[1].startswith("to publish it, copy what is in that folder to the web server")
    assert "docs/operators.md" in said[1]


def test_json_tells_both_levels(spoilt: Path):
    told = run("--json")
    fault, warning = json.loads(told.stdout)
    assert told.exit_code == 1
    assert fault["file"] == f"{spoilt}/en/a, b.txt"
    assert (fault["line"], fault["level"]) == (None, "fault")
    assert (warning["line"], warning["level"], set(warning)) == (3, "warning", set(fault))
    assert set(fault) == {"file", "line", "level", "fault", "remedy"}


def test_github_is_told_in_its_own_signs(spoilt: Path):
    fault, warning = run("--github").stdout.splitlines()
    assert fault.startswith(f"::error file={spoilt}/en/a%2C b.txt::nothing uses this file; ")
    assert warning.startswith(f"::warning file={spoilt}/en/closed.md,line=3::the sign ")


@pytest.mark.slow
def test_a_campaign_that_nobody_has_written_is_not_published(folder: Path, tmp_path: Path):
    anna = scaffold.new(folder.parent, "anna")
    replace(folder / "campaign.toml", 'status = "open"', 'status = "closed"')  # which asks for no details
    done = CliRunner().invoke(site, [], catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, "anna: a draft, left out\n")
    assert not (tmp_path / "_build" / "site" / "anna").exists()
    shutil.rmtree(tmp_path / "_build")
    replace(anna / "campaign.toml", "draft = true", "draft = false")
    told = CliRunner().invoke(site, [])
    assert "is still the example's" in str(told.exception)
    assert not (tmp_path / "_build" / "site").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new"), [("campaign.toml", "open", "opne"), ("en/story.md", "# ", "")]
)
def test_a_draft_with_a_fault_keeps_no_other_campaign_back_and_check_says_so_too(
    folder: Path, file: str, old: str, new: str
) -> None:
    write_campaign(folder.parent / "anna")
    replace(folder.parent / "anna" / "campaign.toml", "# a comment", "draft = true")
    replace(folder.parent / "anna" / file, old, new)
    told = run()
    assert told.exit_code == 0
    assert f"{folder.parent}/anna/{file}" in told.output
    assert "warning: " in told.output
    done = CliRunner().invoke(site, [], catch_exceptions=False)
    assert (done.exit_code, done.stderr) == (0, f"anna: a draft, left out\nmikita: {NO_KEY}\n")
    replace(folder.parent / "anna" / "campaign.toml", "draft = true", "draft = false")
    assert run().exit_code == 1
    assert isinstance(CliRunner().invoke(site, []).exception, ContentErrors)


def test_check_and_site_both_refuse_nothing_but_drafts(folder: Path) -> None:
    replace(folder / "campaign.toml", "# a comment", "draft = true")
    told = run()
    assert (told.exit_code, "holds nothing but drafts" in told.stderr) == (1, True)
    assert "holds nothing but drafts" in str(CliRunner().invoke(site, []).exception)
    replace(folder / "en" / "story.md", "# ", "")
    assert "holds nothing but drafts" in str(CliRunner().invoke(site, []).exception)


@pytest.mark.slow
def test_site_shows_a_day_and_leaves_drafts_out(folder: Path) -> None:
    write_campaign(folder.parent / "anna")
    replace(folder.parent / "anna" / "campaign.toml", "# a comment", "draft = true")
    replace(folder / "campaign.toml", "# a comment", "opens = 2026-12-01")
    for day, begun in (("2026-11-30", False), ("1.12.2026", True)):
        done = CliRunner().invoke(site, ["--on", day], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        page = folder.parent.parent / "_build" / "site"
        assert ("<form" in (page / "mikita" / "index.html").read_text("utf-8")) == begun
        assert not (page / "anna").exists()
        assert "anna" not in (page / "sitemap.xml").read_text("utf-8")


def test_what_was_found_before_is_said_again_and_a_change_is_seen(warned: Path):
    first, again = run(), run()
    assert (again.exit_code, again.stdout) == (first.exit_code, first.stdout)
    assert run("--strict").exit_code == 1
    replace(warned / "en" / "closed.md", "**more", "more")
    assert run().stdout == "content is fine\n"
    (warned / "en" / "story.md").unlink()
    assert run().exit_code == 1
    assert "story.md: missing" in run().stderr


def test_nothing_is_kept_of_content_that_was_saved_meanwhile(folder: Path, monkeypatch: pytest.MonkeyPatch):
    find = checks.findings

    def find_and_save(content: Path) -> tuple[ContentError, ...]:
        found = find(content)
        replace(folder / "en" / "closed.md", "No more.", "No **more, 100 %.")
        return found

    monkeypatch.setattr(checks, "findings", find_and_save)
    assert run().stdout == "content is fine\n"
    assert not (folder.parent.parent / "_build").exists()


def test_a_draft_whose_picture_cannot_be_printed_keeps_nothing_back(folder: Path):
    anna = write_campaign(folder.parent / "anna")
    replace(anna / "campaign.toml", "# a comment", "draft = true")
    (anna / "illustration.svg").unlink()
    Image.new("RGB", (60, 80)).save(anna / "illustration.png")
    done = run()
    assert (done.exit_code, done.exception) == (0, None)
    assert "300 are needed" in done.output
