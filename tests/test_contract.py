"""docs/contract.md on content, commands and settings; and whoever cites it cites what is there."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import typing
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click
import pytest

import build
from campaign import ROOT
from campaign import settings as operator
from campaign.content import illustration, story_pictures
from campaign.content.campaign import load
from campaign.content.campaign_toml.facts import Facts
from campaign.content.campaign_toml.toml_values import Wrong
from campaign.content.edition import PARAGRAPHS, TEXTS, WON
from campaign.content.proofreading import lagging
from campaign.doctor import status
from campaign.errors import ContentErrors, SettingsError
from campaign.messages.message_json import as_dict
from campaign.messages.queries import get
from campaign.settings import PREFIX, WEBHOOK_PREFIX, Settings
from campaign.storage.tables import MESSAGE_STATES
from campaign.text.flag import Flag, Kind
from receiver.__main__ import main as receiver
from tests.support.contract import AGREE, FILE, PAGE, blocks, codes, rows, section
from tests.support.lanes import first
from tests.support.table import table

# Content


def keys(kind: type, place: str = "") -> Iterator[tuple[str, typing.Any, object]]:
    """Yield each key that campaign.toml may hold, with its annotation and its default."""
    hints = typing.get_type_hints(kind, include_extras=True)
    for field in dataclasses.fields(kind):
        hint, name = hints[field.name], place + field.name
        inner = typing.get_args(hint)[1] if typing.get_origin(hint) not in (None, typing.Annotated) else hint
        if dataclasses.is_dataclass(inner):
            one = "<language>." if name == "names" else "<name>."
            yield from keys(inner, f"{name}.{one}" if inner is not hint else f"{name}.")
        else:
            yield name, hint, field.default


KEYS = {key: (hint.__metadata__[0], default) for key, hint, default in keys(Facts)}
DESCRIBED = {codes(key)[0]: (values, default) for key, values, default in rows("Content", "key")}


def test_the_keys_are_those_of_campaign_toml():
    assert sorted(DESCRIBED) == sorted(KEYS), AGREE


def taken(code: str) -> list[object]:
    """Return the value that a piece of code writes in TOML; none where it is no value."""
    try:
        return list(tomllib.loads(f"value = {code}").values())
    except tomllib.TOMLDecodeError:
        return []


@table("key", KEYS)
def test_a_key_takes_each_value_that_is_written(key):
    check, _ = KEYS[key]
    for value in [value for code in codes(DESCRIBED[key][0]) for value in taken(code)]:
        check(value)


@table("key", [key for key, (values, _) in DESCRIBED.items() if re.search(r"from \d", values)])
def test_a_number_goes_from_the_first_to_the_last_that_is_written(key):
    check, _ = KEYS[key]
    lowest, highest = re.search(r"from (\d+)(?: to (\d+))?", DESCRIBED[key][0]).groups()
    for within, without in ((int(lowest), int(lowest) - 1), (int(highest or 10**9), int(highest or -1) + 1)):
        check(within)
        if without:
            with pytest.raises(Wrong):
                check(without)


@table("key", [key for key, (values, _) in DESCRIBED.items() if values.startswith('`"')])
def test_a_key_of_some_words_takes_no_other(key):
    check, _ = KEYS[key]
    with pytest.raises(Wrong) as refused:
        check("neither of these")
    words = [word.strip('"') for word in codes(DESCRIBED[key][0]) if word.startswith('"')]
    assert all(word in refused.value.args[1] for word in words)
    assert key == "card.messages_per_card" or refused.value.args[1].endswith(", ".join(words))


@table("key", KEYS)
def test_a_key_that_is_left_out_has_the_default_that_is_written(key):
    check, default = KEYS[key]
    written = DESCRIBED[key][1]
    if written.startswith("`"):
        (value,) = taken(codes(written)[0])
        assert (check(value) if value != "" else value) == default
    elif written.startswith("required"):
        assert default is dataclasses.MISSING
    else:
        assert default is None or key.startswith("names")


def test_the_files_are_those_that_are_read():
    written = {code for file, _ in rows("Content", "file") for code in codes(file)}
    names = (illustration.NAME, illustration.CARD, illustration.ICON)
    pictures = {f"{name}{suffix}" for name in names for suffix in illustration.SUFFIXES}
    texts = {
        f"<language>/{name}" for name in (*TEXTS, WON, *PARAGRAPHS, lagging.FILE, "news/<date>-<words>.md")
    }
    assert written == {"campaign.toml", *pictures, *texts}, AGREE
    assert set(codes(re.search(r"Pictures that a text shows \((.*?)\)", PAGE)[1])) == set(
        story_pictures.SUFFIXES
    )


@pytest.mark.parametrize(("file", "told"), first(4, map(tuple, rows("Content", "file"))))
def test_a_file_is_required_where_that_is_written(tmp_path, file, told):
    folder = Path(shutil.copytree(ROOT / "content" / "mikita", tmp_path / "mikita"))
    (folder / codes(file)[0].replace("<language>", "en")).unlink(missing_ok=not told.startswith("required"))
    if told.startswith("required"):
        with pytest.raises(ContentErrors, match="missing"):
            load(folder)
    else:
        assert load(folder)


# Commands


def usage(command: click.Command, name: str) -> Iterator[str]:
    """Write each command below this one as the page does."""
    context = click.Context(command, info_name=name)
    arguments = [p.make_metavar(context) for p in command.params if isinstance(p, click.Argument)]
    options = [written(p, context) for p in command.params if isinstance(p, click.Option) and not p.hidden]
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            yield from usage(command.get_command(context, below), " ".join([name, *arguments, below]))
    else:
        yield " ".join([name, *arguments, *options])


def written(option: click.Option, context: click.Context) -> str:
    """Write an option as the page does."""
    value = "" if option.is_flag else f" {option.make_metavar(context).strip('[]')}"
    text = f"{option.opts[0]}{value}"
    return text if option.required else f"[{text}]" + "..." * option.multiple


def test_the_commands_and_their_options_are_those_of_the_program():
    listed = blocks("Commands", "text")[0].splitlines()
    page = [re.split(r"\s+#", line)[0].rstrip() for line in listed if line]
    assert page == [*usage(receiver, "python -m receiver"), *usage(build.cli, "python build.py")], AGREE


@pytest.mark.slow
@pytest.mark.parametrize(("status", "meaning", "example"), rows("Commands", "exit status"))
def test_an_exit_status_is_what_its_example_ends_with(tmp_path, status, meaning, example):
    (command,) = codes(example)
    environ = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environ["CANDLE_BUILD_DIR"] = str(tmp_path)
    words = [sys.executable, *command.split()[1:]]
    done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == int(status)
    assert bool(done.stderr) == ("stderr" in meaning)


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "status"), [([], 1), (["--only", "nobody"], 2)])
def test_the_receiver_ends_with_the_same_statuses(arguments, status):
    environ = os.environ | {"CANDLE_SECRET_KEY": "too short"}
    words = [sys.executable, "-m", "receiver", *arguments]
    done = subprocess.run(words, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == status
    assert done.stderr


def test_the_list_of_messages_has_the_shape_that_is_written(database, submit):
    sent = submit(database, "Call me", flags=(Flag("phone", "message", 0, 4),))
    with database.read() as connection:
        found = as_dict(get(connection, sent.message))
    _, (example,), _ = map(json.loads, blocks("Commands", "json"))
    assert shape(example) == shape(found)


def test_the_status_has_the_names_that_are_written(database):
    with database.read() as connection:
        found = asdict(status.read(connection, ["mikita"], datetime.now(UTC), "auto", 1))
    *_, example = map(json.loads, blocks("Commands", "json"))
    assert names(example) == names(found)


def names(value: typing.Any) -> typing.Any:
    """Return the names in a value of JSON, at each depth."""
    return {name: names(one) for name, one in value.items()} if isinstance(value, dict) else None


def shape(value: typing.Any) -> typing.Any:
    """Return a value of JSON with the types in place of what it says."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return [shape(one) for one in value] if isinstance(value, list) else type(value)


def test_the_states_and_the_kinds_of_flags_are_those_that_there_are():
    told = section("Commands").partition("An `id` is")[2]
    states, kinds = re.search(r"`state` is (.*?)\. .*`kind` is one of (.*?); ", told, re.DOTALL).groups()
    assert codes(states) == list(MESSAGE_STATES)
    assert codes(kinds) == list(typing.get_args(Kind)), AGREE


# Settings

DEFAULTS = {codes(name)[0]: default for name, default, _ in rows("Settings", "variable")}


def shown(value: object) -> str:
    """Write a default as the page does."""
    if isinstance(value, Path):
        value = value.relative_to(ROOT)
    text = " ".join(map(str, value)) if isinstance(value, (tuple, dict)) else str(value)
    return f"`{text.lower() if isinstance(value, bool) else text}`" if text else "none"


def test_the_settings_and_their_defaults_are_those_of_the_program():
    names = {field.name: f"{PREFIX}{field.name.upper()}" for field in dataclasses.fields(Settings)}
    names["webhook_secrets"] = f"{PREFIX}{WEBHOOK_PREFIX}<CAMPAIGN>"
    assert {names[name]: shown(value) for name, value in vars(Settings()).items()} == DEFAULTS, AGREE


GIVEN = {
    "CANDLE_SITE_URL": "https://a.example https://b.example",
    "CANDLE_RECEIVER_URL": "https://a.example",
    "CANDLE_STAFF_URL": "https://a.example",
    "CANDLE_SOURCE_URL": "https://a.example",
    "CANDLE_FLOOD": "on",
    "CANDLE_SECOND_FACTOR": "off",
    "CANDLE_AGE_RECIPIENTS": "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg",
}


@pytest.mark.parametrize("variable", [name for name in DEFAULTS if "<" not in name])
def test_a_setting_means_the_same_in_the_environment_and_in_the_file(tmp_path, variable):
    kind = type(getattr(Settings(), variable.removeprefix(PREFIX).lower()))
    value = GIVEN.get(variable, {bool: "false", int: "7"}.get(kind, "one"))
    if variable.endswith("_FILE"):
        (tmp_path / "key").write_text("one")
        value = str(tmp_path / "key")
    file = tmp_path / "config.toml"
    as_list = json.dumps(value.split() if kind is tuple else value)
    file.write_text(f"{variable.removeprefix(PREFIX).lower()} = {as_list}")
    assert operator.load({variable: value}, None) == operator.load({}, file) != Settings()


def test_a_name_that_is_no_setting_is_refused():
    with pytest.raises(SettingsError, match="no such setting"):
        operator.load({"CANDLE_SITE_ULR": "https://a.example"}, None)


# Whoever cites the page


def test_every_link_within_the_page_leads_to_a_section():
    headings = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\(#([\w-]+)\)", PAGE)) <= anchors
    assert "contract.md#settings" in (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert "settings" in anchors


def test_whoever_cites_the_contract_cites_a_section_that_is_there():
    cited = re.compile(rf'{re.escape(FILE)}, "([^"]+)"')
    folders = ("campaign", "commands", "receiver", "tests", "tools")
    for module in (ROOT / "build.py", *(path for name in folders for path in (ROOT / name).rglob("*.py"))):
        text = module.read_text(encoding="utf-8")
        for title in cited.findall(text):
            assert section(title), module
        if not module.stem.removeprefix("test_").startswith("contract"):
            left = cited.sub("", text)
            assert not re.search(r"(?<!\")\bcontract", left), f"{module}: cite {FILE}, and a section of it"
