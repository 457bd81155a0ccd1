"""An installation for two users, made below a folder of its own by the commands of docs/operators.md.

Users and groups are numbers that nobody has, so that nothing is added to this machine.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from campaign import ROOT
from tests.receiver.serving import SECRET_KEY, SITE, Served, wait_until_healthy
from tests.support.commands import Commands, Started
from tests.support.ports import free_ports

NUMBERS = {"candle": 61001, "candle-public": 61002, "candle-data": 61003}
DOCS = ROOT / "docs" / "operators.md"
OF_THE_MACHINE = (
    "apt ",
    "adduser ",
    "addgroup ",
    "git clone ",
    "systemctl ",
    "cp deploy/",
    "install -m 644 deploy/",
)
PLACES = re.compile(r"(?<![\w.])/(srv/candle|var/lib/candle|var/backups/candle)")
OWNER = re.compile(r"(?<=-o )[\w-]+|(?<=-g )[\w-]+|(?<=chown )[\w-]+:[\w-]+|(?<=chown -R )[\w-]+:[\w-]+")


class CannotBeTwo(Exception):
    """This machine lets nobody be two users, or lets them run no Python."""


@dataclass(frozen=True)
class Unit:
    """What of a unit decides what its process may do on the file system."""

    user: str
    groups: Sequence[str]
    umask: int
    environment: Mapping[str, str]
    command: Sequence[str]


@dataclass
class Installation:
    """Where it lies: `base` stands for the machine's root."""

    base: Path

    @cached_property
    def commands(self) -> Commands:
        """What its processes are forked from, unless they are to be started `anew`."""
        return Commands(self.project, str(self.project / ".venv/bin/python"))

    def end(self) -> None:
        if "commands" in vars(self):
            self.commands.end()

    @property
    def project(self) -> Path:
        return self.base / "srv/candle"

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.base}/var/lib/candle/candle.sqlite"

    def moved(self, text: str) -> str:
        """Put this folder and these numbers in the place of the machine's."""

        def number(found: re.Match[str]) -> str:
            return ":".join(str(NUMBERS.get(name, name)) for name in found[0].split(":"))

        return PLACES.sub(lambda found: f"{self.base}/{found[1]}", OWNER.sub(number, text))

    def as_root(self, title: str) -> None:
        """Run the commands that the docs show root below a heading, without those for users and services."""
        for block in re.findall(r"^```text\n(.*?)^```$", section(title), re.MULTILINE | re.DOTALL):
            lines = [line for line in block.splitlines() if not line.startswith(OF_THE_MACHINE)]
            script = self.moved("\n".join(["set -e", *lines]))
            subprocess.run(["bash", "-c", script], cwd=self.project, check=True, capture_output=True)

    def run(
        self, *command: str, user: str = "candle", umask: int = 0o027
    ) -> subprocess.CompletedProcess[str]:
        """Run something in the project, as one of the users after logging in."""
        return subprocess.run(
            command, cwd=self.project, env=self._logged_in(user), umask=umask,
            check=False, capture_output=True, text=True, timeout=120, **self._whose(user),
        )  # fmt: skip

    def python(
        self, *arguments: str, user: str = "candle", anew: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run Python as one of the users."""
        if anew:
            return self.run(str(self.project / ".venv/bin/python"), *arguments, user=user)
        who = self._whose(user).values()
        return self.commands.run_python(*arguments, environ=self._logged_in(user), umask=0o027, user=[*who])

    def _logged_in(self, user: str) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "LOGNAME": user}

    def _whose(self, user: str) -> dict[str, Any]:
        there = (self.base / "var/lib/candle").exists()
        given = re.findall(rf"^adduser {user} ([\w-]+)$", section("Install"), re.MULTILINE)
        return whose(user, given if there else ())

    def build(self, *arguments: str, anew: bool = False) -> str:
        """Run a command of build.py as candle, and give what it printed."""
        done = self.python("build.py", *arguments, anew=anew)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}{done.stderr}"
        return done.stdout

    def unit(self, name: str) -> Unit:
        """Read a unit of deploy/ and give it its credentials, as systemd does."""
        lines = (ROOT / "deploy" / f"{name}.service").read_text(encoding="utf-8").splitlines()
        said = [line.split("=", 1) for line in lines if "=" in line and not line.startswith("#")]
        values = {key: self.moved(value) for key, value in said}
        folder = self.base / "run" / name
        for value in (value for key, value in said if key == "LoadCredential"):
            self._credential(folder, *self.moved(value).split(":"), NUMBERS[values["User"]])
        environment = [value.replace("%d", str(folder)) for key, value in said if key == "Environment"]
        return Unit(
            values["User"],
            values["SupplementaryGroups"].split(),
            int(values["UMask"], 8),
            dict(one.split("=", 1) for one in environment),
            values["ExecStart"].split(),
        )

    def _credential(self, folder: Path, name: str, source: str, user: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
        for path, mode in ((folder / name, 0o400), (folder, 0o500)):
            os.chown(path, user, user)
            path.chmod(mode)

    @contextmanager
    def running(self, name: str, *, anew: bool = False) -> Iterator[Served]:
        """Run the process of a unit, on another port."""
        unit, (port,) = self.unit(name), free_ports(1)
        at = unit.command.index("--port") + 1
        command = [*unit.command[:at], str(port), *unit.command[at + 1 :]]
        folder = self.base / "log" / name
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "log").open("ab") as log:
            process = (self._anew if anew else self._forked)(unit, command, log.fileno())
        served = Served(process, port, folder)
        try:
            wait_until_healthy(served)
            yield served
        finally:
            if process.poll() is None:
                served.kill()

    def _anew(self, unit: Unit, command: Sequence[str], log: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command, cwd=self.project, env={"PATH": os.environ["PATH"], **unit.environment},
            umask=unit.umask, stdout=log, stderr=log, start_new_session=True,
            **whose(unit.user, unit.groups),
        )  # fmt: skip

    def _forked(self, unit: Unit, command: Sequence[str], log: int) -> Started:
        _python, _, module, *options = command
        return self.commands.start(
            *options, environ={"PATH": os.environ["PATH"], **unit.environment}, umask=unit.umask,
            out=log, err=log, module=module, user=[*whose(unit.user, unit.groups).values()],
        )  # fmt: skip


def whose(user: str, groups: Sequence[str]) -> dict[str, Any]:
    return {
        "user": NUMBERS[user],
        "group": NUMBERS[user],
        "extra_groups": [NUMBERS[group] for group in groups],
    }


def section(title: str) -> str:
    return re.split(
        r"^## ", DOCS.read_text(encoding="utf-8").partition(f"## {title}\n")[2], flags=re.MULTILINE
    )[0]


@cache
def interpreter() -> str:
    """Find a Python of this version that every user may run; the parts of this one serve it too.

    Raises:
        CannotBeTwo: there is none, or we are not root.
    """
    if os.geteuid() != 0:
        raise CannotBeTwo("only root can be two users")
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    tried = f"import sys; sys.path.append({parts()!r}); import flask, sqlalchemy, pyrage"
    for found in (os.path.realpath(sys.executable), f"/usr/local/bin/{name}", f"/usr/bin/{name}"):
        try:
            done = subprocess.run(
                [found, "-c", tried],
                cwd="/",
                user=61009,
                group=61009,
                extra_groups=[],
                capture_output=True,
                check=False,
            )
        except OSError:
            continue
        if done.returncode == 0:
            return found
    raise CannotBeTwo(f"no {name} that another user may run with {parts()}")


def parts() -> str:
    """Give the folder of the packages that these tests run with."""
    import flask

    return str(Path(flask.__file__).parents[1])


def copied(base: Path) -> Installation:
    """Copy the project, as `git clone` does for root."""
    made = Installation(base)
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in names:
        if (ROOT / name).is_file():
            (made.project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, made.project / name)
    for package in ("campaign", "commands", "receiver"):  # compiled: that takes as long as all that follows
        for compiled in (ROOT / package).rglob("__pycache__"):
            shutil.copytree(compiled, made.project / compiled.relative_to(ROOT))
    return made


def make_install(made: Installation) -> None:
    """Make .venv as candle; the packages are those of these tests."""
    done = made.run(interpreter(), "-m", "venv", "--without-pip", ".venv")
    assert done.returncode == 0, done.stderr
    (packages,) = (made.project / ".venv/lib").glob("python*/site-packages")
    # For a Python before 3.11.3 requirements.txt names this part too; these tests' own may be a newer one.
    older = f"echo from asyncio import timeout > {packages}/async_timeout.py"
    done = made.run("sh", "-c", f"echo {parts()} > {packages}/parts.pth && {older}")
    assert done.returncode == 0, done.stderr


def configure(made: Installation, lines: str, file: str = "instance/config.toml") -> None:
    """Write settings as candle: those of the docs, with values in the place of dots."""
    text = lines.partition("[webhook_secrets]")[0].replace('secret_key = "…"', f'secret_key = "{SECRET_KEY}"')
    text = text.replace("https://candle.example.org", SITE)
    done = made.run("sh", "-c", 'printf %s "$1" > "$2"', "sh", text, file)
    assert done.returncode == 0, done.stderr
