"""Nobody is kept out: each template in the longest language, and the forms with faults from right to left.

`make audit` does the same for every page, language, colour scheme and answer.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from campaign import ROOT
from tests.audit import checks, mutations
from tests.audit.places import Place, places, shared_places
from tests.audit.stage import RIGHT_TO_LEFT, Stage, opened, staged
from tests.support.table import table

pytestmark = pytest.mark.browser
CONTENT = ROOT / "content" / "mikita"
LANGUAGES = sorted(folder.parent.name for folder in CONTENT.glob("*/story.md"))
# One of each template, in its fullest state.
FULLEST = {
    "story.html": "writing",
    "_form.html": "refused",
    "_thanks.html": "thanked",
    "text_page.html": "privacy page",
    "news.html": "news page",
    "wall.html": "wall page",
    "index.html": "front page",
    "404.html": "missing page",
    "supporter/form.html": "receiver 422",
    "supporter/thanks.html": "receiver 201 thanks",
    "supporter/closed.html": "receiver 410 paused",
    "supporter/error.html": "receiver 413",
    "supporter/withdraw.html": "receiver withdraw 422",
}
MOST = ("_form.html", "supporter/form.html")  # the first has all that the story has
CASES = [
    pytest.param(
        name,
        mirrored,
        marks=pytest.mark.soak if mirrored and template not in MOST else (),
        id=f"{template}-{mirrored}",
    )
    for template, name in FULLEST.items()
    for mirrored in (False, True)
]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    pictures, codes = tmp_path_factory.getbasetemp() / "pictures", [max(LANGUAGES, key=written)]
    with staged(tmp_path_factory.mktemp("stage"), pictures, sparing=codes) as stage:
        yield stage


@pytest.fixture(scope="module")
def everywhere(stage: Stage) -> dict[tuple[str, bool], Place]:
    """Every place by its name, in the longest language and (True) from right to left."""
    longest = max(LANGUAGES, key=written)
    return {
        (place.name, language == RIGHT_TO_LEFT): place
        for language in (longest, RIGHT_TO_LEFT)
        for place in (*places(stage, language), *shared_places(stage))
    }


def written(language: str) -> int:
    """Count the letters of what an editor wrote and of what was translated."""
    texts = [*(CONTENT / language).rglob("*.md"), *(ROOT / "site" / "translations").glob(f"{language}.po")]
    return sum(len(text.read_text(encoding="utf-8")) for text in texts)


@pytest.mark.parametrize(("name", "mirrored"), CASES)
def test_nobody_is_kept_out(
    name: str, mirrored: bool, everywhere: dict[tuple[str, bool], Place], chromium: Browser
) -> None:
    place = everywhere[name, mirrored]
    scheme = "dark" if mirrored else "light"
    with opened(chromium, color_scheme=scheme, reduced_motion="reduce") as page:
        place.show(page)
        assert list(checks.at(place, page)) == []


def test_whoever_sends_arrives_where_the_answer_is_seen_and_heard(stage: Stage, chromium: Browser) -> None:
    assert list(checks.journeys(stage, chromium, RIGHT_TO_LEFT)) == []
    assert list(checks.titles(stage, chromium, RIGHT_TO_LEFT)) == []


@table("mutation", mutations.listed(), ids=lambda mutation: mutation.defect)
def test_each_seeded_defect_can_still_be_put_in(mutation: mutations.Mutation) -> None:
    whole = (mutations.ROOT / mutation.file).read_text(encoding="utf-8")
    assert mutations.mutated(whole, mutation) != whole
