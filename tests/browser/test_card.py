"""The card beside the form breaks its lines as the printed one does, at every width."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from campaign.cards.fitting import typesetter
from campaign.cards.type.typesetter import Typesetter
from campaign.text.normalising import normalise
from tests.browser.conftest import FrozenSite, Watched
from tests.browser.writing import THANKED, WORDS, Receiver, send, write
from tests.support.figures import Figure
from tests.support.lanes import few
from tests.support.outlined import outlined

pytestmark = pytest.mark.browser
Visit = Callable[..., Watched]
WIDTHS = (320, 390, 768, 1280, 1920)
FEWEST = 0.95  # of the texts must break as printed
NAMES = (
    "Anna",
    "Ян",
    "Zoë",
    "Maximilian-Alexander",
    "Олександра",
    "Stanisław",
    "Ґеник 🕯️",
    "Św. Mikołaj z Gdańska",
)
# What people write, in the six languages and in others that share their letters.
SENTENCES = (
    "Dear Mikita, we think of you every day and hope that you will be free soon.",
    "Somebody far away lights a candle tonight, and it is for you.",
    "I wish you could hear the song that my sister wrote for you yesterday.",
    "Stay strong, little brother; your family is proud of you and so are we.",
    "Дарагі Мікіта, мы памятаем пра цябе і чакаем твайго вяртання дадому.",
    "Няхай кожны дзень прыносіць табе крыху святла, цяпла і добрых навін.",
    "Учора я будаваў у гульні вялікі замак і думаў, што пакажу яго табе.",
    "Мы з табой — трымайся!",
    "«Усё будзе добра», — сказала бабуля.",
    "Ты не адзін/не адна… Чакаем цябе з-пад Гродна!",
    "Сёння −12 °C, снег, і кот спіць на падаконніку 🐈.",
    "Здравствуй, Никита! Надеюсь, что у тебя всё хорошо, насколько это возможно.",
    "У нас выпал первый снег, и дети лепят снеговика с морковкой вместо носа.",
    "По-моему, ты сильный, " + "а по-моему, и по-твоему, 24/7 и 12/5 и/или по-нашему " * 4,
    "Обнимаю крепко-крепко, ваша Е. П.",
    "Кто-то ждёт, кто-нибудь поёт: 12–15 песен 1990-х, А–Я, в 10:30–11:00 и в 2027-м, " * 3,
    "ха-ха)) :-) P.S. привет от Тёмы & Co. (16+)",
    "Якось-то воно буде: п'ять хвилин — і вже весна?",
    "Тримайся, друже! Ґанок, їжак і надія — усе чекає на тебе вдома.",
    "Łódź, Kraków-Podgórze i cała Warszawa myślą o Tobie.",
    "Jesteś dzielny i nie jesteś sam, a w naszym oknie codziennie pali się świeca.",
    "Z całego serca życzę Ci zdrowia, siły i rychłego powrotu do domu.",
    "„Kopf hoch“ – wir denken an dich, Größe 38–40, Straßenbahn Nr. 5!",
    "Rechtsschutzversicherungsgesellschaften und Freundschaftsbekundungen helfen nicht, aber Grüße schon.",
    "Lieber Mikita, heute habe ich an dich gedacht, als die Sonne über dem Feld aufging.",
    "Milý Mikito, myslíme na tebe a věříme, že brzy budeš doma.",
    "Sevgili Mikita, yalnız değilsin; bütün şehir seni düşünüyor.",
    "Драги Микита, ниси сам: мислимо на тебе сваки дан.",
    "Cher Mikita, tu n’es pas seul ; nous pensons à toi chaque jour !",
    "Play Minecraft soon!!! 🎮🕯️❤️",
    "“You are not alone”, she said; we’re here…",
    "e-mail doesn’t reach you, but this card does.",
    "Rap, rap, rap: “yo”... 1, 2, 3!",
    "At 7:30 a.m. Dr. J. K. ran 10 km with 2 dogs, and the 24. of December came.",
    "👍🏽👨‍👩‍👧 Wir sind da.",
    "  A river,\n    a field,\n  and home.",
)
VERSES = f"{SENTENCES[1]}\na poem\nof four lines\n{SENTENCES[2]} Somebody sang."


def texts(number: int) -> Iterator[tuple[str, str]]:
    """Give texts of up to 400 characters, each with a first name."""
    chance = random.Random(11)
    for _ in range(number):
        some = [chance.choice(SENTENCES) for _ in range(chance.randint(1, 6))]
        yield chance.choice((" ", " ", "\n", "\n\n")).join(some)[:380].strip(), chance.choice(NAMES)


def printed(text: str, name: str) -> list[str]:
    words = normalise(text, one_line=False, limit=400).text
    return [bare(line) for line in Typesetter(105, 148).set(words, name, "en").lines]


def bare(line: str) -> str:
    return " ".join(line.replace("\u00a0", " ").split())


# The lines as they stand on the screen, told by how high each letter stands.
LINES = """(card) => {
  const lines = [], range = document.createRange();
  for (const { firstChild: text } of card.querySelectorAll(".card-text span")) {
    let middle = null;
    for (let at = 0; at < text.length; at += 1) {
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      const box = range.getClientRects()[0];
      if (box?.width && (middle === null || Math.abs(box.top + box.height / 2 - middle) > box.height / 2)) {
        lines.push("");
        middle = box.top + box.height / 2;
      }
      if (lines.length) lines[lines.length - 1] += text.data[at];
    }
  }
  return lines;
}"""

LENGTH = """(card) => {
  const range = document.createRange();
  range.selectNodeContents(card.querySelector(".card-text span"));
  return range.getBoundingClientRect().width;
}"""


def written(page: Page, text: str, name: str) -> list[str]:
    """Write, and read the lines off the card."""
    page.get_by_label("Your message").fill("")
    page.get_by_label("Your first name").fill(name)
    page.get_by_label("Your message").fill(text)
    try:
        expect(page.locator(".set .card-text")).to_contain_text(bare(text)[-5:])
    except AssertionError:
        return []
    return [bare(line) for line in page.locator(".card").evaluate(LINES)]


@pytest.mark.parametrize(("width", "many"), few(1, [(390, 20), *((width, 100) for width in WIDTHS)]))
def test_texts_break_as_printed(width: int, many: int, visit: Visit, figure: Figure) -> None:
    watched = visit(viewport={"width": width, "height": 844})
    page = watched.page
    page.locator(".card").scroll_into_view_if_needed()
    different = [
        (text, name) for text, name in texts(many) if written(page, text, name) != printed(text, name)
    ]
    figure(
        f"of {many} texts, those that break on the page as on the printed card, {width} px",
        str(many - len(different)),
    )
    assert len(different) <= round(many * (1 - FEWEST)), different
    assert watched.complaints == []


def test_the_card_scales_with_its_column_and_breaks_nothing_anew(visit: Visit) -> None:
    page = visit().page
    text, name = next(texts(1))
    lines = written(page, text, name)
    lengths = set()
    for width in (280, 320, 500, 900, 1400):
        page.set_viewport_size({"width": width, "height": 800})
        assert [bare(line) for line in page.locator(".card").evaluate(LINES)] == lines
        box = page.locator(".card").bounding_box()
        assert box is not None
        assert box["height"] / box["width"] == pytest.approx(148 / 105, rel=0.01)
        size = page.locator(".card").evaluate("(card) => parseFloat(getComputedStyle(card).fontSize)")
        assert size / box["width"] == pytest.approx(11 / 72 * 25.4 / 105, rel=0.01)
        lengths.add(page.locator(".card").evaluate(LENGTH) / size)
    # No letter's width is rounded to the screen's dots.
    assert min(lengths) == pytest.approx(max(lengths), rel=0.005)


def test_the_name_stands_on_the_last_line_where_it_fits_and_a_poem_s_turned_lines_are_indented(
    visit: Visit,
) -> None:
    page = visit().page
    for text, name in (
        ("Anna is here", "Anna"),
        ("line " * 8, "Maximilian-Alexander"),
        ("Anna is here", ""),  # "Your name" stands there until it is written
        ("Freedom, dear Mikita! " * 2, ""),
    ):
        hold_the_name_to_its_line(page, text, name)
    written(page, "\n".join([SENTENCES[0], "a poem", "of four", "lines"]), "Anna")
    indents = page.locator(".card-text span").evaluate_all(
        "(all) => all.map((line) => line.style.textIndent)"
    )
    assert indents == ["", "1.5em", "", "", ""]


def hold_the_name_to_its_line(page: Page, text: str, name: str) -> None:
    lines = written(page, text, name)
    body = Typesetter(105, 148).set(text.strip(), name or "Your name").body
    own_line = body.rpartition(b" Td")[0].split()[-1] != b"0.0000"
    assert lines
    last, place = page.locator(".card").evaluate(
        """(card) => [".card-text span:last-child", ".card-name"].map((part) => {
          const { top, height } = card.querySelector(part).getBoundingClientRect();
          return { top, height };
        })"""
    )
    assert place["height"] > 0  # it is seen
    assert (place["top"] > last["top"] + last["height"] / 2) is own_line


def test_letters_are_fetched_when_the_form_comes_near_and_pictures_when_they_are_written(
    visit: Visit,
) -> None:
    watched = visit(viewport={"width": 390, "height": 664})
    page = watched.page

    def fetched() -> list[str]:
        page.wait_for_load_state("networkidle")
        return sorted(r.url.rpartition("/")[2].split(".")[0] for r in watched.requests if ".woff2" in r.url)

    assert fetched() == []
    with page.expect_request("**/italic.*"), page.expect_request("**/text.*"):
        page.locator(".card").scroll_into_view_if_needed()
    assert fetched() == ["italic", "text"]
    written(page, "Мы з табой 🕯️", "Ян")
    assert fetched() == ["emoji-1f540", "italic", "text"]


def test_other_scripts_are_shown_in_the_device_s_letters_and_the_page_says_so(visit: Visit) -> None:
    page = visit().page
    for text, own in (("שלום לך", True), ("Мы з табой", False), ("你好", True)):
        page.get_by_label("Your message").fill(text)
        said = page.get_by_text("These are your device's letters")
        expect(said).to_be_visible(visible=own)
        expect(page.locator(".card-text")).to_have_text(text)
        expect(page.locator(".card.set")).to_have_count(0 if own else 1)
        page.get_by_label("Your message").fill("Hello")
        expect(said).to_be_hidden()


def test_without_its_letters_the_card_still_shows_the_words(visit: Visit) -> None:
    page = visit(prepare=lambda page: page.route("**/*.woff2", lambda route: route.abort())).page
    page.get_by_label("Your message").fill("Hello\nthere")
    expect(page.get_by_text("These are your device's letters")).to_be_visible()
    assert page.locator(".card-text").evaluate("(text) => text.textContent") == "Hello\nthere"


@pytest.mark.parametrize(("per_card", "size"), [(1, "A5"), ("fill", "A5-landscape")])
def test_a_card_for_one_message_or_with_long_lines_is_set_larger(
    visit: Visit,
    serve: Callable[..., AbstractContextManager[FrozenSite]],
    per_card: int | str,
    size: str,
) -> None:
    def larger(campaign: Any) -> Any:
        return replace(campaign, card=replace(campaign.card, messages_per_card=per_card, size=size))

    with serve(larger) as site:
        page = visit("/mikita/en/", site).page
        for text in ("Stay strong!", SENTENCES[0] * 3, VERSES, f"Dear {'Donaudampfschiff' * 4}"):
            found = written(page, text, "Anna")
            setting = typesetter(size, alone=per_card == 1).set(text, "Anna")
            assert found == [bare(line) for line in setting.lines]
            assert page.locator(".card").evaluate("(card) => card.style.getPropertyValue('--size')") == str(
                int(setting.size)
            )
        written(page, "Hold on.\n\nWe wait.", "Anna")
        between = page.locator(".card-text .gap").evaluate(
            "(line) => { const { marginTop, lineHeight } = getComputedStyle(line);"
            " return parseFloat(marginTop) / parseFloat(lineHeight) }"
        )
        assert between == pytest.approx(0.5 if per_card == 1 else 0.25, abs=0.02)


def test_the_thanks_show_the_card_as_the_receiver_drew_it(visit: Visit) -> None:
    drawn = outlined("A6", WORDS, "Anna", "en")
    receiver = Receiver((THANKED[0], THANKED[1] | {"card": drawn._asdict()}))
    page = visit(prepare=receiver.attach).page
    write(page)
    send(page)
    card = page.get_by_role("img", name=f"{WORDS} Anna")
    expect(card).to_be_visible()
    assert receiver.posted()["card"] == "y"
    assert card.locator("use").evaluate_all(
        "(all) => all.map((one) => [one.getAttribute('x'), one.getAttribute('y')])"
    ) == [[str(x), str(y)] for _, x, y in drawn.places]
    expect(page.get_by_text("The back of the card")).to_be_visible()
    expect(page.get_by_text("those of others")).to_be_visible()
    expect(page.locator(".device")).to_have_count(0)
