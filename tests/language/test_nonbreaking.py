"""What no line's end parts, in the languages whose printers hold to it."""

from __future__ import annotations

from campaign import ROOT
from campaign.content.campaign import load
from campaign.language.catalogue import read_catalogue
from campaign.language.nonbreaking import tied
from tests.support.table import table

ADDRESSES = (
    "info@t-online.de",
    "(https://x-ray.org/e-mail)",
    "&lt;https://x-ray.org/e-mail&gt;",
    "<https://x-ray.org/e-mail>",
    '<a href="mailto:info@t-online.de">info@t-online.de</a>',
    "www.x-ray.org,",
    "t-online.de/e-mail",
)


@table(
    ("language", "words", "shown"),
    [
        ("ru", "кто-то и с нами", "кто-\u2060то и\u00a0с\u00a0нами"),
        ("be", "па-ранейшаму тут", "па-\u2060ранейшаму тут"),
        ("uk", "будь-яка згадка", "будь-\u2060яка згадка"),
        ("ru", "бело-сине-белый", "бело-\u2060сине-\u2060белый"),
        ("ru", "интернет-провайдер", "интернет-провайдер"),  # both halves can stand alone
        ("pl", "żyje i pisze w domu", "żyje i\u00a0pisze w\u00a0domu"),
        ("pl", "adres e-mail", "adres e-\u2060mail"),
        ("de", "die E-Mail-Adresse", "die E-\u2060Mail-Adresse"),
        ("en", "an X-ray, a well-known song", "an X-\u2060ray, a well-known song"),
        ("uk", "через 90 днів", "через 90\u00a0днів"),
        ("be", "праз %(n)d секунд у %(person)s", "праз %(n)d\u00a0секунд у\u00a0%(person)s"),
        ("be", "Больш за %(count)s чалавек", "Больш за %(count)s чалавек"),
        ("cs-CZ", "s tebou", "s\u00a0tebou"),
        ("de", "z. B. 90 Tage, a b", "z. B. 90 Tage, a b"),
        ("en", "a friend", "a friend"),
        ("en", "12–15 days, 2020–21, A–Z – 3", "12–\u206015 days, 2020–\u206021, A–Z – 3"),
        ("ru", "в 10:30–11:00, кто-то", "в\u00a010:30–\u206011:00, кто-\u2060то"),
        (
            "fr",
            "« <b>Oui</b> ? » : non ; oui !",
            "«\u00a0<b>Oui</b>\u00a0?\u00a0»\u00a0: non\u00a0; oui\u00a0!",
        ),
        ("de", "nach § 12 in Bd. № 7", "nach §\u00a012 in Bd. №\u00a07"),
        ("th", "<b>เด็ก ๆ</b> ว่า", "<b>เด็ก\u00a0ๆ</b> ว่า"),
        ("hi", "वह आई । अब", "वह आई\u00a0। अब"),
        ("am", "ሰላም ። ነው", "ሰላም\u00a0። ነው"),
        ("ru", '<p title="и с нами">и <b>с нами</b></p>', '<p title="и с нами">и <b>с\u00a0нами</b></p>'),
        ("ru", "<code>ls -a x y</code> и я", "<code>ls -a x y</code> и\u00a0я"),
        ("ru", "й-о и", "й-\u2060о и"),
        *((code, words, words) for code in ("be", "de", "pl") for words in ADDRESSES),
        ("de", "Die E-Mail an info@t-online.de.", "Die E-\u2060Mail an info@t-online.de."),
    ],
)
def test_what_belongs_together_stays_on_one_line(language: str, words: str, shown: str) -> None:
    assert tied(words, language) == shown


def test_page_and_interface_are_tied_and_words_to_borrow_are_not() -> None:
    edition = load(ROOT / "content" / "mikita").editions["ru"]
    assert "\u00a0" in edition.story.body_html
    assert not [words for words in edition.suggestions if "\u00a0" in words or "\u2060" in words]
    words = read_catalogue("ru")
    assert "\u00a0" in words.gettext("About you, if you like") + words.gettext(
        "You may also show my words and my first name on this page."
    )
