"""The page's static files, each under a name that holds its content's hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from campaign import ROOT
from campaign.content.campaign import Campaign
from campaign.pages.pictures import PictureFile, pictures

STATIC = ROOT / "site" / "static"


@dataclass(frozen=True)
class Asset:
    """One static file; width and height in pixels for a picture, else 0."""

    name: str
    body: bytes
    width: int = 0
    height: int = 0

    @property
    def url(self) -> str:
        """The path at which the page's origin serves it."""
        return f"/static/{self.name}"


@dataclass(frozen=True)
class IllustrationAssets:
    """One campaign's picture: WebP in rising widths, a JPEG for every browser, a JPEG beside shared links."""

    webp: tuple[Asset, ...]
    plain: Asset
    share: Asset


@dataclass(frozen=True)
class Assets:
    """Everything below /static/: files of site/static/ by their plain name, illustrations by campaign."""

    files: Mapping[str, Asset]
    illustrations: Mapping[str, IllustrationAssets]

    def all(self) -> Iterator[Asset]:
        """Yield every asset."""
        yield from self.files.values()
        for shown in self.illustrations.values():
            yield from (*shown.webp, shown.plain, shown.share)


def collect(campaigns: Mapping[str, Campaign], kept: Path) -> Assets:
    """Read site/static/ and make the illustrations' pictures, which stay in `kept` for the next build.

    Raises:
        PictureError: an illustration that holds no picture.
    """
    files = {path.name: named(path.stem, path.suffix, path.read_bytes()) for path in sorted(STATIC.iterdir())}
    return Assets(files, {slug: _illustration(slug, c.illustration, kept) for slug, c in campaigns.items()})


def named(stem: str, suffix: str, body: bytes, width: int = 0, height: int = 0) -> Asset:
    """Give a file a name that changes with its content, so that it can be cached for ever."""
    return Asset(f"{stem}.{hashlib.sha256(body).hexdigest()[:10]}{suffix}", body, width, height)


def _illustration(slug: str, file: Path, kept: Path) -> IllustrationAssets:
    def asset(picture: PictureFile) -> Asset:
        stem = f"{slug}-{picture.width}"
        return named(stem, f".{picture.kind}", picture.body, picture.width, picture.height)

    made = pictures(file, kept)
    return IllustrationAssets(tuple(map(asset, made.webp)), asset(made.plain), asset(made.share))
