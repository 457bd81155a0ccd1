"""Logs: one JSON object a line, with a request's id, route and outcome, and nothing that a person wrote."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from flask import Flask, Response, g, has_request_context, request

log = logging.getLogger("receiver")

# Supporters' ordinary requests leave no line: the times of the posts and the order of the messages
# together would tell when each message was written, of which only the day may be known.
QUIET = frozenset({"public", "withdrawal", "files"})
ORDINARY = frozenset({200, 201, 304, 409, 422})


class JSONFormatter(logging.Formatter):
    """Write a record as JSON, without what may hold a supporter's words.

    This package's own messages are constant sentences, the server's first lines tell of its own start and
    stop. Of other libraries only the logger's name is shown, and of exceptions the type and the places,
    never the text: a database driver puts the values of a failed statement there.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": _event(record),
        }
        if has_request_context():
            entry["request_id"] = request_id()
        entry |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[0] is not None:
            entry["error"] = _error(record.exc_info[0], record.exc_info[2])
        return json.dumps(entry, ensure_ascii=False)


class Handler(logging.StreamHandler[TextIO]):
    """Write to what `sys.stderr` is at that moment."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JSONFormatter())

    @property
    def stream(self) -> TextIO:
        """Return the standard error stream of now."""
        return sys.stderr

    @stream.setter
    def stream(self, value: TextIO) -> None:
        """Ignore the stream that `logging` chose at start."""


def install(app: Flask) -> None:
    """Give each request an id, log its outcome, and send this package's records to stderr."""
    if not any(isinstance(handler, Handler) for handler in log.handlers):
        log.addHandler(Handler())
    log.setLevel(logging.INFO)
    log.propagate = False
    app.before_request(_begin)
    app.after_request(_end)


def request_id() -> str:
    """Return the id of the request at hand, which its error page shows too."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(8)
    return str(g.request_id)


def _begin() -> None:
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    if request.blueprint in QUIET and response.status_code in ORDINARY:
        return response
    begun = g.get("begun", time.perf_counter())
    facts = {
        "method": request.method if request.url_rule else None,  # anything may stand there otherwise
        "route": request.url_rule.rule if request.url_rule else None,
        "status": response.status_code,
        "ms": round((time.perf_counter() - begun) * 1000, 1),
    }
    log.info("request", extra={"facts": facts})
    return response


def _event(record: logging.LogRecord) -> str:
    if record.name == "receiver":
        return str(record.msg)
    if record.name.startswith("_granian"):
        return record.getMessage().partition("\n")[0]
    return f"a record of {record.name}"


def _error(kind: type[BaseException], trace: TracebackType | None) -> dict[str, Any]:
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "places": places}
