"""Typography: a quote knows on which side of the words it stands."""

import pytest

from campaign.content.markup import dialect
from tests.support.table import table


def shown(text: str, language: str = "en") -> str:
    (block,) = dialect.read(text, language).blocks
    return "".join(block.itertext())


@table(
    ("written", "expected"),
    [
        ('"a" and "b"', "“a” and “b”"),
        ("'a \"b\" c'", "‘a “b” c’"),
        ('"*a*" "**b** c"', "“a” “b c”"),
        ('("a")', "(“a”)"),
        ('"a", "b"!', "“a”, “b”!"),
        ('one\n"two"\\\n"three"', "one\n“two”\n“three”"),
        ("it's Mikita's", "it’s Mikita’s"),
        ("5\" and 6'", '5" and 6’'),
        ('"open', '"open'),
        ('\\"a\\"', '"a"'),
        ('`"a" -- ...`', '"a" -- ...'),
        ('a "`b`" c', "a “b” c"),
        ("<https://x.org/a--b>", "https://x.org/a--b"),
        ("[https://x.org/a--b](https://x.org/a--b)", "https://x.org/a--b"),
        (
            'see -- "www.x.org/a--b" -- [at ann--a@x.org...](b.md)',
            "see – “www.x.org/a--b” – at ann--a@x.org…",
        ),
        ("'https://x.org/a...b' --", "‘https://x.org/a...b’ –"),
        ("a -- b --- c ---- d", "a – b — c ---- d"),
        ("a... b.... c", "a… b.... c"),
        ('她说"你好。"又说"走"了', "她说“你好。”又说“走”了"),
        ('በ"ፌስቡክ" ጻፈች፣ "ሀ"ን', "በ“ፌስቡክ” ጻፈች፣ “ሀ”ን"),
        ('צה"ל, דו"ח', 'צה"ל, דו"ח'),
    ],
)
def test_signs_of_a_keyboard_become_those_of_print(written: str, expected: str):
    assert shown(written) == expected


def test_a_quote_does_not_reach_into_the_next_block():
    first, second = dialect.read('"a\n\nb"', "en").blocks
    assert (first.text, second.text) == ('"a', 'b"')


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        *(("uk-UA", "«a»"), ("pl", "„a”"), ("xx", "“a”"), ("am", "«a»"), ("sv-FI", "”a”"), ("nb", "«a»")),
        *(("zh-Hant", "「a」"), ("zh-Hans", "“a”")),
    ],
)
def test_a_language_is_known_by_its_first_part(language: str, expected: str):
    assert shown('"a"', language) == expected
