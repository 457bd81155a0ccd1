"""Checks of single values of campaign.toml: each returns the right value, or refuses it with a remedy."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from collections.abc import Callable
from typing import Any, cast

from campaign.cards.dimensions import SAFE_ZONE
from campaign.content import opening_days
from campaign.content.editors_file import did_you_mean, nearest
from campaign.language import locales

# What a language is called whose people's country, or whose code in three letters, is no code of any other.
COUNTRIES = {"by": "be", "ua": "uk", "cz": "cs", "gr": "el", "jp": "ja", "cn": "zh", "kr": "ko", "dk": "da"}
COUNTRIES |= {"ger": "de", "deu": "de", "eng": "en", "bel": "be", "rus": "ru", "ukr": "uk", "pol": "pl"}
Check = Callable[[Any], Any]
LINK = re.compile(r"https://[^\s/]+\.\S+")
MARKDOWN_LINK = re.compile(r"\[[^\]]*\]\(\s*(\S+?)\s*\)")
SCHEME = re.compile(r"^h?t{1,2}ps?(?:[:;.,]?/{1,3}|:)(?=[\w-]+\.)")
HOST = re.compile(r"(?:[A-Za-z0-9-]+\.)+[a-z]{2,}(?:[/?#]|$)")
IN_ANGLES = re.compile(r"[^<>]*<([^<>]*)>")  # Anna <anna@example.org>, as a mail program copies it
MAIL_SPACE = re.compile(r"\s*([@.])\s*")
AT = re.compile(r"[(\[](?:at|ät)[)\]]", re.IGNORECASE)
MAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


class Wrong(Exception):
    """A value that cannot be used: the fault, then the remedy.

    `right` is the word that was meant by `written`, where it is known.
    """

    def __init__(self, fault: str, remedy: str, *, written: str = "", right: str | None = None) -> None:
        super().__init__(fault, remedy)
        self.written = written
        self.right = right


def _shown(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:36]} …"


def text(value: Any) -> str:
    """Take one line of text."""
    if not isinstance(value, str):
        raise Wrong(f"{_shown(value)} is no text", 'write text in quotes, such as "Mikita"')
    if not value.strip() or "\n" in value.strip():
        raise Wrong("is empty" if not value.strip() else "holds several lines", "write one line of text")
    return value.strip()


def link(value: Any) -> str:
    """Take the address of a page that a browser opens safely."""
    if not isinstance(value, str) or not LINK.fullmatch(value):
        right = _link_meant(value) if isinstance(value, str) else None
        remedy = f'write "{right}"' if right else "write it from https:// on, in quotes"
        fault = f"{_shown(value)} is no address of a page"
        raise Wrong(fault, remedy, written=value if right else "", right=right)
    return value


def _link_meant(value: str) -> str | None:
    """Return the one address that a text is about: within signs of Markdown, with a mistyped or no scheme."""
    inner = value.strip().removeprefix("<").removesuffix(">").strip()
    found = MARKDOWN_LINK.fullmatch(inner)
    inner = SCHEME.sub("https://", found[1] if found else inner, count=1)
    right = f"https://{inner}" if HOST.match(inner) else inner
    return right if LINK.fullmatch(right) and right != value else None


def page_or_mail(value: Any) -> str:
    """Take the address of a page, or an e-mail address."""
    if isinstance(value, str) and MAIL.fullmatch(value):
        return value
    try:
        return link(value)
    except Wrong as wrong:
        right = (_mail_meant(value) if isinstance(value, str) else None) or wrong.right
        remedy = f'write "{right}"' if right else 'write "https://example.org/about" or "name@example.org"'
        fault = wrong.args[0].replace("of a page", "of a page or e-mail")
        raise Wrong(fault, remedy, written=value if right else "", right=right) from None


def _mail_meant(value: str) -> str | None:
    """Return the one e-mail address that is meant: with mailto:, a space, a comma in a point's place."""
    found = IN_ANGLES.fullmatch(value.strip()) or MARKDOWN_LINK.fullmatch(value.strip())
    inner = (found[1] if found else value).strip().removeprefix("mailto:").replace(",", ".")
    right = MAIL_SPACE.sub(r"\1", AT.sub("@", inner)).rstrip(".")
    return right if MAIL.fullmatch(right) and right != value else None


def lines(value: Any) -> str:
    """Take some lines of text; empty ones and outer spaces go."""
    if not isinstance(value, str):
        raise Wrong(f"{_shown(value)} is no text", 'write the lines between """ and """')
    return "\n".join(line.strip() for line in value.strip().splitlines() if line.strip())


def one_of(*words: str) -> Check:
    """Make a check that takes one of these words."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in words:
            near = nearest(str(value), words)
            raise Wrong(
                f"{_shown(value)} is not known",
                did_you_mean(str(value), words),
                written=str(value),
                right=near,
            )
        return value

    return check


def colour(value: Any) -> str:
    """Take a colour of six hexadecimal digits, or of three, each of which is short for two of it."""
    found = (
        re.fullmatch(r"#?((?:[0-9a-f]{3}){1,2})", value.strip().lower()) if isinstance(value, str) else None
    )
    if not found:
        remedy = 'write "#8a4708", six digits from 0 to 9 and a to f, in quotes'
        raise Wrong(f"{_shown(value)} is no colour", remedy)
    return "#" + "".join(digit * (6 // len(found[1])) for digit in found[1])


def whole(lowest: int, highest: int | None = None) -> Check:
    """Make a check that takes a whole number from `lowest` to `highest`."""
    wanted = f"from {lowest} to {highest}" if highest is not None else f"of {lowest} or more"

    def check(value: Any) -> int:
        remedy = f"write a whole number {wanted}, without quotes, dots or spaces"
        if not isinstance(value, int) or isinstance(value, bool):
            raise Wrong(f"{_shown(value)} is no whole number", remedy)
        if value < lowest or (highest is not None and value > highest):
            raise Wrong(f"{value} is too {'small' if value < lowest else 'large'}", remedy)
        return value

    return check


def fill_or_whole(value: Any) -> str | int:
    """Take "fill" or the number of messages on a card."""
    if value == "fill":
        return "fill"
    try:
        return cast(int, whole(1, 12)(value))
    except Wrong as wrong:
        raise Wrong(wrong.args[0], 'write "fill", or a whole number from 1 to 12 without quotes') from None


def yes_or_no(value: Any) -> bool:
    """Take true or false."""
    if not isinstance(value, bool):
        raise Wrong(f"{_shown(value)} is neither true nor false", "write true or false, without quotes")
    return value


def day(value: Any) -> datetime.date:
    """Take a date without a time."""
    if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
        raise Wrong(f"{_shown(value)} is no date", "write year-month-day without quotes, such as 2026-11-22")
    return value


def time_zone(value: Any) -> str:
    """Take the name of a time zone."""
    name = text(value)
    try:
        opening_days.zone(name)
    except opening_days.UnknownTimeZone:
        near = _zone_meant(name)
        remedy = f"did you mean {near}? Write" if near else "write"
        remedy += ' a region and its city, such as "Europe/Minsk", or "UTC"'
        raise Wrong(f"{_shown(name)} is no time zone", remedy, written=name, right=near) from None
    return name


def _zone_meant(name: str) -> str | None:
    """Return the zone of a city, or the one whose name is nearest; of hours such as GMT+3 none is near."""
    if re.search(r"\d", name):
        return None
    zones = sorted(zoneinfo.available_timezones())
    end = f"/{name.replace(' ', '_').lower()}"
    return next((zone for zone in zones if zone.lower().endswith(end)), None) or nearest(name, zones)


def words(value: Any) -> tuple[str, ...]:
    """Take a list of words, which may be empty."""
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        raise Wrong(f"{_shown(value)} is no list of words", 'write a list such as ["one", "two"]')
    return tuple(word.strip() for word in value)


def up_to(number: int, longest: int) -> Check:
    """Make a check that takes at most so many short texts, each once."""

    def check(value: Any) -> tuple[str, ...]:
        texts = tuple(dict.fromkeys(" ".join(text.split()) for text in words(value)))
        if len(texts) > number:
            raise Wrong(f"holds {len(texts)} texts", f"keep at most {number} of them")
        for text in texts:
            if len(text) > longest:
                raise Wrong(f"{_shown(text)} is too long", f"write at most {longest} characters")
        return texts

    return check


def some_of(*known: str) -> Check:
    """Make a check that takes some of these words, and returns them in this order."""

    one = one_of(*known)

    def check(value: Any) -> tuple[str, ...]:
        found = list(map(one, words(value)))
        return tuple(word for word in known if word in found)

    return check


def languages(value: Any) -> tuple[str, ...]:
    """Take a list of language codes as BCP 47 writes them."""
    codes = words(value)
    for code in codes:
        try:
            right = locales.canonical(code)
        except locales.LanguageError as error:
            near = _language_meant(code)
            remedy = f'did you mean "{near}"?' if near else "write one such as en, be, pt-BR"
            fault = f"{_shown(code)} is no language code"
            raise Wrong(fault, remedy, written=code if near else "", right=near) from error
        if code != right:
            fault = f"{_shown(code)} is not how the code is written"
            raise Wrong(fault, f'write "{right}"', written=code, right=right)
    if len(set(codes)) < len(codes):
        raise Wrong("names a language twice", "name each language once")
    return codes


def _language_meant(code: str) -> str | None:
    """Return the code of a language that is called by its country, by its name, or with an underscore."""
    if meant := COUNTRIES.get(code.lower()) or locales.code_named(code):
        return meant
    try:
        return locales.canonical(code.replace("_", "-"))
    except locales.LanguageError:
        return None


def page_languages(value: Any) -> tuple[str, ...]:
    """Take a list of language codes that is not empty."""
    codes = languages(value)
    if not codes:
        raise Wrong("names no language", 'write at least one, such as ["en"]; the first is the main one')
    return codes


def offset(value: Any) -> tuple[float, float]:
    """Take two lengths in millimetres; more than the safe zone would push ink off the card."""
    right = isinstance(value, list) and len(value) == 2
    if not right or not all(type(n) in {int, float} and abs(n) <= SAFE_ZONE for n in value):
        remedy = f"write two lengths of at most {SAFE_ZONE:g} millimetres, such as [0.5, -1.0]"
        raise Wrong(f"{_shown(value)} is no offset", remedy)
    return float(value[0]), float(value[1])
