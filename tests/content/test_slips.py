"""Slips of editors: one of each kind is named once, in its place; two hundred of them are in the soak."""

from pathlib import Path

import pytest

from tests.support.lanes import first
from tests.support.slips import Slip, found, handled, seeded, sound_campaign

ONE_OF_EACH = {slip.kind: slip for slip in reversed(list(seeded()))}.values()


def test_the_campaign_that_slips_are_made_in_has_none(tmp_path: Path):
    sound_campaign(tmp_path)
    assert not found(tmp_path)


@pytest.mark.parametrize("slip", first(8, ONE_OF_EACH), ids=lambda slip: slip.kind)
def test_a_slip_is_named_once_in_its_place(tmp_path: Path, slip: Slip):
    right, told = handled(slip, tmp_path)
    assert right, told


MEANT = """
Five \\* three, \\*\\*, \\_ and \\[NAME\\], \\`, \\~\\~ and \\|;
`*code*` and `[x]`; snake_case, 24:00, a/b, 3 + 4, C++.

1917\\. It was a year. He said: “That that he had had.” Ends -- like this. “[*so*](https://x.example.org/a_b)”

He\u200cr \U0001f468\u200d\U0001f469\u200d\U0001f467 \u200fעברית
<https://a--b.example.org/_x_> <anna@example.org>
[https://b.example.org/a--b](https://b.example.org/a--b) or [at www.example.org](https://www.example.org/)

“So […] it [sic] was [...] then.”

– One says.

– The other says.

See [the heading](#a-b--c), [here](closed.md) or [there](privacy.md#more).

## A & b – c!

Minecraft-а, AT&T, R&D, &eacute;, {{ name }}
"""


def test_what_a_writer_means_is_left_alone(tmp_path: Path):
    folder = sound_campaign(tmp_path)
    path = folder / "en" / "privacy.md"
    path.write_text(
        path.read_text("utf-8") + MEANT.replace("#a-b--c", "#a-b-c") + "\n## More\n\nWords.\n", "utf-8"
    )
    said = [str(one) for one in found(tmp_path) if one.path == path]
    assert said == []


def test_each_box_that_is_not_taken_is_named_by_its_beginning(tmp_path: Path):
    path = sound_campaign(tmp_path) / "en" / "closed.md"
    path.write_text("# Closed\n\n::: note\nIt is over.\n:::\n\n::: tip\nThank you.\n:::\n", "utf-8")
    assert [one.line for one in found(tmp_path) if one.path == path and ":::" in one.fault] == [3, 7]


def test_each_slip_of_a_paragraph_is_named_though_it_is_one_line(tmp_path: Path):
    path = sound_campaign(tmp_path) / "en" / "closed.md"
    words = (
        "TODO: thank **all who who wrote, see https://library.example.org or https://b.example on 12/5/26."
    )
    path.write_text(f"{path.read_text('utf-8')}\n{words}\n", "utf-8")
    told = [one.fault for one in found(tmp_path) if one.path == path]
    assert told == [
        'a day as "12/5/26", which others read otherwise',
        'a blank that nobody filled in: "TODO"',
        'the sign "**" is left over',
        'a bare address "https://library.example.org"',
        '"who who" says a word twice',
    ]
