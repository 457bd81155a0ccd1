"""A process that posts in itself: no network, no server, no other thread than the database's writer.

    python tests/benchmarks/receiver/posting.py POSTS COUNT json|sealed|page

`POSTS` is a file that `counting` wrote. All its posts are made ready, and the first `COUNT` of them are sent.
It knows nothing of this folder, so that it runs in an older checkout too.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import EnvironBuilder

from campaign.keys import sealing
from campaign.settings import Settings
from receiver.app import create_app
from receiver.state.tokens import Tokens

SITE = "https://candle.example.org"
KEY = "a secret key for the benchmark, long enough"
AGE = 60  # seconds since each token was issued
FORM = "application/x-www-form-urlencoded"
ROADS = {"json": "application/json", "sealed": "application/json", "page": "text/html"}


def main(file: Path, count: int, road: str) -> None:
    """Send so many posts, and see that each is stored."""
    with TemporaryDirectory() as folder:
        app = made(Path(folder))
        posts = list(ready(json.loads(file.read_text(encoding="utf-8")), ROADS[road]))
        for environ in posts[:count]:
            send(app, environ)
        app.extensions["candle"].database.close()


def made(folder: Path, **changes: Any) -> Flask:
    """Make the public half over a database of its own, its settings with these changes."""
    (folder / "instance").mkdir(mode=0o700)
    usual: dict[str, Any] = {
        "database_url": f"sqlite:///{folder}/instance/candle.sqlite",
        "secret_key": KEY,
        "approval_key": f"{KEY} too",
        "site_url": (SITE,),
        "receiver_url": "https://post.candle.example.org",
        "age_recipients": tuple(sealing.new_key()[0] for _ in range(2)),
        "flood_per_minute": 1_000_000,
        "proxy_hops": 1,
    }
    app = create_app(Settings(**usual | changes), only="public")
    # It looks for changed files by the second, and a process that is counted is fifty times as slow.
    app.extensions["candle"].contents._next_look = float("inf")
    return app


def ready(posts: list[dict[str, str]], accept: str) -> Iterator[dict[str, Any]]:
    """Make requests of them, each with a token of its own."""
    tokens = Tokens((KEY,), clock=lambda: time.time() - AGE)
    for number, fields in enumerate(posts):
        body = urlencode(fields | {"token": tokens.issue("mikita")})
        builder = EnvironBuilder("/mikita/messages", SITE, method="POST", data=body, content_type=FORM)
        network = f"10.{number >> 8 & 255}.{number & 255}.1"  # each its own: none is too many
        builder.headers.extend({"Accept": accept, "Origin": SITE, "X-Forwarded-For": network})
        yield builder.get_environ()
        builder.close()


def send(app: Flask, environ: dict[str, Any]) -> None:
    """Post, and take the whole answer."""
    statuses: list[str] = []
    b"".join(app.wsgi_app(environ, lambda status, *_: statuses.append(status)))  # type: ignore[arg-type,func-returns-value]
    assert statuses[0].startswith("201"), statuses


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
