"""Totals: how many messages a campaign has, as the page shows them and by state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BindParameter, Connection, ScalarSelect, Select, String, bindparam, func, select, true

from campaign.messages import second_approval
from campaign.storage.tables import asides, batches, messages, slots

MOST_COUNTED = 10_000  # on every page of the desk: each of 100,000 would be half of what a page takes


@dataclass(frozen=True)
class Totals:
    """What the page shows: messages approved, and messages whose card was posted."""

    messages: int
    posted: int


@dataclass(frozen=True)
class ByState:
    """How many messages are in which state; of those that wait, some are set aside.

    `once` says by whom some are approved that wait for a second pair of eyes; `flood` of the others came in
    one.
    """

    waiting: int = 0
    flood: int = 0
    aside: int = 0
    approved: int = 0
    rejected: int = 0
    once: Mapping[str, int] = field(default_factory=dict)

    @property
    def queued(self) -> int:
        """How many wait that nobody set aside or approved."""
        if self.waiting > MOST_COUNTED:
            return self.waiting
        return self.waiting - self.aside - sum(self.once.values())

    @staticmethod
    def told(number: int) -> str:
        """Say a number that was counted up to the most."""
        return f"{number:,}" if number <= MOST_COUNTED else f"{MOST_COUNTED:,}+"

    def for_second_look(self, reader: str) -> int:
        """How many somebody else than this reader approved."""
        return sum(number for by, number in self.once.items() if by != reader)


def count_totals(connection: Connection, campaign: str) -> Totals:
    """Count the approved messages and those whose card was posted."""
    approved = select(func.count()).where(messages.c.campaign == campaign, messages.c.state == "approved")
    posted = (
        select(func.count())
        .select_from(slots.join(batches, slots.c.batch == batches.c.id))
        .where(batches.c.campaign == campaign, batches.c.state == "posted", slots.c.live)
    )
    return Totals(connection.scalar(approved) or 0, connection.scalar(posted) or 0)


def count_by_state(connection: Connection, campaign: str, *, two: bool = False) -> ByState:
    """Count the campaign's messages by state, without those that were erased, each up to `MOST_COUNTED`.

    Where `two` approve, also what is approved once and by whom.
    """
    counted = connection.execute(_BY_STATE, {"campaign": campaign}).one()._asdict()
    once, flood_once = second_approval.count(connection, campaign) if two else ({}, 0)
    elsewhere = counted.pop("flood_aside") + flood_once
    if counted["flood"] <= MOST_COUNTED:
        counted["flood"] -= elsewhere
    return ByState(**counted, once=once)


def count_aside(connection: Connection, campaign: str) -> int:
    """Count the messages that are set aside."""
    return connection.scalar(_ASIDE, {"campaign": campaign}) or 0


def count_waiting(connection: Connection, campaign: str) -> int:
    """Count the messages that wait for review, however many they are."""
    return connection.scalar(_of(campaign, "waiting").with_only_columns(func.count())) or 0


def count_flood(connection: Connection, campaign: str) -> int:
    """Count the messages that wait for review and came while flood mode was on."""
    came = _of(campaign, "waiting").where(messages.c.flood == true())
    return connection.scalar(came.with_only_columns(func.count())) or 0


def _some(chosen: Select[Any]) -> ScalarSelect[int]:
    """Count what is chosen, and no further than one past the most."""
    bounded = chosen.limit(MOST_COUNTED + 1).subquery()
    return select(func.count()).select_from(bounded).scalar_subquery()


def _of(campaign: str | BindParameter[str], state: str) -> Select[Any]:
    return select(messages.c.sequence).where(
        messages.c.campaign == campaign, messages.c.state == state, messages.c.erased_on.is_(None)
    )


_ASKED: BindParameter[str] = bindparam("campaign", type_=String())
# For each its campaign, and not the other way round: they are few.
_ITS = select(messages.c.campaign).where(messages.c.id == asides.c.message)
_ASIDE = select(func.count()).select_from(asides).where(_ITS.scalar_subquery() == _ASKED)
_FLOOD_ASIDE = _ASIDE.with_only_columns(func.count()).where(
    select(messages.c.flood).where(messages.c.id == asides.c.message).scalar_subquery() == true()
)
# Each state by itself, since an index answers that without sorting; all in one, since every page asks.
_BY_STATE = select(
    _some(_of(_ASKED, "waiting")).label("waiting"),
    _some(_of(_ASKED, "waiting").where(messages.c.flood == true())).label("flood"),
    _ASIDE.scalar_subquery().label("aside"),
    _FLOOD_ASIDE.scalar_subquery().label("flood_aside"),
    _some(_of(_ASKED, "approved")).label("approved"),
    _some(_of(_ASKED, "rejected")).label("rejected"),
)
