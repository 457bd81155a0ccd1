"""The preview as a web application: the pages, and below /.preview/ what stands around them."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Iterable
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import TemplateError, TemplateSyntaxError
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from campaign.errors import CandleError
from campaign.pages.index_page import ORDER
from campaign.pages.preview import editor, overview_frames
from campaign.pages.preview.files import OvertakenFile
from campaign.pages.preview.guard import refused
from campaign.pages.preview.workbench import Workbench

STATIC = Path(__file__).parent / "static"
HOME = "/.preview/"
SHELLS = frozenset({"edit", "overview"})
POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
SHELL_HEADERS = {"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
SCRIPT = '<script type="module" src="/.preview/page.js?pages={}"></script></head>'
EMPTY = (
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>Preview</title>"
    "<link rel=stylesheet href=/.preview/empty.css></head><body><main>{}</main></body></html>"
)
NO_PAGE = "<h1>There is no page here yet</h1><p><a href=/>To the front page</a></p>"


class Bench:
    """Answers the browsers of one preview."""

    def __init__(self, workbench: Workbench, port: int) -> None:
        self.workbench = workbench
        self.port = port

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        if reason := refused(request, self.port):
            answer = Response(f"{reason}\n", 403)
        elif request.path.startswith(HOME):
            answer = self._own(request)
        else:
            answer = self._page(request)
        return answer(environ, start_response)

    def _own(self, request: Request) -> Response:
        name = request.path.removeprefix(HOME)
        if name == "news":
            seen = request.args.get("after", 0, type=int)
            return _json(asdict(self.workbench.board.after(seen)))
        if route := (editor.POSTS if request.method == "POST" else editor.LOOKS).get(name):
            return self._asked(route, request)
        if "/" in name:
            return self._scene(*name.split("/", 1))
        file = STATIC / (f"{name}.html" if name in SHELLS else name)
        if file.parent == STATIC and file.is_file():
            kind, _ = mimetypes.guess_type(file.name)
            return Response(file.read_bytes(), mimetype=kind, headers=SHELL_HEADERS)
        return Response("there is no such page\n", 404)

    def _scene(self, kind: str, rest: str) -> Response:
        """Answer with something of the overview."""
        stage = self.workbench.stage
        first, _, more = rest.partition("/")
        try:
            if kind == "as" and first in {"dark", *ORDER}:
                return self._as(first, f"/{more}")
            if kind == "dark":
                sheet = next(one for one in stage.shelf.all() if one.name == first)
                return Response(overview_frames.dark(sheet.body.decode()), mimetype="text/css")
            if kind == "errors":
                post = {"language": more.strip("/")}
                return overview_frames.answered(stage.settings.receiver_url, f"{first}/messages", post)
            if kind == "receiver":
                return overview_frames.answered(stage.settings.receiver_url, rest)
            if kind == "card":
                code, number = more.split("/")
                return _png(overview_frames.card(stage.campaigns[first], code, int(number)))
            if kind == "sheet" and self.workbench.sheets:
                return _png(self.workbench.sheets.side(stage.campaigns[first], int(more)))
        except (LookupError, ValueError, StopIteration):
            pass  # a campaign that is gone, a number that is none: as any address that is not there
        except CandleError as error:
            return Response(f"{error}\n", 409)
        return Response("there is no such page\n", 404)

    def _as(self, what: str, path: str) -> Response:
        """Show a page as it would be: of a campaign in another state, or on a dark screen."""
        builder = EnvironBuilder(path, base_url=f"http://127.0.0.1:{self.port}{HOME}as/{what}")
        answer = self._page(Request(builder.get_environ()), "" if what == "dark" else what)
        if what == "dark" and answer.mimetype == "text/html":
            answer.data = answer.data.replace(b'href="/static/', f'href="{HOME}dark/'.encode())
        return answer

    def _asked(self, route: editor.Route, request: Request) -> Response:
        try:
            return _json(route(self.workbench, request))
        except CandleError as refused:
            return _json({"error": str(refused), "changed": isinstance(refused, OvertakenFile)}, 409)
        except OSError as error:  # a disk that is full, a folder that may not be written
            return _json({"error": f"{error.strerror or error}; nothing was changed", "changed": False}, 409)

    def _page(self, request: Request, status: str = "") -> Response:
        script = SCRIPT.format(self.workbench.board.news.pages)  # before it is made: a save may come between
        try:
            answer = self.workbench.stage.answer(request, status)
        except (TemplateError, TypeError, ValueError, LookupError, AttributeError, OSError) as error:
            return _spoilt(
                _located(error), script
            )  # whatever a template does: the preview goes on, and says where
        except CandleError as error:
            return _spoilt(str(error), script)
        if answer.status_code == 404 and b"</head>" not in answer.data:
            return _standing_in(NO_PAGE, 404, script)
        if answer.mimetype == "text/html":
            answer.data = answer.data.replace(b"</head>", script.encode(), 1)
        return answer


def _png(body: bytes) -> Response:
    return Response(body, mimetype="image/png", headers={"Cache-Control": "no-store"})


def _spoilt(words: str, script: str) -> Response:
    return _standing_in(f"<h1>To mend</h1><p>{escape(words)}</p>", 500, script)


def _standing_in(words: str, status: int, script: str) -> Response:
    """Give what stands in a page's place; it comes by itself as soon as it can be made."""
    body = EMPTY.format(words).replace("</head>", script)
    return Response(body, status, mimetype="text/html", headers={"Cache-Control": "no-store"})


def _json(value: Any, status: int = 200) -> Response:
    body = json.dumps(value)  # ASCII: a file's name may be no UTF-8
    return Response(body, status, mimetype="application/json", headers={"Cache-Control": "no-store"})


def _located(error: Exception) -> str:
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name}:{error.lineno}: {error.message}; mend the template"
    return f"{error}; mend the template, and the page is built again"
