"""One card is seen as it will be printed, quickly, or refused with the reason."""

from __future__ import annotations

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pymupdf
import pytest
from PIL import Image

from campaign.cards.card_picture import preview
from campaign.cards.dimensions import CARD_SIZES
from campaign.cards.type import shaping, typesetter
from campaign.cards.type.typesetter import CannotSet
from campaign.content import illustration
from tests.support.sample_messages import MESSAGES


@pytest.mark.parametrize("script", ["Belarusian", "Thai", "Arabic", "Japanese"])
def test_a_card_is_seen_as_dots(script):
    language, text, first_name = MESSAGES[script]
    card = preview(text, first_name, language)
    with Image.open(io.BytesIO(card.png())) as image:
        assert image.size == (621, 875)  # a dot more where an edge cuts one
        assert image.getextrema()[0] < 60


def test_it_is_drawn_as_the_press_draws_it():
    language, text, first_name = MESSAGES["English"]
    with pymupdf.open("pdf", preview(text, first_name, language).pdf) as document:
        assert document[0].get_text().split() == [*text.split(), first_name]


def test_a_message_with_a_card_for_itself_is_seen_larger():
    small, large = (preview("Трымайся!", "Ян", "be", alone=alone).setting for alone in (False, True))
    assert small.size < large.size


def test_what_does_not_fit_is_refused():
    with pytest.raises(CannotSet, match="too long for the card"):
        preview("line\n" * 40, "Ann", "en")
    with pytest.raises(CannotSet, match="no font"):
        preview("𓀀", "Ann", "en")
    assert preview("line\n" * 40, "Ann", "en", CARD_SIZES["A5"])


@pytest.mark.slow
def test_several_threads_may_ask_at_once():
    def seen(script: str) -> bytes:
        language, text, first_name = MESSAGES[script]
        return preview(text, first_name, language).png(60)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(seen, list(MESSAGES) * 2)) == [seen(script) for script in MESSAGES] * 2


@pytest.fixture
def held(monkeypatch):
    """Let "first" stand in the middle of its setting: that it does, that it may go on, and who forgot."""
    inside, go_on, broken = threading.Event(), threading.Event(), typesetter.broken

    def slowly(text, *how, **also):
        if text == "first":
            inside.set()
            assert go_on.wait(60)
            assert not forgotten
        return broken(text, *how, **also)

    forgotten, forget = list[object](), shaping.Shaper.forget

    def watched(shaper):
        forgotten.append(shaper)
        forget(shaper)

    monkeypatch.setattr(typesetter, "broken", slowly)
    monkeypatch.setattr(shaping.Shaper, "forget", watched)
    return inside, go_on, forgotten


def test_words_are_forgotten_when_nobody_is_in_the_middle_of_setting_them(held, monkeypatch):
    inside, go_on, forgotten = held
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(preview, "first", "Ann", "en")
        assert inside.wait(60)
        monkeypatch.setattr(shaping.store, "words", shaping.MOST_WORDS + 1)
        preview("second", "Ann", "en")  # is set beside it, and is not the last to leave
        go_on.set()
        first.result(60)
    assert forgotten
    assert shaping.store.words < shaping.MOST_WORDS


def test_where_there_is_always_somebody_newcomers_wait_once_twice_as_many_words_are_kept(held, monkeypatch):
    inside, go_on, forgotten = held
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(preview, "first", "Ann", "en")
        assert inside.wait(60)
        monkeypatch.setattr(shaping.store, "words", shaping.MOST_WORDS * 2 + 1)
        second = pool.submit(preview, "second", "Ann", "en")
        with pytest.raises(TimeoutError):
            second.result(0.2)
        go_on.set()
        first.result(60)
        second.result(60)
    assert forgotten


def test_mupdf_is_asked_by_one_thread_at_a_time(tmp_path, monkeypatch):
    card = preview("Hold on", "Ann", "en")
    (tmp_path / "illustration.pdf").write_bytes(card.pdf)
    opening, at_once, most = pymupdf.open, [], []

    def counted(*arguments, **named):
        at_once.append(None)
        most.append(len(at_once))
        time.sleep(0.05)
        document = opening(*arguments, **named)
        at_once.pop()
        return document

    monkeypatch.setattr(pymupdf, "open", counted)
    with ThreadPoolExecutor(3) as pool:
        asked = [pool.submit(card.png), pool.submit(illustration.find, tmp_path, []), pool.submit(card.text)]
        assert all(one.result() for one in asked)
    assert most == [1, 1, 1]


@pytest.mark.slow
@pytest.mark.parametrize("script", ["Belarusian", "Hindi", "Chinese"])
def test_a_warm_preview_takes_less_than_50_ms(script):
    language, text, first_name = MESSAGES[script]
    preview(text, first_name, language).png()
    times = []
    for _ in range(5):
        begun = time.process_time()
        preview(text, first_name, language).png()
        times.append(time.process_time() - begun)
    assert min(times) < 0.05
