"""The second factor: the values of the RFC, codes that are good once, a secret that no database tells."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from campaign.accounts import second_factor, staff
from campaign.accounts.second_factor import SecondFactor
from campaign.accounts.staff import StaffError
from campaign.storage import tables
from campaign.storage.database import Database
from tests.conftest import TODAY
from tests.support.table import table

KEY, NEWER = "a key for these tests, long enough to sign", "a newer key, long enough to sign too"
RFC = b"12345678901234567890"
NOW = 1_800_000_000.0
STEP = int(NOW) // 30


@pytest.fixture
def codes(any_database: Database) -> list[str]:
    """Enrol olga with the RFC's secret, and give her recovery codes."""
    any_database.write(lambda c: staff.add(c, "olga", [KEY], TODAY))
    factor, codes = second_factor.enrol([KEY], "olga", RFC)
    any_database.write(lambda c: staff.enrol(c, "olga", [KEY], factor))
    return codes


def use(database: Database, code: str, moment: float = NOW, keys: tuple[str, ...] = (KEY,)) -> bool:
    return database.write(lambda c: staff.use_code(c, "olga", keys, code, moment))


def column(database: Database, name: str) -> object:
    with database.read() as connection:
        return connection.scalar(select(tables.staff.c[name]))


@table(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    assert second_factor.code_at(RFC, seconds // 30) == code
    assert second_factor.matching_step(RFC, code, seconds, 0) == seconds // 30


def test_a_code_is_good_once_and_so_is_no_older_one(any_database: Database, codes: list[str]) -> None:
    now, before = second_factor.code_at(RFC, STEP), second_factor.code_at(RFC, STEP - 1)
    assert use(any_database, now)
    assert not use(any_database, now)
    assert not use(any_database, before)
    assert use(any_database, second_factor.code_at(RFC, STEP + 1))


@pytest.mark.parametrize(("drift", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_s_clock_may_be_wrong_by_half_a_minute(
    any_database: Database, codes: list[str], drift: int, good: bool
) -> None:
    assert use(any_database, second_factor.code_at(RFC, STEP + drift)) is good


@pytest.mark.parametrize("code", ["", "000000", "28708", "２８７０８２", "abcde-fghjk", "é", "\x00"])
def test_anything_else_is_no_code(any_database: Database, codes: list[str], code: str) -> None:
    assert not use(any_database, code)


def test_each_recovery_code_is_good_once(any_database: Database, codes: list[str]) -> None:
    assert len(set(codes)) == 8
    assert use(any_database, codes[0])
    assert not use(any_database, codes[0])
    assert use(any_database, codes[1].upper())
    kept = str(column(any_database, "recovery"))
    assert len(kept.split()) == 6
    assert not any(code in kept for code in codes)


def test_who_has_the_database_alone_can_try_no_recovery_code(
    any_database: Database, codes: list[str]
) -> None:
    kept = SecondFactor(
        str(column(any_database, "factor")), tuple(str(column(any_database, "recovery")).split())
    )
    assert second_factor.without(kept, RFC, codes[0]) is not None
    for guessed in (b"", b"olga", second_factor.open_secret(NEWER, "olga", kept)):
        assert second_factor.without(kept, guessed, codes[0]) is None


def test_the_database_does_not_tell_the_secret(any_database: Database, codes: list[str]) -> None:
    sealed = bytes.fromhex(str(column(any_database, "factor")))
    assert RFC not in sealed
    again, _ = second_factor.enrol([KEY], "olga", RFC)
    assert again.sealed != sealed.hex()  # no pad comes twice
    assert second_factor.open_secret(KEY, "olga", again) == RFC
    assert second_factor.open_secret(NEWER, "olga", again) != RFC
    assert second_factor.open_secret(KEY, "ivan", again) != RFC


@pytest.mark.parametrize("change", [{"factor": None}, {"recovery": "0" * 64}, {"factor": "00" * 36}])
def test_nobody_takes_it_away_or_adds_a_code_in_the_database(
    any_database: Database, codes: list[str], change: dict[str, str | None]
) -> None:
    any_database.write(lambda c: c.execute(update(tables.staff).values(change)) and None)
    with any_database.read() as connection:
        member = staff.get(connection, "olga", [KEY])
    assert member is not None
    assert not member.may_enter
    assert not use(any_database, second_factor.code_at(RFC, STEP))


def test_nobody_makes_a_used_code_good_again_in_the_database(
    any_database: Database, codes: list[str]
) -> None:
    now = second_factor.code_at(RFC, STEP)
    assert use(any_database, now)
    any_database.write(lambda c: c.execute(update(tables.staff).values(code_step=0)) and None)
    assert not use(any_database, now)


def test_a_reset_forgets_which_codes_were_used(any_database: Database, codes: list[str]) -> None:
    """A phone that was a day ahead must not keep the next one out."""
    use(any_database, second_factor.code_at(RFC, STEP + 2880), NOW + 86_400)
    any_database.write(lambda c: staff.reset(c, "olga", [KEY]))
    factor, _ = second_factor.enrol([KEY], "olga", RFC)
    any_database.write(lambda c: staff.enrol(c, "olga", [KEY], factor))
    assert use(any_database, second_factor.code_at(RFC, STEP))


def test_a_second_phone_does_not_take_the_first_one_s_place(any_database: Database, codes: list[str]) -> None:
    factor, _ = second_factor.enrol([KEY], "olga", second_factor.new_secret())
    with pytest.raises(StaffError, match="has a second factor already"):
        any_database.write(lambda c: staff.enrol(c, "olga", [KEY], factor))


def test_a_new_key_seals_it_anew(any_database: Database, codes: list[str]) -> None:
    both = (NEWER, KEY)
    assert use(any_database, second_factor.code_at(RFC, STEP - 1), keys=both)
    any_database.write(lambda c: staff.renew_signature(c, "olga", both))
    assert use(any_database, second_factor.code_at(RFC, STEP), keys=(NEWER,))
    assert use(any_database, codes[0], keys=(NEWER,))


def test_a_recovery_code_under_an_older_key_seals_it_anew(any_database: Database, codes: list[str]) -> None:
    assert use(any_database, codes[0], keys=(NEWER, KEY))
    assert use(any_database, second_factor.code_at(RFC, STEP), keys=(NEWER,))


def test_another_role_keeps_it_and_a_reset_takes_it_away(any_database: Database, codes: list[str]) -> None:
    any_database.write(lambda c: staff.give_role(c, "olga", [KEY], "reviewer"))
    assert use(any_database, second_factor.code_at(RFC, STEP))
    any_database.write(lambda c: staff.reset(c, "olga", [KEY]))
    assert column(any_database, "factor") is None
    with any_database.read() as connection:
        member = staff.get(connection, "olga", [KEY])
    assert member is not None
    assert member.may_enter
    assert not member.has_factor


def test_what_a_phone_reads_names_member_and_desk() -> None:
    assert second_factor.uri(RFC, "olga", "Candle desk.example.org") == (
        "otpauth://totp/Candle%20desk.example.org:olga"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Candle%20desk.example.org"
    )
