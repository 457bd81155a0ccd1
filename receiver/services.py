"""What the views work with: one of each, made by `create_app`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import current_app

from campaign.settings import Settings
from campaign.storage.database import Database
from receiver.roles import Half
from receiver.state.contents import Contents
from receiver.state.counts import Counts
from receiver.state.day_key import DayKey
from receiver.state.flood import Flood
from receiver.state.health import Health
from receiver.state.heartbeat import Announced
from receiver.state.moving_windows import MovingWindows
from receiver.state.outages import Outages
from receiver.state.refusals import Refusals
from receiver.state.request_slots import RequestSlots
from receiver.state.tokens import Tokens


@dataclass
class Services:
    """Everything that outlives a request."""

    settings: Settings
    database: Database
    contents: Contents
    counts: Counts
    tokens: Tokens
    request_slots: RequestSlots
    flood: Flood
    windows: MovingWindows | None  # where requests are counted, unless that is off
    day_key: DayKey
    health: Health
    outages: Outages
    refused: Refusals
    announced: Announced
    webhook_keys: Mapping[str, tuple[bytes, ...]]
    only: Half | None = None  # which half of the receiver this process serves; None: both
    workers: int = 1  # that serve it together
    beginnings: list[Callable[[], None]] = field(default_factory=list)  # for the first of them to do

    def resume(self, *, first: bool) -> None:
        """Begin in a worker what goes on beside its requests; the `first` does what only one may do."""
        self.outages.resume()
        self.refused.resume()
        for begin in self.beginnings if first else ():
            begin()


def services() -> Services:
    """Return the services of the app at hand."""
    found: Services = current_app.extensions["candle"]
    return found
