"""docs/operators.md followed word by word on one installation, by an ordinary user with an ordinary role.

The commands are the page's own, in its order. After each leg keepsake, reprint and details give what they
must.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from receiver.state.tokens import Tokens
from tests.receiver.serving import SECRET_KEY, Served
from tests.support import postgresql, two_users
from tests.support.ports import free_ports
from tests.support.two_users import DOCS, Installation, section
from tests.test_two_users import take_back

pytestmark = pytest.mark.slow
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"^```(?:text|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HALVES = ("candle-receiver", "candle-desk")
ALL_AT_ONCE = """
import sys
from build import cli
for words in sys.argv[1:]:
    try:
        cli.main(words.split(), prog_name="build.py")
    except SystemExit as ended:
        print("status", ended.code, flush=True)
"""
MUST_GIVE = ("keepsake mikita", "batches mikita reprint 1", "details mikita --identity key-2.txt --all")


class Road:
    """One installation, and how far down the page somebody has come."""

    def __init__(self, base: Path) -> None:
        self.made = Installation(base)
        self.secret = SECRET_KEY
        self.back = ""  # the receipt code of what is taken back
        self.shell = ""  # where `python` is found that is forked, once one was started as the page says
        self.followed: list[str] = []
        self._running = ExitStack()

    @property
    def project(self) -> Path:
        return self.made.project

    @property
    def config(self) -> Path:
        return self.project / "instance/config.toml"

    def run(self, script: str, *words: str, good: bool = True) -> str:
        """Type lines as candle, after `. .venv/bin/activate`."""
        script = self.made.moved(f"set -e\nPATH={self.shell}$PWD/.venv/bin:$PATH\n{script}")
        done = self.made.run("bash", "-c", script, "bash", *words)
        assert (done.returncode == 0) == good, f"{script}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def follow(self, title: str, first: int = 0, last: int | None = None) -> list[str]:
        """Type the page's blocks below a heading, each as a whole; returns what they printed."""
        blocks = SHELL.findall(section(title))[first:last]
        self.followed += blocks
        return [self.run(block.replace("make install", "make --dry-run install")) for block in blocks]

    def write(self, *, without: tuple[str, ...] = (), **values: str | list[str]) -> None:
        """Change the settings, as with an editor."""
        lines = [line for line in self.config.read_text().splitlines() if "=" in line]
        kept = [line for line in lines if line.split(" =")[0] not in (*values, *without)]
        kept += [f"{name} = {json.dumps(value)}" for name, value in values.items()]
        two_users.configure(self.made, "\n".join(kept))

    def age_key(self, number: int) -> str:
        """Give the public half of a pair, which is made where it is not there yet."""
        file = self.project / f"key-{number}.txt"
        if not file.exists():
            self.run(f"python build.py keys new > {file.name}")
        return str(re.findall(r"age1\w+", file.read_text())[0])

    def new_key(self) -> None:
        """Make another approval key by the page's own line."""
        (made,) = re.findall(r"(?m)^\(umask 077; .*$", section("Keys"))
        self.run(made)

    def type(self, block: str, *, administrator: str = "", settings: str = "") -> str:
        """Type a block for candle and root, line by line; `settings` are lines that it speaks of."""
        told = ""
        for line in re.sub(r" +# it asks .*", "", block).splitlines():
            if line.startswith("# into the settings: "):
                self.write(**dict(re.findall(r'(?m)(\w+) = "(.*)"$', settings or line)))
            elif line.startswith("sudo -u postgres "):
                administer(line.removeprefix("sudo -u postgres "), administrator)
            elif line.startswith("systemctl stop"):
                self.stop()
            elif line.startswith("systemctl"):
                self.start()
            else:
                told += self.run(line)
        return told

    def start(self, *, anew: bool = False) -> tuple[Served, Served]:
        """`systemctl restart` of both halves, or their start."""
        self.stop()
        halves = [self.made.running(name, anew=anew) for name in HALVES]
        for half in halves:
            self._running.push(half)
        with ThreadPoolExecutor(2) as pool:
            public, desk = pool.map(lambda half: half.__enter__(), halves)
        return public, desk

    def stop(self) -> None:
        self._running.close()

    def send(self, public: Served, text: str, surname: str) -> str:
        """Write a message with details, and ask for news; returns the receipt code."""
        token = Tokens((self.secret,), clock=lambda: time.time() - 60).issue("mikita")
        told = {"last_name": surname, "email": f"{surname}@example.org", "country": "PL", "updates": "y"}
        status, answer = public.send(token, message=text, **told)
        assert status == 201, answer
        return str(answer["receipt"])

    def at_once(self, *commands: str) -> tuple[list[int], str]:
        """Run commands of build.py in one process; returns how each ended, and what all of them said."""
        done = self.made.python("-c", ALL_AT_ONCE, *commands)
        return [
            int(status) for status in re.findall(r"(?m)^status (\d+)$", done.stdout)
        ], done.stdout + done.stderr

    def gives(self) -> None:
        """Hold keepsake, reprint and details to what they must give, and nothing of what was taken back."""
        status, told = self.at_once(*MUST_GIVE)
        assert status == [0, 0, 0], told
        assert "Staysname" in told
        assert "Backname" not in told

    def texts(self) -> set[str]:
        listed = self.run("python build.py messages mikita list --json")
        return {one["text"] for one in json.loads(listed[: listed.rindex("]") + 1]) if one["text"]}


@pytest.fixture
def road() -> Iterator[Road]:
    try:
        two_users.interpreter()
    except two_users.CannotBeTwo as missing:
        pytest.skip(str(missing))
    base = Path(tempfile.mkdtemp(prefix="candle-road-"))
    base.chmod(0o755)
    made = Road(base)
    try:
        yield made
    finally:
        made.stop()
        made.made.end()
        shutil.rmtree(base)


def test_the_page_leads_from_an_empty_machine_to_a_new_one_after_a_seizure(road: Road) -> None:
    install(road)
    first_start(road)
    look_and_publish(road)
    back_up_and_restore(road)
    erase(road)
    change_keys(road)
    change_other_keys(road)
    upgrade_and_go_back(road)
    with server() as administrator, redis() as limits:
        move_to_postgresql(road, administrator, limits)
        two_receivers(road)
        seized(road, administrator)
    assert sorted(road.followed) == sorted(SHELL.findall(DOCS.read_text(encoding="utf-8")))


def install(road: Road) -> None:
    two_users.copied(road.made.base)
    road.made.as_root("Install")
    two_users.make_install(road.made)
    road.follow("Install")
    road.follow("Keys")
    keys = [road.age_key(number) for number in (1, 2)]
    (lines,) = TOML.findall(section("Settings"))
    lines = lines.replace('"age1…", "age1…"', ", ".join(f'"{key}"' for key in keys))
    two_users.configure(road.made, lines.replace("/var/lib", f"{road.made.base}/var/lib"))
    assert (road.project / "instance/approval_key").stat().st_mode & 0o077 == 0


def first_start(road: Road) -> None:
    (block,) = SHELL.findall(section("First start"))
    (port,) = free_ports(1)
    started = block.strip().replace("8001", str(port))
    road.run(  # Ctrl-C once it listens; a shell lets what it starts in the background ignore that
        f"env --default-signal=INT {started} > started 2>&1 &\n"
        "until grep -q listening started; do kill -0 $!; sleep 0.1; done; kill -INT $!\n"
        "wait $! || { cat started; false; }"
    )
    road.followed.append(block)
    public, _ = road.start(anew=True)
    road.shell = f"{road.made.commands.shell}:"
    road.send(public, "Stays on its card.", "Staysname")
    road.back = road.send(public, "Is taken back.", "Backname")
    road.run("python build.py messages mikita list --json > all.json")
    ids = [one["id"] for one in json.loads((road.project / "all.json").read_text())]
    status, told = road.at_once(
        f"messages mikita approve {' '.join(ids)}",
        *("cards mikita --final", "batches mikita printed 1", "batches mikita posted 1"),
    )
    assert status == [0, 0, 0, 0], told


def look_and_publish(road: Road) -> None:
    (told,) = road.follow("Is all of it right")
    assert "mikita" in told
    road.follow("Behind nginx")
    assert "candle.your-domain.org" in (road.project / "nginx.conf").read_text()
    road.follow("Publish the page")
    assert (road.project / "_build/site/mikita/en/index.html").is_file()
    (told,) = road.follow("Staff")
    assert "olga" in told
    road.follow("How it goes")
    road.follow("What staff did")


def back_up_and_restore(road: Road) -> None:
    road.follow("Backups", 0, 3)
    public, _ = road.start()
    assert take_back(public, road.back)[0] == 200
    road.follow("Backups", 3)
    road.run("python build.py backup backups/next.sqlite")  # as each night: the list beside it is a new one
    assert "erased again: 1 message," in put_back(road, "backups/2026-11-22.sqlite")
    road.gives()


def put_back(road: Road, backup: str) -> str:
    """In earnest."""
    road.run("rm -rf away")
    (block,) = (one for one in TYPED.findall(section("Backups")) if one.startswith("systemctl stop"))
    return road.type(block.replace("backups/2026-11-22.sqlite", backup))


def erase(road: Road) -> None:
    road.follow("Erase what is due")
    opened = (road.project / "details.csv").read_text()
    assert ("Staysname" in opened, "Backname" in opened) == (True, False)


def change_keys(road: Road) -> None:
    key = road.project / "instance/approval_key"
    road.type(TYPED.findall(section("Change a key"))[0])
    (told,) = road.follow("Change a key", 0, 1)
    assert "no older approval key is needed any more: take it out of the fallbacks" in told
    road.write(without=("approval_key_fallbacks_file",))
    road.run("rm instance/approval_key_fallbacks")
    road.start()
    road.gives()

    stolen = key.read_text()
    road.run("rm instance/approval_key")
    road.new_key()
    assert key.read_text() != stolen
    road.start()
    status, told = road.at_once(*MUST_GIVE)
    assert status[:2] != [0, 0], told
    assert "see `build.py batches ... vouch`" in road.run("python build.py keys renew", good=False)
    road.follow("Change a key", 1)
    road.run("python build.py staff reset ivan")
    road.gives()


def change_other_keys(road: Road) -> None:
    """The secret key as planned, with an age key in place of another; then the secret key as if stolen."""
    older = road.secret
    road.write(
        secret_key="a secret key that was planned, for the road alone",
        secret_key_fallbacks=[older],
        age_recipients=[road.age_key(2), road.age_key(3)],
    )
    public, _ = road.start()
    receipt = road.send(public, "From a page that was open before.", "Pagename")
    for number, opened in ((1, ("Staysname",)), (3, ("Pagename",))):
        _, told = road.at_once(f"details mikita --identity key-{number}.txt --all")
        assert tuple(name for name in ("Staysname", "Pagename") if name in told) == opened
    assert take_back(public, receipt)[0] == 200
    road.gives()

    road.secret = "a secret key in place of a stolen one, for the road alone"
    road.write(secret_key=road.secret, without=("secret_key_fallbacks",))
    public, _ = road.start()
    stolen = Tokens((older,), clock=lambda: time.time() - 60).issue("mikita")
    assert public.send(stolen)[0] != 201
    assert take_back(public, road.send(public, "From a page of after.", "Pagename"))[0] == 200
    road.gives()


def upgrade_and_go_back(road: Road) -> None:
    """Both by the version that is here; test_upgrade.py goes from older ones and back to them."""
    road.follow("Upgrade, and go back")
    public, _ = road.start()
    road.send(public, "Sent after the upgrade.", "Latername")
    road.gives()
    put_back(road, "backups/before-the-upgrade.sqlite")
    assert road.texts() == {"Stays on its card."}
    road.gives()


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL that knows no role of ours yet."""
    try:
        with postgresql.server() as administrator:
            postgresql.administer(administrator, f"DROP ROLE {postgresql.ROLE}")
            yield administrator
    except postgresql.NoServer as missing:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(missing))


@contextmanager
def redis() -> Iterator[int]:
    """A Redis with the page's settings and a password; yields its port."""
    program = shutil.which("redis-server")
    if not program:
        assert not os.environ.get("CI"), "redis-server is missing: make tools"
        pytest.skip("redis-server is missing: make tools")
    (port,) = free_ports(1)
    settings = TYPED.findall(section("Outgrowing one machine"))[-1]
    given = f"{settings}port {port}\nbind 127.0.0.1\nrequirepass PASSWORD\n"
    process = subprocess.Popen([program, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    assert process.stdin
    process.stdin.write(given)
    process.stdin.close()
    try:
        yield port
    finally:
        process.kill()
        process.wait()


def administer(command: str, administrator: str) -> None:
    """`sudo -u postgres …`; a password is asked for twice."""
    there = make_url(administrator)
    environ = os.environ | {"PGHOST": "127.0.0.1", "PGPORT": str(there.port), "PGUSER": str(there.username)}
    environ["PATH"] = f"{postgresql._programs()}:{environ['PATH']}"
    subprocess.run(
        ["sh", "-c", command], env=environ, input="PASSWORD\nPASSWORD\n", check=True, capture_output=True,
        text=True, start_new_session=True,
    )  # fmt: skip


def move_to_postgresql(road: Road, administrator: str, redis_port: int) -> None:
    page = section("Outgrowing one machine")
    (lines,) = TOML.findall(page)
    port = make_url(administrator).port
    there = lines.replace("10.8.0.2/candle", f"127.0.0.1:{port}/candle").replace(
        "10.8.0.2:6379", f"127.0.0.1:{redis_port}"
    )
    there = there.replace("/var/lib", f"{road.made.base}/var/lib")
    road.type(TYPED.findall(page)[0], administrator=administrator, settings=there)
    road.run("rm /var/lib/candle/candle.sqlite*")
    road.gives()
    told = road.run("python build.py purge")
    assert "GRANT" not in told, told


def two_receivers(road: Road) -> None:
    public, _ = road.start()
    with road.made.running(HALVES[0]) as another:
        road.send(public, "By the one.", "Onename")
        road.send(another, "By the other.", "Othername")
        public.kill()
        road.send(another, "By the one that is left.", "Leftname")
    assert road.texts() == {"Stays on its card.", "By the one.", "By the other.", "By the one that is left."}
    road.gives()
    road.run("python build.py backup backups/last.sqlite")


def seized(road: Road, administrator: str) -> None:
    """On the new machine: new keys without fallbacks, an empty database, the last backup from before."""
    road.stop()
    road.run("rm instance/approval_key")
    road.new_key()
    road.secret = "another secret key, for the new machine alone"
    administer("dropdb candle && createdb --owner candle candle", administrator)
    road.write(secret_key=road.secret, age_recipients=[road.age_key(4), road.age_key(5)])
    road.run("python build.py restore backups/last.sqlite")
    public, _ = road.start()
    assert "not signed with the approval key" in road.run("python build.py staff list")
    status, told = road.at_once(*MUST_GIVE)
    assert status[:2] != [0, 0], told
    (block,) = SHELL.findall(section("Change a key"))[1:]
    road.run(f"rm -f words-1.txt\n{block}")
    road.gives()
    road.send(public, "To the new machine.", "Newname")
    _, told = road.at_once("details mikita --identity key-4.txt --all")
    assert "Newname" in told
