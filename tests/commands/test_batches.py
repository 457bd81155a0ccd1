"""`build.py cards`, `proof` and `batches`: from review to the post."""

import json
from datetime import UTC, datetime, timedelta
from unittest.mock import Mock

import pytest

from campaign.content import opening_days
from campaign.errors import CandleError
from campaign.ledger import transitions

pytestmark = pytest.mark.slow  # each command is a process of its own


def test_a_message_goes_from_review_to_the_post(build, sent, tmp_path):
    first, second, third = sent
    assert build("messages", "mikita", "approve", first, second).stdout == "approved: 2\n"
    assert build("messages", "mikita", "reject", third, "--why", "an address").returncode == 0
    printed = build("cards", "mikita", "--final")
    assert printed.returncode == 0, printed.stderr
    folder = tmp_path / "_build" / "cards" / "mikita" / "batch-0001"
    names = ["cover.pdf", "manifest.csv", "manifest.json", "sheets.pdf"]
    assert sorted(file.name for file in folder.iterdir()) == names
    proofed = build("proof", str(folder / "sheets.pdf"))
    assert proofed.returncode == 0
    assert [column in proofed.stdout for column in ("check", "found", "faults", "none")] == [True] * 4
    assert "sheets of two sides: 1" in proofed.stdout
    named = tmp_path / "[" / "b] :x:.pdf"  # as markup, the end of what never began, and a sign
    named.parent.mkdir()
    named.write_bytes((folder / "sheets.pdf").read_bytes())
    assert "[/b]:x:.pdf" in "".join(build("proof", str(named)).stdout.split())
    spoiled = tmp_path / "spoiled.pdf"
    spoiled.write_bytes((folder / "sheets.pdf").read_bytes()[:-2000])
    refused = build("proof", str(spoiled))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert f"{spoiled}: " in refused.stderr
    before = (folder / "sheets.pdf").read_bytes()
    assert "The same bytes" in build("batches", "mikita", "reprint", "1").stdout
    assert (folder / "sheets.pdf").read_bytes() == before
    assert build("batches", "mikita", "posted", "1").returncode == 1, "it is not printed yet"
    assert build("batches", "mikita", "printed", "1").returncode == 0
    wrong = build("batches", "mikita", "posted", "1", "--on", "11/28/2026")
    assert wrong.returncode == 2
    assert "28.11.2026" in wrong.stderr
    today = datetime.now(UTC).strftime("%d.%m.%Y")
    assert build("batches", "mikita", "posted", "1", "--on", today).returncode == 0
    assert build("batches", "mikita", "void", "1", "--why", "too late").returncode == 1
    assert "reprinted 1 time\n" in build("batches", "mikita").stdout
    (batch,) = json.loads(build("batches", "mikita", "list", "--json").stdout)
    assert (batch["number"], batch["state"], batch["press"]["card"]) == (1, "posted", "A6")
    assert "ticket" not in batch


def test_what_is_posted_where_the_day_has_begun_is_not_of_the_future(invoke, monkeypatch):
    """In Minsk, in the first three hours of it: as at the desk."""
    there = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr(opening_days, "now", lambda: there)
    told = Mock(side_effect=CandleError("enough"))
    monkeypatch.setattr(transitions, "mark_posted", told)
    invoke("batches", "mikita", "posted", "1")
    assert told.call_args[0][3:] == (there.date(), there.date())


def test_spoiled_cards_are_void_and_their_messages_printed_again(build, sent):
    build("messages", "mikita", "approve", *sent)
    build("cards", "mikita", "--final")
    voided = build("batches", "mikita", "void", "1", "--cards", "1", "--why", "jam").stdout
    assert "1 card void, 3 messages free for a new card" in voided
    assert "0 cards of 1, 0 messages" in build("batches", "mikita", "show", "1").stdout
    again = build("cards", "mikita", "--final")
    assert "batch 2 of mikita: 3 messages" in again.stdout
