"""For operators: what is kept, for how long, and where copies of it are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from sqlalchemy import Connection

from campaign import settings
from campaign.accounts import sessions, staff_log
from campaign.accounts.staff_log import Scribe
from campaign.accounts.staff_log_check import Noted
from campaign.content.campaign import load_sound
from campaign.errors import CandleError, ContentErrors
from campaign.keeping import backup as copies
from campaign.keeping import backup_copies, day_numbers, erasure_log, gap, log_ends, retention
from campaign.keeping.erasure_log import ErasedAgain, Erasure, ErasuresError
from campaign.language.english import counted
from campaign.messages import queries
from campaign.settings import Settings
from campaign.storage import machines, marks
from campaign.storage.database import Database
from campaign.storage.machines import Machine
from commands.shared import FILE, FOLDER, now, open_database, progress_bars, scribe

TICK_OFF = "`build.py backup --forgotten` with that name once it is gone elsewhere"
UNKNOWN = (
    "No list of erasures lies beside the database or the backup: what was taken back since it was made is\n"
    "here again. Name the old database, a newer backup or a list: build.py erase-again SOURCE"
)


REMOVED = "messages are due; put the folder back until the last one is purged"


@click.command()
@click.option("--backups", type=FOLDER, help="Also delete the backups in this folder that lapsed.")
@click.option("--after-gap", is_flag=True, help="The clock is right, although the last purge was long ago.")
def purge(backups: Path | None, *, after_gap: bool) -> None:
    """Erase what is due in every campaign, as its campaign.toml says; for a daily timer.

    A campaign with a fault, or whose folder was removed, keeps what it has and is named at the end, as is a
    list of erasures that somebody wrote something else into, and a file that cannot be deleted.
    """
    config = settings.load()
    campaigns, faults = load_sound(config.content_dir)
    with open_database() as database:
        if not after_gap:
            gap.refuse(database, now())
        by = scribe()
        stuck = list[CandleError]()
        for slug, campaign in campaigns.items():
            purged = retention.purge(database, campaign, now(), config.build_dir, by)
            click.echo(f"{slug}: {purged}")
            stuck += map(CandleError, purged.left)
        database.write(lambda connection: sessions.delete_ended(connection, now()))
        undone = [*stuck, *_list_erasures((config.erasures_file,), database)]
        for file in backup_copies.delete_lapsed(backups, now().date(), config.backup_days) if backups else ():
            click.echo(f"deleted {file}: it lapsed")
        with database.read() as connection:
            for copy in backup_copies.lapsed_copies(connection, now().date()):
                told = f"delete {copy.name}, made on {copy.made_on}: it lapsed on {copy.lapses_on}"
                click.echo(f"{told}; {TICK_OFF}")
            left = queries.campaigns(connection)
        database.write(lambda connection: marks.note(connection, "purge", now()))
        swept = retention.sweep(database, now())  # last: it may have to wait in vain
        if swept.tokens:
            click.echo(f"erased {swept.tokens} used tokens")
        for line in swept.told:
            click.echo(line)
        database.write(lambda connection: day_numbers.keep_numbers(connection, campaigns.values(), now()))
    for slug in left:
        if not (config.content_dir / slug).is_dir():
            click.echo(f"{config.content_dir / slug}: missing, so nothing tells when its {REMOVED}", err=True)
    if faults:
        click.echo("".join(f"{fault}\n" for fault in undone), err=True, nl=False)
        raise ContentErrors(faults)
    if undone:
        raise CandleError("\n".join(map(str, undone)))


def _list_erasures(files: Sequence[Path], database: Database) -> list[ErasuresError]:
    """Bring lists up to date; a fault in one of them waits until all else is done."""
    faults = []
    for file in files:
        try:
            erasure_log.bring_up_to_date(file, database)
        except ErasuresError as fault:
            faults.append(fault)
    return faults


@click.command()
@click.argument("file", type=FILE)
@click.option("--seal", is_flag=True, help="Seal it to the age recipients; only their secret keys open it.")
@click.option("--forgotten", is_flag=True, help="Write nothing: that copy is gone, and is named no more.")
def backup(file: Path, *, seal: bool, forgotten: bool) -> None:
    """Write everything to a new FILE, while the receiver runs."""
    config = settings.load()
    if forgotten:
        with open_database() as database:
            database.write(lambda connection: backup_copies.forget(connection, file))
        click.echo(f"{file}: forgotten")
        return
    sealed = copies.Seal(config.age_recipients, config.build_dir) if seal else None
    with open_database() as database, progress_bars() as show:
        with database.read() as connection:
            end = staff_log.read_end(connection)  # before it is copied: so far it goes there at the least
        copy = copies.backup(database, file, now().date(), config.backup_days, show, sealed)
        beside = (config.erasures_file, file.absolute().parent / erasure_log.NAME)
        unlisted = _list_erasures(beside, database)
        if end:
            for listed in log_ends.files_beside(config, file):
                log_ends.note(listed, copy.made_on, end)
        by = scribe()
        if sealed:
            to = Settings(age_recipients=config.age_recipients)
            database.write(lambda connection: machines.note(connection, Machine("backup"), to, now()))
        database.write(lambda connection: by.record(connection, "backed up", file.name))
    click.echo(f"{copy.name}: whole; keep it until {copy.lapses_on}, then delete it")
    if end:
        click.echo(f"the log of staff ends there with row {end.number}, {end.digest[:16]}")
    for fault in unlisted:
        raise fault


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--erasures",
    "sources",
    multiple=True,
    metavar="SOURCE",
    help="What was erased since: an old database (file or URL), a newer backup, or a list; may be repeated.",
)
def restore(file: Path, sources: tuple[str, ...]) -> None:
    """Put a backup into the empty database that CANDLE_DATABASE_URL names, SQLite or PostgreSQL.

    What was taken back since is erased again, as far as it is known: by erasures.txt beside the database and
    beside FILE, and by each --erasures.
    """
    config = settings.load()
    beside = [config.erasures_file, file.absolute().parent / erasure_log.NAME]
    lists = [str(known) for known in dict.fromkeys(beside) if known.exists()]
    entries = [entry for source in (*lists, *sources) for entry in erasure_log.read_source(source)]
    noted, by = log_ends.read_all(log_ends.files_beside(config, file), now().date()), scribe()
    known = [one for one in noted if one.end.is_signed(config.approval_keys)]  # else anybody could say it
    done: list[tuple[ErasedAgain, str]] = []

    def finish(copied: Connection) -> None:
        done.append((erasure_log.apply(copied, entries), _continue_log(copied, by, known)))

    with open_database() as database, progress_bars() as show:
        counts = copies.restore(
            file,
            database,
            settings.CONFIG,
            finish,
            show,
        )
        erasure_log.write(config.erasures_file, entries)
    click.echo(", ".join(f"{rows} {name}" for name, rows in counts.items() if rows) or "the backup is empty")
    ((erased_again, lost),) = done
    _report(erased_again)
    if lost:
        click.echo(lost)
    if not lists and not sources:
        click.echo(UNKNOWN, err=True)


def _continue_log(connection: Connection, by: Scribe, noted: Sequence[Noted]) -> str:
    """Write into the log that a backup was restored, and say which rows were lost with what it replaced."""
    known = max((one.end.number for one in noted), default=0)
    end = staff_log.read_end(connection)
    last = end.number if end else 0
    about = f"a backup that ends with row {last}; known to row {max(known, last)}"
    by.record(connection, "restored", about)
    if known <= last:
        return ""
    return (
        f"the log of staff ends with row {last}; rows to {known} were written since, and are lost with that"
    )


@click.command("erase-again")
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)
def erase_again(sources: tuple[str, ...]) -> None:
    """Erase again, after a restore, what each SOURCE says was erased.

    A SOURCE is an old database (file or URL), a newer backup, or a list.
    """
    config = settings.load()
    entries = [entry for source in sources for entry in erasure_log.read_source(source)]
    with open_database() as database:
        by = scribe()
        done = database.write(lambda connection: _apply_again(connection, entries, by), timeout=600)
        erasure_log.write(config.erasures_file, entries)
        told = retention.scrub(database)
    _report(done)
    for line in told:
        click.echo(line)


def _apply_again(connection: Connection, entries: Sequence[Erasure], by: Scribe) -> ErasedAgain:
    done = erasure_log.apply(connection, entries)
    by.record(
        connection, "erased again", f"{counted(len(done.messages), 'message')}, details of {done.details}"
    )
    return done


def _report(done: ErasedAgain) -> None:
    """Say what was erased again, and which cards are to be taken out of the pile."""
    click.echo(f"erased again: {len(done.messages)} messages, and the details of {done.details} others")
    for erased in done.messages:
        if erased.recall:
            click.echo(f"take {erased.recall} out of the pile before it is posted")
    for name in done.staff:
        click.echo(f"{name}: the password was changed since; `build.py staff reset {name}`, or `disable`")
