"""What would be read and compiled again for each test, done once in a process: content/ and the templates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from flask.templating import Environment
from jinja2.bccache import Bucket, BytecodeCache

from campaign import ROOT
from campaign.content import campaign as reading
from campaign.content.campaign import Campaign


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
def templates_are_compiled_once() -> Iterator[None]:
    """Let all apps share what Jinja made of a template: 30 ms for each that shows a form."""
    compiled = CompiledTemplates()

    class Compiling(Environment):
        def __init__(self, app: Flask, **options: Any) -> None:
            super().__init__(app, bytecode_cache=compiled, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_environment", Compiling)
        yield


@pytest.fixture(scope="session", autouse=True)
def content_is_read_once() -> Iterator[None]:
    """Let all tests share the campaigns of content/, which no test edits: 13 ms for each app."""
    read, kept = reading.load, cache(reading.load)

    def load(folder: Path, **how: Any) -> Campaign:
        return (kept if folder.is_relative_to(ROOT / "content") else read)(folder, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "load", load)
        yield
