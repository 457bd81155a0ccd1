"""The dialect: no HTML, and each element knows the line on which it was written."""

import re
from xml.etree.ElementTree import tostring

import markdown
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.content.markup import dialect, line_numbers
from campaign.content.markup.dialect import Parsed
from campaign.content.markup.tree import TooDeep
from tests.support.table import table

# Lines of every kind; {0} is the line's own number, so that a link or a tag tells where it was written.
LINES = (
    "",
    "",
    "words",
    "*emphasis* and **more of it**",
    "[link]({0})",
    "*[link]({0})*",
    "- [link]({0})",
    "  - [link]({0})",
    "    [link]({0})",
    "1. [link]({0})",
    "> [link]({0})",
    "> - [link]({0})",
    "## [link]({0})",
    "[link]({0})  ",
    "[link]({0})\\",
    "`code",
    "code` [link]({0})",
    "[link](",
    "![picture](a.png) [link]({0})",
    "<!-- a comment -->",
    "a <!-- comment",
    "of two lines --> [link]({0})",
    "<!--",
    "[link]({0}) -->",
    "---",
    "===",
    "- - -",
    "#",
    ">",
    "&eacute; \\* \\[",
    "<t{0}>",
    "- a <t{0} b='c'> d",
    "> </t{0}>",
    "`<t{0}>`",
    "\\<t{0}>",
)
TEXTS = st.lists(st.sampled_from(LINES), min_size=1, max_size=10)


def written(lines: list[str]) -> str:
    return "\n".join(line.format(number) for number, line in enumerate(lines, start=1))


def html(parsed: Parsed) -> str:
    return "".join(tostring(block, encoding="unicode", method="html") for block in parsed.blocks)


def without_gaps(shown: str) -> str:
    return re.sub(r"\s*(<[^>]*>)\s*", r"\1", shown)


def found(parsed: Parsed, tag: str) -> list[tuple[str, int]]:
    elements = (element for block in parsed.blocks for element in block.iter(tag))
    return [(element.get("href") or element.text or "", parsed.lines[element]) for element in elements]


@given(TEXTS)
def test_a_link_is_on_the_line_on_which_it_was_written(lines: list[str]):
    parsed = dialect.read(written(lines), "en")
    for address, line in found(parsed, "a"):
        if number := re.match("[0-9]+", address):
            # An address may stand on the line below its words, which are where the link begins.
            assert line == int(number[0]) or lines[line - 1] == "[link]("


@given(TEXTS)
def test_what_the_library_takes_for_html_is_found_on_its_line(lines: list[str]):
    # Not alike: the library takes the end of a comment for text, \\< for HTML, and no list below a line.
    text = written([line for line in lines if not re.search(r"--|\\<|^[^`]*`[^`]*$", line)])
    library = markdown.Markdown()
    library.convert(text)
    tags = {tag for raw in library.htmlStash.rawHtmlBlocks for tag in re.findall("</?t[0-9]+", str(raw))}
    ours = {(re.match("[^ >]*", tag)[0], line) for tag, line in found(dialect.read(text, "en"), "html")}
    assert {(tag, int(re.search("[0-9]+", tag)[0])) for tag in tags} <= ours


@pytest.mark.slow
@given(TEXTS)
def test_numbers_change_nothing_that_is_shown(lines: list[str]):
    text = written(lines)
    with pytest.MonkeyPatch.context() as patch:
        numbered = line_numbers._numbered
        patch.setattr(line_numbers, "_numbered", lambda line: line_numbers.NUMBER.sub("", numbered(line)))
        plain = html(dialect.read(text, "en"))
    assert without_gaps(html(dialect.read(text, "en"))) == without_gaps(plain)


@given(st.text(st.characters(codec="utf-8"), max_size=50))
def test_no_number_is_left_in_a_text_or_forged_by_one(text: str):
    forged = f"# A\n\n\x02line:7\x1f[{text}](x)\n\nb \x02line:9\x1fc".replace("\r", "\n")
    parsed = dialect.read(forged, "en")
    assert parsed.lines[parsed.blocks[-1]] == forged.count("\n") + 1
    assert "\x02" not in html(parsed)


@table(
    ("text", "tags"),
    [
        ("#hashtag", ["p"]),
        ("# C# #", ["h1"]),
        ("  ## a", ["h2"]),
        ("#", ["h1"]),
        ("a\n# b\nc", ["p", "h1", "p"]),
        ("a\n---", ["h2"]),
        ("- a\n---", ["ul", "hr"]),
        ("- a\n- \n- b", ["ul"]),
        ("    a", ["p"]),
        ("- a\n\n<!-- b -->\n\n- c", ["ul"]),
        ("\u200f## א\n\n\u200f- א\n\u200f- א", ["h2", "ul"]),
    ],
)
def test_blocks_are_what_an_editor_takes_them_for(text: str, tags: list[str]):
    assert [block.tag for block in dialect.read(text, "en").blocks] == tags


def test_a_rule_knows_its_line():
    parsed = dialect.read("a\n===\n\n---\n\n***\nb", "en")
    assert [parsed.lines[block] for block in parsed.blocks] == [1, 4, 6, 7]


def test_a_list_knows_the_lines_of_its_entries():
    (block,) = dialect.read("We:\n\n- a\n  - b\n\n    c\n-\n- d", "en").blocks[1:]
    parsed = dialect.read("We:\n\n- a\n  - b\n\n    c\n-\n- d", "en")
    lines = [(element.tag, parsed.lines[element]) for element in parsed.blocks[1].iter()]
    assert block.tag == "ul"
    assert [line for tag, line in lines if tag == "li"] == [3, 4, 7, 8]


@table(
    ("text", "expected"),
    [
        ("[two\nwords][]\n\n[two words]: x\n  'title'", '<a href="x" title="title">two\nwords</a>'),
        ("[a]\n\n[a]: <x>", '<a href="x">a</a>'),
        ("[a](x?b=1&amp;c=2&copy=3)", '<a href="x?b=1&amp;c=2&amp;copy=3">a</a>'),
        ("[a](b\\_c 'd\ne')", '<a href="b_c" title="d e">a</a>'),
        ("<a@example.org>", '<a href="mailto:a@example.org">a@example.org</a>'),
        ("![a\nb](c)", '<img src="c" alt="a b">'),
    ],
)
def test_links_lead_where_they_say(text: str, expected: str):
    assert html(dialect.read(text, "en")) == f"<p>{expected}</p>\n"


@pytest.mark.parametrize("text", ["- " * 400 + "a", ">" * 400 + "a", "*a " * 400 + "b*" * 400])
def test_nesting_without_end_is_refused(text: str):
    with pytest.raises(TooDeep):
        dialect.read(text, "en")


def test_the_star_of_a_german_word_is_no_emphasis():
    shown = dialect.read("Schüler*innen und *alle* Lehrer*innen **und Freund*innen**", "de").blocks[0]
    assert [emphasis.text for emphasis in shown.iter("em")] == ["alle"]
    assert "Freund" in (next(shown.iter("strong")).text or "")
