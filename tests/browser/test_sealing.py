"""Details are sealed in the browser: only the operator's keys open what leaves it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from playwright.sync_api import Page, expect

from campaign.content import form_fields
from campaign.keys import sealing
from campaign.text import matching
from campaign.text.normalising import normalise
from tests.browser.conftest import FrozenSite, Watched
from tests.browser.test_by_need import scripts
from tests.browser.writing import THANKED, WORDS, Receiver, complaint, fill_in, refused, send, settled, write
from tests.support.lanes import few
from tests.text.test_flags import OTHER_WORDS, SURNAMES

pytestmark = pytest.mark.browser
Visit = Callable[..., Watched]
KEYS = [sealing.new_key(), sealing.new_key()]
DETAILS = {"last_name": "Ivanova", "email": "anna@example.org", "country": "PL"}


@pytest.fixture(scope="module")
def two_keys(serve: Callable[..., AbstractContextManager[FrozenSite]]) -> Iterator[FrozenSite]:
    """The page of an operator with two keys."""
    with serve(age_recipients=tuple(public for public, _ in KEYS)) as site:
        yield site


@pytest.fixture
def writing(visit: Visit, two_keys: FrozenSite) -> Callable[..., tuple[Page, Receiver, Watched]]:
    """Open the page before a receiver that answers as told."""

    def writing(*answers: object, prepare: Callable[[Page], object] = lambda page: None):
        receiver = Receiver(*answers)
        watched = visit(site=two_keys, prepare=lambda page: (receiver.attach(page), prepare(page)))
        return watched.page, receiver, watched

    return writing


def opened(posted: dict[str, str]) -> list[dict[str, str]]:
    """Open what was posted with each key, as the receiver took it."""
    sealed = sealing.read_seal(posted["details"], len(KEYS))
    return [sealing.unseal(sealed, [secret]) for _, secret in KEYS]


def test_what_leaves_the_browser_opens_with_either_key_and_reads_as_nothing(writing) -> None:
    page, receiver, watched = writing(THANKED)
    write(page)
    send(page)
    expect(page.locator(".thanked")).to_be_visible()
    posted = receiver.posted()
    assert not set(form_fields.DETAILS) & set(posted)
    assert opened(posted) == [DETAILS, DETAILS]
    body = receiver.posts[0].post_data or ""
    assert not [words for words in ("Ivanova", "anna%40", "anna@", "country") if words in body]
    assert posted["first_name"] == "Anna"
    assert watched.complaints == []


def test_each_seal_is_of_one_size_and_another(writing) -> None:
    page, receiver, _ = writing(refused(503), THANKED)
    write(page)
    send(page)
    settled(page)
    page.get_by_label("Surname").fill("Ī" * 80)
    send(page)
    expect(page.locator(".thanked")).to_be_visible()
    first, second = (receiver.posted(number)["details"] for number in (0, 1))
    assert len(first) == len(second)
    assert first != second


def test_the_library_comes_with_the_first_letter_of_a_detail(writing) -> None:
    page, _, watched = writing()
    page.get_by_label("Your message").fill("Words")
    page.locator(".details summary").click()
    page.get_by_label("Surname").focus()
    expect(page.locator(".card-text")).to_have_text("Words")
    assert scripts(watched) == ["page", "writing", "card"]
    with page.expect_request("**/static/age.*.js"):
        page.get_by_label("Surname").press("I")
    assert scripts(watched) == ["page", "writing", "card", "sealing", "age"]
    library = page.evaluate("(url) => fetch(url).then((file) => file.text())", watched.requests[-1].url)
    assert len(gzip.compress(library.encode())) < 24 * 1024


def test_who_gives_no_detail_loads_and_posts_none(writing) -> None:
    page, receiver, watched = writing(THANKED)
    page.get_by_label("Your message").fill("Words")
    page.get_by_label("Your first name").fill("Anna")
    page.get_by_label(re.compile("Print my words")).check()
    send(page)
    expect(page.locator(".thanked")).to_be_visible()
    assert "details" not in receiver.posted()
    assert "age" not in scripts(watched)


def test_one_detail_is_enough(writing) -> None:
    page, receiver, _ = writing(THANKED)
    write(page)
    page.get_by_label("Surname").fill("")
    page.get_by_label("E-mail address").fill(" ")
    send(page)
    expect(page.locator(".thanked")).to_be_visible()
    assert opened(receiver.posted())[0] == {"country": "PL"}


@pytest.mark.parametrize("lost", few(1, ["age", "sealing"]))
def test_where_the_library_does_not_come_nothing_is_sent_and_the_next_try_goes_on(writing, lost: str) -> None:
    page, receiver, _ = writing(
        THANKED, prepare=lambda page: page.route(f"**/{lost}.*.js", lambda route: route.abort())
    )
    write(page)
    send(page)
    settled(page)
    assert "could not be locked" in complaint(page)
    assert receiver.posts == []
    expect(page.locator(".details .risk")).to_have_count(0)  # one for each try
    for label in ("Surname", "E-mail address"):
        page.get_by_label(label).fill("")
    page.get_by_label("Country").select_option("")
    send(page)
    expect(page.locator(".thanked")).to_be_visible()
    assert not [name for name in ("details", *form_fields.DETAILS) if receiver.posted().get(name)]


def test_where_no_script_follows_the_plain_road_is_taken_and_no_detail_goes_out(
    writing,
) -> None:
    page, receiver, _ = writing(
        THANKED, prepare=lambda page: page.route("**/writing.*.js", lambda route: route.abort())
    )
    fill_in(page)
    page.get_by_role("button", name="Send my message").click()
    expect(page.get_by_role("heading", name="This is your card")).to_be_visible()
    assert receiver.posted()["message"] == WORDS
    assert not set(form_fields.DETAILS) & set(receiver.posted())
    assert "Ivanova" not in (receiver.posts[0].post_data or "")


def test_the_receiver_s_review_gets_the_seal_and_no_detail(writing) -> None:
    page, receiver, _ = writing(refused(403), THANKED)
    write(page, "Two\nlines")
    send(page)
    expect(page.get_by_role("heading", name="This is your card")).to_be_visible()
    posted = receiver.posted()
    assert opened(posted) == [DETAILS, DETAILS]
    assert not set(form_fields.DETAILS) & set(posted)
    assert posted["message"] == "Two\r\nlines"
    assert "token" not in posted


def test_no_draft_holds_a_detail_sealed_or_not(writing) -> None:
    page, _, _ = writing(refused(503))
    write(page)
    send(page)
    settled(page)
    kept = page.evaluate("JSON.stringify({ ...sessionStorage, ...localStorage })")
    assert "Ivanova" not in kept
    assert "details" not in kept


TOO_LATE = [
    ("E-mail address", "anna", "like name@example.org"),
    ("E-mail address", "anna@example", "like name@example.org"),
    ("E-mail address", "a@b.example" + "x" * 250, "too long to be locked"),
    ("Surname", "K" * 81, "too long to be locked"),
    ("Surname", "ก\u0e49\u0e31\u0e4c" * 80, "too long to be locked"),
]


def test_what_staff_could_only_see_too_late_is_said_before(writing) -> None:
    page, receiver, _ = writing(THANKED)
    for label, value, told in TOO_LATE:
        write(page)
        page.get_by_label("E-mail address").fill(f"a@{'b' * 200}.example" if label == "Surname" else "")
        page.get_by_label(label).fill(value)
        page.get_by_role("button", name="Send my message").click()
        assert told in complaint(page), (label, value)
        assert receiver.posts == [], (label, value)
        write(page)  # mended, so that the next complaint is of the next fault
        expect(page.locator(".errors")).to_be_hidden()


def test_a_surname_in_the_message_is_told_to_its_writer(writing) -> None:
    page, _, _ = writing()
    write(page, "We think of you. The Ivanova family")
    told = page.locator(".details .risk")
    expect(told).to_contain_text("Your surname stands in your message")
    page.get_by_label("Your message").fill("We think of you.")
    expect(told).to_have_text("")


def test_it_finds_a_surname_where_the_receiver_would(visit: Visit) -> None:
    """For texts of which staff were once told, and for others."""
    page = visit().page
    page.get_by_label("Your message").fill("We think of you.")
    expect(page.locator(".counter")).not_to_be_empty()  # it comes with the parts
    sources = page.locator("#words").evaluate(
        "(words) => [words.content.getElementById('later').dataset.sealing, words.dataset.writing]"
    )
    for last_name, text, *words in [*SURNAMES, *OTHER_WORDS]:
        folded = [matching.fold(normalise(part).text) for part in (text, last_name)]
        found = page.evaluate(
            """([urls, parts]) => Promise.all(urls.map((url) => import(url)))
              .then(([{ names }, { place }]) => names(...parts, place))""",
            [sources, folded],
        )
        here = any(matching.Folded(normalise(text).text).spans(matching.surname(last_name)))
        assert found == here == (bool(words) or "Иваново" in text), (last_name, text)


def test_it_is_sealed_also_where_the_browser_has_no_x25519(writing) -> None:
    page, receiver, _ = writing(
        THANKED,
        prepare=lambda page: page.add_init_script(
            "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })"
        ),
    )
    write(page)
    send(page)
    expect(page.locator(".thanked")).to_be_visible()
    assert opened(receiver.posted()) == [DETAILS, DETAILS]


def test_what_is_sealed_goes_to_the_operator_s_keys_and_no_others(two_keys: FrozenSite) -> None:
    page = (two_keys.folder / "mikita" / "en" / "parts.txt").read_text()
    assert re.findall(r'data-recipients="([^"]*)"', page) == [" ".join(public for public, _ in KEYS)]


def test_the_page_says_what_is_different_without_its_script(two_keys: FrozenSite) -> None:
    page = (two_keys.folder / "mikita" / "en" / "index.html").read_text()
    assert (
        "Your browser locks what you write here before it sends it; without JavaScript, it is locked" in page
    )
