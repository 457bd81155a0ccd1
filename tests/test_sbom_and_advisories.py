"""`make sbom` and `make vulnerabilities`: what is installed and served, and what is known of it."""

import importlib
import json
import re
from base64 import b64encode

import pytest

from campaign import ROOT

advisories = importlib.import_module("tools.advisories")
sbom = importlib.import_module("tools.sbom")

LOCKED = re.compile(r"^([a-z0-9._-]+)==([^ ]+)", re.MULTILINE)


@pytest.mark.slow
def test_the_bill_names_each_locked_part_with_its_hashes(tmp_path):
    sbom.main(tmp_path / "sbom.json")
    bill = json.loads((tmp_path / "sbom.json").read_text())
    assert (bill["bomFormat"], bill["metadata"]["component"]["name"]) == ("CycloneDX", "candle")
    locked = [part for lock in sbom.LOCKS for part in LOCKED.findall((ROOT / lock).read_text())]
    python = [part for part in bill["components"] if part["purl"].startswith("pkg:pypi/")]
    assert sorted((part["name"], part["version"]) for part in python) == sorted(locked)
    assert all(part["externalReferences"][0]["hashes"] for part in python)


@pytest.mark.soak
def test_the_bill_is_the_same_again():
    assert sbom.described() == sbom.described()


def test_what_is_bundled_stands_in_the_bill_and_what_only_bundles_does_not():
    lock = {
        "packages": {
            "": {"name": "seal"},
            "node_modules/@noble/hashes": {
                "version": "2.0.1",
                "integrity": f"sha512-{b64encode(bytes(64)).decode()}",
                "license": "MIT",
            },
            "node_modules/esbuild": {"version": "0.28.2", "dev": True},
        }
    }
    (part,) = sbom.bundled_parts(lock)
    assert part["purl"] == "pkg:npm/%40noble/hashes@2.0.1"
    assert part["hashes"] == [{"alg": "SHA-512", "content": "00" * 64}]


FINE = {"name": "flask", "version": "3.1.3", "vulns": []}
BAD = {
    "name": "flask",
    "version": "3.0.0",
    "vulns": [{"id": "PYSEC-2099-1", "fix_versions": ["3.0.1"], "aliases": [], "description": "…"}],
}
SKIPPED = {"name": "pyrage", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def told(*parts):
    return advisories.python_report("requirements.txt", json.dumps({"dependencies": parts, "fixes": []}))


def test_a_vulnerable_part_is_named_with_what_mends_it():
    report = told(FINE, BAD)
    assert report.vulnerable == ("flask 3.0.0: PYSEC-2099-1; fixed in 3.0.1",)
    assert not report.unanswered


@pytest.mark.parametrize(
    "report",
    [
        told(FINE, SKIPPED),
        advisories.python_report("requirements.txt", ""),
        advisories.python_report("requirements.txt", "Traceback"),
        advisories.npm_report(""),
        advisories.npm_report('{"message": "405 Method Not Allowed", "error": {}}'),
    ],
)
def test_where_no_answer_comes_nothing_is_known(report):
    assert report.unanswered
    assert "NOT LOOKED UP" in advisories.lines(report)[-1]


def test_where_all_is_well_that_is_said():
    assert advisories.lines(told(FINE)) == ["requirements.txt: 1 of 1 parts looked up, 0 vulnerabilities"]


def test_npm_s_answer_is_read():
    answer = {
        "vulnerabilities": {"esbuild": {"severity": "high"}},
        "metadata": {"dependencies": {"total": 9}},
    }
    report = advisories.npm_report(json.dumps(answer))
    assert (report.asked, report.vulnerable, report.unanswered) == (9, ("esbuild: high",), ())


def test_every_lock_is_asked_about():
    assert {path.name for path in ROOT.glob("requirements*.txt")} == set(advisories.LOCKS)
