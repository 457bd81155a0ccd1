"""Ask for known vulnerabilities of every locked part: `make vulnerabilities`.

pip-audit asks PyPI about Python's parts, npm its own registry about the parts of the page's bundle. Where no
answer comes nothing is known, which is said and is no success: pip-audit alone would call it clean.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-install.txt", "requirements-dev.txt")
SEAL = ROOT / "tools" / "seal"  # the folder of the bundle's package-lock.json
PATIENCE = 600  # seconds


@dataclass(frozen=True)
class Report:
    """What came of one lock: how many parts were looked up, what is wrong with them, what nobody answered."""

    lock: str
    asked: int
    vulnerable: tuple[str, ...]
    unanswered: tuple[str, ...]


def main() -> int:
    """Print what is known, and return 0 only where each part was looked up and none is vulnerable."""
    reports = [python_report(lock, _pip_audit(lock)) for lock in LOCKS]
    if (SEAL / "package-lock.json").exists():
        reports.append(npm_report(_npm_audit()))
    for report in reports:
        print("\n".join(lines(report)))  # noqa: T201 # a command
    return 1 if any(report.vulnerable or report.unanswered for report in reports) else 0


def lines(report: Report) -> list[str]:
    """Write a report for a person."""
    known = report.asked - len(report.unanswered)
    told = [
        f"{report.lock}: {known} of {report.asked} parts looked up, {len(report.vulnerable)} vulnerabilities"
    ]
    told += [f"  {found}" for found in report.vulnerable]
    if report.unanswered:
        few = ", ".join(report.unanswered[:5]) + (", …" if len(report.unanswered) > 5 else "")
        told.append(
            f"  NOT LOOKED UP, so nothing is known of: {few}; try again where the registry can be reached"
        )
    return told


def python_report(lock: str, answer: str) -> Report:
    """Read what pip-audit says of a lock; an empty answer is none."""
    told = _read(answer).get("dependencies", [])
    if not told:
        return Report(lock, 1, (), ("any part: pip-audit gave no answer",))
    return Report(
        lock,
        len(told),
        tuple(
            f"{part['name']} {part['version']}: {found['id']}; fixed in {_fixed(found)}"
            for part in told
            for found in part.get("vulns", ())
        ),
        tuple(part["name"] for part in told if "skip_reason" in part),
    )


def npm_report(answer: str) -> Report:
    """Read what `npm audit` says of the bundle's lock."""
    told, lock = _read(answer), "tools/seal/package-lock.json"
    if "metadata" not in told:
        return Report(lock, 1, (), ("any part: npm is missing or gave no answer",))
    found = tuple(f"{name}: {part['severity']}" for name, part in sorted(told["vulnerabilities"].items()))
    return Report(lock, told["metadata"]["dependencies"]["total"], found, ())


def _fixed(found: dict[str, Any]) -> str:
    return ", ".join(found["fix_versions"]) or "no version yet"


def _read(answer: str) -> dict[str, Any]:
    try:
        told = json.loads(answer)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _pip_audit(lock: str) -> str:
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    return _said([sys.executable, "-m", "pip_audit", "--requirement", lock, *options])


def _npm_audit() -> str:
    npm = shutil.which("npm")
    return _said([npm, "audit", "--package-lock-only", "--json", "--prefix", str(SEAL)]) if npm else ""


def _said(command: list[str]) -> str:
    """Return what a command prints; a status that is not 0 is its way to say that it found something."""
    try:
        return subprocess.run(  # noqa: S603 # no word of it comes from outside
            command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
        ).stdout
    except subprocess.TimeoutExpired:
        return ""


if __name__ == "__main__":
    sys.exit(main())
