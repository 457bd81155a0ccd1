"""Sentences of another language, addresses as they were copied, what fingers slip on: told, and mended."""

from __future__ import annotations

import re
import time
from collections import deque
from pathlib import Path

from campaign import ROOT
from campaign.content.markup import parse_cache
from campaign.content.proofreading import (
    characters,
    copied_links,
    fact_lines,
    headings,
    left_over_signs,
    links,
    other_languages,
    quotation_marks,
    typed_figures,
    typing_slips,
)
from campaign.content.proofreading.proof_text import ProofText
from tests.support.slips import TODAY
from tests.support.table import table

SAID = {
    "en": "The court decided yesterday that she has to stay in prison for another three months.",
    "be": "Суд у сталіцы ўчора вырашыў, што яна павінна застацца ў турме яшчэ на тры месяцы.",
    "ru": "Суд в столице вчера решил, что она должна остаться в тюрьме ещё на три месяца.",
    "uk": "Суд у столиці вчора вирішив, що вона має залишитися у в’язниці ще на три місяці.",
    "pl": "Sąd w stolicy zdecydował wczoraj, że musi ona pozostać w więzieniu jeszcze przez trzy miesiące.",
    "de": "Das Gericht hat gestern entschieden, dass sie noch drei Monate im Gefängnis bleiben muss.",
}
STORIES = {code: (ROOT / "content" / "mikita" / code / "story.md").read_text("utf-8") for code in SAID}


def text(words: str, language: str = "en", name: str = "story.md") -> ProofText:
    written = f"# Title\n\n{words}\n"
    return ProofText(Path("lena", language, name), language, written, parse_cache.read(written, language))


def pasted(words: str, language: str, elsewhere: dict[str, str]) -> list[str]:
    editions = {code: text(said, code) for code, said in {**elsewhere, language: words}.items()}
    said = {code: other_languages.sentences({"story.md": one}) for code, one in editions.items()}
    return [one.fault for one in other_languages.pasted(editions[language], said, "en")]


@table("language, other", [(one, other) for one in SAID for other in SAID if one != other])
def test_a_sentence_of_another_language_is_told(language: str, other: str):
    written = STORIES[language]
    (fault,) = pasted(written.replace("\n\n", f"\n\n{SAID[other]}\n\n", 1), language, STORIES)
    assert fault.endswith(f", likely {other}")
    assert pasted(written, language, SAID) == []


def test_a_few_words_that_another_edition_holds_are_told_where_they_do_not_belong():
    editions = {"en": "## What happened\n\nWords.", "de": "## What happened\n\nWorte, die jemand gesagt hat."}
    assert pasted(editions["de"], "de", editions) == [
        'a sentence in another language: "What happened", as in en/story.md'
    ]
    assert pasted(editions["en"], "en", editions) == []


@table(
    "words",
    [
        "“Your chairs are still standing around the table, and children ask for you”, steht auf der Karte.",
        "> Her friends write to her each week, and each of the letters is read by a censor first.",
        "## Amnesty International",
        "Minecraft, Rap",
    ],
)
def test_what_others_said_and_names_stand_in_any_language(words: str):
    assert pasted(f"{SAID['de']}\n\n{words}", "de", {"en": words.lstrip("> ")}) == []


@table(
    "words, right",
    [
        ("Lena´s computer", "Lena’s computer"),
        ("Lena`s computer", "Lena’s computer"),
        (",,ein Buch''", '"ein Buch"'),
        ("''ein Buch''", '"ein Buch"'),
        ("She wrote.What came is read.", "She wrote. What came is read."),
        ("posted,and read", "posted, and read"),
        ("posted ,and read", "posted, and read"),
        ("posted , and read", "posted, and read"),
        ("posted .", "posted."),
        ("posted..", "posted."),
        ("posted,, and read", "posted, and read"),
        ("Thank\u00a0you\u00a0to\u00a0everybody\u00a0who wrote", "Thank you to everybody who wrote"),
        ("It\u00a0is\u00a0Lena’s\u00a0book\u00a0here", "It is Lena’s book here"),
    ],
)
def test_what_fingers_slip_on_is_told_and_mended(words: str, right: str):
    (warning,) = typing_slips.slips(text(words))
    assert warning.fix is not None
    assert text(words).written.replace(warning.fix.old, warning.fix.new, 1) == text(right).written


@table(
    "words",
    [
        "Vor- und Nachname, pre- and postwar, in- oder ausländisch",
        "e.V., z.B., u.s.w., 3.5, 12.000, 24:00, a.m., node.js, library.example.org, Mr.T",
        "wait... what?! No… yes. So (he said: a) stays, and b) goes) :( or ;(",
        "rock ’n’ roll, Lena’s, O’Neill, п’ять, сям’я, l’été, 5’ and ‘so’ and ‘it’s’",
        "GmbH, PCs, NGOs, McDonald, iPhone, USA, IDs, COVID-19, VKontakte",
        "5 000 000 and 5\u00a0000\u00a0000\u00a0000 people, a – b, 1 , 2",
        "«Так»,– сказала яна. “So,” she said.",
        "Wir schreiben - immer - weiter.",
    ],
)
def test_what_is_meant_is_left_alone(words: str):
    known = [one.fault for one in typing_slips.slips(text(words))]
    assert [fault for fault in known if "VKontakte" not in fault and '"1 ,"' not in fault] == []


@table(
    "words, language",
    [
        ("“So, she said.", "en"),
        ('She said "so, and went.', "en"),
        ("„So, sagte sie.", "de"),
        ("«Так, сказала яна.", "be"),
        ("„Tak, powiedziała.", "pl"),
        ("Sie las “ein Buch” vor.", "de"),
        ("Hon läste “ein Buch” där.", "sv"),
        ('”So", sa hon.', "sv"),
    ],
)
def test_a_quotation_mark_without_its_other_one_or_of_english_is_told(words: str, language: str):
    (warning,) = quotation_marks.unpaired(text(words, language))
    assert warning.fault.startswith(("a quotation mark that ", "quotation marks as English"))
    assert not warning.fix or warning.fix.new == '"ein Buch"'


@table(
    "words, language",
    [
        ("“So,” she said.\n\n“And so.", "en"),
        ("“This goes on.\n\n“And ends here.”", "en"),
        ('A screen of 27", an `"A6"` and `"A5"`.', "en"),
        ("„So“, sagte sie, ‚so‘.", "de"),
        ("”Så”, sa hon, ”’så’ och så.”", "sv"),
        ("«Так, „так“», – сказала яна.", "be"),
        ("„Tak, «tak»”, powiedziała “so”.", "ja"),
        ("rock ’n’ roll, ’tis, the neighbours’ house", "en"),
        ('ארה"ב אמרה "כן".', "he"),
    ],
)
def test_quotation_marks_that_are_meant_are_left_alone(words: str, language: str):
    told = [one.line for one in quotation_marks.unpaired(text(words, language)) if "quotation" in one.fault]
    assert told == ([5] if words.endswith("And so.") else [])


@table(
    "words, fault, remedy",
    [
        ("THank you", 'two capitals: "THank"', "write Thank"),
        (
            "every- body",
            'a word in two halves: "every- body"',
            "write everybody, or a dash with a space on both sides",
        ),
    ],
)
def test_what_may_be_meant_is_left_for_a_person_to_mend(words: str, fault: str, remedy: str):
    (warning,) = typing_slips.slips(text(words))
    assert (warning.fault, warning.remedy, warning.fix) == (fault, remedy, None)


def test_french_has_a_space_before_its_signs():
    assert list(typing_slips.slips(text("Quoi ! Oui ; non ?", "fr"))) == []


@table(
    "words, fault",
    [
        ("## Who\n\nUs.\n\n## Who\n\nThem.", 'the heading "Who" of line 3 again'),
        ("Us.\n\n## Who\n\n## What\n\nThem.", 'nothing stands below "Who"'),
        ("Us.\n\n## Who", 'nothing stands below "Who"'),
        ("**Who wrote**\n\nMany friends.", "bold words in a heading's place"),
    ],
)
def test_a_text_that_breaks_off_is_told(words: str, fault: str):
    (warning,) = headings.doubtful(text(words))
    assert warning.fault.startswith(fault)


@table(
    "words",
    [
        "## Who\n\n### In detail\n\nUs.",
        "**Thank you all!**\n\nWe go on.",
        "**Who wrote**, and why.\n\nMany friends. {{ name }}",
        "**![Her desk](desk.png)**\n\nWe go on.",
    ],
)
def test_headings_as_they_should_be_are_left_alone(words: str):
    assert [one.fault for one in headings.doubtful(text(words))] == []


@table(
    "address, right",
    [
        ("https://example.org/lena.", "https://example.org/lena"),
        ("https://https://example.org/lena", "https://example.org/lena"),
        (
            "https://library-example--one-org.translate.goog/lena?_x_tr_sl=de&_x_tr_tl=en",
            "https://library.example-one.org/lena",
        ),
        ("https://youtu.be/a1B2c3?si=x9Y8z7", "https://youtu.be/a1B2c3"),
        ("https://www.youtube.com/watch?v=a1&si=x9", "https://www.youtube.com/watch?v=a1"),
        ("https://bit.ly/3aBcD", ""),
        ("https://mail.google.com/mail/u/0/#inbox", ""),
        ("https://anna:secret@example.org/lena", "https://example.org/lena"),
        ("https://l.instagram.com/?u=https%3A%2F%2Fexample.org%2Flena", "https://example.org/lena"),
        ("https://example.org/?p=12&preview=true", ""),
        ("https://example.org/edit?utm_source=mail", ""),
        ("https://www.change.org/p/lena?recruiter=12&utm_source=share", "https://www.change.org/p/lena"),
        ("https://example.org/?id=1&utm_source=mail&b=2#top", "https://example.org/?id=1&b=2#top"),
    ],
)
def test_an_address_is_told_as_readers_should_have_it(address: str, right: str):
    assert copied_links.meant(address) is not None
    assert copied_links.meant(address)[1] == right  # type: ignore[index]
    assert not right or copied_links.meant(right) is None


@table(
    "address",
    [
        "https://example.org/?si=1",
        "https://example.org/a&b",
        "https://example.org/edition",
        "https://example.org/?q=a&",
    ],
)
def test_an_address_that_people_can_read_is_left_alone(address: str):
    assert copied_links.meant(address) is None


PROGRAMS = (
    "Sent from my iPhone", "Get Outlook for iOS", "-----Original Message-----", "Begin forwarded message:",
    "-----Ursprüngliche Nachricht-----",
    "On Fri, 20 Nov 2026 at 14:03, Anna wrote:", "Am 20.11.2026 um 14:03 schrieb Anna Weber:",
    "[20/11/2026, 14:03:22] Anna: Thank you!", "Subject: the page", "Re: the page",
    "Here's the translation to German:",
    "As an AI language model", "Übersetzt mit DeepL.com (kostenlose Version)", "Переведено с помощью DeepL",
    "Traducido con DeepL", "Envoyé de mon iPhone", "Bien sûr ! Voici la traduction :",
    "¡Claro! Aquí tienes la traducción:",
    "Let me know if you would like any changes!", "Certainly! Here is a shorter version:",
    "Gerne! Hier ist der Text:", "Конечно! Вот перевод:", "I hope this helps!",
    "Sent with Proton Mail secure email.", "Description automatically generated",
)  # fmt: skip
PEOPLE = (
    "On 3 March 2025 she wrote: “I am well.”", "Am 3. März schrieb Anna Weber: „Mir geht es gut.“",
    "Here is her house. Of course! Here we are.",
    "Regarding this: we write. There: nothing.", "He sent a message from his phone.", "Тема: письма",
    "They wrote to us: I hope this helps him.",
    "She translated the letter; Google was no help.", "Let me know when you are back.", "Lena's error!",
    "No message is ever given to DeepL.", "Volunteers translate with DeepL, and read it again.",
)  # fmt: skip


@table("words", PROGRAMS)
def test_words_of_a_program_are_told(words: str):
    assert any("words of a program" in one.fault for one in left_over_signs.left_over(text(words)))


@table("words", PEOPLE)
def test_words_of_people_are_not(words: str):
    assert not [
        one.fault for one in left_over_signs.left_over(text(words)) if "words of a program" in one.fault
    ]


def test_a_word_of_a_thousand_slips_is_not_shown_a_thousand_times():
    told = list(typing_slips.slips(text("a,,,," * 1000)))
    assert len(told) == 1000
    assert max(len(one.fault) for one in told) < 300


@table(
    "address, is_sure",
    [
        ("https://news.example.org/a,", True),
        ("https://news.example.org/a.", False),  # https://en.wikipedia.org/wiki/Apple_Inc. ends so
        ("https://news.example.org/Yahoo!", False),
    ],
)
def test_a_last_sign_that_may_belong_to_the_address_is_left_to_its_writer(address: str, is_sure: bool):
    (warning,) = links.astray(text(f"[news]({address})"), {}, TODAY)
    assert warning.remedy == f"write {address[:-1]}"
    assert bool(warning.fix) == is_sure


@table(
    "pattern, line",
    [
        (left_over_signs.PATTERNS[0][0], "-" * 20_000),
        (typed_figures.FIGURES, "1" * 40_000 + ".1"),
        (copied_links.PATTERNS[-1][0], ",;" * 20_000 + "a"),
        (characters.MIXED, "a" * 20_000),
        (fact_lines.TEXT, '"\\' * 40_000),
    ],
)
def test_a_long_line_of_one_sign_is_looked_through_once(pattern: re.Pattern[str], line: str):
    begun = time.thread_time()
    deque(pattern.finditer(line), 0)
    assert time.thread_time() - begun < 1  # from each of its signs on, it would be three seconds and more


def test_a_footnote_s_number_in_plain_brackets_is_told_as_one():
    told = [one.fault for one in left_over_signs.left_over(text("It was said.[1]\n\nBy [NAME].\n\n[1] So."))]
    number = 'a footnote\'s number "[1]", which leads nowhere'
    assert told == [number, 'a blank in brackets: "[NAME]"', number]


def test_a_word_that_a_pdf_parted_at_a_line_s_end_is_told():
    told = list(typing_slips.slips(text("He spoke.\nThe law-\nyer of pre-\nand postwar Baden-\nBaden came.")))
    assert [(one.line, one.fault) for one in told] == [(4, 'a word in two halves: "law-"')]
    assert told[0].remedy.startswith("write lawyer or law-yer on one line")
