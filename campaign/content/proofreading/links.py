"""Links that lead nowhere, without asking anybody on the internet."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import date

from campaign.content import news
from campaign.content.heading_anchors import anchors
from campaign.content.proofreading import copied_links
from campaign.content.proofreading.proof_text import ProofText, words_of
from campaign.errors import ContentError, Fix

ALIKE = 0.85  # of a heading that was meant: "what is never kept" is as like as 0.8 to "what is kept"
STEPS = "how-it-works.md"  # it stands on the story's page, whose headings alone have ids
ADDRESS = re.compile(r"https?://(?:[^/?#]*@)?(\[[^]/?#]*|[^/:?#]*)")  # its website
HERE = re.compile(r"localhost|127\.|10\.|192\.168\.|0\.0\.0\.0|\[?::1")
HOST = re.compile(r"[^\s,;_]+\.[^\s,;_.]{2,}\.?")
MAIL = re.compile(r"mailto:[^\s@?]+@[^\s@?]+\.[^\s@?.]{2,}(?:\?.*)?")


def astray(text: ProofText, texts: Mapping[str, ProofText], today: date) -> Iterator[ContentError]:
    """Warn of links that lead nowhere; `texts` are the edition's own by the names of their files."""
    as_entries_do = {name.removeprefix(f"{news.FOLDER}/"): one for name, one in texts.items()}
    named = {**as_entries_do, **texts}
    for link, line in text.elements("a"):
        href = link.get("href", "")
        name, _, anchor = href.partition("#")
        if not words_of(link) and not len(link):
            yield text.warning(
                line, f'a link to "{href}" without words', "write between [ and ] where it leads"
            )
        elif anchor and (target := named.get(name.removeprefix("../")) if name else text):
            yield from _anchor(text, line, anchor, target)
        elif href.startswith(("http:", "https:")):
            yield from _address(text, line, href)
        elif href.startswith("mailto:") and not MAIL.fullmatch(href):
            fault = f'a link to "{href}", which is no e-mail address'
            yield text.warning(line, fault, "write it as mailto:friends@example.org")
        elif (day := news.day_of(name)) and day > max(today, news.day_of(text.name) or today):
            fault = f"a link to what is shown from {day} on"
            yield text.warning(line, fault, "link to it on that day: until then it leads nowhere")


def _anchor(text: ProofText, line: int, anchor: str, target: ProofText) -> Iterator[ContentError]:
    among_others = target.path.name == STEPS or target.path.parent.name == news.FOLDER
    known = [] if among_others else anchors(target.parsed.blocks)
    if anchor not in known:
        begun = [one for one in known if one.startswith(f"{anchor}-")]  # what-is-kept-and-for-how-long
        near = begun if len(begun) == 1 else difflib.get_close_matches(anchor, known, n=1, cutoff=ALIKE)
        remedy = (
            f"did you mean #{near[0]}?" if near else f"write one of: {', '.join(f'#{one}' for one in known)}"
        )
        where = f" in {target.path.name}" if target is not text else ""
        remedy = remedy if known else "take it out; there is no heading to lead to"
        fix = Fix(line, f"#{anchor}", f"#{near[0]}") if near else None
        yield text.warning(line, f"a link to #{anchor}, which is no heading{where}", remedy, fix)


def _address(text: ProofText, line: int, href: str) -> Iterator[ContentError]:
    found = ADDRESS.match(href)  # not urlsplit, which raises for https://[name].org
    host = found[1].lower() if found else ""
    if HERE.match(host):
        yield text.warning(
            line, f'a link to "{href}", which is on your own machine', "write the public address"
        )
    elif not HOST.fullmatch(host):
        yield text.warning(
            line, f'a link to "{href}", which names no website', "write it as https://example.org/…"
        )
    elif other := copied_links.meant(href):
        fault, right = other
        sure = right and copied_links.is_sure(href)
        fix = Fix(line, href, right) if sure and href in text.written.split("\n")[line - 1] else None
        yield text.warning(
            line, f'a link to "{href[:60]}", {fault}', f"write {right or 'what readers see'}", fix
        )
