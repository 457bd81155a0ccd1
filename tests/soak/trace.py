"""What a traced receiver did to its files, and what it answered, in the order of the kernel."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CALLS = "openat,pwrite64,write,writev,sendto,sendmsg,ftruncate,fdatasync,fsync,unlink,rename,renameat2"


def command(out: Path) -> list[str]:
    """Return the command to run a program under, so that `read(out)` can tell what it did.

    Only the calls in `CALLS` stop the program (`--seccomp-bpf`), and the end of it is traced too.
    """
    options = "--seccomp-bpf --interruptible=never -f -qq -y -xx -s 1000000"
    return ["strace", *options.split(), "-e", f"trace={CALLS}", "-o", str(out)]


@dataclass(frozen=True)
class Event:
    """One call: `begun` and `done` are lines of the trace.

    `what` is write (`data` at `offset`), truncate (to `offset`), sync, create, unlink, or thanks (`data` is
    the receipt code in the answer, and `path` is empty).
    """

    what: str
    begun: int
    done: int
    path: str = ""
    offset: int = 0
    data: bytes = b""


_LINE = re.compile(r"^(\d+) +(?:<\.\.\. \w+ resumed>)?(.*)$")
_TEXT = re.compile(r'"([^"]*)"')
_FILE = re.compile(r"\w+\(\d+<([^>]*)>")
_OPENED = re.compile(r"= \d+<([^>]*)>$")
_RECEIPT = re.compile(rb'"receipt": ?"([a-z2-7-]+)"')
_THANKS = re.compile(rb"^HTTP/1.1 201 ")


def read(trace: Path, database: Path) -> list[Event]:
    """List what was done to `database`, its log, its journal and their folder, and each thanks.

    Raises:
        ValueError: a call is there that this module does not know how to repeat.
    """
    found = [event for call in _calls(trace) for event in _events(call, database)]
    return sorted(_with_heads(found), key=lambda event: event.done)


@dataclass(frozen=True)
class _Call:
    text: str
    begun: int
    done: int


def _calls(trace: Path) -> Iterator[_Call]:
    """Join the halves of calls during which another thread was heard of."""
    unfinished: dict[str, tuple[str, int]] = {}
    with trace.open(encoding="ascii") as lines:
        for number, line in enumerate(lines):
            matched = _LINE.match(line.rstrip("\n"))
            if matched is None or matched[2].startswith(("---", "+++")):
                continue
            thread, text = matched.groups()
            half, begun = unfinished.pop(thread, ("", number))
            if text.endswith("<unfinished ...>"):
                unfinished[thread] = (text.removesuffix("<unfinished ...>").rstrip(), number)
            else:
                yield _Call(half + text, begun, number)


def _events(call: _Call, database: Path) -> Iterator[Event]:
    name = call.text.partition("(")[0]
    if re.search(r"= -1 E\w+", call.text[-80:]):
        return
    if name in ("write", "writev", "sendto", "sendmsg") and r"<\x73\x6f\x63\x6b\x65\x74" in call.text[:60]:
        yield from _answers(call)
        return
    path = _path(name, call.text)
    if path not in _known(database):
        return
    numbers = [int(number) for number in re.findall(r", (\d+)(?=[,)])", call.text)]
    if name == "openat":
        if "O_CREAT" in call.text:
            yield Event("create", call.begun, call.done, path)
    elif name == "pwrite64":
        data = _decoded(_TEXT.search(call.text))
        assert len(data) == numbers[0] == int(call.text.rsplit("= ", 1)[1]), "a write was cut short"
        yield Event("write", call.begun, call.done, path, numbers[1], data)
    elif name == "ftruncate":
        yield Event("truncate", call.begun, call.done, path, numbers[0])
    elif name in ("fdatasync", "fsync"):
        yield Event("sync", call.begun, call.done, path)
    elif name == "unlink":
        yield Event("unlink", call.begun, call.done, path)
    else:
        raise ValueError(f"{name} of {path} is a call that cannot be repeated here")


def _known(database: Path) -> set[str]:
    """Name the files that outlive a power cut; -shm is made anew."""
    return {str(database), f"{database}-wal", f"{database}-journal", str(database.parent)}


def _path(name: str, text: str) -> str:
    if name == "openat":
        found = _OPENED.search(text)
    else:
        found = _TEXT.search(text) if name in ("unlink", "rename", "renameat2") else _FILE.match(text)
    return _decoded(found).decode(errors="replace")


def _decoded(found: re.Match[str] | None) -> bytes:
    return bytes.fromhex(found[1].replace("\\x", "")) if found else b""


def _answers(call: _Call) -> Iterator[Event]:
    """Find what went to a socket: a head of 201, a receipt, or both in one call."""
    said = b"".join(_decoded(text) for text in _TEXT.finditer(call.text))
    socket = _decoded(_FILE.match(call.text)).decode()
    if _THANKS.match(said):
        yield Event("head", call.begun, call.done, socket)
    if receipt := _RECEIPT.search(said):
        yield Event("thanks", call.begun, call.done, socket, data=receipt[1])


def _with_heads(events: list[Event]) -> Iterator[Event]:
    """Date each thanks back to its first byte, which is when the supporter may have read "201"."""
    heads: dict[str, Event] = {}
    for event in events:
        if event.what == "head":
            heads[event.path] = event
        elif event.what == "thanks":
            head = heads.pop(event.path)
            yield Event("thanks", head.begun, head.done, data=event.data)
        else:
            yield event
