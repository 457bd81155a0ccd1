"""Whether a published page is what this checkout makes, file by file."""

from __future__ import annotations

import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

from campaign.content.campaign import Campaign, published
from campaign.language.english import counted
from campaign.pages import build_record, headers, parts_file, site, walls
from campaign.pages.build_record import BuildRecord, PageSettings, RecordError
from campaign.pages.fetching import GZIP, Answer, Published, Unreachable
from campaign.settings import PREFIX, Settings, load

FOR_THE_HOST = "_"  # how the names of files begin that a host reads and does not serve
MAY_LACK = ("404.html",)  # which some hosts answer by another name
WHERE_TO = (".html", ".js", parts_file.NAME)  # what can lead words elsewhere
SCRIPTS = {"text/javascript", "application/javascript", "application/x-javascript"}
KINDS = {
    ".html": {"text/html"},
    ".css": {"text/css"},
    ".js": SCRIPTS,
}  # else a browser shows or runs it otherwise
PACKED = (".br", ".gz")
LONGEST_RECORD = 4 << 20  # bytes
ROOM = 1 << 20  # bytes that are read of a file beyond its own length, to say what was put into it
MOST_SHOWN = 300  # letters of what a stranger wrote
MOST_ADDED = 100
PATIENCE = 900.0  # seconds for all files
ADDRESSES = {
    "action": "the form's address",
    "formaction": "the form's address",
    "data-recipients": "recipient",
}
TOLD = {
    "age_recipients": "recipients of details",
    "receiver_url": "the form's address",
    "site_url": "the page's origins",
    "source_url": "the source's address",
}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as it should be; `grave` where words or details would go elsewhere."""

    place: str
    told: str
    grave: bool = False

    def __str__(self) -> str:
        return f"{shown(self.place)}: {self.told}"


@dataclass(frozen=True)
class Verdict:
    """What was found at a page: what it says of itself, what is made here, and where they differ."""

    says: PageSettings
    files: int
    differences: tuple[Difference, ...]
    warnings: tuple[str, ...]
    on_walls: int


def verify(
    host: Published, campaigns: Mapping[str, Campaign], config: Settings, right: Mapping[str, object]
) -> Verdict:
    """Build the page as it says that it was built, and compare what the host serves with that.

    `right` holds what is known of its settings from elsewhere, by their names: a host could change its page
    and what that says of itself alike. Without `build.json` the settings of this machine are built with.

    Raises:
        SettingsError: the page says that it was built with settings that none is built with.
    """
    told, found = _told(host)
    says = told.settings if told else build_record.page_settings(config)
    found += differing_settings(right, says)
    with tempfile.TemporaryDirectory() as aside:
        folder, built_with = Path(aside) / "site", _built_with(says, config, Path(aside))
        day, days = (told.day, told.days) if told else (None, None)
        shown = published(campaigns, day, days)
        on_walls = walls.within(told.walls, walls.wanted(shown)) if told else walls.NOTHING
        site.freeze(folder, shown, built_with, day, on_walls)
        made = build_record.read((folder / build_record.NAME).read_bytes())
        policy = headers.content_security_policy(built_with)
        found += differing_files(folder, made, told.files if told else (), host, policy)
    warnings = tuple(_warnings(host, told, made))
    return Verdict(says, len(made.files), tuple(found), warnings, sum(map(len, made.walls.values())))


def _told(host: Published) -> tuple[BuildRecord | None, list[Difference]]:
    """Read what the page says of itself, or say why that cannot be done."""
    answer = host.get(build_record.NAME, LONGEST_RECORD)
    if answer.status != 200:
        return None, [Difference(build_record.NAME, _refused(answer))]
    try:
        return build_record.read(answer.body), []
    except RecordError:
        return None, [Difference(build_record.NAME, "changed: is no record of a build")]


def _built_with(says: PageSettings, config: Settings, aside: Path) -> Settings:
    """Take the page's settings as those of an operator are taken, and nothing that was made before."""
    words = {name: value if isinstance(value, str) else " ".join(value) for name, value in vars(says).items()}
    built_with = load({f"{PREFIX}{name.upper()}": value for name, value in words.items()}, None)
    return replace(built_with, content_dir=config.content_dir, build_dir=aside / "kept")


def _warnings(host: Published, told: BuildRecord | None, made: BuildRecord) -> Iterator[str]:
    """Say what explains differences, and what may be no fault of the host."""
    if told and told.checkout.revision != made.checkout.revision:
        there, here = (shown(record.checkout.revision) or "unknown" for record in (told, made))
        yield f"it was built from revision {there}, and this checkout is {here}"
    if (told and told.checkout.changed) or made.checkout.changed:
        where = "here" if made.checkout.changed else "where it was built"
        yield f"there were changes {where} that no revision holds"
    if without_policy(host, "index.html"):
        yield "it is served without the Content-Security-Policy of _headers"


def differing_settings(right: Mapping[str, object], published: PageSettings) -> list[Difference]:
    """Compare what the page says of itself with what is known to be right, by the settings' names."""
    return [
        Difference(
            "build.json", f"{TOLD[name]} changed: {_listed(is_now)} in place of {_listed(value)}", grave=True
        )
        for name, value in right.items()
        if (is_now := getattr(published, name)) != value
    ]


def differing_files(
    folder: Path, made: BuildRecord, listed: Iterable[str], host: Published, policy: str
) -> list[Difference]:
    """Compare each file of the build in `folder` with what the host serves; `listed` is what it says to have.

    The right bytes are not enough: a header can stop the script that seals details, or send visitors on. So a
    page's Content-Security-Policy is `policy`, or none. The gravest come first, and last what was not
    compared because the host took too long: each file alone could come in time.
    """
    found, behind = list[Difference](), list[Difference]()
    # These first: who means to cheat may be slow with all else.
    paths = sorted(made.files, key=lambda path: not path.endswith(WHERE_TO))
    ends = time.monotonic() + PATIENCE
    for number, path in enumerate(paths):
        if time.monotonic() > ends:
            behind = [_not_compared(path, len(paths) - number)]
            break
        found += _compared(folder, path, host, policy)
    more = sorted(path for path in set(listed) - set(made.files) if not _not_served(path))
    found += [Difference(path, "added") for path in more[:MOST_ADDED]]
    if len(more) > MOST_ADDED:
        found.append(Difference("build.json", f"{len(more) - MOST_ADDED} more added"))
    return sorted(found, key=lambda difference: (not difference.grave, difference.place)) + behind


def _not_compared(path: str, number: int) -> Difference:
    others = f", nor {counted(number - 1, 'file')} more" if number > 1 else ""
    return Difference(
        path,
        f"not compared{others}: the host took more than {PATIENCE / 60:.0f} minutes; try again, or from"
        " another network, in case it answers you alone so slowly",
    )


def without_policy(host: Published, path: str) -> bool:
    """Tell whether the host serves a page without any policy, as one does that reads no `_headers`."""
    try:
        answer = host.get(path, ROOM)
    except Unreachable:
        return False
    return answer.status == 200 and not answer.policy


def shown(text: str) -> str:
    """Make what a stranger wrote fit for a terminal."""
    cut = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in cut)


def _not_served(path: str) -> bool:
    return path.startswith(FOR_THE_HOST)


def _compared(folder: Path, path: str, host: Published, policy: str) -> Iterator[Difference]:
    if _not_served(path):
        return
    right = (folder / path).read_bytes()
    beside = path.endswith(PACKED) and (folder / path).with_suffix("").is_file()
    try:
        answer = host.get(path, len(right) + ROOM, packed=not path.endswith(PACKED))
    except Unreachable as fault:
        yield Difference(path, shown(str(fault).removeprefix(f"{path}: ")))
        return
    if answer.status != 200:
        if not beside and path not in MAY_LACK:
            yield Difference(path, _refused(answer))
    elif not _same(path, answer.body, right):
        yield from _addresses(path, answer.body, right)
        yield Difference(path, "changed")
    else:
        yield from _served(path, answer, policy)


def _served(path: str, answer: Answer, policy: str) -> Iterator[Difference]:
    """Name what a host does to a file whose bytes are the right ones."""
    if answer.leads_to:
        yield Difference(path, f"changed: leads to {shown(answer.leads_to)}")
    if answer.kind not in KINDS.get(Path(path).suffix, {answer.kind}):
        yield Difference(
            path, f"changed: served as {shown(answer.kind)}, which no browser takes for what it is"
        )
    if path.endswith(".html") and answer.policy and answer.policy != policy:
        yield Difference(
            path, "changed: another Content-Security-Policy than ours, which can stop its script"
        )


def _refused(answer: Answer) -> str:
    if answer.leads_to:
        return f"changed: leads to {shown(answer.leads_to)}"
    return "missing" if answer.status in {404, 410} else f"missing: the host answers {answer.status}"


def _same(path: str, body: bytes, right: bytes) -> bool:
    """Compare bytes; what is packed may be packed by another version of the same program."""
    return body == right or (path.endswith(".gz") and _unpacks_to(body, zlib.decompress(right, GZIP)))


def _unpacks_to(body: bytes, right: bytes) -> bool:
    unpacking = zlib.decompressobj(GZIP)
    try:
        found = unpacking.decompress(body, len(right) + 1)
    except zlib.error:
        return False
    return found == right and unpacking.eof and not unpacking.unused_data


class _Addresses(HTMLParser):
    """Where a page sends what is typed into it, and to whom it seals."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(page.decode("utf-8", "replace"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 # the parser's signature
        """Keep an element's addresses."""
        for name, value in attrs:
            if name in ADDRESSES:
                self.found |= {(ADDRESSES[name], word) for word in (value or "").split()}


def _addresses(path: str, body: bytes, right: bytes) -> Iterator[Difference]:
    """Name what a changed page sends elsewhere."""
    if not path.endswith((".html", f"/{parts_file.NAME}")):
        return
    now, before = _Addresses(body).found, _Addresses(right).found
    for kind, value in sorted(now - before):
        yield Difference(path, f"{kind} changed: {shown(value)} is not ours", grave=True)
    for kind, value in sorted(before - now):
        yield Difference(path, f"{kind} changed: {value} is gone", grave=True)


def _listed(value: object) -> str:
    words = value if isinstance(value, tuple) else (value,)
    return shown(", ".join(map(str, words))) or "none"
