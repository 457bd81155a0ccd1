"""What a batch was made with is read as Python's own library reads it, and for less."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from campaign.press import made_with
from tests.support.table import table

LOADED = "import sys; from campaign.press import made_with; made_with.versions(); print(*sys.modules)"


@table("name", made_with.LIBRARIES)
def test_a_library_has_the_version_that_its_installer_wrote(name):
    assert made_with.version(name) == metadata.version(name)


def test_what_is_installed_in_another_way_or_twice_is_asked_of_python_s_library(tmp_path, monkeypatch):
    for folders in ([tmp_path, tmp_path], [tmp_path / "which tells of nothing"]):
        monkeypatch.setattr(made_with, "_installed", lambda folders=folders: {"pillow": folders})
        made_with.version.cache_clear()
        assert made_with.version("pillow") == metadata.version("pillow")
    with pytest.raises(metadata.PackageNotFoundError):
        made_with.version("no such library")
    made_with.version.cache_clear()


def test_a_folder_that_may_not_be_read_is_passed_over(tmp_path, monkeypatch):
    scandir = os.scandir

    def refused(path):
        if Path(path) == tmp_path:
            raise PermissionError
        return scandir(path)

    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(os, "scandir", refused)
    assert set(made_with.LIBRARIES) <= made_with._installed.__wrapped__().keys()


@pytest.mark.slow
def test_versions_are_read_without_the_parser_of_e_mail():
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, check=True)
    assert not {"importlib.metadata", "email.message"} & set(done.stdout.split())
