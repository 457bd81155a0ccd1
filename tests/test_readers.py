"""Every reader of text from outside takes time in proportion to its length, whatever shape a search finds."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from xml.parsers import expat

import pytest
from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st
from werkzeug.exceptions import BadRequest

from campaign.cards.illustration import file_kinds, svg_cleaning, svg_features
from campaign.cards.illustration.fault import PictureFault
from campaign.content import markdown
from campaign.content.campaign_toml.facts import facts
from campaign.content.editors_file import MOST_FAULTS, Source
from campaign.content.markup import dialect, parse_cache
from campaign.content.text_faults import Context
from campaign.errors import CandleError
from campaign.keys import key_files, sealing
from campaign.language import po_files
from campaign.language.locales import locale_of
from campaign.messages import formula_guard, translation_files
from campaign.press import manifest
from receiver.petition.webhook import parse_event
from receiver.state.tokens import TokenError, Tokens

SIZES = (4_000, 32_000)  # letters: eight times as many must take about eight times as long
MOST, SPARE = 24, 0.15  # times, and seconds of a busy machine; a square would be 64 times
REFUSALS = (CandleError, PictureFault, expat.ExpatError, BadRequest, TokenError)
TODAY = datetime.date(2026, 11, 28)
ROOT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">'
SIGNS = [*"a \n\t\r'\"\\()[]{}<>10.,;:=-+#|@%&/*_`~!é\u0301", "\r\n"]


def read_markdown(text: str, _: Path) -> None:
    source = Source(Path("story.md"), text.replace("\r", "\n"), [])
    markdown.document(source, Context("en", values={"name": "x"}, pages={"p.md": "/p"}))
    markdown.bullets(source, Context("en"))
    assert len(source.faults) <= MOST_FAULTS


def read_toml(text: str, _: Path) -> None:
    facts(Source(Path("campaign.toml"), text.replace("\r", "\n"), []), TODAY)


def read_po(text: str, file: Path) -> None:
    po_files.read(_written(file, text), locale_of("be"))


def read_csv(text: str, file: Path) -> None:
    names = ",".join(translation_files.COLUMNS)
    for whole in (text, f"{names}\n{text}"):
        with suppress(CandleError):
            translation_files.read(_written(file.with_suffix(".csv"), whole))


def read_json_lines(text: str, file: Path) -> None:
    translation_files.read(_written(file.with_suffix(".jsonl"), text))


def guard(text: str, _: Path) -> None:
    formula_guard.unguarded(formula_guard.guarded(text))


def read_manifest(text: str, file: Path) -> None:
    manifest.read(_written(file, ",".join(manifest.Entry._fields) + "\n" + text))


def read_svg(text: str, _: Path) -> None:
    attribute = text.translate({ord(sign): "'" for sign in '<&"'})
    for inside in (
        text,
        f"{text}</svg>",
        f'<path d="{attribute}" style="{attribute}" fill="{attribute}"/></svg>',
    ):
        data = (ROOT + inside).encode()
        file_kinds.kind_of(data)
        for read in (svg_cleaning.cleaned, svg_features.faults):
            with suppress(*REFUSALS):
                read(data)


def read_keys(text: str, file: Path) -> None:
    sealing.identities(sealing.text_of(text.encode()))
    sealing.read_seal(text, 2)
    key_files.read_keys(_written(file, text))


def read_token(text: str, _: Path) -> None:
    Tokens(("a secret that is long enough to be one",)).read(text, "mikita")


def read_event(text: str, _: Path) -> None:
    parse_event(text.encode())


# What each reader's texts are made of, besides signs.
READERS: dict[Callable[[str, Path], None], list[str]] = {
    read_markdown: [
        *("# ", "{{name}}", "{{ ", "}}", "**", "* ", "- ", "1. ", "> ", "    ", "  \n", "<!--", "-->", "<a>"),
        *("&amp;", "[a]: b\n", "[a]", "![", "](", "](b)", "<a@b.c>", "===\n", "---\n", "\n\n", "--", "..."),
        *("\u2003", "\x02", "\x1f", "\x02line:3\x1f", "\\\n", "p.md", "```\n"),
        *("|`", "|a|b|\n|-|-|\n", "a|b\n", "::: details a\n\n", ":::\n", "[^1]", "[^1]: a\n\n"),
        *("~~a", "> a\n> -- b\n\n", "www."),
    ],
    read_toml: [
        *("a = 1\n", "a.", "[a]\n", "[[a]]\n", "[a.b]\n", '"""', "'''", '"a".', "{a=1}", "[1,", "0x", "1e"),
        *("2026-11-22", "\\u00e9", "names", "[names]\n", "[card]\n", "= [", "a.a.a.a.", "=1\n", "f"),
    ],
    read_po: [
        *('msgid "a"\n', 'msgstr "b"\n', 'msgid ""\n', 'msgstr ""\n', "msgid_plural ", "msgstr[0] "),
        *("msgctxt ", "#, fuzzy\n", "#: a:1\n", "#~ ", '"a"\n', '"\\n"\n', "%(a)s", "%(", "#. c\n", "#| "),
    ],
    read_csv: ['"",', "a,b,c,d,e\n", "sep=;\n", '"a\n', "=", "'="],
    read_json_lines: ['{"id":"a","translation":"b","text_sha256":"c"}\n', '{"a":', '"\\u0000"', "1e9"],
    guard: ["='", ";'", "\t ", '"\t', "''"],
    read_manifest: ["1,1,1,a,b\n", '"', "1,"],
    read_svg: [
        *("<g>", "</g>", "<path/>", "<!-- ", "-->", "<style>", "</style>", "<![CDATA[", "]]>", "&lt;"),
        *("<!DOCTYPE svg [", "<!ENTITY a 'b'>", "&a;", '<use href="#a"/>', '<g id="a">', "url(#a)", "url("),
        *("@import", "opacity:1;", "1e5", "M0 0", "rotate(1)", "translate(", "rgb(", " a='1'"),
    ],
    read_keys: ["AGE-SECRET-KEY-1", "age1", "\0", "-> X25519 ", "A=="],
    read_token: [".", "_", "-", "eyJ", "A"],
    read_event: ['{"a":', '"\\u0000"', "1e9", "null", "12345678", '"type":"petition.signed",'],
}
# What the search found, each while it took minutes: kept, so that one of each kind is always tried.
FOUND = [
    (read_toml, "a."),
    (read_toml, '"a".'),
    (read_toml, 'b = "' + '\\"'),
    (read_markdown, "{{ "),
    (read_markdown, "\\"),
    (read_markdown, "# a\n"),
    (read_markdown, "<!-- a\n"),
    (read_csv, "\t"),
    (guard, "\t"),
    (guard, '\r"'),
    (read_svg, "translate("),
    (read_svg, "url("),
]


def _written(file: Path, text: str) -> Path:
    file.write_bytes(text.encode("utf-8", "replace"))
    return file


def _seconds(reader: Callable[[str, Path], None], text: str, file: Path) -> float:
    """Give the least thread CPU of some runs; what is refused is no fault, whatever else is raised is."""
    taken = []
    for _ in range(3):
        before = time.thread_time()
        with suppress(*REFUSALS):
            reader(text, file)
        taken.append(time.thread_time() - before)
    return min(taken)


def _hold(reader: Callable[[str, Path], None], shape: tuple[str, str, str], file: Path) -> float:
    before, unit, behind = shape
    small, large = (before + (unit * size)[: size - len(before)] + behind for size in SIZES)
    less, more = _seconds(reader, small, file), _seconds(reader, large, file)
    assert more <= MOST * less + SPARE
    return more


@pytest.fixture(autouse=True)
def read_anew(monkeypatch) -> None:
    """Read each text itself: the tests share what was read of short ones, which then seem to take no time."""
    monkeypatch.setattr(parse_cache, "read", dialect.read)


@pytest.mark.parametrize(("reader", "unit"), FOUND)
def test_what_was_dear_is_read_in_proportion(reader, unit, tmp_path):
    _hold(reader, ("", unit, ""), tmp_path / "file")


def test_blanks_alone_are_read_too(tmp_path: Path) -> None:
    read_markdown(" \n\t", tmp_path / "file")


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("examples", [5, pytest.param(300, marks=pytest.mark.soak)])
def test_every_text_is_read_in_proportion_to_its_length(reader, examples, tmp_path):
    parts = st.sampled_from([*SIGNS, *READERS[reader]])
    some = st.lists(parts, max_size=2).map("".join)
    shapes = st.tuples(some, st.lists(parts, min_size=1, max_size=5).map("".join), some)

    @settings(
        max_examples=examples,
        phases=[Phase.generate, Phase.target],
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(shapes)
    def search(shape):
        target(_hold(reader, shape, tmp_path / "file"))

    search()
