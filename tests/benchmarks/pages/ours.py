"""Candle builds a folder of campaigns: `python -m tests.benchmarks.pages.ours CONTENT OUTPUT`.

Pictures and packing are left out, as they are of the other side; all else is what `build.py site` does.
"""

from __future__ import annotations

import sys
from pathlib import Path

from campaign.content.campaign import Campaign, load_all, published
from campaign.pages import assets, compressing
from campaign.pages.assets import Asset, IllustrationAssets
from campaign.pages.site import freeze
from campaign.settings import Settings


def main(content: Path, output: Path) -> None:
    """Read and freeze everything."""
    assets.illustration = _one_dot
    compressing.compress = lambda _: None
    campaigns = published(load_all(content, pictures=False))
    freeze(output, campaigns, Settings(content_dir=content, source_url="https://code.example.org/"))


def _one_dot(campaign: Campaign, _kept: Path) -> IllustrationAssets:
    dot = Asset("dot.png", b"", 1, 1)
    return IllustrationAssets((dot,), (dot,), dot, dict.fromkeys(campaign.editions, dot))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
