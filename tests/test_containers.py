"""deploy/compose.yaml without a daemon: what each container may, and its commands in a plain folder."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import yaml
from sqlalchemy import make_url

from campaign import ROOT
from tests.receiver.serving import APPROVAL_KEY, SECRET_KEY, SITE, Served, wait_until_healthy
from tests.support import postgresql
from tests.support.commands import Commands
from tests.support.ports import free_ports
from tests.support.table import table

DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
DOCS = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
SECTION = re.split(r"(?m)^## ", DOCS.partition("## In containers\n")[2])[0]
TIMERS = sorted(path.stem.removeprefix("candle-") for path in DEPLOY.glob("candle-*.timer"))
HALVES = ("receiver", "desk")
OTHERS = f"""
secret_key = "{SECRET_KEY}"
site_url = ["{SITE}"]
receiver_url = "http://127.0.0.1:9"
source_url = "https://git.example.org/candle"
second_factor = "off"
ratelimit_enabled = false
"""


def secrets_of(service: str) -> set[str]:
    given = SERVICES[service].get("secrets", [])
    return {one if isinstance(one, str) else one["source"] for one in given}


def port_of(half: str) -> str:
    command: list[str] = SERVICES[half]["command"]
    return command[command.index("--port") + 1]


@table("name", SERVICES)
def test_each_container_is_locked_in(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] not in ("", "root", "0", "0:0")
    assert not {"privileged", "cap_add", "pid", "network_mode", "env_file"} & service.keys()
    assert "profiles" in service or "healthcheck" in service
    assert not any("KEY" in key and "FILE" not in key for key in service.get("environment", {}))


def test_each_container_s_user_can_write_to_what_it_keeps_in_memory() -> None:
    """runc 1.1 makes a tmpfs root's, with the mode of the image's folder: 755 for /run and nginx's cache."""
    numbers = {"33:33": "33", "postgres": "999", "candle": "10001"}
    for name, service in SERVICES.items():
        for place in set(service.get("tmpfs", [])) - {"/tmp", "/data"}:
            assert f":uid={numbers[service['user']]}," in place, name


def test_what_faces_the_internet_has_no_key_that_approves_and_no_way_out() -> None:
    for name in ("web", "receiver"):
        assert "approval_key" not in secrets_of(name)
        assert not any("instance" in volume or "built" in volume for volume in SERVICES[name]["volumes"])
    assert "approval_key" not in str(SERVICES["receiver"].get("environment", ""))
    assert SERVICES["receiver"]["user"] == "candle-public"
    assert SERVICES["desk"]["user"] == "candle"
    for name in ("receiver", "desk", "postgresql", "redis"):
        assert list(SERVICES[name]["networks"]) == ["inner"]
        assert "ports" not in SERVICES[name]
    assert COMPOSE["networks"]["inner"]["internal"]


def test_the_halves_keep_the_addresses_that_nginx_has_asked_for_once() -> None:
    """Seen without: a half that had been started again was answered for by 503 until nginx was reloaded."""
    (net,) = COMPOSE["networks"]["inner"]["ipam"]["config"]
    found = [SERVICES[half]["networks"]["inner"]["ipv4_address"] for half in HALVES]
    assert len(set(found)) == 2
    assert all(ip_address(one) in ip_network(net["subnet"]) for one in found)
    assert ip_network(net["ip_range"]).subnet_of(ip_network(net["subnet"]))
    assert not any(ip_address(one) in ip_network(net["ip_range"]) for one in found)  # nobody else is given it


def test_the_network_of_an_older_version_is_taken_away_before_an_upgrade() -> None:
    """An older Compose keeps the network, and Docker gives out no fixed address where no subnet was set."""
    upgrade = SECTION.partition("An upgrade is ")[2]
    steps = [upgrade.index(step) for step in ("`docker compose down`", "git checkout NEW", "up --build")]
    assert steps == sorted(steps)
    (net,) = COMPOSE["networks"]["inner"]["ipam"]["config"]
    assert net["subnet"] in upgrade


def test_the_image_holds_the_program_and_no_file_of_an_operator_s() -> None:
    copied = {word for line in re.findall(r"(?m)^COPY (.*)", CONTAINERFILE) for word in line.split()[:-1]}
    assert not {".", "instance/", "content/", "deploy/", ".git/"} & copied
    from campaign.pages.source_archive import PARTS

    patterns = [word.rstrip("/") for word in copied]
    lacking = [part for part in PARTS if not any(Path(part).match(pattern) for pattern in patterns)]
    assert lacking == []  # the page offers its source


def test_every_timer_starts_the_container_that_does_what_its_unit_does() -> None:
    for name in TIMERS:
        unit = (DEPLOY / f"candle-{name}.service").read_text(encoding="utf-8")
        done = re.findall(
            r"build\.py (\w+)((?: --\w+ \S+)*)", " ".join(re.findall(r"(?m)^ExecStart=(.*)", unit))
        )
        assert done == re.findall(r"build\.py (\w+)((?: --\w+ \S+)*)", " ".join(SERVICES[name]["command"])), (
            name
        )
        assert f"candle-{name}.timer" in SECTION


def test_systemd_starts_the_container_of_a_timer_s_name(tmp_path: Path) -> None:
    if not shutil.which("systemctl"):
        pytest.skip("no systemd on this machine")
    for unit in DEPLOY.glob("candle-*"):
        shutil.copy(unit, tmp_path)
    drop_in = tmp_path / "candle-.timer.d" / "compose.conf"
    drop_in.parent.mkdir()
    shutil.copy(DEPLOY / "compose-timers.conf", drop_in)
    for name in TIMERS:
        command = ["systemd-analyze", "verify", f"candle-{name}.timer"]
        done = subprocess.run(
            command, env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "SYSTEMD_LOG_LEVEL": "debug"},
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert f"candle-compose@{name}.service" in done.stderr, name


def test_the_proxy_finds_the_halves_by_the_sed_of_the_docs() -> None:
    (change,) = re.findall(r"(?m)^sed -i '(.*)' nginx\.conf$", SECTION)
    done = subprocess.run(["sed", change, DEPLOY / "nginx.conf"], check=True, capture_output=True, text=True)
    upstreams = dict(re.findall(r"(?m)^\s+server (\w+):(\d+);", done.stdout))
    assert upstreams == {name: port_of(name) for name in HALVES}
    listening = set(re.findall(r"(?m)^\s+listen (?:\[::\]:)?(\d+)", done.stdout))
    assert listening == {port.rpartition(":")[2] for port in SERVICES["web"]["ports"]}
    assert not re.search(r"(?m)^\s+(server|listen) 127", done.stdout)


@dataclass
class Plain:
    """The image's folder and what is mounted into it, below `base` in place of the machine's root."""

    base: Path

    @property
    def project(self) -> Path:
        return self.base / "srv/candle"

    @cached_property
    def commands(self) -> Commands:
        """What a container's `python` is forked from, unless it is to be started `anew`."""
        return Commands(self.project)

    def words(self, words: Sequence[str], port: tuple[str, int] | None = None) -> list[str]:
        """Move what a container runs to this folder and to ports that nobody has."""
        moved = [word.replace("$$", "$") for word in words]
        for place in ("/srv/candle", "/var/backups", "/var/lib/candle", "/run/secrets"):
            moved = [re.sub(rf"(?<![\w/]){place}", f"{self.base}{place}", word) for word in moved]
        if port:
            moved = [word.replace(port[0], str(port[1])) for word in moved]
        return [word.replace("0.0.0.0", "127.0.0.1") for word in moved]

    def environ(self, name: str) -> dict[str, str]:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        given = SERVICES[name].get("environment", {})
        return {"PATH": path} | {key: self.words([value])[0] for key, value in given.items()}

    def run(self, name: str, *more: str, good: bool = True, anew: bool = False) -> str:
        """`docker compose run --rm NAME MORE`."""
        service, environ = SERVICES[name], self.environ(name)
        if not anew:
            environ["PATH"] = f"{self.commands.shell}:{environ['PATH']}"
        command = self.words([*service.get("entrypoint", []), *(more or service.get("command", []))])
        done = subprocess.run(
            command,
            cwd=self.project,
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert (done.returncode == 0) == good, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    @contextmanager
    def up(self, name: str) -> Iterator[Served]:
        """Run a half, and hold it to its health check."""
        service, (port,) = SERVICES[name], free_ports(1)
        folder = self.base / "log" / name
        folder.mkdir(parents=True)
        instead = (port_of(name), port)
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                self.words(service["command"], instead), cwd=self.project, env=self.environ(name),
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        running = Served(process, port, folder)
        try:
            wait_until_healthy(running)
            check = self.words(service["healthcheck"]["test"][1:], instead)
            subprocess.run(check, env=self.environ(name), check=True, timeout=20)
            yield running
            os.killpg(process.pid, signal.SIGTERM)
            assert process.wait(timeout=30) == 0, running.log
        finally:
            if process.poll() is None:
                running.kill()


def _copy(path: Path, to: Path) -> None:
    """Copy what the program runs from, which finds its settings beside itself, and lead to all else."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if path.name in ("campaign", "commands", "receiver", "site"):
        shutil.copytree(path, to)
    elif path.is_file():
        shutil.copy2(path, to)
    elif not to.exists():
        to.symlink_to(path)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, postgres: str, drawn_pictures: Path) -> Iterator[Plain]:
    """What `docker compose build` and the docs' commands lay down, with a real PostgreSQL and Redis."""
    base = tmp_path_factory.mktemp("containers")
    project = base / "srv/candle"
    for line in re.findall(r"(?m)^COPY (.*)", CONTAINERFILE):
        *sources, target = line.split()
        for path in (path for source in sources for path in ROOT.glob(source)):
            _copy(path, project / target / ("" if path.is_dir() else path.name))
    (project / ".venv").symlink_to(ROOT / ".venv")
    (project / "content").symlink_to(ROOT / "content")
    for place in (
        "srv/candle/instance",
        "srv/candle/_build",
        "srv/candle-page",
        "var/lib/candle",
        "run/secrets",
    ):
        (base / place).mkdir(parents=True, exist_ok=True)
    (project / "_build/pictures").symlink_to(drawn_pictures)
    (redis_port,) = free_ports(1)
    there = make_url(postgres).set(username=postgresql.ROLE, database="containers")
    database = there.render_as_string(hide_password=False)
    postgresql.administer(postgres, f"CREATE DATABASE containers OWNER {postgresql.ROLE}")
    (shown,) = re.findall(r"(?s)```toml\n(.*?)```", SECTION)
    written = re.sub(r"postgresql\+psycopg://[^\"]*", database, shown)
    written = written.replace("redis:6379", f"127.0.0.1:{redis_port}").replace("/var/lib", f"{base}/var/lib")
    (project / "instance/config.toml").write_text(written + OTHERS)
    (base / "run/secrets/approval_key").write_text(APPROVAL_KEY)
    (base / "run/secrets/approval_key_fallbacks").touch()
    program = shutil.which("redis-server")
    if not program:
        assert not os.environ.get("CI"), "redis-server is missing: make tools"
        pytest.skip("redis-server is missing: make tools")
    command = [program, *SERVICES["redis"]["command"][1:], "--port", str(redis_port), "--bind", "127.0.0.1"]
    redis = subprocess.Popen([*command, "--dir", base], stdout=subprocess.DEVNULL)
    made = Plain(base)
    try:
        yield made
        made.commands.end()
    finally:
        redis.kill()
        redis.wait()


@pytest.mark.slow
def test_a_message_goes_from_one_container_s_command_to_the_next(plain: Plain) -> None:
    with ExitStack() as stack:
        receiver, _desk = (stack.enter_context(plain.up(name)) for name in HALVES)
        (token,) = receiver.ripe_tokens(1)
        assert receiver.send(token, message="Sent into a container.")[0] == 201
        assert receiver.get("/staff/login")[0] == 404
        (sent,) = json.loads(plain.run("candle", "messages", "mikita", "list", "--json", anew=True))
        plain.run("candle", "messages", "mikita", "approve", sent["id"])
        plain.run("page")
        plain.run("backup")
        plain.run("purge")
        told = plain.run("doctor", good=False)
    secrets = plain.base / "run/secrets"
    shutil.move(secrets / "approval_key", secrets / "approval_key_fallbacks")
    (secrets / "approval_key").write_text("another key that approves, made for this test alone")
    assert "1 approval" in plain.run("candle", "keys", "renew")
    (secrets / "approval_key_fallbacks").write_text("")
    assert "no older approval key is needed" in plain.run("candle", "keys", "renew", "--dry-run")
    assert (plain.base / "srv/candle-page/site/mikita/en/index.html").is_file()
    (backup,) = (plain.base / "var/backups/candle").glob("*.sqlite")
    assert b"Sent into a container." in backup.read_bytes()
    assert (plain.base / "var/lib/candle/erasures.txt").is_file()
    assert "mikita" in told
    assert not list((plain.project / "instance").glob("*.txt"))
