"""The source of the running version, packed for whoever meets it over the network, as the AGPL asks."""

from __future__ import annotations

import gzip
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from campaign import ROOT
from campaign.settings import Settings
from campaign.storage.disk import replace_file

NAME = "candle-source.tar.gz"
FOLDER = "candle"  # what it unpacks to
# Named one by one: keys, databases and backups may lie in that folder. Left out are content/, the editors',
# and deploy/, which may hold an operator's own addresses.
PARTS = (
    *(".ci", ".gitignore", ".pre-commit-config.yaml"),
    *("CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "SECURITY.md"),
    *("build.py", "pyproject.toml"),
    *("requirements-dev.txt", "requirements-install.txt", "requirements.txt"),
    *("campaign", "commands", "docs", "receiver", "site", "tests", "tools"),
)


def address(settings: Settings) -> str:
    """Return where the source of this version can be had: what the operator says, else beside the page."""
    return settings.source_url or f"{settings.site_url[0]}/{NAME}"


def archive(kept: Path, root: Path = ROOT) -> bytes:
    """Return the packed source; the same files give the same bytes. It stays in `kept` for the next build."""
    paths = sorted(files(root))
    path = kept / f"{_state(paths)}.tar.gz"
    if path.exists():
        return path.read_bytes()
    kept.mkdir(parents=True, exist_ok=True)
    for old in kept.glob("*.tar.gz"):
        old.unlink()
    packed = pack(paths, root)
    replace_file(path, packed)
    return packed


def files(root: Path) -> Iterator[Path]:
    """Yield the source's files, without what Python makes of them."""
    for name in PARTS:
        part = root / name
        paths = part.rglob("*") if part.is_dir() else (part,)
        yield from (path for path in paths if path.is_file() and "__pycache__" not in path.parts)


def pack(paths: list[Path], root: Path) -> bytes:
    """Pack files without whose they are and when they were written."""
    import tarfile  # late: the receiver only says where the source is

    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w") as tar,
    ):
        for path in paths:
            entry = tarfile.TarInfo(f"{FOLDER}/{path.relative_to(root).as_posix()}")
            entry.size = path.stat().st_size
            entry.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
            with path.open("rb") as content:
                tar.addfile(entry, content)
    return packed.getvalue()


def _state(paths: list[Path]) -> str:
    """Name what the files are by their sizes and times, without reading them."""
    stats = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]
    return hashlib.sha256(repr(stats).encode()).hexdigest()[:16]
