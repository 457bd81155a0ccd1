"""A campaign is begun by questions at a terminal, and by options elsewhere."""

import codecs
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from campaign import ROOT
from campaign.content.campaign import load

pytestmark = pytest.mark.slow  # it starts a process
ANSWERS = {
    "What does the page call the person?": ["", "Žofie Nová"],
    "word in the page's address": ["Žofie", ""],  # the first cannot be, then what stands in brackets
    "Languages of the page": ["xx-no", "German, en"],
    "Languages that the person reads": ["-"],
    "The page's colours": ["see", "sea"],
}


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for campaigns, which `build.py` uses."""
    monkeypatch.setenv("CANDLE_CONTENT_DIR", str(tmp_path / "content"))
    return tmp_path / "content"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "build.py", "new", *arguments]
    return subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )


def answer(*arguments: str) -> tuple[int, str]:
    """Run `new` at a terminal, answer what it asks, and give its status and what was to be seen."""
    ours, its = pty.openpty()
    command = [sys.executable, "build.py", "new", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdin=its, stdout=its, stderr=its)
    os.close(its)
    decoder = codecs.getincrementaldecoder("utf-8")()  # a read may end within a letter
    shown, seen, left = "", 0, {question: list(words) for question, words in ANSWERS.items()}
    try:
        while got := os.read(ours, 4096):
            shown += decoder.decode(got)
            for question, words in left.items():
                if words and question in shown[seen:] and shown.endswith(" "):
                    seen = len(shown)
                    os.write(ours, f"{words.pop(0)}\n".encode())
    except OSError:  # so Linux tells the end of a terminal
        pass
    finally:
        os.close(ours)
    return process.wait(timeout=60), shown


def test_at_a_terminal_it_asks_again_until_an_answer_can_be_used(content: Path):
    status, shown = answer()
    assert status == 0, shown
    campaign = load(content / "zofie-nova")
    assert (campaign.name, campaign.languages) == ("Žofie Nová", ("de", "en"))
    assert campaign.recipient.languages == ()
    assert campaign.page.palette == "sea"
    for remedy in ("did you mean sea", "small Latin letters", "write one such as en"):
        assert remedy in shown


def test_a_name_in_the_place_of_the_word_is_refused_before_any_question(content: Path):
    status, shown = answer("Maria")
    assert status == 2
    assert "such as maria" in shown
    assert "What does the page call" not in shown
    done = run("Maria", "Kalesnikava")
    assert done.returncode == 2
    assert 'python build.py new maria --name "Maria Kalesnikava"' in done.stderr
    assert not content.exists()


def test_the_comments_of_a_new_campaign_begin_in_one_column_and_the_next_command_is_named(content: Path):
    done = run("anna", "--name", "Anna Kalesnikava", "--languages", "English,be", "--palette", "sea")
    assert "python build.py preview" in done.stdout
    facts = (content / "anna" / "campaign.toml").read_text("utf-8")
    assert load(content / "anna").languages == ("en", "be")
    begun = {line.index(" # ") for line in facts.splitlines() if "  # " in line}
    assert begun == {32}
    assert '"candle"' in facts


def test_options_answer_the_same_questions(content: Path):
    done = run("anna", "--name", "Anna K.", "--languages", "en,be", "--reads", "")
    assert done.returncode == 0, done.stderr
    campaign = load(content / "anna")
    assert (campaign.name, campaign.languages, campaign.draft) == ("Anna K.", ("en", "be"), True)
    assert campaign.recipient.languages == ()


def test_a_word_for_the_address_is_enough(content: Path):
    assert run("anna").returncode == 0
    assert load(content / "anna").name == "Anna"


def test_without_a_terminal_and_a_word_it_shows_an_example(content: Path):
    done = run()
    assert done.returncode == 2
    assert 'Such as: python build.py new anna --name "Anna"' in done.stderr
    assert not content.exists()


@pytest.mark.parametrize("wrong", [["--languages", "tlhx"], ["--name", " "], ["--reads", "en,en"]])
def test_an_option_that_cannot_be_used_is_named_and_nothing_is_written(content: Path, wrong: list[str]):
    done = run("anna", *wrong)
    assert done.returncode == 2
    assert wrong[0] in done.stderr
    assert not content.exists()
