"""The page's library is the bundle of the locked packages, with their licences beside it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess

import pytest

from campaign import ROOT
from campaign.pages import assets

SEAL = ROOT / "tools" / "seal"
LOCK = json.loads((SEAL / "package-lock.json").read_text())["packages"]
BUNDLED = ("age-encryption", "@noble/ciphers", "@noble/curves", "@noble/hashes", "@scure/base")
FILES = ("age.js", "age.licence.txt")


def test_the_committed_files_are_those_that_were_recorded():
    """For machines without npm: whoever changes the bundle by hand has to change this record too."""
    recorded = (SEAL / "SHA256SUMS").read_text().split()
    assert recorded[1::2] == list(FILES)
    for digest, name in zip(recorded[::2], FILES, strict=True):
        assert hashlib.sha256((assets.STATIC / name).read_bytes()).hexdigest() == digest


@pytest.mark.slow
def test_the_committed_bundle_is_made_of_the_locked_packages(tmp_path):
    if not shutil.which("npm"):
        pytest.skip("no npm here; SHA256SUMS stands in for it")
    done = subprocess.run(["sh", SEAL / "bundle.sh", tmp_path], capture_output=True, text=True, timeout=300)
    if done.returncode and ("ENOTFOUND" in done.stderr or "EAI_AGAIN" in done.stderr):
        pytest.skip("npm reaches no registry; SHA256SUMS stands in for it")
    assert done.returncode == 0, done.stderr
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (assets.STATIC / name).read_bytes(), name


def test_every_package_is_locked_by_its_hash_and_named_by_no_address():
    for place, package in LOCK.items():
        assert not place or package["integrity"].startswith("sha512-"), place
        assert "resolved" not in package, place


def test_each_bundled_package_is_named_with_its_version_and_licence():
    head = (assets.STATIC / "age.js").read_text().splitlines()[0]
    licences = (assets.STATIC / "age.licence.txt").read_text()
    for name in BUNDLED:
        version = LOCK[f"node_modules/{name}"]["version"]
        assert f"{name} {version}" in head
        assert f"{name} {version}\n\n" in licences
    assert "Redistributions in binary form" in licences
    assert licences.count("Permission is hereby granted") == 4


def test_nothing_else_is_in_the_lock_that_a_browser_gets():
    served = {
        place.rpartition("node_modules/")[2] for place, part in LOCK.items() if place and not part.get("dev")
    }
    assert served == {*BUNDLED, "@noble/post-quantum"}  # of which unused.js takes the place
