"""What a request carries: how much of it is read, and what is refused before any work is done."""

from __future__ import annotations

import re
from io import BytesIO

from flask import Flask, Request, abort
from flask.globals import request_ctx
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

LIMIT = 16 * 1024  # bytes
PATIENCE = 15.0  # seconds for a whole body, over the worst line
HURRY = 1.0  # seconds, while so many wait that connections run short
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})  # whose bodies are not read
REFUSED = "receiver.refused"  # in the environment: the status for a body that could not be read
MOST_FIELDS = 32
_ESCAPED = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")
CHARSETS = (None, "utf-8", "utf8", "us-ascii", "ascii")


def install(app: Flask) -> None:
    """Read every body before anything else looks at it."""
    app.config["MAX_CONTENT_LENGTH"] = LIMIT
    app.before_request(_read)


def _read() -> None:
    """Take the whole body into memory, or refuse what is too long, or was not all sent."""
    asked = request_ctx.request  # itself: each look through the proxy is as dear as the rest of this
    if not asked.environ.get("QUERY_STRING", "").isascii():
        raise BadRequest("The address holds raw bytes.")
    if refused := asked.environ.get(REFUSED):
        abort(refused)
    if asked.method not in BODILESS:
        asked.get_data()


def fields(post: Request, most: int = MOST_FIELDS) -> dict[str, str]:
    """Return the posted form, each field once and as it was typed, at most `most` of them.

    Raises:
        BadRequest: another content type, broken encoding, a file, a NUL, a doubled field, too many fields.
    """
    charset = post.mimetype_params.get("charset")
    if (charset.lower() if charset else None) not in CHARSETS:
        raise BadRequest("The form must be sent as UTF-8.")
    pairs = _pairs(post, most)
    if len(pairs) > most:
        raise BadRequest("There are too many fields.")
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BadRequest("A field is there twice.")
    if "\0" in "".join([*found, *found.values()]):
        raise BadRequest("There is a NUL character in the form.")
    return found


def _pairs(post: Request, most: int) -> list[tuple[str, str]]:
    body = post.get_data(cache=True)
    try:
        if post.mimetype == "application/x-www-form-urlencoded":
            return _urlencoded(body, most)
        body.decode()
        if post.mimetype == "multipart/form-data":
            return _multipart(body, post.mimetype_params, most)
    except (ValueError, RequestEntityTooLarge) as error:  # UnicodeDecodeError is a ValueError
        raise BadRequest("The form is broken, or not UTF-8.") from error
    raise BadRequest("A form was expected.")


def _urlencoded(body: bytes, most: int = MOST_FIELDS) -> list[tuple[str, str]]:
    """Parse as the URL standard says (https://url.spec.whatwg.org/#urlencoded-parsing).

    `urllib` decodes byte by byte, which took longer than all else that is read from a post in Cyrillic.
    """
    if body.count(b"&") >= most:
        raise BadRequest("There are too many fields.")
    parts = [part.partition(b"=") for part in body.split(b"&") if part]
    return [(_decoded(name), _decoded(value)) for name, _, value in parts]


def _decoded(part: bytes) -> str:
    if b"%" not in part:
        return part.replace(b"+", b" ").decode()
    escapes = part.count(b"%")
    # Words of another script are escapes but for the spaces between them: so all are one run.
    spaced = part.replace(b"+", b"%20" if escapes > 4 * part.count(b"+") else b" ")
    return _ESCAPED.sub(_unescaped, spaced).decode()


def _unescaped(escaped: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escaped[0].replace(b"%", b"").decode())


def _multipart(body: bytes, options: dict[str, str], most: int) -> list[tuple[str, str]]:
    parser = FormDataParser(_in_memory, silent=False, max_form_parts=most, cls=MultiDict)
    _rest, texts, files = parser.parse(BytesIO(body), "multipart/form-data", len(body), options)
    if files:
        raise BadRequest("No file can be sent here.")
    pairs = list(texts.items(multi=True))
    if any(name is None for name, _ in pairs):  # the parser leaves a nameless part so
        raise BadRequest("A part of the form has no name.")
    return pairs


def _in_memory(*_about: object, **_more: object) -> BytesIO:
    """Keep even a refused file off the disk."""
    return BytesIO()
