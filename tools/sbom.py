"""Write what a server installs and a page serves as a CycloneDX bill of materials: `make sbom`.

cyclonedx-py reads Python's parts from their locks. Those of the page's bundle stand in npm's, and are added.
"""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-install.txt")
SEAL_LOCK = ROOT / "tools" / "seal" / "package-lock.json"
VERSION = "1.6"  # of CycloneDX


def main(output: Path) -> None:
    """Write the bill of materials; the same locks give the same bytes."""
    from cyclonedx.schema import SchemaVersion  # late: a test reads this module, and they take a second
    from cyclonedx.validation.json import JsonStrictValidator

    bill = described()
    text = json.dumps(bill, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    if fault := JsonStrictValidator(SchemaVersion.from_version(VERSION)).validate_str(text):
        sys.exit(f"{output}: would be no CycloneDX: {fault}")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    print(f"{output}: {len(bill['components'])} parts")  # noqa: T201 # a command


def described() -> dict[str, Any]:
    """Describe all parts that the locks name."""
    bill = python_parts("".join((ROOT / lock).read_text(encoding="utf-8") for lock in LOCKS))
    if SEAL_LOCK.exists():
        bill["components"] += bundled_parts(json.loads(SEAL_LOCK.read_text(encoding="utf-8")))
    return bill


def python_parts(locked: str) -> dict[str, Any]:
    """Let cyclonedx-py describe the project and what its lock names, each with its hashes."""
    options = [
        "--pyproject",
        "pyproject.toml",
        "--output-reproducible",
        "--spec-version",
        VERSION,
    ]
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", *options, "-"]
    done = subprocess.run(  # noqa: S603 # no word of it comes from outside
        command, cwd=ROOT, input=locked, capture_output=True, text=True, check=True
    )
    bill: dict[str, Any] = json.loads(done.stdout)
    return bill


def bundled_parts(lock: dict[str, Any]) -> list[dict[str, Any]]:
    """Describe what npm's lock names, without what only makes the bundle."""
    found = {place: part for place, part in lock["packages"].items() if place and not part.get("dev")}
    return [_bundled(place, part) for place, part in sorted(found.items())]


def _bundled(place: str, part: dict[str, Any]) -> dict[str, Any]:
    name, version = place.rpartition("node_modules/")[2], part["version"]
    algorithm, _, digest = part["integrity"].partition("-")
    return {
        "bom-ref": f"npm:{place}",
        "type": "library",
        "name": name,
        "version": version,
        "purl": f"pkg:npm/{quote(name, safe='/')}@{version}",
        "licenses": [{"license": {"id": part["license"]}}],
        "hashes": [{"alg": f"SHA-{algorithm.removeprefix('sha')}", "content": b64decode(digest).hex()}],
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
