"""What the editor beside the page asks for, and what it sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from werkzeug.wrappers import Request

from campaign.content import illustration
from campaign.content.editors_file import LONGEST
from campaign.pages.preview import dropped_picture, overview_frames, source_lines
from campaign.pages.preview.files import RefusedFile
from campaign.pages.preview.workbench import Workbench

MOST_TOLD = 6 * LONGEST + 4096  # bytes of a request: JSON may write each sign of a text with six
Answer = Mapping[str, Any]
Route = Callable[[Workbench, Request], Answer]


def files(workbench: Workbench, request: Request) -> Answer:
    """List what can be edited of the page's campaign and language; of the front page, of all campaigns."""
    content, campaigns = workbench.settings.content_dir, workbench.stage.campaigns
    page = request.args.get("page", "")
    shown = source_lines.of_page(page, campaigns)
    folders = [content / shown[0]] if shown else sorted(content.glob("[!.]*/"))
    spoken = {slug: one.languages for slug, one in campaigns.items()}
    texts = [
        path for folder in folders for path in source_lines.in_order(folder, spoken.get(folder.name, ()))
    ]
    names = [path.relative_to(content).as_posix() for path in texts]
    home = shown or next(((slug, codes[0]) for slug, codes in spoken.items()), None)
    first = source_lines.shown_text(content.joinpath(*home), page) if home else next(iter(texts), content)
    return {
        "files": names,
        "first": first.relative_to(content).as_posix() if first != content else "",
        "language": shown[1] if shown else "",
    }


def scenes(workbench: Workbench, request: Request) -> Answer:
    """List what is to be seen of a campaign; without its name, of the first."""
    stage = workbench.stage
    campaigns = stage.campaigns
    slug = request.args.get("campaign", "")
    chosen = campaigns.get(slug) or next(iter(campaigns.values()), None)
    shown = overview_frames.scenes(stage, chosen, sheets=bool(workbench.sheets)) if chosen else ()
    return {
        "campaign": chosen.slug if chosen else "",
        "campaigns": list(campaigns),
        "scenes": [asdict(scene) for scene in shown],
    }


def text(workbench: Workbench, request: Request) -> Answer:
    """Give a file's text, and which of its campaign's pictures were replaced here."""
    name, files = request.args.get("name", ""), workbench.files
    home = name.partition("/")[0]
    replaced = [which for which in illustration.NAMES if files.can_undo(f"{home}/{which}")]
    return asdict(files.text(name)) | {"replaced": replaced}


def source(workbench: Workbench, request: Request) -> Answer:
    """Say in which file a sentence of the page stands."""
    content, campaigns = workbench.settings.content_dir, workbench.stage.campaigns
    shown = source_lines.of_page(request.args.get("page", ""), campaigns)
    chosen = [campaigns[shown[0]]] if shown else list(campaigns.values())
    paths = [
        path
        for one in chosen
        for path in source_lines.files(one.folder, shown[1] if shown else one.languages[0])
    ]
    if request.args.get("picture") and shown:
        return {"file": source_lines.described(campaigns[shown[0]])[shown[1]], "line": 1}
    near = request.args.get("near", "")
    if request.args.get("counted") and shown:
        return asdict(source_lines.counted(campaigns[shown[0]], near, content))
    place = source_lines.find(paths, near, request.args.get("block", ""), content)
    return asdict(place) if place else {"file": ""}


def save(workbench: Workbench, request: Request) -> Answer:
    """Write a text."""
    told = _told(request, "name", "text", "digest")
    return asdict(workbench.files.save(told["name"], told["text"], told["digest"]))


def undo(workbench: Workbench, request: Request) -> Answer:
    """Take the last change of a file back."""
    name = _told(request, "name")["name"]
    before = workbench.files.words(name)
    shown = workbench.files.undo(name)
    dropped_picture.take_back(workbench.files, name, before)
    return {"undone": name, "shown": shown}


def picture(workbench: Workbench, request: Request) -> Answer:
    """Take a picture: for one of a campaign's own, or to lie beside a text."""
    if request.content_length is None or request.content_length > dropped_picture.MOST_BYTES:
        raise RefusedFile(f"the picture has more than {dropped_picture.MOST_BYTES >> 20} MB; save it smaller")
    args, data = request.args, request.get_data()
    if slug := args.get("campaign"):
        which = args.get("which", illustration.NAME)
        undo = dropped_picture.put_own(workbench.files, slug, which, args.get("dropped", ""), data)
        shown = workbench.stage.campaigns.get(slug) if which == illustration.NAME else None
        return {"undo": undo, "describe": source_lines.described(shown) if shown else {}}
    return {
        "name": dropped_picture.put_beside(
            workbench.files, args.get("beside", ""), args.get("dropped", ""), data
        )
    }


def fix(workbench: Workbench, request: Request) -> Answer:
    """Mend one of the faults that are told."""
    mended = workbench.fix(_told(request, "id")["id"])
    if mended is None:
        raise RefusedFile("this was mended already")
    return {"mended": str(mended)}


def clear(workbench: Workbench, request: Request) -> Answer:
    """Take away a file that nothing uses."""
    name = workbench.clear(_told(request, "id")["id"])
    if name is None:
        raise RefusedFile("this file is used by now, or gone already")
    return {"cleared": name}


def move(workbench: Workbench, request: Request) -> Answer:
    """Give a text another name."""
    told = _told(request, "name", "to", "digest")
    return asdict(workbench.files.move(told["name"], told["to"], told["digest"]))


def remove(workbench: Workbench, request: Request) -> Answer:
    """Take a text away."""
    told = _told(request, "name", "digest")
    return asdict(workbench.files.remove(told["name"], told["digest"]))


def _told(request: Request, *names: str) -> Mapping[str, str]:
    if request.content_length is None or request.content_length > MOST_TOLD:
        raise RefusedFile(f"the text is longer than {LONGEST // 1024} KiB; shorten it")
    try:
        told = request.get_json(silent=True)
    except RecursionError:
        told = None
    if not isinstance(told, dict) or any(not isinstance(told.get(name), str) for name in names):
        raise RefusedFile(f"wanted are {', '.join(names)}")
    return told


LOOKS: Mapping[str, Route] = {"files": files, "text": text, "source": source, "scenes": scenes}
POSTS: Mapping[str, Route] = {
    "fix": fix,
    "save": save,
    "undo": undo,
    "picture": picture,
    "clear": clear,
    "move": move,
    "remove": remove,
}
