import csv
import io
import json
import sqlite3
from contextlib import suppress
from pathlib import Path

import pyrage
import pytest
from click.testing import CliRunner

from build import cli
from campaign.keeping import erasure, erasures_file
from campaign.keeping.backup import backup
from campaign.keys import sealing
from campaign.messages import details
from campaign.messages.details import DetailsError
from tests.conftest import TODAY
from tests.support.hostile_rows import free_for_all
from tests.support.table import table


def opened(found):
    return list(csv.DictReader(io.StringIO(found.csv)))


@pytest.fixture
def three_supporters(database, submit, age_keys):
    public, _ = age_keys
    people = [
        {"last_name": "Testova", "email": "one@example.org", "country": "PL"},
        {"last_name": "=HYPERLINK(1)", "email": "two@example.org"},
        {"last_name": "Testova", "email": "One@Example.org"},
    ]
    return [
        submit(
            database, f"words {number}", sealed=sealing.seal(person, [public]), token=f"token-{number}"
        ).message
        for number, person in enumerate(people)
    ]


def test_details_come_out_as_they_went_in(database, three_supporters, age_keys):
    with database.read() as connection:
        rows = opened(details.as_csv(connection, "mikita", age_keys[1]))
    assert [row["message"] for row in rows] == three_supporters
    assert rows[0]["last_name"] == "Testova"
    assert rows[0]["country"] == "PL"


def test_somebody_who_wrote_twice_is_seen(database, three_supporters, age_keys):
    with database.read() as connection:
        rows = opened(details.as_csv(connection, "mikita", age_keys[1]))
    assert [row["same_email_as"] for row in rows] == ["", "", three_supporters[0]]


def test_a_surname_cannot_be_a_formula(database, three_supporters, age_keys):
    with database.read() as connection:
        rows = opened(details.as_csv(connection, "mikita", age_keys[1]))
    assert rows[1]["last_name"] == "'=HYPERLINK(1)"


def test_what_a_backup_in_other_hands_says_of_itself_is_no_formula_either(
    database, three_supporters, age_keys
):
    with free_for_all(Path(database.engine.url.database)) as file:
        first = three_supporters[:1]
        file.execute("UPDATE messages SET id = '=1+1', language = '@SUM(1)' WHERE id = ?", first)
        file.execute("UPDATE details SET message = '=1+1' WHERE message = ?", first)
    with database.read() as connection:
        rows = opened(details.as_csv(connection, "mikita", age_keys[1]))
    assert (rows[0]["message"], rows[0]["language"], rows[2]["same_email_as"]) == (
        "'=1+1",
        "'@SUM(1)",
        "'=1+1",
    )


@pytest.mark.parametrize("value", [None, 7, b"\xff", "a\0b"])
@pytest.mark.parametrize("column", ["first_name", "language", "updates", "sequence"])
def test_a_row_that_somebody_wrote_over_keeps_no_other_from_being_opened(
    database, three_supporters, age_keys, column, value
):
    with free_for_all(Path(database.engine.url.database)) as file, suppress(sqlite3.IntegrityError):
        file.execute(f"UPDATE messages SET {column} = ? WHERE id = ?", (value, three_supporters[1]))
    with database.read() as connection:
        assert len(opened(details.as_csv(connection, "mikita", age_keys[1]))) == 3


@table("value", [None, "text", 7, 1.5, b""])
def test_a_seal_that_is_no_bytes_is_named_and_hides_no_other(database, three_supporters, age_keys, value):
    with free_for_all(Path(database.engine.url.database)) as file:
        file.execute("UPDATE details SET sealed = ? WHERE message = ?", (value, three_supporters[1]))
    with database.read() as connection:
        found = details.as_csv(connection, "mikita", age_keys[1])
    assert (len(opened(found)), found.unopened) == (2, (three_supporters[1],))


def test_a_row_that_does_not_open_hides_no_other(database, three_supporters, submit, age_keys):
    strange = submit(database, sealed=sealing.seal({"last_name": "Other"}, [sealing.new_key()[0]])).message
    forged = submit(database, sealed=pyrage.encrypt(b"[1]", [pyrage.x25519.Recipient.from_str(age_keys[0])]))
    with database.read() as connection:
        found = details.as_csv(connection, "mikita", age_keys[1])
    assert len(opened(found)) == 3
    assert (found.unopened, found.strange) == ((strange,), (forged.message,))


@pytest.mark.parametrize(
    "told",
    [
        {"last_name": "x" * 81},
        {"last_name": "\ud800"},
        {"last_name": "\u202e \u200b"},
        {"last_name": "e" + "\u0301" * 40},
        {"email": "x" * 255},
        {"country": "Poland"},
        {"phone": "123"},
        {"last_name": ["Testova"]},
    ],
)
def test_what_no_form_would_have_taken_is_named_as_something_else(
    database, three_supporters, submit, age_keys, told
):
    """A browser that is nobody's page can seal anything that fits."""
    sealed = pyrage.encrypt(json.dumps(told).encode(), [pyrage.x25519.Recipient.from_str(age_keys[0])])
    forged = submit(database, sealed=sealed).message
    with database.read() as connection:
        found = details.as_csv(connection, "mikita", age_keys[1])
    assert len(opened(found)) == 3
    assert (found.unopened, found.strange) == ((), (forged,))


def test_lines_and_unseen_letters_of_a_sealed_detail_do_not_reach_the_table(database, submit, age_keys):
    told = json.dumps({"last_name": "Test\u200bova\n\x1b[2J\x00", "email": " a@b.example "}).encode()
    submit(database, sealed=pyrage.encrypt(told, [pyrage.x25519.Recipient.from_str(age_keys[0])]))
    with database.read() as connection:
        (row,) = opened(details.as_csv(connection, "mikita", age_keys[1]))
    assert row["last_name"].isprintable()
    assert row["email"] == "a@b.example"


def test_where_nothing_but_something_else_was_sealed_the_table_is_empty(database, submit, age_keys):
    forged = submit(database, sealed=pyrage.encrypt(b"1", [pyrage.x25519.Recipient.from_str(age_keys[0])]))
    with database.read() as connection:
        found = details.as_csv(connection, "mikita", age_keys[1])
    assert (opened(found), found.strange) == ([], (forged.message,))


def test_another_key_opens_nothing(database, three_supporters):
    _, stranger = sealing.new_key()
    with database.read() as connection, pytest.raises(sealing.SealingError):
        details.as_csv(connection, "mikita", stranger)


def test_a_backup_is_read_without_a_byte_beside_it(database, three_supporters, age_keys, tmp_path):
    backup = tmp_path / "offline? #1 %41" / "backup.sqlite"
    backup.parent.mkdir()
    source = database.engine.raw_connection()
    copy = sqlite3.connect(backup)
    source.driver_connection.backup(copy)
    copy.close()
    source.close()
    before = backup.read_bytes()
    with details.open_backup(backup) as connection:
        assert len(opened(details.as_csv(connection, "mikita", age_keys[1]))) == 3
    assert [file.name for file in backup.parent.iterdir()] == ["backup.sqlite"]
    assert backup.read_bytes() == before


def test_what_is_no_backup_is_named(tmp_path, age_keys):
    file = tmp_path / "holiday.txt"
    file.write_text("not a database at all, but long enough to be read as one" * 100)
    with pytest.raises(DetailsError, match=r"holiday\.txt: not a backup"), details.open_backup(file) as c:
        details.as_csv(c, "mikita", age_keys[1])


def test_sealed_details_come_with_their_message(any_database, submit):
    ids = [submit(any_database, f"Message {n}", sealed=bytes([n])).message for n in range(3)]
    submit(any_database)
    submit(any_database, campaign="another", sealed=b"x")
    with any_database.read() as connection:
        found = details.sealed_details(connection, "mikita")
    told = [(one.message, one.ciphertext) for one in found]
    assert told == [(identifier, bytes([n])) for n, identifier in enumerate(ids)]


@pytest.fixture
def two_askers_and_another(database, submit, age_keys):
    """Two asked for news, a third did not."""
    return [
        submit(
            database,
            f"From {name}",
            first_name=name,
            updates=updates,
            sealed=sealing.seal({"email": f"{number}@example.org"}, [age_keys[0]]),
        ).message
        for number, (name, updates) in enumerate([("=Anna", True), ("Boris", True), ("Vera", False)])
    ]


@pytest.fixture
def print_details(database, tmp_path, age_keys):
    """Run the command on a backup of before, or on the database."""
    key_file = tmp_path / "key.txt"
    key_file.write_text(age_keys[1])
    key_file.chmod(0o600)

    def run(*arguments, campaign="mikita"):
        environ = {"CANDLE_DATABASE_URL": str(database.engine.url)}
        return CliRunner(env=environ).invoke(
            cli, ["details", campaign, "--identity", str(key_file), *map(str, arguments)]
        )

    return run


def test_only_who_asked_for_news_is_opened_unless_it_is_said_otherwise(two_askers_and_another, print_details):
    done = print_details()
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["message"] for row in rows] == two_askers_and_another[:2]
    assert [row["first_name"] for row in rows] == ["'=Anna", "Boris"]  # no formula either
    assert {(row["language"], row["updates"]) for row in rows} == {("en", "yes")}
    assert "left sealed: 1 message whose writers asked for no news; --all opens them" in done.stderr
    everybody = print_details("--all")
    assert [row["updates"] for row in csv.DictReader(io.StringIO(everybody.stdout))] == ["yes", "yes", "no"]
    assert "left sealed" not in everybody.stderr
    assert "nobody left details" not in done.stderr + everybody.stderr
    assert "nobody left details in a campaign of this name" in print_details(campaign="mikta").stderr


def test_who_took_everything_back_since_the_backup_stays_sealed(
    database, two_askers_and_another, print_details, tmp_path
):
    file = tmp_path / "carried" / "a.sqlite"
    backup(database, file, TODAY, 30)
    gone, kept, _ = two_askers_and_another
    alone = print_details("--from", file)
    assert "erasures.txt: missing, so who took details back since" in alone.stderr
    assert gone in alone.stdout
    database.write(lambda connection: erasure.erase(connection, gone, "withdrawn", TODAY))
    erasures_file.bring_up_to_date(file.parent / erasures_file.NAME, database)
    for more in ((), ("--all",)):
        done = print_details("--from", file, *more)
        assert gone not in done.stdout
        assert kept in done.stdout
        assert "left sealed: 1 message, taken back since" in done.stderr
        assert "missing" not in done.stderr
