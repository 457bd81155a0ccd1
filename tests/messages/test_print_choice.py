"""A translation that is printed: made by one person, approved by another, signed, and gone with its text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, select, update

from campaign.keeping import erasure, key_rotation
from campaign.messages import approval, print_choice, review, second_approval, translations
from campaign.messages.message import Message, MessageError
from campaign.messages.print_choice import Prints
from campaign.messages.translations import Translation, TranslationError, text_sha256
from campaign.storage.database import Database
from campaign.storage.tables import first_approvals, messages
from campaign.text.flag import Flag
from tests.conftest import APPROVAL_KEY, TODAY, Submit
from tests.support.review import get

KEYS = (APPROVAL_KEY,)
TEXT, TRANSLATION = "Halte durch, Mikita!", "Трымайся, Мікіта!"
CUT = Flag("removed", "message", 0, 5)


@pytest.fixture
def message(any_database: Database, submit: Submit) -> Message:
    sent = submit(any_database, TEXT).message
    any_database.write(lambda c: review.translate(c, sent, TRANSLATION, "olga", "be"))
    return get(any_database, sent)


def approve(
    database: Database, identifier: str, by: str = "petr", prints: Prints = "both", *, two: bool = False
) -> Message:
    return database.write(lambda c: review.approve(c, identifier, by, KEYS, TODAY, prints=prints, two=two))


def is_signed(message: Message) -> bool:
    return approval.valid(KEYS, message.approval, *print_choice.signed(message.id, message.campaign, message))


def test_nobody_approves_their_own_translation(any_database: Database, message: Message) -> None:
    with pytest.raises(MessageError, match="olga translated it already, and two are asked"):
        approve(any_database, message.id, "olga")
    assert approve(any_database, message.id, "petr").state == "approved"


def test_what_is_not_translated_is_not_printed_so(any_database: Database, submit: Submit) -> None:
    sent = submit(any_database, TEXT).message
    with pytest.raises(MessageError, match="it has no translation for a card yet"):
        approve(any_database, sent, "petr", "translation")


def test_of_two_who_approve_one_may_have_translated_it(any_database: Database, message: Message) -> None:
    approve(any_database, message.id, "olga", two=True)
    both = approve(any_database, message.id, "petr", two=True)
    assert (both.state, both.prints) == ("approved", "both")
    assert is_signed(both)
    any_database.write(lambda c: review.reopen(c, message.id, "petr", TODAY))  # and the first one stands
    assert get(any_database, message.id).prints == "both"
    assert approve(any_database, message.id, "anna", two=True).state == "approved"


def test_two_who_choose_otherwise_approve_nothing(any_database: Database, message: Message) -> None:
    approve(any_database, message.id, "petr", "both", two=True)
    assert approve(any_database, message.id, "anna", "original", two=True).state == "waiting"
    assert approve(any_database, message.id, "petr", "original", two=True).state == "approved"


@pytest.mark.parametrize(
    "change",
    [
        second_approval.drop,
        lambda c, one: review.redact(c, one, [CUT], "anna", KEYS, TODAY, two=True),
        lambda c, one: review.translate(c, one, "Іншае", "anna", "be"),
        lambda c, one: translations.store_translations(
            c, "mikita", [Translation("t.csv:2", one, text_sha256(TEXT), "Іншае")], "anna", into="be"
        ),
    ],
    ids=["taken back", "cut", "translated", "imported"],
)
def test_what_a_card_shows_is_chosen_anew_where_a_first_approval_is_gone(
    any_database: Database, message: Message, change: Callable[[Connection, str], object]
) -> None:
    assert approve(any_database, message.id, two=True).prints == "both"
    any_database.write(lambda c: change(c, message.id))
    assert get(any_database, message.id).prints == "original"
    with any_database.read() as connection:
        assert connection.execute(select(first_approvals)).all() == []


@pytest.mark.parametrize(
    "change",
    [
        {"translation": "Іншае"},
        {"prints": "original"},
        {"prints": "translation"},
        {"translated_into": "ru"},
        {"translated_by": "anna"},
    ],
)
def test_the_approval_signs_all_that_is_printed(
    any_database: Database, message: Message, change: dict[str, str]
) -> None:
    approve(any_database, message.id)
    assert is_signed(get(any_database, message.id))
    any_database.write(lambda c: c.execute(update(messages).values(change)) and None)
    assert not is_signed(get(any_database, message.id))


def test_an_approval_of_the_words_alone_is_as_ever(any_database: Database, message: Message) -> None:
    done = approve(any_database, message.id, "olga", "original")
    assert approval.valid(KEYS, done.approval, done.id, "mikita", TEXT, "Anna")


@pytest.mark.parametrize("prints", ["translation", "both"])
def test_an_approved_translation_is_not_exchanged(
    any_database: Database, message: Message, prints: Prints
) -> None:
    approve(any_database, message.id, prints=prints)
    with pytest.raises(MessageError, match="approved with its translation; put it back"):
        any_database.write(lambda c: review.translate(c, message.id, "Іншае", "anna"))
    entry = Translation("t.csv:2", message.id, text_sha256(TEXT), "Іншае")
    with pytest.raises(TranslationError, match="approved with another translation"):
        any_database.write(lambda c: translations.store_translations(c, "mikita", [entry], "anna"))
    any_database.write(lambda c: review.reopen(c, message.id, "petr", TODAY))
    assert get(any_database, message.id).prints == "original"


def test_a_cut_takes_the_translation_and_the_approval(any_database: Database, message: Message) -> None:
    approve(any_database, message.id)
    any_database.write(lambda c: review.redact(c, message.id, [CUT], "anna", KEYS, TODAY))
    cut = get(any_database, message.id)
    assert (cut.state, cut.approval, cut.prints) == ("waiting", None, "original")
    assert (cut.translation, cut.translated_into, cut.translated_by) == (None, None, None)
    any_database.write(lambda c: review.restore(c, message.id))
    back = get(any_database, message.id)
    assert (back.translation, back.translated_into, back.translated_by) == (TRANSLATION, "be", "olga")


def test_erasure_takes_the_translation_and_who_made_it(any_database: Database, message: Message) -> None:
    approve(any_database, message.id)
    any_database.write(lambda c: erasure.erase(c, message.id, "withdrawn", TODAY))
    gone = get(any_database, message.id)
    assert (gone.translation, gone.translated_into, gone.translated_by) == (None, None, None)
    assert gone.prints == "original"


def test_who_saw_another_translation_approves_nothing(any_database: Database, message: Message) -> None:
    any_database.write(lambda c: review.translate(c, message.id, "Іншае", "olga"))
    with pytest.raises(MessageError, match="somebody changed it since you saw it"):
        any_database.write(
            lambda c: review.approve(
                c, message.id, "petr", KEYS, TODAY, prints="both", seen=message.fingerprint
            )
        )


def test_a_change_of_keys_renews_it_with_its_translation(any_database: Database, message: Message) -> None:
    approve(any_database, message.id)
    newest = "another approval key, long enough for one"
    assert key_rotation.renew(any_database, (newest, APPROVAL_KEY)).approvals == 1
    now = get(any_database, message.id)
    assert approval.valid([newest], now.approval, *print_choice.signed(now.id, now.campaign, now))


@pytest.fixture
def export(any_database: Database) -> Callable[[], list[str]]:
    def texts() -> list[str]:
        with any_database.read() as connection:
            wanted = translations.to_translate(connection, "mikita", read=("be", "ru"))
        return [one.text for one in wanted]

    return texts


def test_for_cards_goes_out_what_waits_in_another_language_each_text_once(
    any_database: Database, submit: Submit, export: Callable[[], list[str]]
) -> None:
    german = "Wir denken jeden Tag an dich und deine Familie."
    for text in (
        german,
        "Мы думаем пра цябе кожны дзень, трымайся!",
        german,
        "Nous pensons à toi chaque jour.",
    ):
        submit(any_database, text)
    approved = submit(any_database, "Wir hoffen, dass du bald nach Hause kommst.").message
    any_database.write(lambda c: review.approve(c, approved, "olga", KEYS, TODAY))
    assert export() == [german, "Nous pensons à toi chaque jour."]


def test_what_comes_back_is_for_all_that_wait_with_the_same_words(
    any_database: Database, submit: Submit, export: Callable[[], list[str]]
) -> None:
    german = "Wir denken jeden Tag an dich und deine Familie."
    first, second, other = (submit(any_database, text).message for text in (german, german, f"{german}!"))
    decided = submit(any_database, german).message
    any_database.write(lambda c: review.reject(c, decided, "petr", "Spam", TODAY))
    entry = Translation("t.csv:2", first, text_sha256(german), "Мы думаем пра цябе.")
    stored = any_database.write(
        lambda c: translations.store_translations(c, "mikita", [entry], "olga", into="be")
    )
    assert (stored.number, stored.alike) == (1, 1)
    for identifier in (first, second):
        kept = get(any_database, identifier)
        assert (kept.translation, kept.translated_by) == ("Мы думаем пра цябе.", "olga")
        assert kept.translated_into == "be"
    for identifier in (other, decided):
        assert get(any_database, identifier).translation is None


def test_a_translation_that_was_made_for_staff_alone_is_not_for_cards(
    any_database: Database, submit: Submit, export: Callable[[], list[str]]
) -> None:
    sent = submit(any_database, "Wir denken jeden Tag an dich und deine Familie.").message
    any_database.write(lambda c: review.translate(c, sent, "We think of you.", "olga"))
    with pytest.raises(MessageError, match="no translation for a card yet"):
        approve(any_database, sent)
    assert export() == ["Wir denken jeden Tag an dich und deine Familie."]
