"""The log of staff, written at the desk: a row for everything that is done there."""

from __future__ import annotations

import re
import secrets
import sys
from datetime import UTC, datetime

import pytest

from campaign.accounts import staff, staff_log
from campaign.accounts.staff_log_check import verify
from campaign.keeping import made_keepsakes
from campaign.ledger import batch_folders
from campaign.messages import review
from campaign.storage.database import InDoubt, NotStored
from receiver.http.headers import for_staff
from receiver.staff.press_runs import PressRuns
from tests.conftest import APPROVAL_KEY, TODAY
from tests.receiver.conftest import OWN, csrf_in, log_in
from tests.support.ledger import put_in_batch
from tests.support.review import get

pytestmark = pytest.mark.slow  # each logs in

KEYS = [APPROVAL_KEY]
WORDS = "Stay strong! Write to Maria."
PASSWORD = "five or six words of mine"
# What each route leaves in the log once it has done what it is for. A route that is not here changes nothing.
ROWS = {
    "staff.log_in": "signed in",
    "staff.log_out": "signed out",
    "staff.log_out_everywhere": "signed out everywhere",
    "account.change_password": "changed the password",
    "invitation.accept": "accepted the invitation",
    "second_factor.ask": "gave a wrong code",
    "second_factor.enrol": "enrolled a phone",
    "decisions.approve": "approved",
    "decisions.reject": "rejected",
    "decisions.set_aside": "set aside",
    "decisions.reopen": "reopened",
    "decisions.cut": "cut",
    "decisions.restore": "put back",
    "decisions.translate": "translated",
    "undo.undo": "reopened",
    "groups.approve": "approved",
    "batches.run": "started",
    "batches.stop": "stopped",
    "batches.printed": "printed",
    "batches.posted": "posted",
    "batches.void": "took back",
    "downloads.batch": "downloaded",
    "downloads.keepsake": "downloaded",
}
WITHOUT_WORDS = {"downloads.sample", "downloads.calibrate"}  # they hold nobody's words
ELSEWHERE = {"second_factor.ask", "second_factor.enrol", "invitation.accept"}  # a test of their own below


def entries(database) -> list[tuple[str, str, str]]:
    """Return who did what about what, those without a number last."""
    with database.read() as connection:
        found = [row.entry for row in staff_log.read_rows(connection)]
        found += [one.entry for one in staff_log.read_decisions(connection)]
        assert verify(connection, KEYS).faults == ()
    return [(one.who, one.what, one.about) for one in found]


class Walk:
    """Every route of the desk, used for what it is for."""

    def __init__(self, desk, database, submit, settings, tmp_path):
        self.desk, self.database, self.submit = desk, database, submit
        self.settings, self.tmp_path = settings, tmp_path

    def post(self, path: str, **fields: str):
        fields["csrf_token"] = csrf_in(self.desk.get("/staff/account"))
        headers = {"Referer": f"{OWN}/"}
        answer = self.desk.client.post(f"/staff/{path}", base_url=OWN, data=fields, headers=headers)
        assert answer.status_code == 303, answer.text
        page = self.desk.get("/staff/mikita/batches").text
        assert 'class="told fault" role' not in page, page

        return answer

    def decide(self, step: str, *done, **fields: str) -> str:
        message = get(self.database, self.submit(self.database, WORDS).message)
        self.database.write(lambda c: [earlier(c, message.id) for earlier in done])
        message = get(self.database, message.id)
        seen = {"state": message.state, "seen": message.fingerprint}
        self.post(f"mikita/{message.id}/{step}", **seen, **fields)
        return f"mikita {message.id}"

    def in_batch(self, number: int, state: str) -> None:
        message = self.submit(self.database).message
        self.database.write(lambda c: review.approve(c, message, "olga", KEYS, TODAY))
        put_in_batch(self.database, [message], number, state=state)

    def staff_log_in(self):
        name = secrets.token_hex(4)
        password = self.database.write(lambda c: staff.add(c, name, KEYS, TODAY))
        log_in(self.desk.client, name, password)
        return "the desk"

    def staff_log_out(self):
        self.staff_log_in()
        self.post("logout")

    def staff_log_out_everywhere(self):
        self.staff_log_in()
        self.post("logout-everywhere")

    def account_change_password(self):
        password = self.database.write(lambda c: staff.add(c, "paul", KEYS, TODAY))
        log_in(self.desk.client, "paul", password)
        self.post("account/password", current=password, new=PASSWORD, again=PASSWORD)
        return "paul"

    def decisions_approve(self):
        return self.decide("approve")

    def decisions_reject(self):
        return self.decide("reject", why="Spam, and names Maria")

    def decisions_set_aside(self):
        return self.decide("aside", note="Who reads Odia?")

    def decisions_reopen(self):
        return self.decide("reopen", lambda c, one: review.reject(c, one, "olga", "Spam", TODAY))

    def groups_approve(self):
        message = get(self.database, self.submit(self.database, WORDS).message)
        self.post("mikita/groups", **{f"seen:{message.id}": message.fingerprint})
        return f"mikita {message.id}"

    def undo_undo(self):
        about = self.decide("reject", why="Spam")
        self.post("mikita/undo", step=f"rejected {about.split()[1]} 1")
        return about

    def decisions_cut(self):
        return self.decide("cut", why="a name, of a friend", **{"message:22:27": "y"})

    def decisions_restore(self):
        from campaign.text.flag import Flag

        cut = Flag("removed", "message", 22, 27)
        return self.decide("restore", lambda c, one: review.redact(c, one, [cut], "olga", KEYS, TODAY))

    def decisions_translate(self):
        return self.decide("translate", translation="Words of Maria's")

    def batches_run(self):
        self.post("mikita/batches/run", what="sample")
        return "mikita: sample"

    def batches_stop(self):
        self.post("mikita/batches/stop")

    def batches_printed(self):
        self.in_batch(1, "rendered")
        self.post("mikita/batches/1/printed", sure="y")
        return "batch 1 of mikita"

    def batches_posted(self):
        self.in_batch(2, "printed")
        self.post("mikita/batches/2/posted", on=str(datetime.now(UTC).date()), sure="y")
        return "batch 2 of mikita"

    def batches_void(self):
        self.in_batch(3, "printed")
        self.post("mikita/batches/3/void", why="spoiled, says Maria", cards="1", sure="y")
        return "card 1 of batch 3 of mikita"

    def downloads_batch(self):
        self.in_batch(4, "rendered")
        folder = batch_folders.of_batch(self.settings.build_dir, "mikita", 4)
        folder.mkdir(parents=True)
        (folder / "sheets.pdf").write_bytes(b"%PDF")
        assert self.desk.get("/staff/mikita/batches/4/files.zip").status_code == 200
        return "batch 4 of mikita"

    def downloads_keepsake(self):
        file = made_keepsakes.default_file(self.settings.build_dir, "mikita")
        file.parent.mkdir(parents=True)
        file.write_bytes(b"%PDF")
        assert self.desk.get("/staff/mikita/keepsake.pdf").status_code == 200
        return "the keepsake of mikita"


@pytest.fixture
def long_run(monkeypatch):
    """A run of the press that goes on until it is stopped."""
    code = "import time; time.sleep(60)"
    monkeypatch.setattr("receiver.staff.press_runs.COMMAND", (sys.executable, "-c", code))


def test_a_route_that_changes_something_or_gives_words_away_has_its_row(app):
    routes = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if for_staff(rule.rule) and ("POST" in rule.methods or rule.endpoint.startswith("downloads."))
    }
    assert routes - WITHOUT_WORDS == ROWS.keys()


def test_everything_that_is_done_at_the_desk_is_in_the_log(
    desk, database, submit, settings, tmp_path, long_run
):
    walk = Walk(desk, database, submit, settings, tmp_path)
    last = {"staff.log_in", "staff.log_out", "staff.log_out_everywhere", "account.change_password"}
    for endpoint in sorted(ROWS.keys() - ELSEWHERE - last) + sorted(last, reverse=True):
        before = entries(database)
        about = getattr(walk, endpoint.replace(".", "_"))()
        new = [one for one in entries(database) if one not in before or one[1] == "signed out"]
        assert any(ROWS[endpoint] == what and about in (None, told) for _, what, told in new), (endpoint, new)
    written = str(entries(database))
    assert "Maria" not in written  # no word of a message, and none that somebody typed
    assert "spoiled" not in written
    assert {who for who, what, _ in entries(database) if what not in ("signed in", "signed out")} >= {"olga"}


def test_what_was_refused_is_not_in_the_log(desk, database, message):
    before = entries(database)
    page = desk.get()
    desk.press(page, "reject", why="  ")
    database.write(lambda c: review.reject(c, message.id, "ivan", "Spam", TODAY))
    desk.press(page, "approve")
    assert entries(database) == before


def test_an_erased_message_leaves_its_number_in_the_log_and_nothing_else(desk, database, message):
    desk.press(desk.get(), "approve")
    from campaign.keeping import erasure

    database.write(lambda c: erasure.erase(c, message.id, "withdrawn", TODAY))
    assert entries(database)[-1] == ("olga", "approved", f"mikita {message.id}")


def write_some(database, many: int) -> None:
    """Write so many rows, of a reviewer and in turn of somebody at a shell."""

    def work(connection) -> None:
        for number in range(many):
            by = staff_log.Scribe("shell" if number % 2 else "ivan", KEYS)
            by.record(connection, "printed", f"batch {number} of mikita")

    database.write(work)


def test_a_coordinator_reads_it_the_newest_first(desk, database, message):
    desk.press(desk.get(), "approve")
    page = desk.get("/staff/log")
    rows = re.findall(r"(?s)<tr>\s*<td>(.*?)</tr>", page.text)
    link = f'<a href="/staff/mikita/?message={message.id}">message {message.id} of mikita</a>'
    assert f"<td>approved {link}</td>" in rows[0]
    assert rows[0].startswith("–")
    assert "<td>signed in</td>" in rows[1]
    assert 'href="/staff/log"' in desk.get().text


def test_each_row_is_a_sentence(desk, database):
    def work(connection) -> None:
        by = staff_log.Scribe("ivan", KEYS)
        by.record(connection, "took back", "card 2 of batch 1 of mikita")
        by.record(connection, "made a batch", "batch 1 of mikita")
        by.record(connection, "added", "petr, reviewer")
        by.record(connection, "started", "mikita: reprint")
        by.record(connection, "cut", "mikita <m1>")

    database.write(work)
    page = desk.get("/staff/log").text
    took, made, added = (
        "took back card 2 of batch 1 of mikita",
        "made batch 1 of mikita",
        "added: petr, reviewer",
    )
    for said in (took, made, added, "started a run of mikita: reprint"):
        assert f"<td>{said}</td>" in page
    assert "cut words out of <a" in page
    assert ">message &lt;m1&gt; of mikita</a>" in page


def test_it_is_read_page_by_page_and_of_one_person(desk, database, message):
    desk.press(desk.get(), "approve")
    write_some(database, 120)
    seen: list[str] = []
    for number in (1, 2, 3):
        page = desk.get(f"/staff/log?page={number}").text
        assert f"{number} of 3" in page
        seen += re.findall(r"<tr>\s*<td>(.*?)</td>", page)
    assert seen == ["–", *map(str, range(121, 0, -1))]
    only = desk.get("/staff/log?who=ivan").text
    assert "1 of 2" in only
    assert "shell</td>" not in only
    assert "?who=ivan&amp;page=2" in only
    assert "Nothing yet" in desk.get("/staff/log?who=nobody").text
    olga = staff_log.Scribe("Olga", KEYS)  # as --as was written
    database.write(lambda connection: olga.record(connection, "printed", "batch 9 of mikita"))
    for who, number in (("Olga", 122), ("Ivan", 120)):
        assert f"<td>{number}</td>" in desk.get(f"/staff/log?who={who}").text
    assert desk.get("/staff/log?who=%00&page=999999999").status_code == 200


def test_a_run_that_the_log_did_not_take_is_not_said_not_to_have_begun(desk, monkeypatch):
    def full(*_: object) -> None:
        raise NotStored("the disk is full")

    page, begun = desk.get("/staff/mikita/batches"), []
    monkeypatch.setattr(PressRuns, "start", lambda _, asked: begun.append(asked))
    monkeypatch.setattr("receiver.staff.batches._record", full)
    assert desk.press(page, "batches/run", what="cards").status_code == 503
    assert begun


def test_a_step_that_may_be_in_the_log_is_not_said_to_have_changed_nothing(
    desk, database, message, monkeypatch
):
    put_in_batch(database, [message.id], state="rendered")
    page, write = desk.get("/staff/mikita/batches/1?sure=printed"), database.write

    def unanswered(work, **more) -> None:
        write(work, **more)
        raise InDoubt("the server is gone")

    with monkeypatch.context() as patched:
        patched.setattr(database, "write", unanswered)
        assert desk.press(page, "/printed").status_code == 503
    assert "Nothing was changed" not in desk.get("/staff/mikita/batches/1").text
