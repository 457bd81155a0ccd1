"""A list of what goes wrong on real servers: the doctor names each, with its remedy, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from redis import Redis, ResponseError
from sqlalchemy import insert, update

from campaign import ROOT
from campaign.accounts import staff
from campaign.accounts.staff_log import Scribe
from campaign.cards.fonts.faces import FOLDER as FONTS
from campaign.cards.fonts.families import FAMILIES
from campaign.keys import sealing
from campaign.storage import machines, marks
from campaign.storage.machines import Machine, Part
from campaign.storage.tables import backups, staff_log
from campaign.storage.tables import machines as machines_table
from campaign.storage.tables import marks as marks_table
from tests.conftest import Submit
from tests.doctor.conftest import MOMENT, Installation
from tests.support.closed_folder import close

pytestmark = pytest.mark.slow  # each looks over a whole installation, with a page that is served

MADE = "q7Xk2mNvB9sLrT4wYzE1hGjD6fPcUa3oVi8KtHyRbW5nMxJd"  # as long and as mixed as a key is
ALIKE = MADE[:40] + "01234567"


def own_content(found: Installation) -> Path:
    content = found.folder / "content"
    shutil.copytree(ROOT / "content", content)
    found.write(content_dir=str(content))
    return content


def settings_open(found: Installation) -> None:
    found.config.chmod(0o644)


def approval_key_open(found: Installation) -> None:
    found.key.chmod(0o640)


def older_key_open(found: Installation) -> None:
    """Named from the project's folder on, as docs/operators.md does."""
    for module in ("settings", "doctor.exposed_secrets"):
        found.monkeypatch.setattr(f"campaign.{module}.ROOT", found.folder / "project")
    (found.folder / "project").mkdir()
    (found.folder / "project" / "older").write_text(MADE)
    (found.folder / "project" / "older").chmod(0o644)
    found.write(approval_key_fallbacks_file="older")


def database_open(found: Installation) -> None:
    (found.folder / "data" / "candle.sqlite").chmod(0o644)


def backup_open(found: Installation) -> None:
    (found.folder / "backups" / "newest.sqlite").chmod(0o644)
    row = {"name": "/no\0name", "made_on": MOMENT.date(), "lapses_on": date.max}
    found.database.write(lambda c: c.execute(insert(backups).values(row)))


def age_identity_left(found: Installation) -> None:
    (found.folder / "key-1.txt").write_text(sealing.new_key()[1], encoding="utf-16")  # as PowerShell does


def guessable_key(found: Installation) -> None:
    found.write(secret_key="change-me-" * 4)


def keys_alike(found: Installation) -> None:
    found.key.write_text(MADE)
    found.write(secret_key=ALIKE)


def one_age_key(found: Installation) -> None:
    found.write(age_recipients=[found.web.recipients[0]])


def page_without_https(found: Installation) -> None:
    found.write(site_url=[*found.written["site_url"], "http://mirror.example.org"])


def desk_at_the_receiver(found: Installation) -> None:
    found.write(staff_url=None)


def no_proxy_counted(found: Installation) -> None:
    found.write(proxy_hops=0)


def proxy_passed_by(found: Installation) -> None:
    found.database.write(lambda c: marks.note(c, "proxies", MOMENT, 0))


def limits_off(found: Installation) -> None:
    found.write(ratelimit_enabled=False)


def secret_of_no_campaign(found: Installation) -> None:
    found.write(webhook_secrets={"mikitta": ["whsec_" + "c2VjcmV0" * 4]})


def desk_under_the_receivers_name(found: Installation) -> None:
    found.write(staff_url=found.written["receiver_url"])


def secret_that_is_none(found: Installation) -> None:
    found.write(webhook_secrets={"mikita": ["whsec_" + "c2VjcmV0" * 4, "whsec_!"]})


def limits_nowhere(found: Installation) -> None:
    found.write(limits_url="redis://127.0.0.1:port/0")


def lists_nowhere(found: Installation) -> None:
    found.write(lists_dir="/no-such-folder")


def content_fault(found: Installation) -> None:
    shutil.copytree(ROOT / "content", found.folder / "content")
    (found.folder / "content" / "mikita" / "campaign.toml").write_text("name = ")
    found.write(content_dir=str(found.folder / "content"), webhook_secrets=None)


def content_nowhere(found: Installation) -> None:
    found.write(content_dir=f"{found.folder}/contents", webhook_secrets=None)


def program_kept_to_its_owner(found: Installation) -> None:
    """An upgrade was checked out with another umask."""
    found.looked_at["program"] = (found.folder / "receiver",)
    (found.folder / "receiver").mkdir(mode=0o755)
    (found.folder / "receiver" / "app.py").touch(mode=0o600)


def text_kept_to_its_writer(found: Installation) -> None:
    content = own_content(found)
    (content / "mikita" / "en" / "story.md").chmod(0o600)
    if os.geteuid() == 0:
        for path in (content, *content.rglob("*")):
            os.chown(path, -1, 54321)  # copied from another machine: its group has no name here


def no_database(found: Installation) -> None:
    found.write(database_url=f"sqlite:///{found.folder}/data/candel.sqlite")


def database_of_a_slash_too_few(found: Installation) -> None:
    found.write(database_url="sqlite://var/lib/candle.sqlite", lists_dir=f"{found.folder}/data")


def no_tables(found: Installation) -> None:
    found.database.write(lambda c: c.exec_driver_sql("DROP TABLE alembic_version"))


def older_tables(found: Installation) -> None:
    found.database.write(lambda c: c.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'"))


def old_backup(found: Installation) -> None:
    found.looked_at["now"] = MOMENT + timedelta(days=5)
    row = {"name": "/usb/ahead.sqlite", "made_on": MOMENT.date() + timedelta(days=400), "lapses_on": date.max}
    found.database.write(lambda c: c.execute(insert(backups).values(row)))  # by a clock that was wrong


def no_backup(found: Installation) -> None:
    found.database.write(lambda c: c.execute(backups.delete()))


def due_copy(found: Installation) -> None:
    kept, day = found.folder / "backups" / "older.sqlite", MOMENT.date() - timedelta(days=40)
    kept.touch(0o600)
    kept.write_bytes(b"SQLite format 3\0")
    row = {"name": str(kept), "made_on": day, "lapses_on": day + timedelta(days=30)}
    found.database.write(lambda c: c.execute(insert(backups).values(row)))


def hanging_staff(found: Installation) -> None:
    old = found.settings().approval_key
    found.database.write(lambda c: staff.add(c, "olga", [old], MOMENT.date()))
    found.key.write_text(MADE)
    (found.folder / "older").write_text(old)
    (found.folder / "older").chmod(0o600)
    found.write(approval_key_fallbacks_file=str(found.folder / "older"))


def log_changed(found: Installation) -> None:
    scribe = Scribe("olga", list(found.settings().approval_keys), lambda: MOMENT)
    found.database.write(lambda c: scribe.record(c, "downloaded", "mikita batch 1"))
    found.database.write(lambda c: c.execute(update(staff_log).values(who="ivan")))


def clock_adrift(found: Installation) -> None:
    found.looked_at["clock"] = lambda: False


def little_space(found: Installation) -> None:
    found.looked_at["least_free"] = 1 << 60


def torn_font(found: Installation) -> None:
    fonts = Path(shutil.copytree(FONTS, found.folder / "fonts"))
    torn = fonts / FAMILIES[0].file
    torn.write_bytes(torn.read_bytes()[:-1000])
    found.looked_at["fonts"] = fonts


def other_versions(found: Installation) -> None:
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    (found.folder / "pins").write_text(pins.replace("flask==", "flask==0."))
    found.looked_at["pins"] = found.folder / "pins"


def redis_away(found: Installation) -> None:
    found.write(limits_url="redis://:secret@127.0.0.1:1/0")


def redis_that_hides_its_settings(found: Installation) -> None:
    """As one that somebody else runs for us: it knows no CONFIG."""

    def unknown(*_: object) -> None:
        raise ResponseError("unknown command 'CONFIG'")

    found.write(limits_url="redis://127.0.0.1:1/0")
    found.monkeypatch.setattr(Redis, "ping", bool)
    found.monkeypatch.setattr(Redis, "config_get", unknown)


def redis_that_keeps_no_counts(found: Installation) -> None:
    found.write(limits_url="redis://127.0.0.1:1/99")
    found.monkeypatch.setattr(Redis, "ping", Mock(side_effect=ResponseError("DB index is out of range")))


def headers_missing(found: Installation) -> None:
    found.web.headers = {"Content-Security-Policy": None, "X-Content-Type-Options": None}


def header_of_another(found: Installation) -> None:
    found.web.headers = {"Referrer-Policy": "no-referrer"}


def form_elsewhere(found: Installation) -> None:
    here = found.settings().receiver_url.encode()
    found.web.change = lambda body: body.replace(here, b"https://old.example.org")


def page_away(found: Installation) -> None:
    found.write(site_url=["https://candle.example.org:1"])


def receiver_away(found: Installation) -> None:
    found.web.receiver = None


def desk_is_public(found: Installation) -> None:
    from receiver.app import create_app

    config = found.settings()
    found.web.receiver = create_app(
        type(config)(**(vars(config) | {"staff_url": config.receiver_url})), found.database
    )


def certificate_ends(found: Installation) -> None:
    found.looked_at["now"] = MOMENT + timedelta(days=80)


def certificate_not_trusted(found: Installation) -> None:
    found.monkeypatch.delenv("SSL_CERT_FILE")


def unit_of_before(found: Installation) -> None:
    unit = found.looked_at["units"] / "candle-desk.service"
    own = b"# \xe9\nIPAddressAllow=10.8.0.2\n"  # of an editor that writes Latin-1
    unit.write_bytes(unit.read_bytes().replace(b"Group=candle-public\n", b"") + own)


def unit_unreadable(found: Installation) -> None:
    found.monkeypatch.setattr("os.access", lambda path, _: Path(path).name != "candle-desk.service")


def timer_not_enabled(found: Installation) -> None:
    (found.looked_at["units"] / "timers.target.wants" / "candle-purge.timer").unlink()


def database_closed(found: Installation) -> None:
    """What it lies in is another user's, as root's after a copy."""
    close(found.monkeypatch, found.folder / "data", itself=True)


def content_closed(found: Installation) -> None:
    close(found.monkeypatch, own_content(found))


def script_not_filled_in(found: Installation) -> None:
    shutil.copy(ROOT / "deploy" / "tell.sh", found.looked_at["tell"])


def script_missing(found: Installation) -> None:
    found.looked_at["tell"].unlink()


def no_purge(found: Installation) -> None:
    found.database.write(lambda c: c.execute(marks_table.delete()))


def old_purge(found: Installation) -> None:
    found.database.write(lambda c: marks.note(c, "purge", MOMENT - timedelta(days=3)))


def purge_ahead(found: Installation) -> None:
    found.database.write(lambda c: marks.note(c, "purge", MOMENT + timedelta(days=40)))


def midnight_elsewhere(found: Installation) -> None:
    facts = own_content(found) / "mikita" / "campaign.toml"
    facts.write_text('time_zone = "Pacific/Kiritimati"\n' + facts.read_text())


def another_machine(found: Installation, part: Part, **changes: Any) -> None:
    config = replace(found.settings(), **changes)
    found.database.write(lambda c: machines.note(c, Machine(part, "post-2"), config, MOMENT))


def secret_key_elsewhere(found: Installation) -> None:
    another_machine(found, "public half", secret_key=MADE, approval_key="")


def approval_key_not_taken(found: Installation) -> None:
    """Changed, and the desk not restarted."""
    older = found.settings().approval_key
    another_machine(found, "desk")
    found.key.write_text(MADE)
    (found.folder / "older").write_text(older)
    (found.folder / "older").chmod(0o600)
    found.write(approval_key_fallbacks_file=str(found.folder / "older"))


def recipients_elsewhere(found: Installation) -> None:
    another_machine(found, "backup", age_recipients=found.web.recipients[:1])


BACKUP = "the newest backup is of"
PURGE = "the last purge was on"
SEEDED: dict[Callable[[Installation], None], tuple[str, ...]] = {
    settings_open: ("config.toml: others can read or change it; chmod o=,g-w",),
    approval_key_open: ("approval_key: others than its user can read it; chmod 600",),
    older_key_open: ("older: others than its user can read it; chmod 600",),
    database_open: ("candle.sqlite: others can read it; chmod o=",),
    backup_open: ("newest.sqlite: others can read it; chmod o=",),
    age_identity_left: ("key-1.txt: holds a secret age key",),
    guessable_key: ("CANDLE_SECRET_KEY: can be guessed; make one with",),
    keys_alike: ("CANDLE_SECRET_KEY and CANDLE_APPROVAL_KEY are alike; make each by itself",),
    one_age_key: ("CANDLE_AGE_RECIPIENTS: one key alone", "its recipients of details are others"),
    page_without_https: (
        "CANDLE_SITE_URL: http://mirror.example.org: anybody on the way",
        "its addresses are others",
        "/: Content-Security-Policy is another",
        "http://mirror.example.org: answers nothing",
    ),
    desk_at_the_receiver: ("CANDLE_STAFF_URL: none",),
    no_proxy_counted: ("CANDLE_PROXY_HOPS: 0, but",),
    proxy_passed_by: ("CANDLE_PROXY_HOPS: 1, but requests arrive through 0",),
    limits_off: ("CANDLE_RATELIMIT_ENABLED: false",),
    desk_under_the_receivers_name: ("CANDLE_STAFF_URL: none of its own",),
    secret_that_is_none: ("CANDLE_WEBHOOK_SECRETS_MIKITA: number 2 is no secret",),
    limits_nowhere: ("CANDLE_LIMITS_URL: write memory://, or redis://",),
    lists_nowhere: ("CANDLE_LISTS_DIR: /no-such-folder is no folder yet; mend",),
    secret_of_no_campaign: ("CANDLE_WEBHOOK_SECRETS_MIKITTA: there is no such campaign",),
    content_nowhere: ("contents: holds no campaign",),
    content_fault: ("campaign.toml:1: ",),
    text_kept_to_its_writer: ("en/story.md: the public half's user cannot read it; chgrp -R ",),
    program_kept_to_its_owner: ("app.py: the public half's user cannot read it; chgrp -R ",),
    content_closed: ("content: cannot be read: Permission denied; ", "content: Permission denied; let"),
    database_closed: ("data: Permission denied; let", "CANDLE_DATABASE_URL: ", "/health: answers 503"),
    no_database: ("candel.sqlite: is not there",),
    database_of_a_slash_too_few: ("_URL: var: is in no folder that is there; write four slashes",),
    no_tables: ("CANDLE_DATABASE_URL: is empty; restore a backup into it",),
    older_tables: ("its tables are of another version",),
    old_backup: (BACKUP, PURGE),
    no_backup: ("no backup was made yet",),
    due_copy: ("older.sqlite: lapsed on",),
    hanging_staff: ("an older approval key is still needed for 1 member of staff; python build.py keys",),
    secret_key_elsewhere: (
        "post-2, public half: runs with another CANDLE_SECRET_KEY than the settings here; restart it",
    ),
    approval_key_not_taken: ("post-2, desk: runs with an older CANDLE_APPROVAL_KEY than the settings here",),
    recipients_elsewhere: ("post-2, backup: was sealed to another CANDLE_AGE_RECIPIENTS than",),
    log_changed: ("the log of what staff did was changed, 1 fault; python build.py log verify",),
    clock_adrift: ("the clock is set by nobody; timedatectl set-ntp true",),
    little_space: ("MB are free; make room",),
    torn_font: (f"{FAMILIES[0].file}: is not whole; git checkout",),
    other_versions: ("flask: ",),
    redis_away: ("CANDLE_LIMITS_URL: Redis does not answer",),
    redis_that_hides_its_settings: (),
    redis_that_keeps_no_counts: ("CANDLE_LIMITS_URL: Redis does not answer",),
    headers_missing: ("Content-Security-Policy is missing", "X-Content-Type-Options is missing"),
    header_of_another: ("Referrer-Policy is another",),
    form_elsewhere: ("its form's address is another", "mikita: its form posts elsewhere"),
    page_away: ("https://candle.example.org:1: answers nothing",),
    receiver_away: ("/health: answers 404",),
    desk_is_public: ("/staff/login: the desk answers to everybody",),
    certificate_ends: ("its certificate ends in", "lapsed on", BACKUP, PURGE),
    certificate_not_trusted: ("its certificate is not believed",),
    unit_of_before: ("candle-desk.service: is another than in this checkout, without Group=candle-public",),
    unit_unreadable: ("candle-desk.service: cannot be read; chmod a+r",),
    timer_not_enabled: ("candle-purge.timer: starts nothing; systemctl enable --now candle-purge.timer",),
    script_not_filled_in: ("candle-tell: is not filled in",),
    script_missing: ("candle-tell: is not there",),
    no_purge: ("no purge was made yet; systemctl enable --now candle-purge.timer",),
    old_purge: (PURGE,),
    purge_ahead: (PURGE,),
    midnight_elsewhere: ("mikita: its day begins in Pacific/Kiritimati, and the page is built",),
}


def test_there_is_nothing_to_mend_on_a_right_installation(installation: Installation) -> None:
    assert installation.examine() == []


@pytest.mark.parametrize("seed", SEEDED, ids=lambda seed: seed.__name__)
def test_what_is_wrong_is_named_with_its_remedy_and_nothing_else_is(
    installation: Installation, seed: Callable[[Installation], None]
) -> None:
    seed(installation)
    found, expected = installation.examine(), SEEDED[seed]
    assert [told for told in expected if not any(told in line for line in found)] == [], found
    assert [line for line in found if not any(told in line for told in expected)] == []
    assert all("; " in line for line in found)
    config = installation.settings()
    assert not [key for key in (*config.secret_keys, *config.approval_keys) if key in "".join(found)]


def test_a_draft_is_not_missed_on_the_page(installation: Installation) -> None:
    content = own_content(installation)
    shutil.copytree(content / "mikita", content / "later")
    facts = content / "later" / "campaign.toml"
    facts.write_text("draft = true\n" + facts.read_text())
    assert installation.examine() == []


def test_who_writes_to_the_database_makes_a_warning_of_machines_and_no_more(
    installation: Installation,
) -> None:
    """The public half's role can: thousands of rows, and a name that would command a terminal or lie."""
    forged = {"name": "all right\n\x1b[2Jnothing to mend", "part": "x", "seen_at": MOMENT, "secret_key": "0"}
    rows = [forged | {"id": str(number)} for number in range(3000)]
    installation.database.write(lambda c: c.execute(insert(machines_table), rows))
    found = installation.examine()
    assert len(found) == 21
    assert found[0].startswith("unnamed, x: runs with another CANDLE_SECRET_KEY")
    assert found[-1].startswith("2980 more machines")


def test_what_is_kept_for_a_folder_that_is_gone_is_named(installation: Installation, submit: Submit) -> None:
    for slug in ("nikita", "n" * 300):  # the latter as somebody writes it who writes to the database
        submit(installation.database, campaign=slug)
    told = installation.examine()
    assert len(told) == 2
    assert "content/nikita: missing, and messages are kept for it" in told[0]
    close(installation.monkeypatch, own_content(installation))  # and now nobody can tell
    assert not [line for line in installation.examine() if "missing, and" in line]


def test_a_slip_in_a_text_is_told_once(installation: Installation) -> None:
    content = own_content(installation)
    (content / "mikita/en/story.md").write_text("no heading\n")
    told = installation.examine()
    assert not [line for line in told if "WEBHOOK" in line]
    assert [line for line in told if "story.md" in line]


def test_a_midnight_that_is_in_the_timer_is_not_missed(installation: Installation) -> None:
    midnight_elsewhere(installation)
    drop_in = installation.looked_at["units"] / "candle-page.timer.d" / "override.conf"
    drop_in.parent.mkdir()
    drop_in.write_text("[Timer]\nOnCalendar=*-*-* 00:02 Pacific/Kiritimati\n")
    assert installation.examine() == []


def test_without_units_none_are_missed(installation: Installation, tmp_path: Path) -> None:
    """As in containers."""
    installation.looked_at["units"] = tmp_path / "nowhere"
    installation.looked_at["tell"].unlink()
    assert installation.examine() == []
