"""Which rendered files of a batch on this machine hold what was erased."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from campaign.errors import CandleError
from campaign.ledger.batches import folder_name
from campaign.press import manifest


def rendered_files(build_dir: Path, campaign: str, number: int) -> list[Path]:
    """List the files of a batch on this machine that hold words, or hashes that would prove a guess.

    These are sheets, reprints and manifests, of a void batch too; not what names programs and fonts alone.
    """
    cards = build_dir / "cards" / campaign
    folders = [cards / f"{folder_name(number)}{end}" for end in ("", "-void")]
    files = (path for folder in folders for path in sorted(folder.glob("*")))
    return [path for path in files if path.name != "cover.pdf" and path.suffix != ".json"]


def files_holding(build_dir: Path, campaign: str, number: int, erased: Collection[str]) -> list[Path]:
    """List those files of a batch that hold erased messages; `reprint` makes them again without.

    What lies on sheets is said by the manifest beside them. Where that is lost or changed, they may hold all.
    """
    files = rendered_files(build_dir, campaign, number)
    lists = {path: path if path.suffix == ".csv" else manifest.beside(path) for path in files}
    guilty = {listed for listed in set(lists.values()) if _lists(listed, erased)}
    return [path for path in files if lists[path] in guilty]


def _lists(path: Path, erased: Collection[str]) -> bool:
    try:
        return any(entry.message in erased for entry in manifest.read(path))
    except CandleError:
        return True
