"""The tables: what is kept, and the constraints that the database itself holds."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from campaign.storage.columns import Moment, Sequence, metadata, one_of
from campaign.storage.staff_tables import ROLES as ROLES
from campaign.storage.staff_tables import guesses as guesses
from campaign.storage.staff_tables import sessions as sessions
from campaign.storage.staff_tables import staff as staff
from campaign.storage.staff_tables import staff_log as staff_log
from campaign.storage.staff_tables import staff_log_end as staff_log_end
from campaign.storage.staff_tables import staff_log_today as staff_log_today
from campaign.storage.untrusted_values import read_anything

MESSAGE_STATES = ("waiting", "approved", "rejected", "withdrawn")
DECIDED = text("reviewed_on IS NOT NULL")  # for SQLite, as below: PostgreSQL has it from the migrations
BATCH_STATES = ("planned", "rendered", "printed", "posted", "void")

messages = Table(
    "messages",
    metadata,
    Column("sequence", Sequence, primary_key=True, autoincrement=True),  # the order of arrival
    Column("id", String(32), nullable=False, unique=True),  # opaque and random: tells no order, no count
    Column("campaign", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("flags", JSON, nullable=False),  # [{"kind", "field", "start", "end"}]
    Column("flood", Boolean, nullable=False, default=False),  # came while flood mode was on
    Column("wall", Boolean, nullable=False, default=False),  # may be shown on the page
    Column("updates", Boolean, nullable=False, default=False),  # wants news of the campaign
    Column("received_on", Date, nullable=False),  # to the day: an exact time could tell who wrote
    Column("consent_version", String(16), nullable=False),
    Column("consent_language", String(16), nullable=False),
    Column("likeness", String(32), nullable=False, index=True),  # same for the same words written otherwise
    Column("receipt_digest", String(64), unique=True),  # null once erased
    Column("approval", Text),  # signs the exact text; a text changed since is not printed
    Column("reviewed_by", String(64)),
    Column("reviewed_on", Date),
    Column("reason", Text),  # why it was rejected
    Column("translation", Text),  # for staff, and printed where the approval says so
    Column("translated_into", String(16)),
    Column("translated_by", String(64)),
    Column("prints", String(16), nullable=False, server_default="original"),  # what a card shows: as approved
    Column("redactions", JSON, nullable=False),  # [{"by", "on", "field", "why"}], never what was cut
    Column("erased_on", Date),  # the row stays so that counts and batches hold; its words are gone
    one_of("state", MESSAGE_STATES),
    # It alone answers how many there are in each state, and finds the oldest of them in turn.
    Index("ix_messages_queue", "campaign", "state", "erased_on", "sequence", "flood"),
    # What was decided last. Only of what was decided, so that it costs nothing while supporters write.
    Index(
        *("ix_messages_decided", "campaign", "state", "erased_on", "reviewed_on", "sequence"),
        sqlite_where=DECIDED,
    ),
    # What came in a flood. That it did stands in it too, or SQLite would take the index of the queue.
    Index("ix_messages_flood", "campaign", "state", "erased_on", "flood", sqlite_where=text("flood = 1")),
    # By whom, for how a campaign goes. A reason may be longer than PostgreSQL indexes.
    Index("ix_messages_judged", "campaign", "state", "erased_on", "reviewed_by", sqlite_where=DECIDED),
)

# How many came on a day in a language, of messages up to a number: so that old ones are counted once.
arrivals = Table(
    "arrivals",
    metadata,
    Column("up_to", Sequence, primary_key=True, autoincrement=False),
    Column("campaign", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("language", String(16), primary_key=True),
    Column("messages", Integer, nullable=False),
)

# Waiting messages that are kept out of the queue, with what their reviewer noted.
asides = Table(
    "asides",
    metadata,
    Column("message", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("note", Text, nullable=False),
    Column("by", String(64), nullable=False),
    Column("on", Date, nullable=False),
)

# Waiting messages that one person approved, where two are asked.
first_approvals = Table(
    "first_approvals",
    metadata,
    Column("message", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("on", Date, nullable=False),
    Column("part", Text, nullable=False),  # signs the exact words in this person's name
)

# Who looks at which message now: a courtesy, which nothing is decided by.
presence = Table(
    "presence",
    metadata,
    Column("message", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("by", String(64), nullable=False),
    Column("seen_at", Moment, nullable=False, index=True),
)

# What a message was before it was cut. Apart from it, so that whoever lists messages cannot show it.
originals = Table(
    "originals",
    metadata,
    Column("message", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("flags", JSON, nullable=False),
    Column("translation", Text),
    Column("translated_into", String(16)),
    Column("translated_by", String(64)),
    Column("redactions", JSON, nullable=False),
    Column("kept_on", Date, nullable=False),
)

details = Table(
    "details",
    metadata,
    Column("message", ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # age ciphertext of padded JSON; no key here opens it
)

used_tokens = Table(
    "used_tokens",
    metadata,
    Column("token", String(64), primary_key=True),  # the token's own id, not the signed string
    Column("message", String(32), nullable=False, index=True),
    Column("words_digest", String(64), nullable=False),  # keyed: tells "the same words again" from others
    Column("expires_at", Moment, nullable=False, index=True),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("campaign", String(64), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3 … within the campaign
    Column("state", String(16), nullable=False),
    Column("press", JSON, nullable=False),  # its ticket: card, sheet, duplex, offset, versions, font hashes
    Column("files", JSON, nullable=False),  # [{"name", "sha256", "bytes", "reprint"}] of the rendered files
    Column("cards", Integer, nullable=False),
    Column("reprints", Integer, nullable=False, default=0),
    Column("planned_at", Moment, nullable=False),
    Column("rendered_at", Moment),
    Column("printed_at", Moment),
    Column("posted_on", Date),
    Column("void_reason", Text),
    one_of("state", BATCH_STATES),
    UniqueConstraint("campaign", "number"),
)

slots = Table(
    "slots",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("batch", ForeignKey("batches.id"), nullable=False),
    Column("message", String(32), nullable=False, index=True),
    Column("card", Integer, nullable=False),  # 1, 2, 3 … within the batch
    Column("position", Integer, nullable=False),  # 1 is the uppermost message of the card
    Column("text_sha256", String(64), nullable=False),
    Column("live", Boolean, nullable=False, default=True),  # false once spoiled or void
    Column("in_book_on", Date),  # the day of the first keepsake that holds it; only then it may be erased
    UniqueConstraint("batch", "card", "position"),
    # The promise "never a card twice", kept by the database: one live slot a message.
    Index("uq_slots_live_message", "message", unique=True, sqlite_where=text("live = 1")),
)

petition_events = Table(
    "petition_events",
    metadata,
    Column("campaign", String(64), primary_key=True),
    Column("webhook_id", String(255), primary_key=True),
    Column("type", String(64), nullable=False),
    Column("happened_at", Moment, nullable=False),
    Column("signatures", Integer),  # only of `petition.signatures`
    Column("received_at", Moment, nullable=False, index=True),
    Index("ix_petition_events_time", "campaign", "happened_at"),
)

petition_counts = Table(
    "petition_counts",
    metadata,  # what the events that are no longer kept came to
    Column("campaign", String(64), primary_key=True),
    Column("signatures", Integer, nullable=False),  # the latest absolute count among them
    Column("counted_at", Moment, nullable=False),  # its time
    Column("signed", Integer, nullable=False),  # the single signatures later than that
    Column("until", Moment, nullable=False),  # the time of the latest event among them
)

petition_days = Table(
    "petition_days",
    metadata,  # the count as each day's purge found it
    Column("campaign", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("signatures", Integer, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("campaign", String(64), nullable=False),
    Column("message", String(32), nullable=False),
    Column("what", String(32), nullable=False),  # "details" or "message"
    Column("why", String(64), nullable=False),  # "withdrawn", "erased by staff", "retention"
    Column("erased_on", Date, nullable=False),
)

backups = Table(
    "backups",
    metadata,  # so that an erasure can name the copies that still hold what was erased
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("lapses_on", Date, nullable=False),
)

keepsakes = Table(
    "keepsakes",
    metadata,  # when the family's keepsake was made; which messages it holds is said by their slots
    Column("campaign", String(64), primary_key=True),
    Column("made_on", Date, primary_key=True),
    # Of what the latest one holds, how much people took back since: then a newer one is needed.
    Column("taken_back", Integer, nullable=False, default=0, server_default="0"),
    Column("sha256", String(64)),  # of the day's last one, to know it by
)

health = Table(
    "health",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("proved_at", Moment, nullable=False),
)

marks = Table(
    "marks",
    metadata,  # what happened last and how much of it: for the operator, and about nobody
    Column("id", Sequence, primary_key=True, autoincrement=True),
    Column("name", String(32), nullable=False),
    Column("happened_at", Moment, nullable=False),
    Column("number", Integer, nullable=False),
)

machines = Table(
    "machines",
    metadata,  # what runs on this database, and letters that tell its keys from others': for the operator
    Column("id", String(32), primary_key=True),  # random, of one start
    Column("name", String(64), nullable=False),
    Column("part", String(16), nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("secret_key", String(8)),
    Column("approval_key", String(8)),
    Column("age_recipients", String(8)),
)

read_anything(metadata)
