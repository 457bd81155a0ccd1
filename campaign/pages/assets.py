"""The page's static files, each under a name that holds its content's hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from campaign import ROOT
from campaign.content.campaign import Campaign
from campaign.content.edition import Edition
from campaign.language.catalogue import read_catalogue
from campaign.pages import theme
from campaign.pages.pictures import PictureFile, pictures, shared_picture, sign
from campaign.pages.share_image import Words

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
    """One campaign's picture: AVIF and WebP in rising widths, a JPEG, and one a language for links."""

    avif: tuple[Asset, ...]
    webp: tuple[Asset, ...]
    plain: Asset
    share: Mapping[str, Asset]


@dataclass(frozen=True)
class Assets:
    """Everything below /static/: files of site/static/ by their plain name, the rest by campaign.

    `sheets` are the stylesheets in the campaigns' colours, `icons` their signs in the browser's tab.
    """

    files: Mapping[str, Asset]
    illustrations: Mapping[str, IllustrationAssets]
    sheets: Mapping[str, Asset] = field(default_factory=dict)
    icons: Mapping[str, Asset] = field(default_factory=dict)

    def all(self) -> Iterator[Asset]:
        """Yield every asset."""
        own = (*self.files.values(), *self.sheets.values(), *self.icons.values())
        yield from {asset.name: asset for asset in own}.values()  # several campaigns may have one theme
        for shown in self.illustrations.values():
            yield from (*shown.avif, *shown.webp, shown.plain, *shown.share.values())


def collect(campaigns: Mapping[str, Campaign], kept: Path) -> Assets:
    """Read site/static/ and make the illustrations' pictures, which stay in `kept` for the next build.

    Raises:
        PictureError: an illustration that holds no picture.
    """
    drawn = {slug: illustration(c, kept) for slug, c in campaigns.items()}
    return shelf(site_files(), drawn, campaigns, kept)


def shelf(
    files: Mapping[str, Asset],
    drawn: Mapping[str, IllustrationAssets],
    campaigns: Mapping[str, Campaign],
    kept: Path,
) -> Assets:
    """Put the site's files and the campaigns' pictures together, with what dresses each campaign's pages.

    Raises:
        PictureError: a sign of a campaign's own that holds no picture.
    """
    sheets = {slug: _sheet(files["page.css"], campaign) for slug, campaign in campaigns.items()}
    icons = {slug: _icon(files["icon.svg"], campaign, kept) for slug, campaign in campaigns.items()}
    return Assets(files, drawn, sheets, icons)


def _sheet(usual: Asset, campaign: Campaign) -> Asset:
    """Add a campaign's colours to the stylesheet: one request, and no byte where they are the usual ones."""
    rules = theme.rules(campaign.palette, campaign.card.measures).encode()
    return named("theme", ".css", usual.body + rules) if rules else usual


def _icon(usual: Asset, campaign: Campaign, kept: Path) -> Asset:
    if campaign.icon:
        return named("icon", ".png", sign(campaign.icon, kept))
    return named("icon", ".svg", theme.icon(usual.body.decode(), campaign.palette).encode())


def site_files() -> Mapping[str, Asset]:
    """Read site/static/; by their plain names."""
    found = sorted(STATIC.rglob("*.*"))
    files = {path.name: named(path.stem, path.suffix, _as_sent(path)) for path in found}
    files["letters.css"] = _with_addresses(files["letters.css"], files)
    return files


# Comments, indentation, and spaces where none is needed: a visitor waits for the stylesheet and the scripts.
_FOR_WHO_READS_IT = {
    ".css": (re.compile(rb"/\*.*?\*/\s*|(?<=[{};,:])\s+|\s+(?=\{)|;\s*(?=\})", re.DOTALL), b""),
    ".js": (re.compile(rb"(?: // .*)?\s*\n\s*(?://.*\s*)*|\A(?://.*\s*)+"), b"\n"),
}


def _as_sent(path: Path) -> bytes:
    if path.suffix not in _FOR_WHO_READS_IT or path.parent != STATIC:  # letters/ has its licences
        return path.read_bytes()
    pattern, instead = _FOR_WHO_READS_IT[path.suffix]
    return pattern.sub(instead, path.read_bytes()).strip()


def named(stem: str, suffix: str, body: bytes, width: int = 0, height: int = 0) -> Asset:
    """Give a file a name that changes with its content, so that it can be cached for ever."""
    return Asset(f"{stem}.{digest(body)}{suffix}", body, width, height)


def digest(body: bytes) -> str:
    """Give the part of an address that changes with what it leads to, so that no cache gives an older one."""
    return hashlib.sha256(body).hexdigest()[:10]


def _with_addresses(sheet: Asset, files: Mapping[str, Asset]) -> Asset:
    """Let a stylesheet name other files as they are served."""
    address = re.compile(rb"url\(([\w.-]+)\)")
    body = address.sub(lambda found: b"url(%s)" % files[found[1].decode()].name.encode(), sheet.body)
    return named("letters", ".css", body)


def illustration(
    campaign: Campaign, kept: Path, share: Mapping[str, Asset] | None = None
) -> IllustrationAssets:
    """Make one campaign's pictures, or take what an earlier build left in `kept`.

    `share` stands in for the pictures beside a link, which take the longest.

    Raises:
        PictureError: the illustration holds no picture.
    """

    def asset(picture: PictureFile) -> Asset:
        stem = f"{campaign.slug}-{picture.width}"
        return named(stem, f".{picture.kind}", picture.body, picture.width, picture.height)

    made = pictures(campaign.illustration, kept)
    share = share or {
        code: asset(shared_picture(campaign.illustration, said(campaign, edition), kept))
        for code, edition in campaign.editions.items()
    }
    avif, webp, plain = (tuple(asset(one) for one in made if one.kind == k) for k in ("avif", "webp", "jpg"))
    return IllustrationAssets(avif, webp, plain[0], share)


def said(campaign: Campaign, edition: Edition) -> Words:
    """Say beside a link what the page says first, and ask for words only where they are taken."""
    shown = edition.ending(campaign.status) or edition.story
    invitation = read_catalogue(edition.language).gettext("Write to %(person)s") % edition.person
    below = invitation if campaign.status == "open" else edition.person["person"]
    return Words(shown.title, below, edition.language, edition.direction)
