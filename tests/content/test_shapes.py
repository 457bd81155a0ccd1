"""Tables, footnotes, figures, quotations, timelines, folds, struck words: what becomes of them."""

import re
import time
from pathlib import Path

import pytest

from campaign import ROOT
from campaign.content import fixing, markdown
from campaign.content.editors_file import Source
from campaign.content.markdown import Document
from campaign.content.proofreading import left_over_signs, pasted, proof_text, shapes
from campaign.content.story_pictures import StoryPictures
from campaign.content.text_faults import Context
from tests.support.table import table

EDITORS = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
SECTION = EDITORS[EDITORS.index("### More than paragraphs") : EDITORS.index("### Facts in a text")]
EXAMPLES = re.findall(r"```markdown\n(.*?)```", SECTION, re.DOTALL)
PICTURES = StoryPictures(seen={"reading-room.png": "reading-room.png"})
SHOWN = {  # of the examples in docs/editors.md, in their order
    "a figure": ("<figure>", "<figcaption>The reading room on the day after."),
    "a quotation": ("<blockquote>\n<p>They took", "<figcaption>Ilse, a neighbour, to <a "),
    "a timeline": (
        '<ol class="timeline">',
        '<time datetime="2026-03-01">1 March 2026</time> Arrested',
        "April",
    ),
    "a table": (
        '<th scope="col">Day</th>',
        '<td class="end">4</td>',
        'tabindex="0" aria-label="Day, What may',
    ),
    "a footnote": ('href="#note-story-1"', '<li id="note-story-1">\n<p>Judgment', 'href="#at-story-1"'),
    "a fold": ("<summary>What the law says</summary>", "<p>Article 23", "<li>without a permit</li>"),
    "struck words": ("<del>in May</del>", ">https://example.org/a--b</a>"),
}


def read(text: str, language: str = "en", name: str = "story") -> tuple[Document, list[str]]:
    source = Source(Path(f"{name}.md"), f"# Title\n\n{text}", [])
    document = markdown.document(source, Context(language, pictures=PICTURES))
    return document, [f"{fault.line}: {fault.fault}" for fault in source.faults]


def html(text: str, language: str = "en") -> str:
    document, faults = read(text, language)
    assert not faults
    return str(document.html)


@table(
    ("example", "shown"),
    [*zip(EXAMPLES, SHOWN.values(), strict=True)],
    ids=SHOWN,
)
def test_what_editors_are_shown_becomes_what_they_are_told(example: str, shown: tuple[str, ...]):
    page = html(example)
    assert not [part for part in shown if part not in page]
    assert markdown.SHAPES.search(page) or "<del>" in page


@table(
    ("text", "expected"),
    [
        ("a\n| b | c |\n|---|---|\n| 1 | 2 |", "<p>a</p>\n<div"),
        ("b | c\n--- | :-:\n1 | `x|y` \\| z", '<td class="mid"><code>x|y</code> | z</td>'),
        ("|  | Men |\n|---|---|\n| Held | 2 |", '<td></td>\n<th scope="col">Men</th>'),
        ("|  | Men |\n|---|---|\n| Held | 2 |", '<th scope="row">Held</th>'),
        ('![a](reading-room.png "What it is")', "<figcaption>What it is</figcaption>"),
        ("![a](reading-room.png)  \nBelow *it*", "<figcaption>Below <em>it</em></figcaption>"),
        ("![a](reading-room.png) beside it", "<p><img"),
        ("![a](reading-room.png)\n![b](reading-room.png)", "<p><img"),
        ("> a  \n> — *B* c", "<figcaption><em>B</em> c</figcaption>"),
        ("> a\n\n> b\n> -- C", "<blockquote>\n<p>a</p>\n<p>b</p>\n</blockquote>\n<figcaption>C"),
        ("> a\n> -- B\n\n> c\n> -- D", "<figcaption>B</figcaption>\n</figure>\n<figure>"),
        ("> — a\n> — b", "<blockquote>\n<p>— a\n— b</p>\n</blockquote>"),
        ("> — a", "<blockquote>\n<p>— a</p>"),
        ("> a\n> —\u00a0B", "<figcaption>B</figcaption>"),
        ("- 2026-03-01:\n  a\n- 2026-04:\u00a0b", '<time datetime="2026-04">April 2026</time> b'),
        ("a\x0bb", "<p>a b</p>"),
        ("a\ufffeb", "<p>a b</p>"),
        ("- 2026-02-30: a", "<ul>\n<li>2026-02-30: a</li>"),
        ("- 2026-02-03: a\n- b", "<ul>"),
        ("- 2026-02-03: *a*\n\n- 2026-03-03: b", "February 2026</time> <em>a</em></p>"),
        ("a[^2] b[^1]\n\n[^1]: c\n[^2]: d", '<li id="note-story-1">\n<p>d'),
        ("a[^1] b[^1]\n\n[^1]: c", 'href="#at-story-1-2" aria-label="Back to the text from footnote 1 (2)"'),
        ("a[^1]\n\n[^1]: b[^2]\n[^2]: c", '<li id="note-story-2">\n<p>c'),
        ("::: details a\n| b | c |\n|---|---|\n| 1 | 2 |\n:::\nd", "</details>\n<p>d</p>"),
        ("- a\n::: details b\nc\n:::", "</ul>\n<details"),
        ("::: details a\n\nb\n\n:::\n\nc", "<p>b</p>\n</details>\n<p>c</p>"),
        ("~~a~ b~~ ~~c", "<del>a~ b</del> ~~c"),
    ],
)
def test_shapes_become_html(text: str, expected: str):
    assert expected in html(text)


def test_a_timeline_and_the_way_back_are_in_the_text_s_language():
    shown = html("- 2026-03-01: a\n- 2026-04: b[^1]\n\n[^1]: c", "be")
    assert "1\u00a0сакавіка 2026" in shown
    assert "красавік 2026" in shown
    assert 'aria-label="Зноскі"' in shown
    assert 'aria-label="Са зноскі 1 назад да тэксту"' in shown


def test_a_footnote_is_part_of_no_plain_words_and_of_no_address():
    document, faults = read("Lead[^1].\n\n## A\n\n[^1]: b")
    assert document.lead == "Lead."
    assert not faults
    _, faults = read("## A[^1]\n\nb[^1]\n\n[^1]: c")
    assert not faults


@table(
    ("text", "expected"),
    [
        ("::: details\na\n:::", "3: a fold without a heading"),
        ("::: details a\nb", "3: a fold that does not end"),
        ("::: details a\n:::", "3: a fold that holds nothing"),
        ("a[^1]\n\n[^1]:", "5: a footnote without words"),
        ("a[^1]\n\n[^1]: b\n\n[^1]: c", "7: a second footnote [^1]"),
        ("[a[^1]](https://example.org) b\n\n[^1]: c", "3: a footnote inside a link"),
        ("a[^1] " * 500, "0: holds more than 200 footnotes"),
        ("| a | b |\n|---|---|\n" + "|\n" * 1_000, "0: holds tables of more than 2000 cells"),
    ],
)
def test_a_shape_that_is_not_finished_is_a_fault(text: str, expected: str):
    assert expected in read(text)[1]


def test_a_paragraph_that_stands_alone_elsewhere_holds_no_footnote():
    source = Source(Path("privacy.md"), "# Title\n\nLead[^1].\n\nMore.\n\n[^1]: b", [])
    markdown.document(source, Context("en"), apart=True)
    assert [fault.line for fault in source.faults] == [3]


NESTED = "".join(f"a[^{n}]\n\n[^{n}]: > [^x{n}]: [^y{n}]: b\n\n" for n in range(90))


@pytest.mark.parametrize("word", ["a" * 60_000, "a.b-" * 15_000, "www." * 15_000])
def test_one_long_word_is_proofread_in_proportion(word: str, tmp_path: Path):
    (tmp_path / "story.md").write_text(f"# Title\n\n{word}\n")
    text = proof_text.read(tmp_path / "story.md", "en")
    before = time.thread_time()
    for look in (pasted.pasted, left_over_signs.left_over):
        list(look(text))
    assert time.thread_time() - before < 4


@pytest.mark.parametrize(
    "text",
    [
        "— Ты пишешь?\n— Да, каждый день.",
        "One line says | here\nand a second line | says\nplain",
        "• She waits.\n\nMore.",  # a story's first paragraph, perhaps
    ],
)
def test_what_may_be_meant_otherwise_is_named_and_not_rewritten(text: str, tmp_path: Path):
    (tmp_path / "story.md").write_text(f"# Title\n\n{text}\n")
    read_text = proof_text.read(tmp_path / "story.md", "ru")
    found = [fault for look in (pasted.pasted, left_over_signs.left_over) for fault in look(read_text)]
    assert found
    assert not any(fault.fix for fault in found)


@table("text", [NESTED, "[^a]:", "[^]: b", "[^a]: ![b](c)", "|-|\n|-|", "::: details", "> -- "])
def test_no_shape_is_an_accident(text: str):
    read(text)
    read(f"{text}\n\nc[^a]")


def test_nothing_of_ours_reaches_the_page():
    page = html("a[^1]\n\n[^1]: b\n\n| c | d |\n|:--|--:|\n| e | f |\n\n::: details g\nh\n:::")
    assert not re.search(r"style=|align=|note=|unended|\x02|\x03", page)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Words.\n![a](x.jpg)\n", [(4, "\n![a](x.jpg)")]),
        ("Words.\n![a](x.jpg)\nMore.\n", [(4, None)]),
        ("Words ![a](x.jpg) and more.\n", [(3, None)]),
        ("Words.\n\n![a](x.jpg)\nA caption.\n", []),
        ("Words.\n\n![a](x.jpg)\n\nMore.\n", []),
        ("![a](x.jpg) ![b](y.jpg)\n", []),
    ],
)
def test_a_picture_among_words_is_named_and_set_apart_where_that_is_sure(text: str, told, tmp_path: Path):
    path = tmp_path / "story.md"
    path.write_text(f"# Title\n\n{text}")
    found = list(shapes.unfinished(proof_text.read(path, "en")))
    assert [(one.line, one.fix.new if one.fix else None) for one in found] == told
    fixing.fix(found)
    left = list(shapes.unfinished(proof_text.read(path, "en")))
    assert len(left) == sum(new is None for _, new in told)
