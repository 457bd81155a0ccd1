"""The pages as a host would serve them, each made when it is asked for: nothing is written or packed."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import CodeType

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.wrappers import Request, Response

from campaign.content import opening_days
from campaign.content.campaign import Campaign
from campaign.content.edition import Edition
from campaign.content.folder_bounds import Fingerprint, fingerprint
from campaign.errors import CandleError, ContentError
from campaign.pages import assets, host_files, share_image
from campaign.pages.assets import Asset, Assets, IllustrationAssets
from campaign.pages.local_server import rules_for
from campaign.pages.pictures import PictureError, shared_picture
from campaign.pages.site import create_pages, has
from campaign.pages.walls import NOTHING, Walls
from campaign.settings import Settings

SHARE = "share-"


class Compiled(BytecodeCache):
    """Each template as it was compiled, for as long as its source stays the same."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take it, if it is there."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        self._codes[bucket.key, bucket.checksum] = bucket.code


@dataclass(frozen=True)
class _Shown:
    """One state of everything that can be shown."""

    campaigns: Mapping[str, Campaign]
    shelf: Assets
    walls: Walls
    headers: str


class Stage:
    """Shows the campaigns that it was last given; several threads may ask at once."""

    def __init__(self, settings: Settings) -> None:
        # Whoever looks at a page here has its source: none is packed to say how large it is.
        self.settings = replace(settings, source_url=settings.source_url or "/.preview/overview")
        self._kept = settings.build_dir / "pictures"
        self._compiled = Compiled()
        self._files: tuple[Fingerprint, Mapping[str, Asset]] = ((), {})
        self._illustrations: dict[str, tuple[object, IllustrationAssets]] = {}
        self._apps: dict[str, Flask] = {}
        self._making = threading.Lock()
        self._shown = _Shown({}, Assets({}, {}), NOTHING, "")

    @property
    def campaigns(self) -> Mapping[str, Campaign]:
        """The campaigns that are shown, by slug."""
        return self._shown.campaigns

    @property
    def shelf(self) -> Assets:
        """Their pictures, and the site's own files."""
        return self._shown.shelf

    def show(self, campaigns: Mapping[str, Campaign], walls: Walls = NOTHING) -> tuple[ContentError, ...]:
        """Show these campaigns from now on; give the faults of those whose pictures cannot be made."""
        drawn: dict[str, IllustrationAssets] = {}
        faults: list[ContentError] = []
        for slug, campaign in campaigns.items():
            try:
                drawn[slug] = self._illustration(campaign)
            except PictureError as error:
                faults.append(_located(campaign, error))
        sound = {slug: campaign for slug, campaign in campaigns.items() if slug in drawn}
        headers = host_files.host_files(sound, self.settings)["_headers"]
        shelf = assets.shelf(self._site_files(), drawn, sound, self._kept)
        with self._making:
            self._shown = _Shown(sound, shelf, walls, headers)
            self._apps = {}
        return tuple(faults)

    def answer(self, request: Request, status: str = "") -> Response:
        """Answer as the page's host would; with a `status`, as if each campaign were in that state."""
        answer = self._shared(request.path) or self._made(self._app(status), request)
        for name, value in rules_for(request.path, self._shown.headers):
            answer.headers[name] = value.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        if not request.path.startswith("/static/"):
            answer.headers["Cache-Control"] = "no-store"  # it is out of date at the next save
        return answer

    def _made(self, app: Flask, request: Request) -> Response:
        if not self.campaigns:
            return Response("", 404)
        try:
            answer = Response.from_app(app, request.environ, buffered=True)
        except LookupError:  # the views know those addresses alone that are frozen
            if has(app, request.path):
                raise
            answer = Response("", 404)
        if answer.status_code == 404:
            answer = Response(app.test_client().get("/404.html").data, 404, mimetype="text/html")
        return answer

    def _app(self, status: str) -> Flask:
        with self._making:
            if status not in self._apps:
                shown = self._shown
                campaigns = {
                    slug: replace(one, status=status or _today(one)) for slug, one in shown.campaigns.items()
                }
                app = create_pages(campaigns, self.settings, shown.walls, shown.shelf)
                app.jinja_env.bytecode_cache = self._compiled
                self._apps[status] = app
            return self._apps[status]

    def _site_files(self) -> Mapping[str, Asset]:
        now = fingerprint(assets.STATIC)
        if now != self._files[0]:
            self._files = (now, assets.site_files())
        return self._files[1]

    def _illustration(self, campaign: Campaign) -> IllustrationAssets:
        """Take the pictures that were made of the same file, or of one whose place another has taken."""
        kept = self._illustrations.get(campaign.slug)
        try:
            status = campaign.illustration.stat()
        except FileNotFoundError:
            if kept is None:
                raise
            return kept[1]
        state = (campaign.illustration, status.st_mtime_ns, status.st_size)
        share = {code: _to_draw(campaign, one, state) for code, one in campaign.editions.items()}
        if kept is None or kept[0] != state:
            kept = (state, assets.illustration(campaign, self._kept, share))
        made = replace(kept[1], share=share)
        self._illustrations[campaign.slug] = (state, made)
        return made

    def _shared(self, path: str) -> Response | None:
        """Draw what stands beside a link only when somebody looks: each new heading is a new picture."""
        if not path.startswith(f"/static/{SHARE}"):
            return None
        for slug, drawn in self.shelf.illustrations.items():
            for code, asset in drawn.share.items():
                if asset.url == path:
                    campaign = self.campaigns[slug]
                    words = assets.said(campaign, campaign.editions[code])
                    picture = shared_picture(campaign.illustration, words, self._kept)
                    return Response(picture.body, mimetype="image/jpeg")
        return None


def _today(campaign: Campaign) -> str:
    """Say how it stands today by its days; its news to come are shown, for those who write them."""
    return opening_days.status(
        campaign.status, campaign.opens, campaign.closes, opening_days.today(campaign.time_zone)
    )


def _to_draw(campaign: Campaign, edition: Edition, state: object) -> Asset:
    """Give the picture beside a link without its body."""
    name = assets.digest(f"{assets.said(campaign, edition)} {state}".encode())
    return Asset(
        f"{SHARE}{campaign.slug}-{edition.language}.{name}.jpg", b"", share_image.WIDTH, share_image.HEIGHT
    )


def _located(campaign: Campaign, error: CandleError) -> ContentError:
    fault, _, remedy = str(error).removeprefix(f"{campaign.illustration}: ").partition("; ")
    return ContentError(campaign.illustration, 0, fault, remedy or "save it again, or take another picture")
