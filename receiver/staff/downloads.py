"""What is taken home to be printed: a batch's files in one archive, sample sheets, calibration, keepsake.

Nothing is written to the disk for it: an archive is made while it is sent.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.exceptions import NotFound

from campaign.cards.documents import calibration
from campaign.cards.imposition import SHEET_SIZES
from campaign.keeping import made_keepsakes, retention
from campaign.ledger import batch_folders
from campaign.ledger import batches as ledger
from campaign.ledger.batches import Batch
from receiver.http.requested_campaign import requested_campaign
from receiver.services import services
from receiver.staff.login import coordinators_only, scribe

blueprint = Blueprint("downloads", __name__, url_prefix="/staff")
PIECE = 1 << 16
PDF = "application/pdf"
TAKEN_HOME = (".pdf", ".csv", ".json")


@dataclass(frozen=True)
class BatchFiles:
    """The files of a batch that are there, and the links, which nobody is given what they lead to.

    Whoever had the folder in hand could have made one, and it may lead to a key.
    """

    files: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()


def files_of(connection: Connection, batch: Batch) -> BatchFiles:
    """List what lies in the folder of a batch: sheets, cover, manifest, reprinted sheets with theirs.

    What holds erased words, and is deleted by the next purge, is not among them; without sheets nothing is.
    """
    build_dir = services().settings.build_dir
    folder = batch_folders.of_batch(build_dir, batch.campaign, batch.number)
    with suppress(OSError):  # it is put aside at this very moment, or is not ours to look into
        if folder.is_symlink():
            return BatchFiles(links=(folder.name,))
        if batch.state in ("rendered", "printed", "posted"):
            there = sorted(folder.iterdir())
            links = tuple(path.name for path in there if path.is_symlink())
            kept = {path for path in there if path.suffix in TAKEN_HOME and path.is_file()}
            kept -= {*(folder / name for name in links)}
            kept -= {*retention.holding_erased(connection, build_dir, batch.campaign, batch.number)}
            has_sheets = any(path.suffix == ".pdf" and path.name != "cover.pdf" for path in kept)
            return BatchFiles(tuple(sorted(kept)) if has_sheets else (), links)
    return BatchFiles()


def sample_file(slug: str) -> Path:
    """Say where the campaign's sample sheets are written."""
    return services().settings.build_dir / "samples" / f"{slug}.pdf"


@blueprint.get("/<slug>/batches/<int(min=1, max=999999999):number>/files.zip")
@coordinators_only
def batch(slug: str, number: int) -> ResponseReturnValue:
    """Send the files of a batch in one archive, made while it is sent."""
    requested_campaign(slug)
    with services().database.read() as connection:
        try:
            files = files_of(connection, ledger.get(connection, slug, number)).files
        except ledger.BatchError:
            raise NotFound from None
    if not files:
        raise NotFound
    _record(f"batch {number} of {slug}")
    folder = f"{slug}-{batch_folders.name(number)}"
    answer = Response(
        _archived((f"{folder}/{path.name}", path) for path in files), mimetype="application/zip"
    )
    return _named(answer, f"{folder}.zip")


@blueprint.get("/<slug>/sample.pdf")
@coordinators_only
def sample(slug: str) -> ResponseReturnValue:
    """Send the sample sheets that were made last."""
    return _pdf(sample_file(requested_campaign(slug).slug), f"{slug}-sample.pdf")


@blueprint.get("/<slug>/keepsake.pdf")
@coordinators_only
def keepsake(slug: str) -> ResponseReturnValue:
    """Send the family's keepsake that was made last."""
    build_dir = services().settings.build_dir
    file = made_keepsakes.default_file(build_dir, requested_campaign(slug).slug)
    answer = _pdf(file, f"{slug}-keepsake.pdf")
    _record(f"the keepsake of {slug}")
    return answer


@blueprint.get("/<slug>/calibration.pdf")
@coordinators_only
def calibrate(slug: str) -> ResponseReturnValue:
    """Send the sheet that shows how far a printer shifts its backs, on the campaign's paper."""
    sheet, out = requested_campaign(slug).card.sheet, io.BytesIO()
    calibration.write(out, SHEET_SIZES[sheet])
    return _named(Response(out.getvalue(), mimetype=PDF), f"calibration-{sheet}.pdf")


def _record(about: str) -> None:
    """Write into the log of staff who takes supporters' words home."""
    by = scribe()
    services().database.write(lambda connection: by.record(connection, "downloaded", about))


def _pdf(file: Path, name: str) -> Response:
    if not file.is_file():
        raise NotFound
    return _named(Response(_pieces(file), mimetype=PDF), name)


def _named(answer: Response, name: str) -> Response:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


class _Outgoing(io.RawIOBase):
    """Keeps what an archive writes until it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override] # an archive writes nothing else
        self._written += piece
        return len(piece)

    def taken(self) -> bytes:
        """Give what was written since the last time."""
        piece = bytes(self._written)
        self._written.clear()
        return piece


def _archived(files: Iterable[tuple[str, Path]]) -> Iterator[bytes]:
    """Yield a zip archive piece by piece (APPNOTE 6.3: sizes follow each file)."""
    outgoing = _Outgoing()
    with ZipFile(outgoing, "w", ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in files:
            entry = ZipInfo.from_file(path, name, strict_timestamps=False)
            entry.compress_type = ZIP_DEFLATED
            with archive.open(entry, "w") as compressed:
                for piece in _pieces(path):
                    compressed.write(piece)
                    yield outgoing.taken()
    yield outgoing.taken()
