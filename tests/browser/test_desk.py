"""The staff desk in a real browser: one key a message, the card's picture, nothing in anybody's way."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import insert

from campaign.accounts import sessions, staff
from campaign.keeping import erasure
from campaign.messages import queries, review
from campaign.settings import Settings
from campaign.storage.database import Database
from campaign.storage.tables import keepsakes
from campaign.text import flags
from campaign.text.normalising import normalise
from receiver.app import create_app
from tests.browser.axe import hold_to_wcag
from tests.browser.conftest import Watched
from tests.conftest import APPROVAL_KEY, TODAY, Submit
from tests.support.answering import answering
from tests.support.lanes import few
from tests.support.ports import free_ports

pytestmark = pytest.mark.browser

BLOCKED = """
for (const name of ["sessionStorage", "localStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError") } });
"""
PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
WORDS = {
    "flags": "Freedom! Write to anna@example.org or +48 600 100 200.",
    "hebrew": "מיקיטה היקר, אתה לא לבד. מקווים שתשחק שוב ב-Minecraft (עם חברים) בגיל 16!",
    "unprintable": "Hold on 𓀀, Mikita!",
    "too long": "line\n" * 40 + "end",
}


@dataclass(frozen=True)
class Desk:
    """A desk that is served while the test runs, and its messages by their names."""

    url: str
    password: str
    database: Database
    messages: dict[str, str]
    browser: Browser

    def enter(self, **options: object) -> Watched:
        """Open the desk in a fresh browser that is logged in; keywords are its context's."""
        watched = self.let_in(**options)
        watched.page.goto(f"{self.url}/staff/mikita/")
        expect(watched.page.get_by_role("heading", level=1)).to_be_visible()
        return watched

    def let_in(self, **options: object) -> Watched:
        """Log a fresh browser in by its requests alone: a page that is drawn costs a quarter of a second."""
        context = self.browser.new_context(**{"viewport": DESKTOP, **options})  # type: ignore[arg-type]
        login = f"{self.url}/staff/login"
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', context.request.get(login).text())
        assert token
        form = {"csrf_token": token[1], "name": "olga", "password": self.password}
        answer = context.request.post(login, form=form, headers={"Referer": login}, max_redirects=0)
        assert answer.status == 303, answer.status
        watched = Watched(context.new_page())
        watched.listen()
        return watched

    def show(self, page: Page, name: str) -> None:
        page.goto(f"{self.url}/staff/mikita/?message={self.messages[name]}")

    def look(self, page: Page, path: str = "") -> None:
        """Open the desk and look at the message: no key decides one that nobody can have seen yet."""
        page.goto(f"{self.url}/staff/mikita/{path}")
        watch(page, 400)

    def state(self, name: str) -> str:
        with self.database.read() as connection:
            return queries.get(connection, self.messages[name]).state


@pytest.fixture
def desk(chromium: Browser, database: Database, settings: Settings, submit: Submit) -> Iterator[Desk]:
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    password = database.write(lambda c: staff.add(c, "olga", settings.approval_keys, TODAY))
    sent = {}
    for name, words in WORDS.items():
        found = flags.find(normalise(words), normalise("Anna Maria"), risky_words=("freedom",))
        sent[name] = submit(database, words, first_name="Anna Maria", flags=found).message
    app = create_app(replace(settings, receiver_url=url, ratelimit_enabled=False), database)
    with answering(app, port):
        yield Desk(url, password, database, sent, chromium)
        for context in chromium.contexts:
            context.close()


@pytest.fixture
def submit_more(desk: Desk, submit: Submit) -> Callable[..., str]:
    return lambda *words, **changes: submit(desk.database, *words, **changes).message


@pytest.mark.parametrize("width", few(1, [320, 1280]))
def test_nothing_stands_in_the_way_of_anybody(desk, width):
    page = desk.let_in(viewport={"width": width, "height": 800}).page
    keepsake = {"campaign": "mikita", "made_on": TODAY, "taken_back": 2}
    desk.database.write(lambda c: c.execute(insert(keepsakes).values(keepsake)) and None)
    for name in ("flags", "unprintable"):
        desk.show(page, name)
        page.locator(".translation summary").click()
        expect(page.get_by_text("The family’s keepsake holds 2 messages taken back")).to_be_visible()
        clean(page, name)
    desk.database.write(lambda c: review.reject(c, desk.messages["flags"], "olga", "Spam", TODAY))
    for path in ("messages?reason=Spam", "messages?card=3", f"?message={desk.messages['flags']}"):
        page.goto(f"{desk.url}/staff/mikita/{path}")
        clean(page, path)
    page.get_by_role("link", name="olga").click()
    clean(page, "account")
    page.get_by_role("button", name="Log out", exact=True).click()
    clean(page, "login")


def watch(page: Page, milliseconds: int) -> None:
    """Wait so long from when the page is painted, however late a busy machine paints it."""
    painted = "requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done)))"
    page.evaluate(f"() => new Promise(done => {painted})")
    page.wait_for_timeout(milliseconds)


def settle(page: Page) -> None:
    """Wait until a press counts again."""
    watch(page, 1100)


def clean(page: Page, what: str) -> None:
    """Hold a page to WCAG 2.2 AA, and to the width of its window."""
    hold_to_wcag(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), what


def test_the_card_is_seen_beside_its_words(desk):
    watched = desk.let_in()
    desk.show(watched.page, "hebrew")
    picture = watched.page.get_by_role("img", name="The back of the card with these words.")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 800
    height, width = picture.evaluate("image => [image.offsetHeight, image.offsetWidth]")
    assert height / width == pytest.approx(148 / 105, rel=0.01)
    assert watched.page.locator(".words .text").evaluate("e => getComputedStyle(e).direction") == "rtl"
    assert watched.complaints == [], "the content policy lets it through"


def test_one_key_decides_and_the_next_message_comes(desk):
    page = desk.let_in().page
    desk.look(page)
    page.keyboard.press("a")
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()
    assert desk.state("flags") == "approved"
    settle(page)  # a press in a hurry does nothing
    page.keyboard.press("u")
    expect(page.get_by_text("The message waits again.")).to_be_visible()
    assert desk.state("flags") == "waiting"
    page.keyboard.press("r")
    reason = page.get_by_label("For another reason")
    expect(reason).to_be_focused()
    page.keyboard.type("a bad rumour")
    assert desk.state("flags") == "waiting", "letters are letters while one writes"
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rejected: a bad rumour.", exact=True)).to_be_visible()
    assert desk.state("flags") == "rejected"


def test_a_double_click_decides_once(desk):
    page = desk.let_in().page
    page.clock.install()
    desk.look(page)
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    box = page.get_by_role("button", name="Approve").bounding_box()
    for _ in range(2):
        page.mouse.click(box["x"] + 20, box["y"] + 10)
        expect(page.get_by_text("Approved.", exact=True)).to_be_visible()
    assert [name for name in desk.messages if desk.state(name) == "approved"] == ["flags"]


def test_a_message_that_has_just_appeared_is_not_decided_by_a_key(desk):
    page, sent = desk.let_in().page, list[str]()
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.goto(f"{desk.url}/staff/mikita/")
    for passed in (0, 100, 200):  # it is painted in the first hundred
        page.clock.run_for(passed)
        page.keyboard.press("a")
        assert (page.evaluate("document.body.isConnected"), sent) == (True, [])
    page.clock.run_for(200)
    page.keyboard.press("a")
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()


def test_the_next_message_is_there_without_a_page_load(desk):
    watched = desk.let_in()
    page = watched.page
    held: list[Route] = []
    page.route("**/approve", lambda route: held.append(route))  # a page that is open may ask past it
    with page.expect_response("**/card.png"), page.expect_response("**/*after=*"):
        page.goto(f"{desk.url}/staff/mikita/")
    settle(page)
    page.evaluate("window.stayed = true")
    page.keyboard.press("a")
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])
    picture = page.get_by_role("img", name="The back of the card with these words.")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 800
    assert desk.state("flags") == "waiting", "the answer did not come yet"
    held[0].continue_()
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Approved 1")).to_be_visible()
    assert page.evaluate("window.stayed")
    assert watched.complaints == []


def test_who_leaves_before_a_decision_has_arrived_is_asked(desk):
    page = desk.let_in().page
    held: list[Route] = []
    page.route("**/approve", lambda route: held.append(route))
    with page.expect_response("**/*after=*"):
        desk.look(page)
    page.keyboard.press("a")
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    desk.database.write(lambda c: erasure.erase(c, desk.messages["flags"], "withdrawn", TODAY))
    held[0].continue_()
    expect(page.get_by_text("It was taken back or erased since you saw it")).to_be_visible()
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])
    expect(page.locator("nav [aria-current]")).to_have_text(re.compile("Waiting"))


@pytest.mark.parametrize("fail", few(1, [Route.abort, lambda route: route.fulfill(status=503)]))
def test_a_decision_that_did_not_arrive_is_told(desk, fail):
    page = desk.let_in().page
    page.route("**/approve", lambda route: fail(route))
    desk.look(page)
    fetched = "name => performance.getEntriesByType('resource').some(one => one.name.includes(name))"
    page.wait_for_function(
        fetched, arg=f"{desk.messages['hebrew']}/card.png"
    )  # else the form leaves the page
    page.keyboard.press("a")
    page.get_by_role("link", name="Look at its message").click()
    expect(page.locator(".words .text")).to_have_text(WORDS["flags"])
    assert desk.state("flags") == "waiting"


def test_a_message_is_set_aside_by_keys_and_its_queue_keeps_the_note(desk):
    page = desk.let_in().page
    desk.look(page)
    page.keyboard.press("l")
    page.keyboard.type("Who reads Odia?")
    page.keyboard.press("Enter")
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])
    page.get_by_role("link", name="Set aside 1").click()
    expect(page.get_by_text("Who reads Odia?")).to_be_visible()
    expect(page.locator(".words .text")).to_have_text(WORDS["flags"])
    hold_to_wcag(page)
    page.get_by_role("button", name="Put it back in the queue").click()
    expect(page.get_by_text("The message waits again.")).to_be_visible()


@pytest.mark.parametrize("decided", few(1, ["rejected", "approved"]))
def test_what_is_being_typed_outlives_a_reload_and_a_refusal(desk, decided):
    page = desk.let_in().page
    desk.show(page, "hebrew")
    page.locator(".translation summary").click()
    translation = page.get_by_label("For staff alone")
    translation.fill("Dear Mikita, you are not alone.")
    page.get_by_label("what does it wait for?").fill("Dana knows Hebrew")
    page.reload()
    expect(translation).to_be_visible()
    expect(translation).to_have_value("Dear Mikita, you are not alone.")
    expect(page.get_by_label("what does it wait for?")).to_have_value("Dana knows Hebrew")
    meanwhile = {
        "rejected": lambda c: review.reject(c, desk.messages["hebrew"], "petr", "Spam", TODAY),
        "approved": lambda c: review.approve(c, desk.messages["hebrew"], "petr", [APPROVAL_KEY], TODAY),
    }
    desk.database.write(meanwhile[decided])
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text(f"it is {decided} already by petr, on 22 November 2026.")).to_be_visible()
    expect(translation).to_have_value("Dear Mikita, you are not alone.")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The translation is kept.")).to_be_visible()
    expect(page.get_by_role("link", name="Look at it", exact=True)).to_have_count(0)
    expect(translation).not_to_be_visible()


def test_what_is_being_typed_outlives_a_login_that_ended(desk):
    page = desk.let_in().page
    desk.show(page, "hebrew")
    page.locator(".translation summary").click()
    translation = page.get_by_label("For staff alone")
    translation.fill("Dear Mikita, you are not alone.")
    desk.database.write(lambda c: sessions.end_all(c, "olga"))
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Your login has ended, so nothing was changed.")).to_be_visible()
    page.get_by_label("Name").fill("olga")
    page.get_by_label("Password").fill(desk.password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Please press once more.")).to_be_visible()
    expect(translation).to_have_value("Dear Mikita, you are not alone.")


def test_what_is_being_typed_outlives_a_cut_and_a_note(desk):
    page = desk.let_in().page
    desk.show(page, "flags")
    page.locator(".translation summary").click()
    translation = page.get_by_label("For staff alone")
    translation.fill("Свабода!")
    page.get_by_role("link", name="Cut out “anna@example.org”").click()
    page.get_by_role("button", name="Cut out").click()
    expect(page.get_by_text("Cut out.", exact=True)).to_be_visible()
    expect(translation).to_have_value("Свабода!")
    page.get_by_label("what does it wait for?").fill("Dana knows Hebrew")
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("Set aside.", exact=True)).to_be_visible()
    desk.show(page, "flags")
    expect(translation).to_have_value("Свабода!")


@pytest.mark.parametrize(("key", "told"), [("1", "Rejected: Spam."), ("c", "Tick the words to cut out")])
def test_what_comes_before_the_answer_to_a_decision_waits_for_it(desk, key, told):
    page = desk.let_in().page
    held, asked = list[Route](), list[str]()
    page.route("**/approve", lambda route: held.append(route))
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_response("**/*after=*"):
        desk.look(page)
    page.keyboard.press("a")
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])
    settle(page)
    page.keyboard.press(key)
    held[0].continue_()
    expect(page.get_by_text(told, exact=True)).to_be_visible()
    assert (asked, desk.state("flags")) == ([], "approved")


def test_nothing_that_was_typed_is_left_once_it_is_kept_or_after_the_login(desk):
    outdated = {"campaign": "mikita", "made_on": TODAY, "taken_back": 1}  # said in red, and no refusal
    desk.database.write(lambda c: c.execute(insert(keepsakes).values(outdated)) and None)
    page = desk.let_in().page
    desk.show(page, "hebrew")
    note = page.get_by_label("what does it wait for?")
    note.fill("Dana knows Hebrew")
    page.get_by_role("button", name="Set aside").click()
    expect(page.get_by_text("Set aside.", exact=True)).to_be_visible()
    page.wait_for_load_state()
    assert "Dana" not in page.evaluate("JSON.stringify(sessionStorage)")
    desk.show(page, "hebrew")
    page.get_by_label("Change the note").fill("Dana called")
    assert "Dana called" in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert "Dana" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_a_login_that_ended_meanwhile_says_so_and_asks_nothing(desk):
    page = desk.enter().page
    settle(page)
    page.context.clear_cookies()
    page.keyboard.press("a")
    expect(page.get_by_text("Your login has ended, so nothing was changed.")).to_be_visible()
    assert "null" not in page.locator("body").inner_text()


def test_keys_can_be_switched_off(desk):
    page = desk.enter().page
    settle(page)
    page.keyboard.press("?")
    page.get_by_label("Keys decide").uncheck()
    page.reload()
    settle(page)
    page.keyboard.press("a")
    page.keyboard.press("1")
    settle(page)
    assert desk.state("flags") == "waiting"


@pytest.mark.parametrize("name", few(1, ["unprintable", "too long"]))
def test_no_key_approves_what_cannot_be_printed(desk, name):
    page = desk.let_in().page
    desk.show(page, name)
    expect(page.get_by_text("It cannot be printed:")).to_be_visible()
    expect(page.get_by_role("img")).to_have_count(0)
    page.keyboard.press("a")
    expect(page.locator("#why-not")).to_be_focused()  # and says so, rather than nothing
    page.keyboard.press("r")
    expect(page.get_by_label("For another reason")).to_be_focused()
    assert desk.state(name) == "waiting"


def test_on_a_phone_it_is_at_hand_why_a_message_cannot_be_approved(desk):
    page = desk.let_in(viewport=PHONE).page
    desk.show(page, "too long")
    page.get_by_role("link", name="Why not approve?").click()
    expect(page.get_by_text("It cannot be printed:")).to_be_in_viewport()


def test_the_buttons_keep_their_place_from_message_to_message(desk, submit_more):
    desk.messages["long"] = submit_more("Мы з табой, Мікіта, і чакаем цябе дома. " * 9)
    page = desk.let_in().page
    places = set()
    for name in ("flags", "hebrew", "long"):
        desk.show(page, name)
        box = page.get_by_role("button", name="Approve").bounding_box()
        places.add((box["x"], box["y"]))
    assert len(places) == 1


@pytest.mark.parametrize("script", ["", BLOCKED])
def test_a_number_rejects_with_its_reason_also_where_the_browser_keeps_nothing(desk, script):
    watched = desk.let_in()
    page = watched.page
    page.add_init_script(script)
    page.clock.install()
    desk.look(page)
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    page.keyboard.press("2")
    page.keyboard.press("1")
    expect(page.get_by_text("Rejected: Insult or threat.", exact=True)).to_be_visible()
    page.wait_for_timeout(700)
    with desk.database.read() as connection:
        rejected = {queries.get(connection, identifier).reason for identifier in desk.messages.values()}
    assert rejected == {None, "Insult or threat"}, (
        "the second press came before anybody could see the message"
    )
    assert watched.complaints == []


def test_without_javascript_everything_works(desk):
    page = desk.let_in(java_script_enabled=False, viewport=PHONE).page
    desk.show(page, "unprintable")
    page.get_by_role("link", name="Cut out “𓀀”").click()
    page.get_by_role("button", name="Cut out").click()
    expect(page.locator(".words .text")).to_have_text("Hold on, Mikita!")
    page.locator(".translation summary").click()
    page.get_by_label("For staff alone").fill("Трымайся, Мікіта!")
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".translation p.text")).to_have_text("Трымайся, Мікіта!")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Approved.", exact=True)).to_be_visible()
    assert desk.state("unprintable") == "approved"
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Spam").click()
    assert desk.state("unprintable") == "rejected"


def test_selected_words_are_cut_by_a_key_and_put_back(desk: Desk) -> None:
    watched = desk.let_in()
    page = watched.page
    desk.look(page, f"?message={desk.messages['hebrew']}")
    page.evaluate(
        """() => {
            const text = document.querySelector(".words .text").firstChild;
            const at = text.data.indexOf("Minecraft");
            getSelection().setBaseAndExtent(text, at, text, at + 9);
        }"""
    )
    page.keyboard.press("c")
    expect(page.locator(".choices input:checked + span")).to_have_text(["Minecraft"])
    hold_to_wcag(page)
    page.get_by_label("Why?").fill("a game")
    page.keyboard.press("Enter")
    expect(page.locator(".words .text")).not_to_contain_text("Minecraft")
    page.get_by_text("As it came").click()
    hold_to_wcag(page)
    page.get_by_role("button", name="Put back what was cut").click()
    expect(page.locator(".words .text")).to_have_text(WORDS["hebrew"])


def test_a_flag_over_an_emoji_is_cut_where_it_stands(desk: Desk, submit_more: Callable[..., str]) -> None:
    watched = desk.let_in(java_script_enabled=False)
    page = watched.page
    message = submit_more("🕯️🕯️ With Anna Kowalska we wait.", first_name="Zoë")
    page.goto(f"{desk.url}/staff/mikita/?message={message}")
    page.get_by_role("link", name="Cut out “Anna Kowalska”").click()
    page.get_by_role("button", name="Cut out").click()
    expect(page.locator(".words .text")).to_have_text("🕯️🕯️ With we wait.")
