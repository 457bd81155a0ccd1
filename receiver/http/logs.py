"""Logs: one JSON object a line, with a request's id, route and outcome, and nothing that a person wrote."""

from __future__ import annotations

import json
import logging
import secrets
import sys
import time
import traceback
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

from flask import Flask, Response, g, has_request_context, request
from flask.globals import app_ctx, request_ctx
from werkzeug.routing import Rule

from campaign.storage import errors
from receiver.services import services

log = logging.getLogger("receiver")
IDS_AT_ONCE = 512  # made from one read of random bytes: at each read another thread would run
_ids: deque[str] = deque()

# Messages are numbered as they come in. A line with a time for each post, each failed try before it, or each
# look at the desk after it would tell when which of them was written, of which only the day may be known. So
# only what is tied to no message leaves a line at once: logins, webhooks, and the first of our faults.
# Nor may anybody fill the disk: a webhook must be signed, and wrong passwords are limited.
LOGGED_AT_ONCE = frozenset({"staff.log_in", "second_factor.ask", "second_factor.enrol", "hooks.receive"})
WRONG_PASSWORD = 422


class JSONFormatter(logging.Formatter):
    """Write a record as JSON, without what may hold a supporter's words.

    This package's own messages are constant sentences, the server's first lines tell of its own start and
    stop. Of other libraries only the logger's name is shown, and of exceptions the type, the places and the
    database's error code, never the text: a driver puts the values of a failed statement there.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"),
            "level": record.levelname.lower(),
            "event": _event(record),
        }
        if has_request_context():
            entry["request_id"] = request_id()
        entry |= getattr(record, "facts", {})
        if record.exc_info and record.exc_info[1] is not None:
            entry["error"] = _error(*record.exc_info[1:])
        return json.dumps(entry, ensure_ascii=False)


class Handler(logging.StreamHandler[TextIO]):
    """Write to what `sys.stderr` is at that moment, whatever `logging` chose at start."""

    stream = property(lambda _self: sys.stderr, lambda _self, _chosen: None)

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JSONFormatter())


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
    ours = app_ctx.g
    found: str | None = ours.get("request_id")
    if found is None:
        found = ours.request_id = _new_id()
    return found


def _new_id() -> str:
    while True:
        with suppress(IndexError):
            return _ids.popleft()
        random_hex = secrets.token_hex(8 * IDS_AT_ONCE)
        _ids.extend(random_hex[at : at + 16] for at in range(0, len(random_hex), 16))


def record_fault(error: BaseException | None) -> None:
    """Keep what went wrong with the request, for the line that logs its failure."""
    g.fault = error


def _begin() -> None:
    g.begun = time.perf_counter()


def _elapsed_ms() -> float:
    """Return for how many milliseconds the request has been worked on."""
    return round((time.perf_counter() - g.get("begun", time.perf_counter())) * 1000, 1)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    asked, status = request_ctx.request, response.status_code
    rule = asked.url_rule
    facts = {
        "method": asked.method if rule else None,  # anything may stand there otherwise
        "route": rule.rule if rule else None,
        "status": status,
    }
    if status >= 500:
        services().outages.record_failure(facts, _elapsed_ms(), g.get("fault"))
    elif _is_told_at_once(status, rule):
        log.info("request", extra={"facts": facts | {"ms": _elapsed_ms()}})
    elif status >= 400:
        services().refused.add(tuple(facts.items()))
    return response


def _is_told_at_once(status: int, rule: Rule | None) -> bool:
    posted = rule is not None and rule.endpoint in LOGGED_AT_ONCE and request.method == "POST"
    return posted and (status < 400 or status == WRONG_PASSWORD)


def _event(record: logging.LogRecord) -> str:
    if record.name == "receiver":
        return str(record.msg)
    if record.name.startswith("_granian"):
        return record.getMessage().partition("\n")[0]
    return f"a record of {record.name}"


def _error(error: BaseException, trace: TracebackType | None) -> dict[str, Any]:
    kind, code = type(error), errors.code(error)
    places = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    told = {"type": f"{kind.__module__}.{kind.__qualname__}", "places": list(dict.fromkeys(places))}
    remedy = str(error).partition("; ")[2] if isinstance(error, errors.Unavailable) else ""  # words of ours
    return told | ({"code": code} if code else {}) | ({"remedy": remedy} if remedy else {})
