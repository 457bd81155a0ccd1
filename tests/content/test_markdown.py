"""Markdown: safe HTML, the language's own quotes, headings in their place."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.content import markdown
from campaign.content.editors_file import Source
from campaign.content.markdown import Document
from campaign.content.text_faults import Context
from tests.support.table import table


def document(text: str, language: str = "en", level: int = 1, **values: str) -> Document:
    """Read a text whose heading is written for it; a fault fails the test."""
    source = Source(Path("story.md"), f"# Title\n\n{text}", [])
    read = markdown.document(source, Context(language, values), level=level)
    assert not source.faults, [str(fault) for fault in source.faults]
    return read


def html(text: str, language: str = "en", **values: str) -> str:
    return str(document(text, language, **values).html)


@table(
    ("text", "expected"),
    [
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
        ("1) a\n   - b", "<ol>\n<li>a<ul>\n<li>b</li>\n</ul>\n</li>\n</ol>\n"),
        ("a\n- b", "<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n"),
        ("#a", "<p>#a</p>\n"),
        ("    a", "<p>a</p>\n"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("a\\\nb", "<p>a<br>\nb</p>\n"),
        ("a  \nb", "<p>a<br>\nb</p>\n"),
        ("a\n\n---\n\nb", "<p>a</p>\n<hr>\n<p>b</p>\n"),
        ("1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>\n"),
        ("\\<b>", "<p>&lt;b&gt;</p>\n"),
        ("AT&amp;T &eacute;", "<p>AT&amp;T é</p>\n"),
    ],
)
def test_markdown_becomes_html(text: str, expected: str):
    assert html(text) == expected


@table(
    ("language", "expected"),
    [
        ("en", "“a ‘b’ c” – don’t…"),
        ("be", "«a\u00a0„b“ c» – don’t…"),
        ("ru", "«a\u00a0„b“ c» – don’t…"),
        ("de-AT", "„a ‚b‘ c“ – don’t…"),
        ("fr", "«&nbsp;a “b” c&nbsp;» – don’t…"),
        ("th", "“a ‘b’ c” – don’t…"),
    ],
)
def test_quotes_are_the_languages_own(language: str, expected: str):
    assert html("\"a 'b' c\" -- don't...", language) == f"<p>{expected}</p>\n"


def test_the_title_and_the_lead_are_plain_words():
    source = Source(
        Path("story.md"), '# *He* "waits" for `him`\n\nA [friend](https://x.org)\nof **his**.\n', []
    )
    read = markdown.document(source, Context("en"))
    assert (read.title, read.lead) == ("He “waits” for him", "A friend of his.")


def test_an_underlined_heading_is_one_too():
    source = Source(Path("story.md"), "Title\n=====\n\nText.\n", [])
    assert markdown.document(source, Context("en")).title == "Title"


@pytest.mark.parametrize(("level", "expected"), [(1, ["h2", "h3"]), (2, ["h3", "h4"]), (5, ["h6", "h6"])])
def test_headings_stand_below_the_texts_own(level: int, expected: list[str]):
    text = document("## a\n\n### b\n", level=level).html
    assert re.findall("<(h[2-6])", text) == expected


def test_external_links_tell_the_other_side_nothing():
    link = '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">x</a>'
    assert html("[x](https://example.org/?a=1&b=2)") == f"<p>{link}</p>\n"
    assert 'rel="noopener noreferrer"' in html("<https://example.org>")
    assert "rel=" not in html("[x](#write)")


def test_a_comment_of_the_editors_never_reaches_the_page():
    text = "a <!-- inline --> b\n\n<!-- block\n\nof several -->\n\n<!-- one --> <!-- two -->\n\nc"
    assert html(text) == "<p>a  b</p>\n<p>c</p>\n"


def test_a_comment_may_stand_above_the_heading():
    source = Source(Path("story.md"), "<!-- note -->\n\n# Title\n\nLead.\n", [])
    assert markdown.document(source, Context("en")).title == "Title"
    assert not source.faults


@pytest.mark.parametrize("written", ["{{ signatures }}", "{{signatures}}", "{{  signatures\t}}"])
def test_a_placeholder_gives_its_value(written: str):
    assert html(f"Over {written} people", signatures="12,000") == "<p>Over 12,000 people</p>\n"


@table("value", ["1. A", "*A*", "A_b_", "<b>", "[a](b)", "a\\b", "# a", "- a", "&amp;", "{{ x }}"])
def test_a_placeholders_value_is_never_markdown(value: str):
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert html("{{ name }}", name=value) == f"<p>{escaped}</p>\n"


def test_placeholders_work_in_headings_links_and_lists():
    text = html("## {{ name }}\n\n- [{{ name }}](https://x.org)\n", name="Mikita")
    assert '<h2 id="mikita">Mikita</h2>' in text
    assert ">Mikita</a>" in text


def test_html_is_safe_to_put_into_a_template():
    assert html("a & b") == document("a & b").html.__html__()


TRICKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](java\\script:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](\x01javascript:alert(1))",
    "[x][y]\n\n[y]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,AAAA)",
    "[x](vbscript:x)",
    '[x](https://x.org "onmouseover=alert(1)")',
    "<a href='https://x.org' onclick='alert(1)'>x</a>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php x ?>",
    "`<script>`",
    "    <script>",
]


@table("trick", TRICKS)
def test_no_trick_reaches_the_page(trick: str):
    source = Source(Path("story.md"), f"# Title\n\n{trick}\n", [])
    text = markdown.document(source, Context("en")).html
    for forbidden in (
        "<script",
        "onerror",
        "onclick",
        'src="data',
        'src="javascript',
        'href="javascript',
        'href="data',
        "<a onmouse",
    ):
        assert forbidden not in text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_read_or_refused_on_a_line_of_its_own(words: str):
    text = f"# Title\n\n{words}".replace("\r", "\n")
    source = Source(Path("story.md"), text, [])
    markdown.document(source, Context("en"))
    markdown.bullets(source, Context("en"))
    markdown.paragraph(source, Context("en"))
    assert all(0 <= fault.line <= text.count("\n") + 1 for fault in source.faults)


@pytest.mark.slow
@given(
    st.lists(
        st.sampled_from([*TRICKS, "## a", "- b", "`", "\n", " ", "{{ name }}", "{{x}}", "![](a)"]), max_size=8
    )
)
def test_tricks_together_are_no_better(pieces: list[str]):
    text = "# Title\n\n" + "\n".join(pieces)
    source = Source(Path("story.md"), text, [])
    shown = markdown.document(source, Context("en", {"name": "<script>"})).html
    assert "<script" not in shown
    assert all(0 <= fault.line <= text.count("\n") + 1 for fault in source.faults)
