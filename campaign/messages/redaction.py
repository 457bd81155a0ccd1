"""Redaction: a span cut out of a message, and what that does to its flags."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from campaign.errors import CandleError
from campaign.messages.message import Message
from campaign.text.flag import Flag
from campaign.text.matching import fold
from campaign.text.normalising import normalise
from campaign.text.other_names import find_other_names

OWN = ("surname", "signature-surname")  # of the writer


class RedactionError(CandleError):
    """A span that is not in the message."""


def join_spans(texts: Mapping[str, str], spans: Iterable[Flag]) -> list[Flag]:
    """Return the spans in order, those as one between which no letter and no digit is left.

    Raises:
        RedactionError: a span is empty, or does not lie in its field.
    """
    joined: list[Flag] = []
    for span in sorted(spans, key=lambda one: (one.field, one.start or 0, one.end or 0)):
        start, end = _place(texts.get(span.field, ""), span)
        before = joined[-1] if joined and joined[-1].field == span.field else None
        between = texts[span.field][before.end or 0 : start] if before else ""
        if before and not any(letter.isalnum() for letter in between):
            joined[-1] = replace(before, end=max(before.end or 0, end))
        else:
            joined.append(span)
    return joined


def redact(
    text: str, first_name: str, flags: Iterable[Flag], spans: Sequence[Flag]
) -> tuple[str, str, tuple[Flag, ...]]:
    """Cut out `spans`, which `join_spans` put in order; returns the text, the first name and the flags left.

    What is left is tidied up once all are cut: it may move, and the next span would stand on other words.
    A first name is no surname once that is cut out behind it.

    Raises:
        RedactionError: a span is empty, or does not lie in its field.
    """
    fields, kept = {"message": text, "first_name": first_name}, list(flags)
    for span in reversed(spans):
        whole = fields.get(span.field, "")
        start, end = _with_space(whole, *_place(whole, span))
        fields[span.field] = left = whole[:start] + whole[end:]
        moved = (_moved(flag, start, end, left) if flag.field == span.field else flag for flag in kept)
        kept = [flag for flag in moved if flag is not None]
    for field in {span.field for span in spans}:
        tidy = normalise(fields[field], one_line=field == "first_name").text
        if tidy != fields[field]:
            fields[field] = tidy
            kept = [replace(flag, start=None, end=None) if flag.field == field else flag for flag in kept]
    text, own = fields["message"], fields["first_name"].casefold()
    kept = [f for f in kept if f.kind != "signature-surname" or text[f.start : f.end].casefold() != own]
    return text, fields["first_name"], tuple(kept)


def _place(whole: str, span: Flag) -> tuple[int, int]:
    start, end = span.start, span.end
    if start is None or end is None or not 0 <= start < end <= len(whole):
        raise RedactionError(f"{span.field} {start}–{end}: there is no such place in this message")
    return start, end


def _with_space(whole: str, start: int, end: int) -> tuple[int, int]:
    """Take one neighbouring space along, so that no gap and no space at an end is left."""
    if start > 0 and whole[start - 1] == " " and (end == len(whole) or not whole[end].isalnum()):
        return start - 1, end
    if end < len(whole) and whole[end] == " " and (start == 0 or whole[start - 1] == "\n"):
        return start, end + 1
    return start, end


def _moved(flag: Flag, start: int, end: int, left: str) -> Flag | None:
    """Give a flag the place of what is left; None where nothing is."""
    if flag.start is None or flag.end is None:
        return flag
    if flag.start >= start and flag.end <= end:
        return None
    before, after = min(flag.start, start), max(flag.end, end) - (end - start)
    if flag.start < end and start < flag.end:  # what is left of it: of a name cut by half the other half
        rest = left[before:after]
        before += len(rest) - len(rest.lstrip())
        return replace(flag, start=before, end=before + len(rest.strip()))
    gap = end - start if flag.start >= end else 0
    return replace(flag, start=flag.start - gap, end=flag.end - gap)


def repeated_word(texts: Mapping[str, str], spans: Iterable[Flag], why: str) -> str:
    """Return a word of a reason that is cut out, and could tell it: a name, a number, an address; else ""."""
    cut = " ".join(texts.get(span.field, "")[span.start : span.end] for span in spans)
    telling = {fold(word) for word in re.findall(r"\w+", cut) if len(word) > 2 and not word.islower()}
    return next((word for word in re.findall(r"\w+", why) if fold(word) in telling), "")


def names_cut_by_half(message: Message, cuts: Iterable[Flag], own_names: Collection[str]) -> Iterator[Flag]:
    """Flag names of others that a cut goes through, but not what is flagged as the writer's own already."""
    spans = [(cut.start or 0, cut.end or 0) for cut in cuts if cut.field == "message"]
    own = [(f.start, f.end or 0) for f in message.flags if f.kind in OWN and f.start is not None]
    for start, end in find_other_names(message.text, own_names, message.language):
        cut = any(first < end and start < last for first, last in spans)
        if cut and not any(first < end and start < last for first, last in own):
            yield Flag("other-name", "message", start, end)
