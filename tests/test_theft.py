"""A stolen disk: database, log of it, log, settings and backups, and a list of people to try against them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from campaign.keeping import backup as copies
from campaign.keys import sealing
from campaign.messages import details, receipts
from campaign.storage import database
from receiver.state.tokens import Tokens
from tests.conftest import TODAY
from tests.receiver.serving import APPROVAL_KEY, SECRET_KEY, served

PEOPLE = [
    {"last_name": "Markedsurnamezq", "email": "markedmailzq@example.org", "country": "IS"},
    {"last_name": "M", "email": "m@example.org", "country": "LU"},
    {"last_name": "Żółćmarkedzq", "email": "other.markedzq@example.net", "country": "MT"},
]
WORDS = {"message": "A candle burns in our window.", "first_name": "Anna"}

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Stolen:
    """Every file of the server, the settings that stood in its environment, and what the database holds."""

    files: dict[str, bytes]
    settings: dict[str, str]
    sealed: list[bytes]


@pytest.fixture(scope="module")
def stolen(tmp_path_factory: pytest.TempPathFactory, age_keys: tuple[str, str]) -> Stolen:
    """Let people write, one of them with mistakes; make a backup; kill the server so that its -wal stays."""
    folder = tmp_path_factory.mktemp("server")
    with served(folder, anew=True, CANDLE_AGE_RECIPIENTS=age_keys[0], CANDLE_FLOOD="off") as running:
        tokens = running.ripe_tokens(len(PEOPLE) + 2)
        for person in PEOPLE:
            assert running.send(tokens.pop(), **WORDS, **person)[0] == 201
        assert running.send(tokens.pop(), **WORDS, **PEOPLE[0] | {"country": "XX"})[0] == 422
        assert running.send("forged", **WORDS, **PEOPLE[0])[0] == 403
        opened = database.connect(running.database_url)
        copies.backup(opened, folder / "backup", TODAY, 30)
        with opened.read() as connection:
            sealed = [one.ciphertext for one in details.sealed_details(connection, "mikita")]
        environ = Path(f"/proc/{running.process.pid}/environ").read_bytes().split(b"\0")
        running.kill()
        files = {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        opened.close()
    settings = dict(v.decode().split("=", 1) for v in environ if v.startswith(b"CANDLE_"))
    assert {"candle.sqlite", "candle.sqlite-wal", "log", "backup"} <= files.keys()
    assert {SECRET_KEY, APPROVAL_KEY, age_keys[0]} <= set(settings.values())
    return Stolen(files, settings, sealed)


def tried(person: dict[str, str]) -> Iterator[str]:
    """Yield what somebody with a list would look for: each detail in other dress, and all together."""
    for value in person.values():
        yield from {value, value.lower(), value.upper()}
    for parts in itertools.permutations(person.values()):
        for between in ("", " ", "\0"):
            yield between.join(parts)
    yield json.dumps(person)
    yield json.dumps(person, sort_keys=True, ensure_ascii=False)


def written(data: bytes) -> Iterator[bytes]:
    """Yield the ways to write bytes into a file."""
    yield data
    yield data.hex().encode()
    yield data.hex().upper().encode()
    for encoded in (base64.b64encode(data), base64.urlsafe_b64encode(data), base64.b32encode(data).lower()):
        yield encoded.rstrip(b"=")


def digests(words: str, keys: list[bytes]) -> Iterator[bytes]:
    """Yield the digests that could have been made of some words, with every key that was stolen and none."""
    data = words.encode()
    for name in ("md5", "sha1", "sha256"):
        yield hashlib.new(name, data).digest()
        for key in keys:
            yield hmac.digest(key, data, name)
            yield hashlib.new(name, key + data).digest()
            yield hashlib.new(name, data + key).digest()


def found_in(files: dict[str, bytes], needle: bytes) -> list[str]:
    return [name for name, held in files.items() if needle in held]


def test_no_detail_lies_anywhere_in_the_clear(stolen: Stolen) -> None:
    for person in PEOPLE:
        for value in (person["last_name"], person["email"]):
            if len(value) < 6:
                continue
            for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                for needle in written(value.encode(encoding)):
                    assert found_in(stolen.files, needle) == [], value
    assert found_in(stolen.files, WORDS["message"].encode())  # the search does find what is there


def test_no_column_holds_a_country(stolen: Stolen, tmp_path: Path) -> None:
    """Two letters are in every file by chance, so each value of each table is looked at for itself."""
    countries = {person["country"] for person in PEOPLE}
    for name in ("candle.sqlite", "candle.sqlite-wal"):
        (tmp_path / name).write_bytes(stolen.files[name])
    values = [value for held in rows(tmp_path / "candle.sqlite").values() for row in held for value in row]
    assert WORDS["first_name"] in values
    for value in values:
        assert not countries & set(pieces(value)), value


def test_a_plain_country_would_be_found() -> None:
    assert "IS" in set(pieces('{"a": [{"country": "IS"}]}'))
    assert "IS" in set(pieces("PL, is"))


def rows(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Read every table of a SQLite file as it lies there, known to the program or not."""
    with closing(sqlite3.connect(file)) as opened:
        names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: opened.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def pieces(value: object) -> Iterator[str]:
    """Yield what stands for itself in a value: words of a short text, also those in JSON, in capitals."""
    if isinstance(value, bytes):
        value = value.decode("ascii", "ignore") if len(value) < 16 else ""
    yield from re.findall(r"[^\W_]+", str(value).upper())


def test_a_list_cannot_be_tried_with_any_key_that_was_on_the_server(stolen: Stolen) -> None:
    keys = [value.encode() for value in stolen.settings.values() if len(value) >= 32]
    keys += [hmac.digest(key, b"candle.words", "sha256") for key in keys]
    held = b"\0".join(stolen.files.values())
    needles = (
        needle[:20]  # a digest may have been shortened
        for person in PEOPLE
        for words in tried(person)
        for digest in digests(words, keys)
        for needle in written(digest)
    )
    assert not any(needle in held for needle in needles)


def test_the_program_s_own_digests_say_nothing_of_the_details(stolen: Stolen) -> None:
    """What it makes of a whole post, for the review's token, is in no file; what it stores is of words."""
    held = b"\0".join(stolen.files.values())
    tokens = Tokens((SECRET_KEY,))
    for person in PEOPLE:
        ticked = {"consent": "True", "wall": "False", "updates": "False"}
        assert tokens.digest(WORDS | person | ticked).encode() not in held
    kept = receipts.words_digest(SECRET_KEY, "mikita", WORDS["message"], WORDS["first_name"])
    assert held.count(kept.encode()) >= len(PEOPLE)  # the same for each of them, whatever their details


def payload(sealed: bytes) -> bytes:
    """Return what follows age's header, which is of a random length."""
    return sealed.partition(b"\n--- ")[2]


def test_sealing_a_guess_gives_other_bytes_of_the_same_length(stolen: Stolen) -> None:
    recipients = (stolen.settings["CANDLE_AGE_RECIPIENTS"],)
    assert len(stolen.sealed) == len(PEOPLE)
    assert len({len(payload(sealed)) for sealed in stolen.sealed}) == 1
    for person in PEOPLE:
        guess = sealing.seal(person, recipients)
        assert len(payload(guess)) == len(payload(stolen.sealed[0]))
        assert guess not in stolen.sealed
        assert not any(sealed[-64:] == guess[-64:] for sealed in stolen.sealed)


def test_who_has_the_offline_key_reads_them(stolen: Stolen, age_keys: tuple[str, str]) -> None:
    """So that the tests above do not succeed because nothing was stored."""
    assert [sealing.unseal(sealed, [age_keys[1]]) for sealed in stolen.sealed] == PEOPLE
