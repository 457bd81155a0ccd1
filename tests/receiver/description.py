"""An OpenAPI description of every route, made of the app's own map and of the fields of its forms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from campaign.content import form_fields

URLENCODED, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
PLACE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")
NUMBER = {"anyOf": [{"type": "integer", "minimum": -(10**30), "maximum": 10**30}, {"enum": ["", "x", "1.5"]}]}


def words(*good: str, longest: int = 40) -> dict[str, Any]:
    """Describe a field of text; `good` are values that lead further than any text does."""
    return {"anyOf": [{"enum": list(good)}] * bool(good) + [{"type": "string", "maxLength": longest}]}


@dataclass(frozen=True)
class Asked:
    """What an endpoint reads: of the address, of the query, of a form, or of JSON."""

    query: Mapping[str, Any] = field(default_factory=dict)
    form: Mapping[str, Any] | None = None
    json: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Known:
    """Values that exist: tokens, sealed details, a message, what a reviewer's page holds."""

    tokens: Sequence[str]
    seal: str
    message: str
    fingerprint: str
    csrf: str


def asked(known: Known) -> dict[str, Asked]:
    """Say what each endpoint asks; one that is not here has no description, and a test says so."""
    typed = {name.name: words() for name in form_fields.fields(400, form_fields.DETAILS, wall=True)}
    typed |= {"message": words("We think of you.", longest=400), "first_name": words("Anna")}
    typed |= {"consent": words("y"), "language": words("en", "be"), "homepage": words(""), "card": words("y")}
    typed |= {form_fields.SEALED: words(known.seal, longest=60)}
    csrf = {"csrf_token": words(known.csrf)}
    seen = csrf | {"seen": words(known.fingerprint), "state": words("waiting", "approved", "rejected")}
    language = {"language": words("en")}
    event = {
        "type": words("petition.signatures", "petition.signed"),
        "timestamp": words("2026-11-22T10:00:00Z", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"),
        "data": {"type": "object", "properties": {"signatures": NUMBER}},
    }
    return {
        "public.token": Asked(),
        "count.show": Asked(),
        "status.health": Asked(),
        "public.write": Asked(query=language),
        "public.send": Asked(form=typed | {"token": words(*known.tokens)}),
        "withdrawal.ask": Asked(query=language),
        "withdrawal.take_back": Asked(form={"receipt": words(), "token": words(*known.tokens)} | language),
        "hooks.receive": Asked(json=event),
        "files.shared": Asked(),
        "files.own": Asked(),
        "desk_files.desk": Asked(),
        "staff.log_in": Asked(form=csrf | {"name": words("olga"), "password": words()}),
        "staff.log_out": Asked(form={"csrf_token": words()}),  # the right one would end the session
        "staff.log_out_everywhere": Asked(form={"csrf_token": words()}),
        "second_factor.ask": Asked(form=csrf | {"code": words("000000")}),
        "second_factor.enrol": Asked(form=csrf | {"code": words("000000")}),
        "invitation.show": Asked(),
        "invitation.accept": Asked(form=csrf | {"new": words(longest=300), "again": words()}),
        "account.show": Asked(),
        "account.change_password": Asked(
            form=csrf | {"current": words(), "new": words(longest=300), "again": words()}
        ),
        "staff_log.show": Asked(query={"who": words("olga"), "page": NUMBER}),
        "how_it_goes.show": Asked(),
        "batches.listing": Asked(),
        "batches.single": Asked(),
        "batches.run": Asked(form={"csrf_token": words(known.csrf), "what": words("nothing that runs")}),
        "batches.stop": Asked(form=csrf),
        "batches.printed": Asked(form=csrf),
        "batches.posted": Asked(form=csrf | {"on": words("2026-11-22", "tomorrow"), "sure": words("y")}),
        "batches.void": Asked(
            form=csrf | {"cards": words("1", "3-2"), "why": words("x"), "sure": words("y")}
        ),
        "downloads.batch": Asked(),
        "downloads.sample": Asked(),
        "downloads.keepsake": Asked(),
        "downloads.calibrate": Asked(),
        "desk.home": Asked(),
        "desk.review": Asked(
            query={
                "message": words(known.message),
                "flood": words("1"),
                "aside": words("1"),
                "second": words("1"),
                "after": NUMBER,
                "cut": words("message", "words"),
                "start": NUMBER,
                "end": NUMBER,
            }
        ),
        "card.picture": Asked(query={"seen": words(known.fingerprint)}),
        "groups.show": Asked(query={"kind": words("alike", "unflagged"), "of": words("1"), "after": NUMBER}),
        "groups.approve": Asked(form=csrf | {f"seen:{known.message}": words(known.fingerprint)}),
        "undo.undo": Asked(form=csrf | {"step": words(f"approved {known.message} 1")}),
        "decisions.approve": Asked(form=seen),
        "decisions.reject": Asked(form=seen | {"why": words("Spam", longest=300)}),
        "decisions.reopen": Asked(form=seen),
        "decisions.set_aside": Asked(form=seen | {"note": words("Who reads Odia?", longest=600)}),
        "decisions.cut": Asked(
            form=seen | {"message:0:2": words("y"), "first_name:0:1": words("y"), "why": words("a name")}
        ),
        "decisions.restore": Asked(form=seen),
        "decisions.translate": Asked(form=seen | {"translation": words(longest=200)}),
        "find.listing": Asked(
            query={
                "state": words("approved"),
                "words": words(known.message),
                "flag": words("email"),
                "reason": words("another"),
                "reviewer": words("olga"),
                "language": words("en"),
                "batch": NUMBER,
                "card": NUMBER,
                "page": NUMBER,
                "flood": words("1"),
                "once": words("1"),
            }
        ),
    }


def describe(app: Flask, known: Known) -> dict[str, Any]:
    """Describe every route with every method that it has.

    Raises:
        KeyError: a route is new, and `asked` does not know it yet.
    """
    paths: dict[str, dict[str, Any]] = {}
    for rule in app.url_map.iter_rules():
        path = PLACE.sub(r"{\1}", rule.rule)
        for method in rule.methods or ():
            operation = _operation(asked(known)[rule.endpoint], method, PLACE.findall(rule.rule), known)
            paths.setdefault(path, {}).setdefault(method.lower(), operation)
    return {"openapi": "3.0.3", "info": {"title": "receiver", "version": "1"}, "paths": paths}


def _operation(found: Asked, method: str, places: Sequence[str], known: Known) -> dict[str, Any]:
    values = {
        "slug": ["mikita"],
        "identifier": [known.message],
        "who": ["olga", "nobody"],
        "token": ["0", "x" * 32],
        "version": ["0"],
        "number": ["1", "0", "x", "99999999999999999999"],
        "name": [
            "page.css",
            "receiver.css",
            "../receiver.css",
            "..%2f..%2fconfig.toml",
            "/etc/passwd",
            "staff.css",
            ".",
        ],
    }
    parameters = [
        {"name": place, "in": "path", "required": True, "schema": {"enum": values[place]}} for place in places
    ] + [{"name": name, "in": "query", "schema": schema} for name, schema in found.query.items()]
    operation = {"parameters": parameters, "responses": {"default": {"description": "any"}}}
    properties = found.json if found.json is not None else found.form
    if properties is not None and method == "POST":
        schema = {"type": "object", "properties": properties, "required": list(properties)}
        kinds = (JSON,) if found.json is not None else (URLENCODED, MULTIPART)
        content = {kind: {"schema": schema | {"additionalProperties": False}} for kind in kinds}
        operation["requestBody"] = {"required": True, "content": content}
    return operation
