"""Translations for staff, which are never printed: what to translate, and what came back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select, update

from campaign.errors import CandleError
from campaign.messages import queries
from campaign.messages.message import Message, text_sha256
from campaign.storage.chunks import chunks
from campaign.storage.tables import messages as kept
from campaign.text.normalising import normalise

LONGEST = 4000  # characters; the longest message has 800, and no language takes five for one


class TranslationError(CandleError):
    """Translations that cannot be taken: one line for each fault, with its place and remedy."""


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


class _Outdated(TranslationError):
    """The message changed since it was exported, which is nobody's fault."""


def to_translate(connection: Connection, campaign: str, *, everything: bool = False) -> list[Message]:
    """List what waits or is approved and has no translation yet, or with `everything` every message."""
    states = (None,) if everything else ("waiting", "approved")
    listed = [message for state in states for message in queries.list_messages(connection, campaign, state)]
    wanted = (message for message in listed if everything or not message.translation)
    return sorted(wanted, key=lambda message: message.order)


def normalise_translation(translation: str) -> str:
    """Bring a translation to the form in which it is kept.

    Raises:
        TranslationError: it is longer than any translation.
    """
    text = normalise(translation).text
    if len(text) > LONGEST:
        raise TranslationError(f"longer than {LONGEST} characters; shorten it")
    return text


def store_translations(
    connection: Connection, campaign: str, came_back: Sequence[Translation], *, skip_changed: bool = False
) -> StoredTranslations:
    """Keep translations, all of them or none.

    With `skip_changed` those whose message was changed or erased since are left out, and the others kept.

    Raises:
        TranslationError: naming each fault; nothing is kept.
    """
    texts = _texts(connection, campaign, [one.message for one in came_back])
    faults: list[str] = []
    outdated: list[str] = []
    rows: dict[str, str] = {}
    for one in came_back:
        try:
            if one.message in rows:
                raise TranslationError("the same message stands above; keep one of the two lines")
            _check(one, texts)
            rows[one.message] = normalise_translation(one.translation)
        except _Outdated as error:
            (outdated if skip_changed else faults).append(f"{one.place}: {one.message}: {error}")
        except TranslationError as error:
            faults.append(f"{one.place}: {one.message}: {error}")
    if faults:
        raise TranslationError("\n".join([*faults, "nothing was imported"]))
    _write(connection, rows)
    return StoredTranslations(len(rows), tuple(outdated))


def _check(one: Translation, texts: Mapping[str, str]) -> None:
    """Refuse a translation of a message that is not there, or not the same any more."""
    if one.message not in texts:
        raise TranslationError("no message of this campaign has this id; take the line out")
    text = texts[one.message]
    if not text:
        raise _Outdated("it was erased since; take the line out, or run it with --skip-changed")
    if one.text_sha256.lower() != text_sha256(text):
        raise _Outdated("its text was changed since; export it again, or run it with --skip-changed")


def _texts(connection: Connection, campaign: str, identifiers: Sequence[str]) -> dict[str, str]:
    """Read the texts of messages by their ids, and hold them as they are; an erased one is empty."""
    wanted = (identifier for identifier in identifiers if identifier.isascii() and identifier.isalnum())
    texts: dict[str, str] = {}
    for some in chunks(wanted):
        chosen = select(kept.c.id, kept.c.text).where(kept.c.id.in_(some), kept.c.campaign == campaign)
        texts |= {row.id: row.text for row in connection.execute(chosen.with_for_update())}
    return texts


def _write(connection: Connection, translations: Mapping[str, str]) -> None:
    """Write in one statement that is run many times: meanwhile SQLite lets nobody else write."""
    if translations:
        statement = update(kept).where(kept.c.id == bindparam("of")).values(translation=bindparam("words"))
        rows = [{"of": identifier, "words": words or None} for identifier, words in translations.items()]
        connection.execute(statement, rows)
