"""Backups: one SQLite file that holds everything, made while the receiver runs, restored into either kind."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection, Table, delete, event, func, insert, inspect, select
from sqlalchemy.exc import StatementError

from campaign.cards.progress import Progress, silent
from campaign.errors import CandleError
from campaign.keeping.backup_copies import AGE, UNFINISHED, BackupCopy, note_copy
from campaign.keys import sealing
from campaign.storage import foreign_file
from campaign.storage.database import Database, Work, checkpoint, connect, migrate
from campaign.storage.disk import first_bytes, private_file, private_folder, sync
from campaign.storage.postgresql import hold_still
from campaign.storage.tables import backups, guesses, machines, metadata, presence, sessions

ROWS_AT_ONCE = 1000  # rows written at once
PAGES_AT_ONCE = 1000  # copied at once, 4 MB
# Staff log in once more: a session that was ended must not come back.
NOT_COPIED = {sessions, guesses, presence, machines}


class BackupError(CandleError):
    """A backup that cannot be made, or cannot be restored here."""


@dataclass(frozen=True)
class Seal:
    """To whom a backup is sealed, and the folder of this machine where it lies open until it is."""

    recipients: tuple[str, ...]
    within: Path


def backup(
    database: Database,
    file: Path,
    today: date,
    days: int,
    progress: Progress = silent,
    seal: Seal | None = None,
) -> BackupCopy:
    """Write everything as of one moment to a new file, whole or not at all, readable by its owner only.

    `days` is how long the operator keeps it. SQLite and PostgreSQL give the same kind of file. A sealed
    one is an age file of it, and never lies open beside `file`, which may be on a disk that is carried away.

    Raises:
        BackupError: the file is there already, or cannot be written.
    """
    if file.exists():
        raise BackupError(f"{file}: is there already; name a new file, so that no older backup is lost")
    if file.suffix == ".age" and seal is None:
        raise BackupError(f"{file}: would not be sealed, as its name says; add --seal, or name it otherwise")
    copy = BackupCopy(str(file.absolute()), today, today + timedelta(days=days))
    # Before it is written: an erasure meanwhile names it, because it may hold what is erased.
    key = database.write(lambda connection: note_copy(connection, copy))
    try:
        _write(database, file, progress, seal)
    except BaseException:  # by its key: an earlier copy of the same name may be kept elsewhere
        if not file.exists():
            database.write(lambda connection: connection.execute(delete(backups).where(backups.c.id == key)))
        raise
    return copy


def restore(
    file: Path,
    database: Database,
    beside: Path,
    prepare: Work[object] | None = None,
    progress: Progress = silent,
) -> dict[str, int]:
    """Put everything of a backup into an empty database, all of it or nothing; returns rows by table.

    The backup may be of an older Candle: a copy of it is migrated first. It stays as it is. `prepare` may
    change that copy, so that what it erases is never in the database. The copy lies `beside` a file of the
    operator's own: not beside the database, into whose folder the public half's user may put another copy,
    and never in /tmp, which may be on another disk or in a snapshot of somebody else's.

    Raises:
        BackupError: the file is no backup, the database is not empty, or not every row arrived.
        MigrationError: the backup was made by a newer Candle.
    """
    _refuse_other(file)
    migrate(database)
    with _folder_beside(beside) as folder:
        copied = folder / "backup"
        shutil.copyfile(file, copied)
        _check_whole(copied, file, progress)
        source = connect(f"sqlite:///{copied}")
        event.listen(source.engine, "connect", foreign_file.limit)
        try:
            migrate(source)
            _check_tables(source, file)
            if prepare is not None:
                source.write(prepare)
            return _copy_all(source, database, progress)
        except (StatementError, OverflowError) as error:  # the first one's own words hold the row
            why = str(getattr(error, "orig", error)).partition("\n")[0]
            raise BackupError(f"{file}: is no whole backup of Candle ({why}); use another backup") from error
        finally:
            source.close()


def _check_tables(source: Database, file: Path) -> None:
    with source.read() as connection:
        there = set(inspect(connection).get_table_names())
    if missing := sorted({table.name for table in metadata.sorted_tables} - there):
        lacks = f"it lacks {', '.join(missing)}"
        raise BackupError(f"{file}: is no whole backup of Candle ({lacks}); use another backup")


def _refuse_other(file: Path) -> None:
    """Refuse what is no backup, and say of a sealed one that only the machine with the key can open it."""
    try:
        begins = first_bytes(file, len(AGE))
        sealed = begins == AGE
        why = ", but sealed: where the key is, `age -d -i KEY-FILE -o OPENED FILE`" if sealed else ""
    except OSError as error:
        begins, why = b"", f" ({error.strerror})"
    if not begins.startswith(foreign_file.MAGIC):
        raise BackupError(f"{file}: is no backup{why}; `build.py backup FILE` writes one")


def _write(database: Database, file: Path, progress: Progress, seal: Seal | None) -> None:
    if seal is None:
        with _folder_beside(file) as folder:
            _move(_copied(database, folder / "backup", file, progress), file)
        return
    with _folder_beside(seal.within / "backup") as inside, _folder_beside(file) as folder:
        copied = _copied(database, inside / "backup", file, progress)
        progress("sealing", 0, 0)
        with copied.open("rb") as reader, private_file(folder / "sealed") as writer:
            sealing.seal_file(reader, writer, seal.recipients)
        _move(folder / "sealed", file)


def _copied(database: Database, written: Path, file: Path, progress: Progress) -> Path:
    """Write a whole copy; `file` is what it is going to be."""
    if database.engine.dialect.name == "sqlite":
        _copy_pages(database, written, progress)
    else:
        _copy_rows(database, written, progress)
    _check_whole(written, file, progress)
    anew = written.with_name("anew")
    private_file(anew).close()
    with closing(sqlite3.connect(written)) as copy:
        with copy:
            for table in NOT_COPIED:
                copy.execute(str(delete(table)))
        copy.execute("VACUUM INTO ?", (str(anew),))  # rows alone: its pages hold bytes of what was erased
    written.unlink()  # what is sealed takes the place of it
    return anew


def _move(written: Path, file: Path) -> None:
    sync(written)
    written.rename(file)
    try:
        sync(file.parent)
    except BaseException:  # that it is there may be gone with the power, and nobody is told that it is
        file.unlink()
        raise


def _copy_pages(database: Database, written: Path, progress: Progress) -> None:
    """Copy SQLite's pages by its online backup, as of one moment: writers go on meanwhile, in the log.

    The reading transaction keeps that moment from step to step. Without it SQLite would begin anew at each
    write of others (https://www.sqlite.org/c3ref/backup_finish.html).
    """
    private_file(written).close()
    source = database.engine.raw_connection()
    try:
        assert isinstance(source.dbapi_connection, sqlite3.Connection)  # noqa: S101  # the caller has looked
        source.dbapi_connection.execute("BEGIN")
        source.dbapi_connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        with closing(sqlite3.connect(written)) as target:
            source.dbapi_connection.backup(
                target,
                pages=PAGES_AT_ONCE,
                progress=lambda _, left, of: progress("copying pages", of - left, of),
            )
    finally:
        source.close()  # the pool ends its transaction


def _copy_rows(database: Database, written: Path, progress: Progress) -> None:
    target = connect(f"sqlite:///{written}")
    try:
        migrate(target)
        _copy_all(database, target, progress)
        checkpoint(target)
    finally:
        target.close()


def _copy_all(source: Database, target: Database, progress: Progress) -> dict[str, int]:
    """Copy every table from one state of the source, in one transaction of the target."""
    with source.read() as reading:
        hold_still(reading)
        return target.write(lambda writing: _copy_tables(reading, writing, progress), timeout=24 * 3600.0)


def _copy_tables(reading: Connection, writing: Connection, progress: Progress) -> dict[str, int]:
    counts = {
        table: _count_rows(reading, table) for table in metadata.sorted_tables if table not in NOT_COPIED
    }
    done, of = 0, sum(counts.values())
    for table, count in counts.items():
        if _count_rows(writing, table):
            raise BackupError(
                f"CANDLE_DATABASE_URL: that database holds {table.name} already; "
                "move it away while nothing runs, or name an empty one"
            )
        chosen = reading.execution_options(yield_per=ROWS_AT_ONCE).execute(
            select(table).order_by(*table.primary_key)
        )
        for rows in chosen.mappings().partitions():
            writing.execute(insert(table), [dict(row) for row in rows])
            progress("copying rows", done := done + len(rows), of)
        if count != _count_rows(writing, table):
            raise BackupError(f"not every row of {table.name} arrived; nothing was kept")
        _continue_numbering(writing, table)
    return {table.name: count for table, count in counts.items()}


def _count_rows(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0


def _continue_numbering(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number on after the copied rows; SQLite does so by itself."""
    numbered = table.autoincrement_column
    if connection.dialect.name != "postgresql" or numbered is None:
        return
    sequence = func.pg_get_serial_sequence(table.name, numbered.name)
    highest = select(func.max(numbered)).scalar_subquery()
    connection.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))


@contextmanager
def _folder_beside(file: Path) -> Iterator[Path]:
    """Make a folder on the same disk that nobody else can read, for what is not finished yet."""
    try:
        private_folder(file.parent)
        with tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=file.parent) as name:
            yield Path(name)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise BackupError(f"{file}: {reason}; choose a disk with space, where Candle may write") from error


def _check_whole(copied: Path, file: Path, progress: Progress) -> None:
    """Make one file of it, without a log beside it, and let SQLite read all of it."""
    progress("checking the copy", 0, 0)
    with closing(sqlite3.connect(copied)) as connection:
        try:
            foreign_file.refuse_what_runs(connection)
            (mode,) = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
            (verdict,) = connection.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            mode, verdict = "", str(error)
    if (mode, verdict) != ("delete", "ok"):
        raise BackupError(f"{file}: is not whole ({verdict.splitlines()[0]}); use another backup")
