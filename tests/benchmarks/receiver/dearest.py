"""The dearest post of 16 KiB that a search finds, in thread CPU, as a multiple of an ordinary one."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote_plus

from flask import Flask
from werkzeug.test import EnvironBuilder

from campaign.cards.type import shaping
from campaign.content.form_fields import DETAILS
from receiver.state.tokens import Tokens
from tests.benchmarks.receiver.load import AGE, FIELDS
from tests.benchmarks.receiver.posting import KEY, SITE, made
from tests.benchmarks.table import Row, at_most, only
from tests.support.sealed import TO_TWO
from tests.text.test_work import UNITS

ORDINARY = {"message": "A candle burns in our window for you. We are with you.", "first_name": "Anna"}
PLACES = ("message", "first_name", "last_name", "email", "token", "homepage", "language")
ROOM = 15_000  # bytes for one shape; the other fields take the rest of 16 KiB
MOST = 25  # ordinary posts that one may cost
RUNS = 5  # the least of which counts
HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}  # as the page's script posts, which asks for the card too
SEALED = dict(JSON)  # the same, its details sealed in the browser
OWN_SEAL = dict.fromkeys(DETAILS, "") | {"details": TO_TWO}
ROADS = {"with the page's script": JSON, "its details sealed": SEALED, "without script": HTML}
GRAPHEMES = (400, 390, 200, 40)  # that pass a limit, beside what fills the post


@dataclass(frozen=True)
class Shape:
    """Units that are repeated in one field, so often or until the post is full."""

    place: str
    units: tuple[str, ...]
    times: int = 0

    @property
    def text(self) -> str:
        """The field."""
        unit = "".join(self.units)
        most = ROOM // max(len(unit.encode()), 1)
        return unit * (min(self.times, most) or most)

    def changed(self, chance: random.Random) -> Shape:
        """Change one of its parts."""
        units = list(self.units)
        match chance.randrange(5):
            case 0 if len(units) < 12:
                units.insert(chance.randrange(len(units) + 1), chance.choice(UNITS))
            case 1 if len(units) > 1:
                units.pop(chance.randrange(len(units)))
            case 2:
                return Shape(self.place, self.units, chance.choice((0, *GRAPHEMES)))
            case 3:
                return Shape(chance.choice(PLACES), self.units, self.times)
            case _:
                units[chance.randrange(len(units))] = chance.choice(UNITS)
        return Shape(self.place, tuple(units), self.times)


class Poster:
    """A receiver in this thread, and what its posts take."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._tokens = Tokens((KEY,), clock=lambda: time.time() - AGE)

    def cost(self, fields: dict[str, str], runs: int = 1, road: dict[str, str] = HTML) -> float:
        """Give the least thread CPU of some runs, in seconds; no word is remembered from before."""
        return min(self._once(fields, road) for _ in range(runs))

    def over_ordinary(self, fields: dict[str, str], road: dict[str, str]) -> tuple[float, float]:
        """Give the least thread CPU of such a post, and of an ordinary one down the same road, in seconds."""
        asked = ({"card": "y"} if road is not HTML else {}) | (OWN_SEAL if road is SEALED else {})
        return self.cost(fields | asked, RUNS, road), self.cost(asked, RUNS, road)

    def _once(self, fields: dict[str, str], road: dict[str, str]) -> float:
        fields = FIELDS | ORDINARY | {"token": self._tokens.issue("mikita")} | fields
        body = "&".join(f"{name}={quote_plus(value, safe=_RAW)}" for name, value in fields.items()).encode()
        kind = "application/x-www-form-urlencoded"
        builder = EnvironBuilder("/mikita/messages", SITE, method="POST", data=body, content_type=kind)
        builder.headers.extend(road | {"Origin": SITE})
        environ = builder.get_environ()
        shaping.store.forget()
        shaping.store.forget()
        began = time.thread_time()
        b"".join(self._app.wsgi_app(environ, lambda *_: lambda _: None))
        return time.thread_time() - began


_RAW = "".join(chr(point) for point in range(0x80, 0x300))


def rows(seconds: float) -> Iterator[Row]:
    """Search for so long, and compare the dearest with an ordinary post."""
    with _warm() as poster:
        found = search(poster, seconds)
        costs = {}
        for name, road in ROADS.items():
            text = found.text[: -len(found.text) // 10] if road is SEALED else found.text  # or it is too long
            costs[name] = poster.over_ordinary({found.place: text}, road)
    for name, (dearest, ordinary) in costs.items():
        yield at_most(
            f"the dearest 16 KiB, {name}: thread CPU over an ordinary post's", MOST, dearest / ordinary
        )
        yield only("the same", f"{dearest * 1e3:.1f} ms over {ordinary * 1e3:.2f} ms")
    yield only("it is", f"{found.place} = {''.join(found.units)!a} × {found.times or 'as often as fits'}")


def fields(seconds: float) -> dict[str, str]:
    """Search for so long, and give the words of the dearest."""
    with _warm() as poster:
        found = search(poster, seconds)
    return ORDINARY | {found.place: found.text}


@contextmanager
def _warm() -> Iterator[Poster]:
    with TemporaryDirectory() as folder:
        poster = Poster(made(Path(folder), ratelimit_enabled=False, proxy_hops=0))
        for _ in range(20):
            poster.cost({})
        yield poster


def search(poster: Poster, seconds: float, seed: int = 1) -> Shape:
    """Try shapes, then change the dearest ones again and again."""
    chance, ends = random.Random(seed), time.monotonic() + seconds
    best: list[tuple[float, Shape]] = []
    while time.monotonic() < ends:
        old = chance.choice(best)[1] if best and chance.random() < 0.7 else None
        shape = old.changed(chance) if old else _any(chance)
        cost = poster.cost({shape.place: shape.text}, 2)
        best = sorted([*best, (cost, shape)], key=lambda one: -one[0])[:20]
    return max(best, key=lambda one: poster.cost({one[1].place: one[1].text}, RUNS))[1]


def _any(chance: random.Random) -> Shape:
    units = tuple(chance.choice(UNITS) for _ in range(chance.randint(1, 5)))
    return Shape(chance.choice(PLACES), units, chance.choice((0, *GRAPHEMES)))
