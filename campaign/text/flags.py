"""Flags: what staff should look at in a message before they approve it. A flag never refuses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from campaign.text import contact_addresses
from campaign.text.flag import Flag, Kind
from campaign.text.invisible import is_mark, without
from campaign.text.matching import Folded, risky
from campaign.text.normalising import Normalised
from campaign.text.other_names import ends_a_letter, names_nobody
from campaign.text.scripts import mixed, script
from campaign.text.stated_surnames import find_stated_surnames

Span = tuple[int, int]

_NO_LETTER = r"[^\w\u2460-\u24ff\u2800-\u28ff\u3200-\u32ff\U0001f100-\U0001f1ff]*"  # nor one in a circle
_NO_NAME = re.compile(rf"{_NO_LETTER}(?:1?\d)?{_NO_LETTER}")  # a heart, or how old a child is
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*")
_AFTER_SIGNATURE = ".,!…()"
# A smiley, a heart in letters, an age; no longer than `_LONGEST_AFTER`.
_DRAWN = re.compile(
    r"(?:[:;=8x]['’]?-?[()\[\]DPp3*|/]+|<+3+|\^_*\^|\bx+D+|[(\[,]\s*\d{1,3}\s*[)\]]?)$", re.IGNORECASE
)
_LONGEST_AFTER = 12
WITHIN_NAMES = "'’‘`´׳"  # O'Brien, ג׳ורג׳
LONGEST_ABBREVIATION = 4  # with its full stop: "A.", "Kat."
MOST_OF_A_KIND = contact_addresses.MOST  # flags in one field


# What grandmothers and uncles sign with before their first name. Nan and Papa are first names themselves.
_KIN = """
    aunt auntie gran grandma grandpa granny uncle mum dad бабушка дедушка баба дед тётя тетя дядя бабуля
    дзед дзядуля цётка дзядзька бабуся дідусь тітка дядько babcia dziadek ciocia wujek oma opa tante onkel
    عبد أبو ابو أم ام abd abdul abu umm
"""  # the last line is no kin: half of one Arabic name
# The most frequent of China and Korea, which stand in front: of three signs the other two are the first name.
_IN_FRONT = re.compile(
    "[王李張张劉刘陳陈楊杨黃黄趙赵吳吴周徐孫孙馬马朱胡郭何林高羅罗鄭郑梁謝谢宋唐許许韓韩鄧邓馮冯曹彭曾蕭肖田董"
    "潘袁蔡蔣蒋余于杜葉叶程魏蘇苏呂吕丁任盧卢姚沈鍾钟姜崔譚谭陸陆范汪廖石金韋韦賈贾夏付方鄒邹熊孟秦邱侯江尹薛]"
    "(?=[\u4e00-\u9fff]{2}(?!\\w))|[김이박최정강조윤장임한오서신권황안송류전홍](?=[가-힣]{2}(?!\\w))"
)


def find(
    message: Normalised,
    first_name: Normalised,
    *,
    risky_words: Sequence[str] = (),
    own_names: Collection[str] = (),
) -> tuple[Flag, ...]:
    """List what staff should look at, in the order of fields and places; `own_names` are the recipient's.

    Nothing here knows the writer's details: a flag that did would tell them to whoever stole the database.
    """
    wanted = risky(tuple(risky_words))
    flags: list[Flag] = []
    for field, normalised in (("message", message), ("first_name", first_name)):
        spans = {*_addresses(normalised.text), *_mixed(normalised.text)}
        spans |= {("risky-word", span) for span in Folded(normalised.text).spans(wanted)}
        few = sorted(_few(spans), key=lambda s: (s[1], s[0]))
        flags += (Flag(kind, field, *span) for kind, span in few)
        if normalised.removed:
            flags.append(Flag("removed", field))
    surnames = set(find_stated_surnames(message.text, first_name.text, own_names))
    if signature := _signature(message.text, first_name.text, own_names):
        surnames.add(signature)
    for start, end in sorted(surnames)[:MOST_OF_A_KIND]:
        flags.append(Flag("signature-surname", "message", start, end))
    if further := _further_names(first_name.text):
        flags.append(Flag("first-name-words", "first_name", *further))
    return tuple(flags)


def _few(spans: Iterable[tuple[Kind, Span]]) -> Iterator[tuple[Kind, Span]]:
    """Make one of all the spans of a kind where they are many: a text must not be stored many times over."""
    for kind, some in groupby(sorted(spans), key=lambda one: one[0]):
        these = [span for _, span in some]
        if len(these) > MOST_OF_A_KIND:
            these = [(min(start for start, _ in these), max(end for _, end in these))]
        yield from ((kind, span) for span in these)


def _addresses(text: str) -> Iterator[tuple[Kind, Span]]:
    """Find addresses even where an invisible character is put into them."""
    visible, places = without(text)
    for kind, (start, end) in contact_addresses.find(visible):
        yield kind, (places[start], places[end - 1] + 1) if places else (start, end)


def _mixed(text: str) -> Iterator[tuple[Kind, Span]]:
    several = not text.isascii() and len({script(character) for character in set(text)} - {""}) > 1
    if several:
        yield from (("mixed-script", word.span()) for word in _WORD.finditer(text) if mixed(word[0]))


def _signature(text: str, first_name: str, own_names: Collection[str]) -> Span | None:
    """Find two capitalised words at the end of the text, as in "Yours, Anna Kowalska".

    The recipient's name is none ("Держись Никита!").

    Scripts without capitals, and writers who use none, are known by their first name before the last word.
    """
    body = _without_drawings(text)
    *_, first, last = ["", "", *body.rsplit(None, 2)]
    if signs_as_kin(f"{first} {last}", first_name):
        return None
    own = bool(last) and first != "" and first.casefold() == first_name.casefold()
    if not own and not (_is_first_name(first) and _capitalised(last)):
        return _own_name(text, first_name)
    recipients = {name.casefold() for name in own_names}
    if not own and (names_nobody(first) or ends_a_letter(last) or last.casefold() in recipients):
        return _own_name(text, first_name)  # "Alles Liebe"
    if body.isupper() and len(body) > len(first) + len(last) + 1:
        return None  # the whole text is shouted
    return body.rindex(first, 0, len(body) - len(last)), len(body)


def _own_name(text: str, first_name: str) -> Span | None:
    """Find the writer's first name before a capitalised word, wherever it stands: "Anna Kowalska, Gdynia"."""
    own = first_name.casefold()
    if not own or own not in text.casefold():  # as in most texts
        return None
    for word, following in pairwise(_WORD.finditer(text)):
        between = text[word.end() : following.start()]
        near = word[0].casefold() == own and between.isspace() and "\n" not in between
        if near and _capitalised(following[0]) and not ends_a_letter(following[0]):
            return word.start(), following.end()
    return None


def _is_first_name(word: str) -> bool:
    """Tell it from the last word of a sentence: only what is abbreviated has a full stop before a surname."""
    return _capitalised(word.rstrip(".") if len(word) <= LONGEST_ABBREVIATION else word)


def _without_drawings(text: str) -> str:
    """Leave out what may follow a signature: signs, emoji, flags, smileys, an age."""
    end = len(text)
    while end:
        character = text[end - 1]
        if drawn := _DRAWN.search(text[max(0, end - _LONGEST_AFTER) : end]):
            end -= len(drawn[0])
        elif character.isspace() or character in _AFTER_SIGNATURE or _is_drawing(character):
            end -= 1
        else:
            break
    return text[:end]


def _is_drawing(character: str) -> bool:
    """Tell whether a character can be a part of an emoji; those of later years are not assigned here yet."""
    kind = unicodedata.category(character)
    return (
        kind in {"So", "Sk", "Sm", "Cf", "Cn"} or "\ufe00" <= character <= "\ufe0f" or character == "\u20e3"
    )


def _capitalised(word: str) -> bool:
    return word[:1].isupper() and all(
        letter.isalpha() or letter in "'’-" or is_mark(letter) for letter in word
    )


def signs_as_kin(words: str, first_name: str) -> bool:
    """Tell whether words are how a relative signs with the first name: "Granny Anna"."""
    kin, _, name = words.casefold().partition(" ")
    return kin in _KIN.split() and first_name.casefold() in (name, f"{kin} {name}")


def _further_names(first_name: str) -> Span | None:
    """Find what follows the first of several names, or is glued to it (Anna/Kowalska), and 陳 of 陳大文."""
    if in_front := _IN_FRONT.match(first_name):
        return in_front.span()
    first, _, rest = first_name.partition(" ")
    rest = "" if _NO_NAME.fullmatch(rest) else rest
    if rest and first.casefold() in _KIN.split():
        further = _further_names(rest)
        return (further[0] + len(first) + 1, len(first_name)) if further else None
    letters = [at for at, letter in enumerate(first) if letter.isalpha()][1:]
    glued = (at for at in letters if _begins_name(first[at - 1], first[at]))
    begin = next(glued, len(first) + 1 if rest else 0)
    return (begin, len(first_name)) if begin else None


def _begins_name(before: str, letter: str) -> bool:
    """Tell whether a letter begins another name; hyphens, apostrophes and joiners stand within one."""
    if before.isalpha():
        return before.islower() and letter.isupper()
    return not (before in WITHIN_NAMES or is_mark(before) or unicodedata.category(before) in ("Pd", "Cf"))
