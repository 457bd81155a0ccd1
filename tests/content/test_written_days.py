"""Days as six languages write them: whose weekday is another one, that no month has, of a mistyped year."""

from __future__ import annotations

from pathlib import Path

from campaign.content.markup import parse_cache
from campaign.content.proofreading import written_days
from campaign.content.proofreading.proof_text import ProofText
from campaign.language import locales
from tests.support.slips import TODAY
from tests.support.table import table

LANGUAGES = ("en", "be", "ru", "uk", "pl", "de")
# A Tuesday and the Friday after it, as each language says them in the middle of a sentence.
WRITTEN = {
    "en": ("on {}, {} {} {}.", ("Tuesday", "Friday"), "December"),
    "be": ("у {}, {} {} {} года.", ("аўторак", "пятніцу"), "снежня"),
    "ru": ("в {}, {} {} {} года.", ("вторник", "пятницу"), "декабря"),
    "uk": ("у {}, {} {} {} року.", ("вівторок", "п’ятницю"), "грудня"),
    "pl": ("w {}, {} {} {} r.", ("wtorek", "piątek"), "grudnia"),
    "de": ("am {}, dem {}. {} {}.", ("Dienstag", "Freitag"), "Dezember"),
}


def told(words: str, language: str = "en", name: str = "story.md") -> list[str]:
    text = f"# Title\n\n{words}\n"
    parsed = parse_cache.read(text, language)
    read = ProofText(Path("lena") / language / name, language, text, parsed)
    return [one.fault for one in written_days.impossible(read, TODAY)]


@table("language", LANGUAGES)
def test_a_weekday_that_is_not_its_day_s_is_told(language: str):
    sentence, (tuesday, friday), month = WRITTEN[language]
    assert told(sentence.format(tuesday, 1, month, 2026), language) == []
    assert told(sentence.format(friday, 4, month, 2026), language) == []
    (fault,) = told(sentence.format(friday, 1, month, 2026), language)
    assert fault.endswith(f" is {locales.weekdays(language)[1]} by the calendar")


@table(
    "language, words",
    [
        ("en", "Friday, December 1, 2026"),
        ("en", "Friday, the 1st of December 2026"),
        ("en", "Friday, Dec. 1, 2026"),
        ("en", "Fri, 1 Dec 2026"),
        ("de", "Fr., 1. Dez. 2026"),
        ("de", "Sa, 11.12.2026"),
        ("ru", "пт, 1 дек. 2026"),
        ("pl", "pt., 1 gru 2026"),
        ("en", "1 December 2026 (Friday)"),
        ("de", "Freitag, 01.12.2026"),
        ("de", "am 1. Dezember 2026 (Freitag)"),
        ("ru", "1 декабря 2026 года (пятница)"),
        *(("ru", "1 декабря 2026 (ср)"), ("de", "am 1. Dezember 2026 (Mi.)"), ("pl", "1 grudnia 2026 (śr.)")),
        ("uk", "п'ятниця, 1 грудня 2026"),
        ("be", "у сераду 1 снежня 2026 года"),
        ("pl", "w środę 1 grudnia 2026 r."),
        ("pl", "przed środą 1 grudnia 2026 r. albo po piątku"),
        ("de", "freitags, 1. Dezember 2026"),
        ("it", "ven. 1 dicembre 2026"),
        ("es", "el viernes 1 de diciembre de 2026"),
        ("pt", "sexta-feira, 1 de dezembro de 2026"),
        ("vi", "Thứ Sáu, ngày 1 tháng 12 năm 2026"),
        ("tr", "1 Aralık 2026 Cuma günü"),
        ("tr", "1 Aralık 2026 (cuma) günü"),
        ("be", "пасля аўторка 2 снежня 2026 года"),
        ("uk", "з п’ятниці 1 грудня 2026 року"),
    ],
)
def test_a_day_is_known_however_it_is_written(language: str, words: str):
    assert len(told(words, language)) == 1


@table(
    "language, words",
    [
        ("en", "on 31 November 2026"),
        ("en", "on 30 February"),
        ("en", "on November 31, 2026"),
        ("de", "am 29. Februar 2026"),
        ("de", "am 31.11.2026"),
        ("ru", "31 ноября"),
        ("be", "31 лістапада"),
        ("uk", "31 листопада"),
        ("pl", "31 listopada"),
    ],
)
def test_a_day_that_no_month_has_is_told(language: str, words: str):
    (fault,) = told(words, language)
    assert fault.startswith("there is no day such as")


# From Monday on: each day in all of its cases.
CASES = {
    "be": (
        "панядзелак панядзелка панядзелку панядзелкам",
        "аўторак аўторка аўторку аўторкам",
        "серада серады серадзе сераду серадой серадою",
        "чацвер чацвярга чацвяргу чацвяргом",
        "пятніца пятніцы пятніцу пятніцай пятніцаю",
        "субота суботы суботе субоце суботу суботай суботаю",
        "нядзеля нядзелі нядзелю нядзеляй нядзеляю",
    ),
    "ru": (
        "понедельник понедельника понедельнику понедельником понедельнике",
        "вторник вторника вторнику вторником вторнике",
        "среда среды среде среду средой средою",
        "четверг четверга четвергу четвергом четверге",
        "пятница пятницы пятнице пятницу пятницей пятницею",
        "суббота субботы субботе субботу субботой субботою",
        "воскресенье воскресенья воскресенью воскресеньем",
    ),
    "uk": (
        "понеділок понеділка понеділку понеділкові понеділком",
        "вівторок вівторка вівторку вівторкові вівторком",
        "середа середи середі середу середою",
        "четвер четверга четвергу четвергові четвергом",
        "п’ятниця п’ятниці п’ятницю п’ятницею",
        "субота суботи суботі суботу суботою",
        "неділя неділі неділю неділею",
    ),
    "pl": (
        "poniedziałek poniedziałku poniedziałkowi poniedziałkiem",
        "wtorek wtorku wtorkowi wtorkiem",
        "środa środy środzie środę środą",
        "czwartek czwartku czwartkowi czwartkiem",
        "piątek piątku piątkowi piątkiem",
        "sobota soboty sobocie sobotę sobotą",
        "niedziela niedzieli niedzielę niedzielą",
    ),
}


@table("language", CASES)
def test_a_weekday_is_known_in_each_of_its_cases(language: str):
    month = WRITTEN[language][2]
    for number, cases in enumerate(CASES[language]):
        day = 30 if number == 0 else number  # of November and December 2026
        other = day % 7 + 1
        for name in cases.split():
            if number:
                assert told(f"x {name}, {day} {month} 2026.", language) == [], name
            assert len(told(f"x {name}, {other + (number == 0)} {month} 2026.", language)) == 1, name


@table(
    "language, words",
    [
        ("en", "on 12 October 2062"),
        ("th", "เมื่อวันที่ 14 มีนาคม 2657"),
    ],
)
def test_a_year_that_fingers_turned_is_told(language: str, words: str):
    assert len(told(words, language)) == 1


@table(
    "language, words",
    [
        ("en", "He was born on 12 October 1966, and his father on 3 May 1938."),
        ("en", "The republic was proclaimed on 25 March 1918."),
        ("en", "She is free again on 12 March 2051 at the latest."),
        ("en", "From Friday to Sunday, 4–6 December 2026, we write."),
        ("en", "Answer by Friday. On 1 December 2026 the court meets."),
        ("en", "On Friday or on 1 December 2026, in May 2026, 31 May, 29 February 2028, may 31 people sign."),
        ("en", "Version 31.11.2, 1.12.20267 and 40 March hares, 2062 signatures."),
        ("de", "Freitags, und am 1. Dezember 2026, am 29.02.2024."),
        ("pl", "31 maja, 30 września i 29 lutego"),
        ("be", "31 мая, 29 лютага"),
        ("de", "Und so, 1. Dezember 2026, 2026-12-01 und 2026-123-01, A-2026-13-45-7."),
        ("en", "In March 35 people wrote, and in June 32 letters came."),
        ("tr", "Cumartesi, 28.11.2026, Cuma, 27.11.2026, 28 Kasım 2026 (Cumartesi), 16 MAYIS 2026 CUMARTESİ"),
        ("th", "เมื่อวันที่ 14 มีนาคม 2567 และวันอังคารที่ 1 ธันวาคม 2569"),
        ("tr", "3 Mart 2026 pazar yerinde buluştular."),
        ("vi", "Thứ Bảy, 28.11.2026, Thứ Ba, 1.12.2026; Thứ Ba, ngày 1 tháng 12 năm 2026"),
        ("es", "el martes 1 de diciembre de 2026"),
        ("en", "On 1 December 2026 Friday prayers were held."),
        ("en", "Open from 1 December 2026 (Monday to Friday). Every Friday, from 1 December 2026 on."),
        ("he", "יום שני, 30.11.2026"),
        ("en", "We sat 3 May 2026 in silence, and the sun 3 May 2026 shone."),
        ("de", "Er war im Dienst, 3. Mai 2026, und bei der Montage 5. Mai 2026."),
        ("ru", "Их было четверо 3 мая 2026 года. Среди 4 мая 2026 года."),
        ("uk", "У середині 4 травня 2026 року, четверо 3 травня 2026 року."),
        ("pl", "Było w środku 4 maja 2026 r., piąty 3 maja 2026 r., czwarta 4 maja 2026 r."),
        ("es", "En el mar 3 de mayo de 2026."),
        ("it", "Nel mar 3 maggio 2026."),
    ],
)
def test_a_day_that_can_be_is_left_alone(language: str, words: str):
    assert told(words, language) == []


def test_every_language_s_weekdays_are_told_apart():
    """One may begin as another does: Cuma and Cumartesi, and in Hebrew and Vietnamese nearly all."""
    for language in (*LANGUAGES, "he", "sw", "th", "tr", "vi"):
        known = written_days._ways(language)
        names = [name.lower().translate(written_days.APOSTROPHES) for name in locales.weekdays(language)]
        assert [*map(known.weekday, names)] == [*range(7)], language


def test_a_weekday_without_a_year_is_looked_at_in_the_news_alone():
    entry = "news/2026-12-20-moved.md"
    assert told("On Friday, 1 December, she was moved.") == []
    assert (
        told("On Tuesday, 1 December, she was moved; on Saturday, 2 January, we know more.", name=entry) == []
    )
    assert len(told("On Friday, 1 December, she was moved.", name=entry)) == 1
    assert (
        told("On Friday, 1 June, she was moved.", name=entry) == []
    )  # of which year it was, nobody can tell
