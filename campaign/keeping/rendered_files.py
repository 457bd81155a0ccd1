"""Which rendered files of a batch on this machine hold what was erased."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from pathlib import Path

from campaign.errors import CandleError
from campaign.keeping import abandoned_files
from campaign.ledger import batch_folders
from campaign.press import manifest


def rendered_files(build_dir: Path, campaign: str, number: int) -> list[Path]:
    """List the files of a batch on this machine that hold words, or hashes that would prove a guess.

    These are sheets, reprints and manifests, of a void batch too; not what names programs and fonts alone.
    What others put into its folder is among them, in folders of its own too. A link is one of them, also in
    the place of a batch's folder, and not followed: it may lead to anybody's files.
    """
    folder = batch_folders.of_batch(build_dir, campaign, number)
    folders = (folder, batch_folders.aside(folder))
    files = (path for folder in folders for path in ([folder] if folder.is_symlink() else _below(folder)))
    return [path for path in files if path.name != "cover.pdf" and path.suffix != ".json"]


def files_holding(build_dir: Path, campaign: str, number: int, erased: Collection[str]) -> list[Path]:
    """List those files of a batch that hold erased messages; `reprint` makes them again without.

    What lies on sheets is said by the manifest beside them. Where that is lost or changed, they may hold all.
    """
    files = rendered_files(build_dir, campaign, number)
    lists = {path: path if path.suffix == ".csv" else manifest.beside(path) for path in files}
    guilty = {listed for listed in set(lists.values()) if _lists(listed, erased)}
    return [path for path in files if lists[path] in guilty]


def delete(files: Sequence[Path]) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Delete files; return those that are gone, and a line for each that somebody has to delete.

    A link is left as long as it leads somewhere: without it nobody would know of what is there.
    """
    links = [file for file in files if file.is_symlink() and _leads_somewhere(file)]
    told = (f"{link}: is a link to {link.readlink()}, which may hold erased words" for link in links)
    gone, left = abandoned_files.delete_all(file for file in files if file not in links)
    return gone, (*(f"{line}; delete that, and the link" for line in told), *left)


def _leads_somewhere(link: Path) -> bool:
    """Tell whether something is there; what may not be looked at counts as there."""
    try:
        return link.exists()
    except OSError:
        return True


def _below(folder: Path) -> list[Path]:
    found, waiting = list[Path](), [folder]
    while waiting:
        with suppress(OSError):  # it is not there, or not ours to look into
            for path in waiting.pop().iterdir():
                (waiting if path.is_dir() and not path.is_symlink() else found).append(path)
    return sorted(found)


def _lists(path: Path, erased: Collection[str]) -> bool:
    try:
        return any(entry.message in erased for entry in manifest.read(path))
    except CandleError:
        return True
