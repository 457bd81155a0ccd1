"""What the editor beside the page asks for and sends, over HTTP."""

import io
import json
import shutil
import time
from functools import cache

import pytest
from PIL import Image

from campaign.content.editors_file import LONGEST
from campaign.pages.preview import dropped_picture
from tests.pages.preview.conftest import ORIGIN
from tests.support.editing import replace
from tests.support.table import table


@pytest.fixture
def look(bench):
    return lambda route, /, **values: bench.get(
        f"/.preview/{route}", base_url=ORIGIN, query_string=values
    ).get_json()


@cache
def picture(kind="JPEG", turned=0):
    """Make a picture as large as a photograph; the same each time, so that what is made of it is kept."""
    out = io.BytesIO()
    Image.linear_gradient("L").rotate(turned).resize((1300, 1800)).convert("RGB").save(out, kind)
    return out.getvalue()


def test_what_is_longer_than_any_text_is_refused_unread(post, content):
    told = {"name": "anna/en/thanks.md", "digest": "x", "text": "\u00e9" * (6 * LONGEST)}
    status, answer = post("save", data=json.dumps(told), content_type="application/json")
    assert (status, answer["error"]) == (409, "the text is longer than 128 KiB; shorten it")


def test_a_conflict_is_told_from_other_refusals(look, post, content):
    read = look("text", name="anna/en/story.md")
    replace(content / "anna/en/story.md", "He waits", "They wait")
    status, told = post("save", {"name": read["name"], "text": "# Mine", "digest": read["digest"]})
    assert (status, told["changed"]) == (409, True)
    status, told = post("save", {"name": "../x.md", "text": "# Mine", "digest": ""})
    assert (status, told["changed"]) == (409, False)
    assert post("save", {"name": 1})[0] == 409
    assert post("save", [])[0] == 409


def test_another_sites_page_saves_nothing(bench, content):
    before = (content / "anna/en/story.md").read_bytes()
    told = {"name": "anna/en/story.md", "text": "theirs", "digest": ""}
    answer = bench.post(
        "/.preview/save", base_url=ORIGIN, json=told, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert (content / "anna/en/story.md").read_bytes() == before


@pytest.mark.parametrize(
    ("near", "block", "place"),
    [
        ("The story of", "The story of Mikita.", ("anna/en/story.md", 5)),
        ("One sentence", "One sentence.", ("anna/en/privacy.md", 3)),
        ("of you", "We think of you.", ("anna/en/suggestions.md", 3)),
        ("You write", "You write.", ("anna/en/how-it-works.md", 3)),
        ("Send my message", "Send my message", ("", 0)),
    ],
)
def test_a_sentence_of_the_page_leads_to_its_line(look, near, block, place):
    found = look("source", page="/anna/en/", near=near, block=block)
    assert (found["file"], found.get("line", 0)) == place


@pytest.mark.parametrize(
    ("near", "key"),
    [("12,000", "signatures ="), ("The goal: 15,000.", "goal"), ("22 November 2026", "signatures_as")],
)
def test_a_number_of_the_petitions_leads_to_its_fact(look, content, workbench, near, key):
    facts = content / "anna" / "campaign.toml"
    if "goal" not in facts.read_text("utf-8"):
        replace(facts, "# a comment", "goal = 15000")
        workbench.rebuild()
    found = look("source", page="/anna/en/", near=near, block=f"Over {near} people", counted="petition")
    line = facts.read_text("utf-8").split("\n")[found["line"] - 1]
    assert (found["file"], line.startswith(key)) == ("anna/campaign.toml", True)


def test_words_that_stand_in_two_texts_lead_to_the_paragraph_that_was_pointed_at(look, content):
    for name, more in (
        ("closed", "We think of you, and of her."),
        ("thanks", "We think of you and\nof *all* of them."),
    ):
        path = content / "anna" / "en" / f"{name}.md"
        path.write_text(f"{path.read_text('utf-8')}\n{more}\n", encoding="utf-8")
    found = look(
        "source", page="/anna/en/thanks/", near="of all of", block="We think of you and of all of them."
    )
    lines = (content / "anna/en/thanks.md").read_text("utf-8").split("\n")
    assert (found["file"], lines[found["line"] - 1]) == ("anna/en/thanks.md", "of *all* of them.")


@pytest.mark.parametrize(
    "to", ["anna/en/story.md", "anna/campaign.toml", "../x.md", "anna/en/x.html", "other/en/x.md"]
)
def test_no_file_is_renamed_over_another_or_out_of_its_campaign(look, post, content, to):
    read = look("text", name="anna/en/thanks.md")
    assert post("move", {"name": read["name"], "to": to, "digest": read["digest"]})[0] == 409
    assert post("remove", {"name": read["name"], "digest": "another"})[0] == 409
    facts = look("text", name="anna/campaign.toml")
    assert post("remove", {"name": facts["name"], "digest": facts["digest"]})[0] == 409
    assert (content / "anna/en/thanks.md").is_file()
    assert (content / "anna/campaign.toml").is_file()


def test_the_files_of_the_pages_campaign_are_offered_its_language_first(look, content):
    told = look("files", page="/anna/en/privacy/")
    assert told["first"] == "anna/en/privacy.md"
    assert told["files"][0] == "anna/campaign.toml"
    assert "anna/en/thanks.md" in told["files"]
    assert look("files", page="/.preview/as/won/anna/en/privacy/") == told
    (content / ".git").mkdir()
    assert look("files", page="/")["files"] == told["files"]


def test_the_first_language_comes_first_and_the_page_of_news_opens_its_newest(look, workbench, content):
    shutil.copytree(content / "anna/en", content / "anna/be")
    replace(content / "anna/campaign.toml", 'languages = ["en"]', 'languages = ["en", "be"]')
    for name in ("2026-11-01-moved", "2026-11-09-letters"):
        (content / "anna/be/news").mkdir(exist_ok=True)
        (content / f"anna/be/news/{name}.md").write_text("# Moved\n\nHe was.\n")
    workbench.rebuild()
    told = look("files", page="/anna/be/news/")
    assert (told["first"], told["language"]) == ("anna/be/news/2026-11-09-letters.md", "be")
    codes = [name.split("/")[1] for name in told["files"]]
    assert codes[0] == "campaign.toml"
    assert codes.index("be") > len(codes) - 1 - codes[::-1].index("en")
    assert look("files", page="/")["first"] == "anna/en/story.md"


def test_a_new_picture_names_the_files_that_describe_the_old_one(look, post, content):
    dropped = {"campaign": "anna", "dropped": "a.svg"}
    drawing = (content / "anna/illustration.svg").read_bytes()
    told = post("picture", data=drawing, query_string=dropped)[1]
    assert told["describe"] == {"en": "anna/en/illustration.md"}
    own = look("source", page="/anna/en/", picture="own")
    assert own == {"file": "anna/en/illustration.md", "line": 1}


def test_undo_takes_the_picture_away_that_was_laid_for_the_text(look, post, content):
    told = {"beside": "anna/en/story.md", "dropped": "a.jpg"}
    assert post("picture", data=picture(), query_string=told)[1] == {"name": "a.jpg"}
    for name in ("anna/en/story.md", "anna/en/thanks.md"):
        read = look("text", name=name)
        text = f"{read['text']}\n![a stop](a.jpg)\n"
        post("save", {"name": name, "text": text, "digest": read["digest"]})
    assert post("undo", {"name": "anna/en/story.md"})[0] == 200
    assert (content / "anna/en/a.jpg").exists()  # another text shows it
    assert post("undo", {"name": "anna/en/thanks.md"})[0] == 200
    assert not (content / "anna/en/a.jpg").exists()


def test_signs_that_show_no_picture_keep_nobody_waiting():
    started = time.process_time()
    assert dropped_picture.PICTURE.findall("![" * (LONGEST // 2)) == []
    assert time.process_time() - started < 1


def test_a_file_that_nothing_uses_is_taken_away_and_brought_back(post, workbench, content):
    (content / "anna/en/spare.png").write_bytes(picture("PNG"))
    workbench.rebuild()
    assert not workbench.board.news.looked
    workbench.look_through()
    assert workbench.board.news.looked
    told = [one for one in (*workbench.board.news.warnings, *workbench.board.news.faults) if one.unused]
    assert [one.file for one in told] == ["anna/en/spare.png"]
    assert post("clear", {"id": told[0].id}) == (200, {"cleared": "anna/en/spare.png"})
    assert not (content / "anna/en/spare.png").exists()
    assert post("clear", {"id": told[0].id})[0] == 409
    assert post("undo", {"name": "anna/en/spare.png"})[0] == 200
    assert (content / "anna/en/spare.png").exists()


@pytest.mark.slow
def test_a_dropped_illustration_takes_the_place_of_the_old_one_and_back(post, workbench, content):
    old = (content / "anna/illustration.svg").read_bytes()
    status, told = post("picture", data=picture(), query_string={"campaign": "anna", "dropped": "IMG_1.JPG"})
    assert status == 200
    assert not (content / "anna/illustration.svg").exists()
    workbench.rebuild()
    assert not workbench.board.news.faults
    assert workbench.stage.campaigns["anna"].illustration.name == "illustration.jpg"
    assert post("undo", {"name": told["undo"]})[0] == 200
    assert (content / "anna/illustration.svg").read_bytes() == old
    assert not (content / "anna/illustration.jpg").exists()


@pytest.mark.parametrize("which", ["card", "icon"])
def test_card_and_tab_take_a_picture_of_their_own_and_give_it_back(post, look, workbench, content, which):
    where = {"campaign": "anna", "which": which, "dropped": "mine.PNG"}
    assert post("picture", data=picture(), query_string=where)[0] == 200
    assert (content / f"anna/{which}.png").exists()
    assert (content / "anna/illustration.svg").exists()
    assert look("text", name="anna/en/story.md")["replaced"] == [which]
    assert post("undo", {"name": f"anna/{which}"})[0] == 200
    assert not (content / f"anna/{which}.png").exists()
    assert post("picture", data=picture(), query_string={**where, "which": "../x"})[0] == 409


def test_a_picture_is_laid_beside_its_text_under_a_name_of_its_own(post, content):
    where = {"beside": "anna/en/story.md", "dropped": "My photo (1).jpg"}
    assert post("picture", data=picture(), query_string=where)[1] == {"name": "My-photo-1.jpg"}
    first = (content / "anna/en/My-photo-1.jpg").read_bytes()
    another = picture(turned=90)
    assert post("picture", data=another, query_string=where)[1] == {"name": "My-photo-1-2.jpg"}
    assert (content / "anna/en/My-photo-1.jpg").read_bytes() == first
    assert post("picture", data=first, query_string=where)[1] == {"name": "My-photo-1.jpg"}


@table(
    ("where", "data"),
    [
        ({"campaign": "anna", "dropped": "a.jpg"}, b"no picture"),
        ({"campaign": "anna", "dropped": "a.exe"}, b"MZ"),
        ({"campaign": "../anna", "dropped": "a.jpg"}, None),
        ({"campaign": "nobody", "dropped": "a.jpg"}, None),
        ({"beside": "anna/en/story.md", "dropped": "a.jpg"}, b"no picture"),
        ({"beside": "anna/en/story.md", "dropped": "a.heic"}, b"...."),
        ({"beside": "../../en/story.md", "dropped": "a.jpg"}, None),
        ({"beside": "story.md", "dropped": "a.jpg"}, None),
        ({}, None),
    ],
)
def test_what_is_no_picture_or_belongs_elsewhere_is_refused_in_words(post, content, where, data):
    before = sorted(content.parent.rglob("*"))
    status, told = post("picture", data=picture() if data is None else data, query_string=where)
    assert status == 409
    assert told["error"]
    assert sorted(content.parent.rglob("*")) == before


def test_a_file_that_a_text_shows_by_now_is_not_taken_away(look, post, workbench, content):
    (content / "anna/en/spare.png").write_bytes(picture("PNG"))
    workbench.rebuild()
    workbench.look_through()
    (told,) = [one for one in (*workbench.board.news.warnings, *workbench.board.news.faults) if one.unused]
    read = look("text", name="anna/en/story.md")
    text = f"{read['text']}\n![a stop](spare.png)\n"
    post("save", {"name": "anna/en/story.md", "text": text, "digest": read["digest"]})
    assert post("clear", {"id": told.id})[0] == 409
    assert (content / "anna/en/spare.png").exists()
