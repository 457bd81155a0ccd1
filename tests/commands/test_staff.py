"""`build.py staff`: who is let in, and how."""

import re

import pytest

pytestmark = pytest.mark.slow  # each command is a process of its own


def test_staff_are_added_once(build):
    assert build("staff", "add", "olga").returncode == 0
    done = build("staff", "add", "olga")
    assert done.returncode == 1
    assert "olga" in done.stderr


def test_staff_are_invited_by_a_link_to_the_desk_and_by_no_password(build):
    desk = {"CANDLE_STAFF_URL": "https://desk.example.org"}
    links = [build("staff", step, "olga", **desk) for step in ("add", "reset")]
    for done in links:
        assert re.fullmatch(r"https://desk\.example\.org/staff/invitation/olga/[\w-]{32}\n", done.stdout), (
            done.stdout
        )
        assert "good once, until" in done.stderr
        assert "make run" not in done.stderr
    assert links[0].stdout != links[1].stdout
    assert "put the port of its staff desk" in build("staff", "reset", "olga").stderr
    assert "invited until" in build("staff", "list").stdout


def test_where_no_phone_is_asked_for_a_password_is_printed(build):
    off = {"CANDLE_SECOND_FACTOR": "off"}
    for step in ("add", "reset"):
        assert re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}\n", build("staff", step, "olga", **off).stdout)
