"""What would be done again for each test, done once: content/, templates, routes, what a page is made of."""

from __future__ import annotations

import fcntl
import hashlib
import pickle
from collections.abc import Callable, Hashable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from flask.templating import Environment
from jinja2.bccache import Bucket, BytecodeCache
from PIL import Image
from werkzeug.routing import Rule

from campaign import ROOT
from campaign.accounts import passwords
from campaign.content import campaign as reading
from campaign.content.campaign import Campaign
from campaign.content.markup import parse_cache
from campaign.content.markup.dialect import Parsed
from campaign.language import extraction
from campaign.pages import build_record, compressing, pictures, share_image

SHORT = 20_000  # characters: of longer texts it is measured how long they take
COST = passwords.METHOD  # of a guess, where no test runs
COMPILED = ("_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown")  # of a route


class CompiledTemplates(BytecodeCache):
    """Each template as its app's options compile it, for all apps of that kind."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get(_place(bucket))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[_place(bucket)] = bucket.code


def _place(bucket: Bucket) -> tuple[str, str, str]:
    app: Flask = bucket.environment.app  # type: ignore[attr-defined] # Flask's own environment
    return app.import_name, bucket.key, bucket.checksum


@pytest.fixture(scope="session", autouse=True)
def what_repeats_is_done_once(drawn_pictures: Path) -> Iterator[None]:
    """Let all tests share it. One fixture: pytest looks for each that every test has in every test."""
    with pytest.MonkeyPatch.context() as patch:
        _compile_templates_once(patch)
        _compile_routes_once(patch)
        _hash_passwords_quickly(patch)
        _read_content_once(patch)
        _read_texts_once(patch)
        _draw_pictures_once(patch, drawn_pictures)
        # The strings of code and templates: a fifth of a second for each check of a campaign.
        patch.setattr(extraction, "strings", cache(extraction.strings))
        # The builds of a process share what they pack alike, half of a build; and what git says of this
        # checkout, three processes for each.
        patch.setattr(compressing, "_packed", _kept_by(bytes, compressing._packed))
        patch.setattr(build_record, "checkout", cache(build_record.checkout))
        yield


def _compile_templates_once(patch: pytest.MonkeyPatch) -> None:
    """Let all apps share what Jinja made of a template: 30 ms for each that shows a form."""
    compiled = CompiledTemplates()

    class Compiling(Environment):
        def __init__(self, app: Flask, **options: Any) -> None:
            super().__init__(app, bytecode_cache=compiled, **options)

    patch.setattr(Flask, "jinja_environment", Compiling)


def _compile_routes_once(patch: pytest.MonkeyPatch) -> None:
    """Let all apps share what Werkzeug made of a route: 20 ms for each app."""
    compile_it, kept = Rule.compile, dict[Hashable, dict[str, Any]]()

    def rule(of: Rule) -> Hashable:
        return of.rule, of.host, of.subdomain, repr(of.defaults), of.merge_slashes

    def compile_once(of: Rule) -> None:
        if of.map.converters != of.map.default_converters:  # a page's languages are its campaigns'
            compile_it(of)
        elif (known := rule(of)) in kept:
            vars(of).update(kept[known])
        else:
            compile_it(of)
            kept[known] = {name: vars(of)[name] for name in COMPILED}

    def builder(of: Rule) -> Hashable:
        return *rule(of), *of._trace  # type: ignore[misc]

    patch.setattr(Rule, "_compile_builder", _kept_by(builder, Rule._compile_builder))
    patch.setattr(Rule, "compile", compile_once)


def _hash_passwords_quickly(patch: pytest.MonkeyPatch) -> None:
    """Let a guess cost nothing to speak of: 60 ms for each password that a test makes or types."""
    patch.setattr(passwords, "METHOD", "scrypt:128:8:1")
    passwords._nobodys_hash.cache_clear()


def _read_content_once(patch: pytest.MonkeyPatch) -> None:
    """Let all tests share the campaigns of content/, which no test edits: 13 ms for each app."""
    read, kept = reading.load, cache(reading.load)

    def load(folder: Path, **how: Any) -> Campaign:
        return (kept if folder.is_relative_to(ROOT / "content") else read)(folder, **how)

    patch.setattr(reading, "load", load)


def _read_texts_once(patch: pytest.MonkeyPatch) -> None:
    """Let all tests share what was read of a text: 10 ms for each, and most campaigns differ in one."""
    read, kept = parse_cache.read, parse_cache.Kept()

    def once(text: str, language: str) -> Parsed:
        if len(text) > SHORT:
            return read(text, language)
        if (text, language) not in kept:
            kept[text, language] = parse_cache._copied(read(text, language))
        return parse_cache._copied(kept[text, language])

    patch.setattr(parse_cache, "read", once)


def _draw_pictures_once(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the tests of all processes share each picture of a page: 4 s for the illustration's kinds."""

    def dots(image: Image.Image) -> Hashable:
        return image.mode, image.size, hashlib.sha256(image.tobytes()).digest()

    patch.setattr(pictures, "_drawn_svg", _kept_in(folder, bytes, pictures._drawn_svg))
    patch.setattr(pictures, "_made", _kept_in(folder, dots, pictures._made))
    patch.setattr(share_image, "draw", _kept_in(folder, dots, share_image.draw))


def _kept_by(key: Callable[[Any], Hashable], make: Callable[..., Any]) -> Callable[..., Any]:
    """Make a thing once of what is the same by `key`, and otherwise of equal arguments."""
    kept: dict[int, Any] = {}

    def once(of: Any, *also: Hashable) -> Any:
        known = hash((key(of), *also))
        if known not in kept:
            kept[known] = make(of, *also)
        return kept[known]

    return once


def _kept_in(folder: Path, key: Callable[[Any], Hashable], make: Callable[..., Any]) -> Callable[..., Any]:
    """Do the same for all processes of a run, whose arguments say by their `repr` what they are."""

    def once(of: Any, *also: Hashable) -> Any:
        told = repr((make.__name__, key(of), also)).encode()
        with (folder / hashlib.sha256(told).hexdigest()).open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # whoever comes while it is made waits for it
            file.seek(0)
            if not (kept := file.read()):
                kept = pickle.dumps(make(of, *also))
                file.write(kept)
        return pickle.loads(kept)

    return _kept_by(key, once)
