"""Translations, for staff and for cards: what to translate, and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from campaign.errors import CandleError
from campaign.messages import queries
from campaign.messages.message import Message, text_sha256
from campaign.storage.chunks import chunks
from campaign.storage.tables import first_approvals
from campaign.storage.tables import messages as kept
from campaign.text.language_detection import is_read
from campaign.text.likeness import likeness
from campaign.text.normalising import normalise

LONGEST = 4000  # characters; the longest message has 800, and no language takes five for one
LONGEST_ID = 40  # letters of what somebody wrote for a message's id that are said again
MOST_FAULTS = 100  # of a file that are named
MOST_TYPED = 4 * LONGEST  # characters, the unseen ones too


class TranslationError(CandleError):
    """Translations that cannot be taken: one line for each fault, with its place and remedy."""


@dataclass
class Faults:
    """What is wrong with a file that came back: the first faults, and how many there are in all.

    A file of another kind has a fault on each of its lines, and nobody reads them all.
    """

    named: list[str] = field(default_factory=list)
    number: int = 0

    def add(self, fault: str) -> None:
        """Count a fault, and name it if not too many are."""
        self.number += 1
        if len(self.named) < MOST_FAULTS:
            self.named.append(fault)

    def refuse(self) -> None:
        """Refuse the file if anything is wrong with it.

        Raises:
            TranslationError: naming the faults.
        """
        more = self.number - len(self.named)
        if self.number:
            lines = [*self.named, *([f"and {more} more"] if more else []), "nothing was imported"]
            raise TranslationError("\n".join(lines))


@dataclass(frozen=True)
class Translation:
    """One translation that came back: where it stands, and the digest of the text that it translates."""

    place: str
    message: str
    text_sha256: str
    translation: str


@dataclass(frozen=True)
class StoredTranslations:
    """How many translations were kept, and those that their messages had no use for any more."""

    number: int
    left_out: tuple[str, ...] = ()
    alike: int = 0  # other messages of the very same words, which have it too now


class _Outdated(TranslationError):
    """The message changed since it was exported, which is nobody's fault."""


def to_translate(
    connection: Connection, campaign: str, *, everything: bool = False, read: Sequence[str] = ()
) -> list[Message]:
    """List what waits or is approved and has no translation yet, each text once, or `everything`.

    With `read`, the languages that the recipient reads, translations are for cards: then only what waits, and
    is in none of them.
    """
    if everything:
        return queries.list_messages(connection, campaign)
    states = ("waiting",) if read else ("waiting", "approved")
    listed = [message for state in states for message in queries.list_messages(connection, campaign, state)]
    first: dict[str, Message] = {}
    for message in sorted(listed, key=lambda message: message.order):
        done = message.has_card_translation if read else message.translation
        if not done and not (read and is_read(message.text, read)):
            first.setdefault(message.text, message)
    return list(first.values())


def normalise_translation(translation: str) -> str:
    """Bring a translation to the form in which it is kept.

    Raises:
        TranslationError: it is longer than any translation.
    """
    text = normalise(translation).text if len(translation) <= MOST_TYPED else translation
    if len(text) > LONGEST:
        raise TranslationError(f"longer than {LONGEST} characters; shorten it")
    return text


def store_translations(
    connection: Connection,
    campaign: str,
    came_back: Sequence[Translation],
    by: str,
    *,
    into: str = "",
    skip_changed: bool = False,
) -> StoredTranslations:
    """Keep translations, all of them or none, as those of whoever brings them.

    What waits with the very same words, and has none, is given it too. With `skip_changed` those whose
    message was changed or erased since are left out, and the others kept.

    Raises:
        TranslationError: naming each fault; nothing is kept.
    """
    known = _texts(connection, campaign, [one.message for one in came_back])
    faults = Faults()
    outdated: list[str] = []
    rows: dict[str, str] = {}
    for one in came_back:
        try:
            if one.message in rows:
                raise TranslationError("the same message stands above; keep one of the two lines")
            _check(one, known)
            rows[one.message] = normalise_translation(one.translation)
        except _Outdated as error:
            told = f"{one.place}: {one.message[:LONGEST_ID]}: {error}"
            (outdated.append if skip_changed else faults.add)(told)
        except TranslationError as error:
            faults.add(f"{one.place}: {one.message[:LONGEST_ID]}: {error}")
    faults.refuse()
    rows = {i: words for i, words in rows.items() if words}
    kept_by = {"into": into or None, "by": by}
    _write(connection, [kept_by | {"of": i, "words": words} for i, words in rows.items()])
    alike = [
        kept_by | {"slug": campaign, "like": likeness(known[i][0]), "same": known[i][0], "words": words}
        for i, words in rows.items()
    ]
    return StoredTranslations(len(rows), tuple(outdated), _write_alike(connection, alike))


def _check(one: Translation, known: Mapping[str, tuple[str, bool]]) -> None:
    """Refuse a translation of a message that is not there, or not the same any more."""
    if one.message not in known:
        raise TranslationError("no message of this campaign has this id; take the line out")
    text, on_paper = known[one.message]
    if not text:
        raise _Outdated("it was erased since; take the line out, or run it with --skip-changed")
    if one.text_sha256.lower() != text_sha256(text):
        raise _Outdated("its text was changed since; export it again, or run it with --skip-changed")
    if on_paper:
        raise _Outdated("it is approved with another translation; take that back first, or --skip-changed")


def _texts(connection: Connection, campaign: str, identifiers: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Read the texts of messages by their ids, and hold them as they are; an erased one is empty.

    With each, whether it is approved together with a translation.
    """
    wanted = (identifier for identifier in identifiers if identifier.isascii() and identifier.isalnum())
    texts: dict[str, tuple[str, bool]] = {}
    columns = (kept.c.id, kept.c.text, kept.c.state, kept.c.prints)
    for some in chunks(wanted):
        chosen = select(*columns).where(kept.c.id.in_(some), kept.c.campaign == campaign)
        for row in connection.execute(chosen.with_for_update()):
            texts[row.id] = row.text, row.state == "approved" and row.prints != "original"
    return texts


_VALUES: dict[str, Any] = {
    "translation": bindparam("words"),
    "translated_into": bindparam("into"),
    "translated_by": bindparam("by"),
    "prints": "original",  # until somebody approves it so
}


def _write(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Write in one statement that is run many times: meanwhile SQLite lets nobody else write."""
    if rows:
        connection.execute(update(kept).where(kept.c.id == bindparam("of")).values(_VALUES), rows)
        first_approved = delete(first_approvals).where(first_approvals.c.message == bindparam("of"))
        connection.execute(first_approved, [{"of": row["of"]} for row in rows])


def _write_alike(connection: Connection, rows: list[dict[str, Any]]) -> int:
    if not rows:
        return 0
    same = (kept.c.likeness == bindparam("like"), kept.c.text == bindparam("same"))
    waits = (kept.c.campaign == bindparam("slug"), kept.c.state == "waiting")
    without = (*same, *waits, kept.c.translation.is_(None))
    first_approved = first_approvals.c.message.in_(select(kept.c.id).where(*without))
    connection.execute(delete(first_approvals).where(first_approved), rows)
    return connection.execute(update(kept).where(*without).values(_VALUES), rows).rowcount
