"""docs/editors.md followed word by word: from `new` to a page in two languages, news, a message and its card.

Commands, names of files and what stands in them are taken from the page itself; what it leaves to the reader,
the campaign's own words, stands below. CANDLE_ variables put the campaign where nothing else is.
"""

from __future__ import annotations

import html
import os
import re
import secrets
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from PIL import Image

from campaign import ROOT, settings
from campaign.storage import database
from commands.shared.local import receiving
from tests.support.commands import Commands
from tests.support.pdf import text_of
from tests.support.ports import free_ports
from tests.test_docs import EDITORS as PAGE
from tests.test_docs import WALKED, commands

EDITORS = PAGE.read_text(encoding="utf-8")
WORDS = "A warm room and a good book to you, Anna, from all of us."
EN = {
    "story.md": "# Anna sang in the square\n\nAnna sang, and was taken away for it.\n\n## What happened",
    "how-it-works.md": "# From you to her\n\nYou write, we print, the post carries it.",
    "suggestions.md": "- The lilac is out here, and I thought of you.\n- I learned one of your songs today.",
    "thanks.md": "# Thank you\n\nYour words will be read in the coming days.",
    "privacy.md": "# What becomes of it\n\nWe keep as little as we can.\n\n## What is kept\n\nYour words.",
    "closed.md": "# No more letters\n\nThank you to all who wrote to her.",
    "illustration.md": "A candle in a window at night.",
    "writing.md": "Songs and lilacs: any mention of them brightens her day.",
}
BE = {
    "story.md": "# Ганна спявала на плошчы\n\nГанна спявала, і яе за гэта забралі.\n\n## Што здарылася",
    "how-it-works.md": "# Ад вас да яе\n\nВы пішаце, мы друкуем, пошта нясе.",
    "suggestions.md": "- У нас цвіце бэз, і я падумала пра вас.\n- Сёння я вывучыла адну з вашых песень.",
    "thanks.md": "# Дзякуй\n\nВашы словы прачытаюць у бліжэйшыя дні.",
    "privacy.md": "# Што з імі будзе\n\nМы захоўваем як мага менш.\n\n## Што захоўваецца\n\nВашы словы.",
    "closed.md": "# Лістоў болей не бяром\n\nДзякуй усім, хто ёй напісаў.",
    "illustration.md": "Свечка ў акне ўначы.",
    "writing.md": "Песні і бэз: кожная згадка пра іх радуе яе.",
}
TOLD = "# Пераведзена ў іншую калонію\n\nУ аўторак Ганну перавялі ў [іншае месца](https://example.org)."


def section(title: str) -> str:
    """What the page says below a heading; the # of an example is none."""
    bare = re.sub(r"```.*?```", lambda block: "x" * len(block[0]), EDITORS, flags=re.DOTALL)
    found = re.search(rf"^(#+) {re.escape(title)}$", bare, re.MULTILINE)
    assert found, title
    end = re.compile(rf"^#{{1,{len(found[1])}}} |\Z", re.MULTILINE).search(bare, found.end())
    return EDITORS[found.end() : end.start() if end else None]


def shown(title: str, language: str) -> list[str]:
    """The blocks of a section that are in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", section(title), re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Desk:
    """An editor's project: what the page calls content/mikita is this editor's own campaign, Anna's."""

    folder: Path
    environ: dict[str, str]
    build_py: Commands

    @property
    def anna(self) -> Path:
        return self.folder / "content" / "anna"

    def run(self, command: str) -> str:
        """Run a command that the page shows, where the editor's content lies."""
        words = ["anna" if word == "mikita" else word for word in shlex.split(command)]
        words = [word.replace("content/mikita", str(self.anna)) for word in words]
        if words[:2] == ["python", "build.py"]:
            done = self.build_py.run(*words[2:], environ=self.environ)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
            return done.stdout + done.stderr
        done = subprocess.run(
            words,
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def run_shown(self, title: str, begins: str) -> str:
        """Run the first command of a section that begins so."""
        commands = [line for block in shown(title, "sh") for line in block.splitlines()]
        return self.run(next(line for line in commands if line.startswith(begins)))

    def write(self, name: str, text: str) -> None:
        (self.anna / name).parent.mkdir(exist_ok=True)
        (self.anna / name).write_text(f"{text.rstrip()}\n", encoding="utf-8")

    def change(self, old: str, new: str) -> None:
        """Change a line of campaign.toml."""
        facts = self.anna / "campaign.toml"
        written = facts.read_text(encoding="utf-8")
        assert written.count(old) == 1, old
        facts.write_text(written.replace(old, new), encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path, build_py: Commands) -> Desk:
    page, receiver = (f"http://127.0.0.1:{port}" for port in free_ports(2))
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CANDLE_")} | {
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
        "CANDLE_SITE_URL": page,
        "CANDLE_RECEIVER_URL": receiver,
        "CANDLE_DATABASE_URL": f"sqlite:///{tmp_path}/candle.sqlite",
        "CANDLE_SECRET_KEY": secrets.token_urlsafe(48),
        "CANDLE_APPROVAL_KEY": secrets.token_urlsafe(48),
        "CANDLE_SECOND_FACTOR": "off",
        "CANDLE_LIMITS_URL": "memory://",
        "CANDLE_CONTENT_DIR": str(tmp_path / "content"),
        "CANDLE_BUILD_DIR": str(tmp_path / "_build"),
    }
    return Desk(tmp_path, environ, build_py)


@pytest.mark.slow
def test_an_editor_follows_the_page_from_the_first_command_to_a_card(desk: Desk) -> None:
    begin_a_campaign(desk)
    write_its_texts(desk)
    translate_it(desk)
    tell_the_news(desk)
    publish_it(desk)
    read_the_page(desk)
    with receiver_of(desk) as receiver:
        send_a_message(desk, receiver)
    print_its_card(desk)


def begin_a_campaign(desk: Desk) -> None:
    desk.run_shown("A campaign", "python build.py new anna")
    listed = [line.split()[0] for line in shown("Where the words are", "")[0].splitlines() if "/en/" in line]
    needed = {Path(name).name for name in listed} - {"won.md"}
    assert needed == {path.name for path in (desk.anna / "en").iterdir()} == set(EN)


def write_its_texts(desk: Desk) -> None:
    for name, text in EN.items():
        desk.write(f"en/{name}", text)
    more = "\n\n".join(shown("More than paragraphs", "markdown"))
    (first, *_) = shown("Writing", "markdown")
    desk.write("en/story.md", f"{EN['story.md']}\n\n{first.split('# The heading', 1)[1]}\n\n{more}")
    shutil.copy(ROOT / "content" / "mikita" / "illustration.svg", desk.anna)
    for picture in re.findall(r"!\[.*?\]\((.*?)\)", (desk.anna / "en" / "story.md").read_text("utf-8")):
        Image.new("RGB", (900, 600), "#a58").save(desk.anna / "en" / picture)
    assert "draft = true" in section("A campaign")
    desk.change("draft = true ", "# ")


def translate_it(desk: Desk) -> None:
    (languages,) = re.findall(r"`(languages = \[.*?\])`", section("A language"))
    desk.change('languages = ["en"]', languages)
    desk.run_shown("A language", "cp -r")
    for name, text in BE.items():
        desk.write(f"be/{name}", text)
    story = (desk.anna / "en" / "story.md").read_text("utf-8").split("## What happened", 1)[1]
    desk.write("be/story.md", f"{BE['story.md']}{in_belarusian(story)}")
    desk.run_shown("A language", "python build.py translate be mikita")


def in_belarusian(story: str) -> str:
    """Stand in for a translator: words become others, while signs, figures and addresses stay."""
    kept = re.compile(r"(\]\([^)]*\)|<[^>]*>|\[\^\w+\]|::: details|^\W+|[^\w]+|\d+)", re.MULTILINE)
    return "".join(part if kept.fullmatch(part) or not part else "слова" for part in kept.split(story))


def tell_the_news(desk: Desk) -> None:
    (name,) = set(re.findall(r"`content/mikita/en/(news/\d{4}-\d\d-\d\d-\w+\.md)`", EDITORS))
    (entry,) = shown("News", "markdown")
    desk.write(f"en/{name}", entry)
    desk.write(f"be/{name}", TOLD)


def publish_it(desk: Desk) -> None:
    said = desk.run_shown("Three commands", "python build.py check")
    assert "content is fine" in said or "content can be published" in said
    site, later = (line for line in commands(PAGE) if line.startswith(WALKED))
    desk.run(site)
    desk.run(later.replace("_build/later", str(desk.folder / "later")))


def read_the_page(desk: Desk) -> None:
    page = desk.folder / "_build" / "site" / "anna"
    for language, title in (("en", "Anna sang in the square"), ("be", "Ганна спявала на плошчы")):
        written = (page / language / "index.html").read_text(encoding="utf-8")
        assert f"<h1>{title}</h1>" in written
        for shape in (
            "<table>",
            "<figcaption>",
            "<details",
            'class="timeline"',
            'class="footnotes"',
            "prose.",
        ):
            assert shape in written, (language, shape)
        assert "<form" in written
    news = (desk.folder / "later" / "anna" / "be" / "news" / "index.html").read_text(encoding="utf-8")
    assert "Пераведзена ў іншую калонію" in news


@contextmanager
def receiver_of(desk: Desk) -> Iterator[str]:
    config = settings.load(desk.environ, file=None)
    opened = database.connect(config.database_url)
    database.migrate(opened)
    opened.close()
    with receiving(config, desk.folder / "receiver.log", desk.environ) as origin:
        yield origin


def send_a_message(desk: Desk, receiver: str) -> None:
    fields = {"message": WORDS, "first_name": "Zoë", "consent": "y", "language": "en"}
    reviewed = post(desk, f"{receiver}/anna/messages", fields)
    token = html.unescape(re.search(r'name="token"[^>]* value="([^"]+)"', reviewed)[1])
    time.sleep(3.2)  # a token younger than three seconds is taken for a machine's
    assert "Thank you" in post(desk, f"{receiver}/anna/messages", {**fields, "token": token})


def post(desk: Desk, url: str, fields: dict[str, str]) -> str:
    asked = Request(url, urlencode(fields).encode(), {"Origin": desk.environ["CANDLE_SITE_URL"]})
    with urlopen(asked, timeout=20) as answer:
        return str(answer.read().decode("utf-8"))


def print_its_card(desk: Desk) -> None:
    (identifier,) = re.findall(r'"id": "([^"]+)"', desk.run("python build.py messages anna list --json"))
    desk.run(f"python build.py messages anna approve {identifier}")
    desk.run("python build.py cards anna --final")
    sheets = desk.folder / "_build" / "cards" / "anna" / "batch-0001" / "sheets.pdf"
    assert f"{WORDS}Zoë".replace(" ", "") in "".join(text_of(sheets).split())
