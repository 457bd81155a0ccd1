"""Staff at the desk while supporters write: log in, look at the oldest message, decide, and so on."""

from __future__ import annotations

import http.client
import re
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from campaign.accounts import staff
from campaign.storage import database
from tests.receiver.serving import APPROVAL_KEY, Served

NAME = "olga"
LOOK = 0.5  # seconds at each message: faster than anybody reads
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Reviewer:
    """One member of staff with a session of her own.

    `answers` counts what the desk said, by status; `slowest` is the longest that she waited since she logged
    in, in seconds.
    """

    def __init__(self, server: Served) -> None:
        self._server = server
        self._origin = f"http://127.0.0.1:{server.port}"
        self._cookies: dict[str, str] = {}
        self.answers: Counter[int] = Counter()
        self.approved = 0
        self.slowest = 0.0

    def log_in(self) -> None:
        """Come in as a new member."""
        opened = database.connect(self._server.database_url)
        today = datetime.now(UTC).date()
        password = opened.write(lambda connection: staff.add(connection, NAME, [APPROVAL_KEY], today))
        opened.close()
        form = _form(self._ask("GET", "/staff/login"), "login")
        self._ask("POST", "/staff/login", form | {"name": NAME, "password": password})
        assert self.answers == {200: 1, 303: 1}, "the desk does not let staff in"
        self.slowest = 0.0

    def review(self) -> None:
        """Look at the oldest message and approve it, or reject what no card can carry."""
        page = self._ask("GET", "/staff/mikita/")
        found = re.search(r'action="(/staff/mikita/\w+/approve)"', page)
        address = found or re.search(r'action="(/staff/mikita/\w+/reject)"', page)
        if address is None:
            return  # nothing waits
        decided = _form(page, address[1]) | ({} if found else {"why": "Not a message"})
        self._ask("POST", address[1], decided)
        self.approved += bool(found)

    def _ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Referer": f"{self._origin}/"} | (FORM if fields else {})
        began = time.monotonic()
        try:
            connection.request(method, path, urllib.parse.urlencode(fields or {}), headers)
            answer = connection.getresponse()
            self.answers[answer.status] += 1
            for given in answer.headers.get_all("Set-Cookie", ()):
                name, _, value = given.partition(";")[0].partition("=")
                self._cookies[name] = value
            return answer.read().decode()
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)
            connection.close()


@contextmanager
def reviewed(server: Served) -> Iterator[Reviewer]:
    """Let staff review while the block runs."""
    reviewer, stop = Reviewer(server), threading.Event()
    reviewer.log_in()

    def work() -> None:
        while not stop.wait(LOOK):
            reviewer.review()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield reviewer
    finally:
        stop.set()
        thread.join()


def _form(page: str, address: str) -> dict[str, str]:
    """Return what is hidden in the form whose address ends so."""
    form = re.search(rf'<form[^>]*action="[^"]*{address}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form, f"no form for {address}"
    inputs = re.findall(r'<input[^>]*type="hidden"[^>]*>', form[1])
    return {_part(field, "name"): _part(field, "value") for field in inputs}


def _part(field: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', field)
    return found[1] if found else ""
