"""The load: wrk posts from 64 connections, each body once, and says what came back."""

from __future__ import annotations

import itertools
import json
import math
import os
import subprocess
import time
import urllib.parse
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from receiver.state.tokens import Tokens
from tests.benchmarks.press import corpus
from tests.benchmarks.press.corpus import Message
from tests.receiver.serving import SECRET_KEY

CONNECTIONS = 64
THREADS = 2
MOST = 2500  # posts a second for which there are bodies
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
AGE = 60  # seconds since each token was issued
FIELDS = {
    "last_name": "Kowalska",
    "email": "anna.kowalska@example.org",
    "country": "PL",
    "consent": "y",
    "language": "en",
}


@dataclass(frozen=True)
class Measured:
    """What wrk saw: all answers, the refusals among them (from 400), broken connections; times in seconds."""

    answers: int
    refused: int
    broken: int
    seconds: float
    median: float
    p99: float
    worst: float
    sender: float = 0.0  # cores that wrk kept busy
    cpu: float = 0.0  # seconds of CPU that the server took

    @property
    def stored(self) -> int:
        """Answers that were no refusals."""
        return self.answers - self.refused

    @property
    def rate(self) -> float:
        """Posts a second that were stored."""
        return self.stored / self.seconds

    @property
    def cost(self) -> float:
        """Milliseconds of the server's CPU a post."""
        return self.cpu / self.stored * 1e3

    @property
    def errors(self) -> int:
        """Everything that was not stored and thanked for."""
        return self.refused + self.broken


class Bodies:
    """Bodies to post, written to a file when needed: texts in 24 languages, each with a token of its own."""

    def __init__(self, file: Path, kind: str, origin: str) -> None:
        self.file = file
        self.kind = kind
        self.origin = origin
        self._messages = itertools.cycle(_messages())
        self._tokens = Tokens((SECRET_KEY,), clock=lambda: time.time() - AGE)

    def write(self, count: int) -> None:
        """Write so many new ones, one a line."""
        make = self._form if self.kind == FORM else self._comment
        with self.file.open("w", encoding="utf-8") as out:
            out.writelines(make(message) + "\n" for message in itertools.islice(self._messages, count))

    def _form(self, message: Message) -> str:
        return urllib.parse.urlencode(filled(message) | {"token": self._tokens.issue("mikita")})

    def _comment(self, message: Message) -> str:
        told = {"text": message.text, "author": message.first_name, "email": FIELDS["email"]}
        return json.dumps(told | {"title": "Mikita"})


def filled(message: Message) -> dict[str, str]:
    """Fill in the form, in the message's own language; one that the page does not speak is its main one."""
    words = {"message": message.text, "first_name": message.first_name, "language": message.language}
    return FIELDS | words


@cache
def _messages() -> list[Message]:
    return list(corpus.messages(5000))


def post(url: str, bodies: Bodies, seconds: float, *, pause: float, connections: int) -> Measured:
    """Post for some seconds, whole ones; with `pause` each connection rests for so many in the mean.

    How long each time is left to chance, as between supporters: see `post.lua`.
    """
    seconds = math.ceil(seconds)
    expected = int(seconds * (min(MOST, connections / pause) if pause else MOST))
    bodies.write(expected + 5 * math.isqrt(expected) + 4 * connections)  # chance may want some more
    threads = min(THREADS, connections)
    arguments = [str(bodies.file), bodies.kind, str(round(pause * 1000)), str(threads)]
    command = ["wrk", f"-c{connections}", f"-t{threads}", f"-d{seconds}s", "--timeout", "30s"]
    command += ["-s", str(Path(__file__).with_name("post.lua")), url, "--", *arguments]
    environ = os.environ | {"POST_ORIGIN": bodies.origin}
    before = _children()
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return Measured(
        answers=found["requests"],
        refused=found["refused"],
        broken=found["broken"],
        seconds=found["microseconds"] / 1e6,
        median=found["median"] / 1e6,
        p99=found["p99"] / 1e6,
        worst=found["worst"] / 1e6,
        sender=(_children() - before) / seconds,
    )


def _children() -> float:
    """Return the seconds of CPU of all children that have ended."""
    return sum(os.times()[2:4])
