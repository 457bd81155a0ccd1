"""What the doctor finds in a PostgreSQL and in a Redis, real ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis
from sqlalchemy import make_url

from campaign.storage import postgresql as server
from tests.doctor.conftest import Installation
from tests.support import postgresql

RIGHT = {
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_min_duration_statement": "-1",
}
WRONG = {
    "log_statement": "all",
    "log_min_error_statement": "error",
    "log_parameter_max_length_on_error": "-1",
    "log_min_duration_statement": "1000",
}


@pytest.fixture
def on_postgresql(installation: Installation, empty_postgresql: str) -> Iterator[Installation]:
    """The same installation with its database on a server as docs/operators.md sets it up."""
    from campaign.keeping.backup import restore
    from campaign.storage.database import connect

    moved = connect(empty_postgresql)
    backup = installation.folder / "backups" / "newest.sqlite"
    restore(backup, moved, installation.config)
    moved.close()
    for name, value in RIGHT.items():
        set_up(empty_postgresql, f"SET {name} = '{value}'")
    administer(empty_postgresql, f"GRANT pg_checkpoint TO {postgresql.ROLE}")
    installation.write(database_url=empty_postgresql, lists_dir=str(installation.folder / "data"))
    yield installation
    administer(
        empty_postgresql, f"REVOKE pg_checkpoint FROM {postgresql.ROLE}"
    )  # the role outlives its database


def administer(url: str, statement: str) -> None:
    administrator = make_url(url).set(username=postgresql.ADMINISTRATOR)
    postgresql.administer(administrator.render_as_string(hide_password=False), statement)


def set_up(url: str, change: str) -> None:
    administer(url, f"ALTER DATABASE {make_url(url).database} {change}")


def test_there_is_nothing_to_mend_on_a_right_server(on_postgresql: Installation) -> None:
    assert on_postgresql.examine() == []


def test_lists_that_no_unit_could_write_are_named(on_postgresql: Installation) -> None:
    on_postgresql.write(lists_dir=None)
    (found,) = on_postgresql.examine()
    assert "CANDLE_LISTS_DIR: none" in found


def test_a_server_whose_log_would_hold_words_is_named(on_postgresql: Installation) -> None:
    for name, value in WRONG.items():
        set_up(on_postgresql.settings().database_url, f"SET {name} = '{value}'")
    told = [f"may hold supporters' words; set {name} = {value} in" for name, value in RIGHT.items()]
    assert all(words in line for words, line in zip(told, on_postgresql.examine(), strict=True))


def test_a_role_that_may_do_everything_is_named(on_postgresql: Installation) -> None:
    url = make_url(on_postgresql.settings().database_url).set(username=postgresql.ADMINISTRATOR)
    on_postgresql.write(database_url=url.render_as_string(hide_password=False))
    told = "the role postgres may do everything; make one of its own"
    assert [line for line in on_postgresql.examine() if told in line]


def test_a_grant_that_erasure_wants_is_named(on_postgresql: Installation) -> None:
    administer(on_postgresql.settings().database_url, f"REVOKE pg_checkpoint FROM {postgresql.ROLE}")
    assert [line for line in on_postgresql.examine() if "GRANT pg_checkpoint TO candle" in line]


def test_a_table_of_another_role_is_named(on_postgresql: Installation) -> None:
    administer(
        on_postgresql.settings().database_url, f"ALTER TABLE backups OWNER TO {postgresql.ADMINISTRATOR}"
    )
    assert [line for line in on_postgresql.examine() if "ALTER TABLE backups OWNER TO candle" in line]


def test_a_server_that_would_lose_what_it_acknowledged_is_named(on_postgresql: Installation) -> None:
    """As with `fsync`, which belongs to the whole server: full_page_writes stands for both."""
    url = on_postgresql.settings().database_url
    administer(url, "ALTER SYSTEM SET full_page_writes = off")
    administer(url, "SELECT pg_reload_conf()")
    try:
        assert [line for line in on_postgresql.examine() if "full_page_writes=off" in line]
    finally:
        administer(url, "ALTER SYSTEM RESET full_page_writes")
        administer(url, "SELECT pg_reload_conf()")


def test_time_limits_that_get_lost_on_the_way_are_named(
    on_postgresql: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a pool before the server does that passes no `options` on."""
    monkeypatch.setattr(server, "_limits", lambda _: "-c lock_timeout=5000")
    assert [line for line in on_postgresql.examine() if "drops the receiver's time limits" in line]


@pytest.mark.slow
def test_a_redis_that_writes_to_a_disk_is_named(installation: Installation, redis_url: str) -> None:
    installation.write(limits_url=redis_url)
    assert installation.examine() == []
    with redis.Redis.from_url(redis_url) as client:
        client.config_set("save", "900 1")
        client.config_set("appendonly", "yes")
    save, append = installation.examine()
    assert 'writes itself to the disk; set save ""' in save
    assert "keeps a log on the disk; set appendonly no" in append


@pytest.mark.slow
def test_what_is_wrong_with_a_list_beside_it_is_not_told_of_the_database(installation: Installation) -> None:
    ends = installation.settings().erasures_file.with_name("log-ends.txt")
    ends.write_text("# Where it ended\nsomebody's own words\n")
    (told,) = installation.examine()
    assert told.startswith(f"{ends}:2: is no line of a list of ends; ")
