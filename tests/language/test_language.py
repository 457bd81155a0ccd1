"""A language's own ways, and the interface's words from PO files."""

import datetime
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python

from campaign import ROOT
from campaign.errors import ContentError
from campaign.language import extraction, locales, po_files
from campaign.language.catalogue import faults, read_catalogue, translated, update
from campaign.language.locales import LanguageError
from tests.support.table import table

BELARUSIAN = """\
msgid ""
msgstr ""
"Language: be\\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && "
"(n%100<10 || n%100>=20) ? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Send my message"
msgstr "Даслаць"

msgctxt "a place"
msgid "Card"
msgstr "Паштоўка"

#, fuzzy
msgid "Country"
msgstr "Няпэўна"

msgid "%(n)d card"
msgid_plural "%(n)d cards"
msgstr[0] "%(n)d паштоўка"
msgstr[1] "%(n)d паштоўкі"
msgstr[2] "%(n)d паштовак"

msgid "Write to %(person)s"
msgstr "Напішыце: %(person)s"
"""
ENTRY = 'msgid ""\nmsgstr "Language: be\\n"\n\nmsgid "Write to %(person)s"\nmsgstr "{}"\n'


@pytest.fixture
def belarusian(tmp_path: Path) -> Path:
    """A folder of translations that holds Belarusian."""
    (tmp_path / "be.po").write_text(BELARUSIAN, encoding="utf-8")
    return tmp_path


def test_a_list_is_parted_as_its_language_does():
    parted = {code: locales.list_comma(code) for code in ("be", "de", "ar", "ur", "ja")}
    assert parted == {"be": ", ", "de": ", ", "ar": " و", "ur": "، ", "ja": "、"}


@table(
    ("code", "direction", "name"),
    [
        ("en", "ltr", "English"),
        ("be", "ltr", "Беларуская"),
        ("ru", "ltr", "Русский"),
        ("ka", "ltr", "ქართული"),
        ("ar", "rtl", "العربية"),
        ("fa", "rtl", "فارسی"),
        ("he", "rtl", "עברית"),
        ("pt-BR", "ltr", "Português (Brasil)"),
    ],
)
def test_a_language_knows_its_direction_and_its_own_name(code: str, direction: str, name: str):
    assert (locales.direction(code), locales.name(code)) == (direction, name)


@table(
    ("written", "right"),
    [
        ("EN", "en"),
        ("pt-br", "pt-BR"),
        ("zh-hant", "zh-Hant"),
        ("zh-TW", "zh-TW"),
        ("be-tarask", "be-tarask"),
        ("rus", "ru"),
    ],
)
def test_a_code_has_one_spelling(written: str, right: str):
    assert locales.canonical(written) == right
    assert locales.known(right)
    assert locales.known(written) is (written == right)


@table("code", ["", "xx", "en_GB", "english", "../en", "e", "en-", "thanks", "privacy"])
def test_what_is_no_language_is_refused(code: str):
    assert not locales.known(code)
    with pytest.raises(LanguageError, match="no language code; write one such as en"):
        locales.direction(code)


@pytest.mark.parametrize(
    ("name", "code"), [("German", "de"), ("ukrainian", "uk"), ("Aleut", None), ("Xx", None)]
)
def test_a_language_is_found_by_its_english_name_if_it_can_be_used(name, code):
    assert locales.code_named(name) == code
    assert code is None or locales.known(code)


@pytest.mark.parametrize(
    ("code", "number", "day"),
    [
        ("en", "12,000", "22 November 2026"),  # not "November 22": most readers are not American
        ("be", "12\u00a0000", "22 лістапада 2026\u202fг."),
        ("ru", "12\u00a0000", "22 ноября 2026\u202fг."),
        ("de", "12.000", "22. November 2026"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_does(code: str, number: str, day: str):
    assert locales.number(12000, code) == number
    written = locales.day(datetime.date(2026, 11, 22), code)
    assert written.replace("\u00a0", "\u202f") == day.replace("\u00a0", "\u202f")


def test_what_is_let_go_of_a_language_is_nothing_that_is_asked():
    beside = """
import datetime
from babel import Locale, dates, localedata, numbers, units
from campaign.language import locales

day, codes = datetime.date(2026, 11, 29), ["be", "de", "pl", "zh-Hant", "pt-BR", "ar-EG", "fa", "de-AT", "ce"]
def babel(code):
    locale = Locale.parse(code, sep="-")
    size = units.format_unit(20, "digital-megabyte", "short", locale=locale)
    return [size, numbers.format_decimal(12345, locale=locale), dates.format_date(day, "long", locale=locale)]
whole = [babel(code) for code in codes]
held = len(localedata.load("be"))
light = [[locales.megabytes(2 * 10**7, c), locales.number(12345, c), locales.day(day, c)] for c in codes]
assert light == whole, (light, whole)
assert len(localedata.load("be")) < held
"""
    subprocess.run([sys.executable, "-c", beside], check=True, timeout=60)


def test_countries_are_those_of_the_world_by_name():
    countries = dict(locales.countries("en"))
    assert len(countries) == 243  # the 249 of ISO 3166-1, and Kosovo, without seven where nobody lives
    assert countries["BY"] == "Belarus"
    assert not {"EU", "UN", "ZZ", "XA", "QO"} & countries.keys()


@table(
    ("code", "order"),
    [
        ("be", ["Італія", "Казахстан", "Уганда"]),  # І stands where the alphabet has it, not after Я
        ("uk", ["Естонія", "Італія", "Японія"]),
        ("ru", ["Италия", "Казахстан", "Япония"]),
        ("en", ["Afghanistan", "Åland Islands", "Albania", "Côte d’Ivoire", "Zimbabwe"]),
        ("de", ["Ägypten", "Albanien", "Österreich", "Portugal"]),
    ],
)
def test_countries_stand_in_the_order_of_the_alphabet(code: str, order: list[str]):
    names = [name for _, name in locales.countries(code)]
    assert sorted(order, key=names.index) == order


def test_a_translation_is_found(belarusian: Path):
    words = read_catalogue("be", belarusian)
    assert words.gettext("Send my message") == "Даслаць"
    assert words.gettext("Write to %(person)s") % {"person": "Мікіта"} == "Напішыце: Мікіта"
    assert words.direction == "ltr"


@pytest.mark.parametrize(
    ("n", "word"), [(1, "паштоўка"), (2, "паштоўкі"), (5, "паштовак"), (11, "паштовак"), (21, "паштоўка")]
)
def test_plurals_follow_the_language(belarusian: Path, n: int, word: str):
    words = read_catalogue("be", belarusian)
    assert words.ngettext("%(n)d card", "%(n)d cards", n) % {"n": n} == f"{n}\u00a0{word}"


def test_what_is_not_translated_stays_english(belarusian: Path, tmp_path: Path):
    for words in (read_catalogue("be", belarusian), read_catalogue("ru", tmp_path)):
        assert words.gettext("Country") == "Country"  # also when a translation is only a guess
        assert words.ngettext("%d day", "%d days", 2) == "%d days"


def test_a_country_without_words_of_its_own_uses_the_languages(belarusian: Path):
    assert read_catalogue("be-BY", belarusian).gettext("Send my message") == "Даслаць"


def test_a_catalogue_is_read_once_and_again_when_it_changes(belarusian: Path):
    first = read_catalogue("be", belarusian)
    assert read_catalogue("be", belarusian) is first
    file = belarusian / "be.po"
    file.write_text(BELARUSIAN.replace("Даслаць", "Паслаць"), encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert read_catalogue("be", belarusian).gettext("Send my message") == "Паслаць"


@pytest.mark.parametrize(
    ("po", "line", "fault"),
    [
        (
            ENTRY.format("Напішыце: %(persona)s"),
            4,
            "has a place %(persona)s, which the English does not have",
        ),
        (ENTRY.format("Напішыце: %(person)"), 4, "cannot be filled"),
        (ENTRY.format("100 % %(person)s"), 4, "cannot be filled"),
        (ENTRY.format("%(person)999999999s"), 4, "a width"),
        (ENTRY.format("%(person).999999999s"), 4, "a width"),
        (ENTRY.format("%(person)s %-099d"), 4, "a width"),
        (ENTRY.format("Напішыце"), 4, "lacks the place %(person)s of the English"),
        (ENTRY.format("Напішыце %(person_datve)s"), 4, "has a place %(person_datve)s"),
        (ENTRY.format("Напішыце: %(person)s")[:-2] + "\n", 5, "a quotation mark is missing"),
        (ENTRY.format('Напі"шыце: %(person)s'), 5, r"or write \" where it is one"),
        (
            'msgid "%(n)d card"\nmsgid_plural "%(n)d cards"\nmsgstr[0] "паштоўка"\n'
            'msgstr[1] "%(n)d паштоўкі"\nmsgstr[2] "%(n)d паштовак"\n',
            1,
            "lacks the place %(n)d of the English",
        ),
        ('msgid "a"\nfoo "b"\n', 2, 'misformatted keyword: foo "b"'),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[5] "x"\n', 1, "more translations than num_plurals"),
    ],
)
def test_a_translation_that_would_fail_on_the_page_is_refused(tmp_path: Path, po: str, line: int, fault: str):
    (tmp_path / "be.po").write_text(po, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_catalogue("be", tmp_path)
    assert (caught.value.path, caught.value.line) == (tmp_path / "be.po", line)
    assert fault in str(caught.value)


@pytest.mark.parametrize("head", ["", 'msgid ""\nmsgstr "Content-Type: text/plain; charset=cp1251\\n"\n\n'])
def test_a_translation_in_another_encoding_is_refused(tmp_path: Path, head: str):
    (tmp_path / "be.po").write_bytes((head + 'msgid "a"\nmsgstr "Даслаць"\n').encode("cp1251"))
    with pytest.raises(ContentError, match=r"be\.po: not UTF-8; save the file in the encoding UTF-8"):
        read_catalogue("be", tmp_path)


def test_the_mark_that_windows_puts_before_a_text_is_passed_over(tmp_path: Path):
    (tmp_path / "be.po").write_text(BELARUSIAN, encoding="utf-8-sig")
    assert read_catalogue("be", tmp_path).gettext("Send my message") == "Даслаць"


def test_a_translation_in_an_encoding_that_nobody_knows_is_refused(tmp_path: Path):
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=x-none\\n"\n\n'
    (tmp_path / "be.po").write_text(head + 'msgid "a"\nmsgstr "b"\n')
    with pytest.raises(ContentError, match="save the file in the encoding UTF-8"):
        read_catalogue("be", tmp_path)


def test_the_strings_of_code_and_templates_are_collected():
    strings = extraction.strings()
    assert "Send my message" in strings  # a template of the page
    assert "Please write something here." in strings  # a module


@table("call", ['_("a")', '_ ("a")', '_\\\n("a")', "x._(\n'a')", 'ngettext("a", "b", 2)'])
def test_a_string_is_found_however_its_call_is_written(call: str):
    code = call.encode()
    found = list(extraction.calls_in_code(io.BytesIO(code), DEFAULT_KEYWORDS, (), {}))
    assert found == list(extract_python(io.BytesIO(code), DEFAULT_KEYWORDS, (), {})) != []


def test_what_is_left_in_english_or_guessed_or_unused_is_named(belarusian: Path):
    strings = Catalog(locale="en")
    for string in ("Send my message", "Country", "Surname", ("%(n)d card", "%(n)d cards")):
        strings.add(string)
    country, surname, *unused = faults("be", strings, belarusian)
    assert (surname.line, surname.fault) == (0, '"Surname" is not translated')
    assert "python build.py translate be" in surname.remedy
    assert (country.path.name, country.line) == ("be.po", 16)
    assert country.fault == '"Country" is a guess (fuzzy)'
    assert [fault.fault for fault in unused] == [
        'nothing shows "Card"',
        'nothing shows "Write to %(person)s"',
    ]
    (missing,) = faults("ru", strings, belarusian)
    assert str(missing).endswith(
        "ru.po: missing; write it with: python build.py translate ru, then translate it"
    )


def test_a_translation_without_the_quotation_marks_of_the_english_is_named(tmp_path: Path):
    strings = Catalog(locale="en")
    strings.add("Press “Send”")
    entry = 'msgid ""\nmsgstr "Language: be\\n"\n\nmsgid "Press “Send”"\nmsgstr "{}"\n'
    (tmp_path / "be.po").write_text(entry.format("Націсніце Даслаць"), encoding="utf-8")
    (lost,) = faults("be", strings, tmp_path)
    assert (lost.line, lost.fault) == (4, '"Press “Send”": lacks the quotation marks of the English')
    (tmp_path / "be.po").write_text(entry.format("Націсніце «Даслаць»"), encoding="utf-8")
    assert not list(faults("be", strings, tmp_path))


def test_a_plural_that_lacks_a_form_is_named_and_stays_english(belarusian: Path):
    file = belarusian / "be.po"
    file.write_text(BELARUSIAN.replace('msgstr[2] "%(n)d паштовак"\n', ""), encoding="utf-8")
    strings = Catalog(locale="en")
    strings.add(("%(n)d card", "%(n)d cards"))
    fault, *_ = faults("be", strings, belarusian)
    assert (fault.line, fault.fault) == (19, '"%(n)d card" is not translated')
    assert read_catalogue("be", belarusian).ngettext("%(n)d card", "%(n)d cards", 5) == "%(n)d cards"


@pytest.mark.slow
def test_a_po_file_is_brought_up_to_date_and_loses_nothing(belarusian: Path):
    file = update("be", belarusian)
    assert read_catalogue("be", belarusian).gettext("Send my message") == "Даслаць"
    text = file.read_text(encoding="utf-8")
    assert "Please write something here." in text
    assert "nplurals=3" in text
    update("be", belarusian)
    assert file.read_text(encoding="utf-8") == text


def test_a_full_disk_costs_no_translation(belarusian: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(extraction, "strings", lambda: Catalog(locale="en"))
    monkeypatch.setattr(po_files, "write_po", full)
    with pytest.raises(OSError, match="No space"):
        update("be", belarusian)
    assert read_catalogue("be", belarusian).gettext("Send my message") == "Даслаць"


def test_a_new_po_file_can_be_translated_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    strings = Catalog(locale="en")
    strings.add(("%(n)d card", "%(n)d cards"))
    monkeypatch.setattr(extraction, "strings", lambda: strings)
    file = update("ru", tmp_path)
    for form, word in enumerate(["открытка", "открытки", "открыток"]):
        text = file.read_text(encoding="utf-8").replace(
            f'msgstr[{form}] ""', f'msgstr[{form}] "%(n)d {word}"'
        )
        file.write_text(text, encoding="utf-8")
    words = read_catalogue("ru", tmp_path)
    assert words.ngettext("%(n)d card", "%(n)d cards", 22) % {"n": 22} == "22\u00a0открытки"


def test_a_translation_may_name_the_person_in_another_case(tmp_path: Path):
    (tmp_path / "be.po").write_text(ENTRY.format("Напішыце %(person_dative)s"), encoding="utf-8")
    written = read_catalogue("be", tmp_path).gettext("Write to %(person)s")
    assert written % {"person": "Мікіта", "person_dative": "Мікіту"} == "Напішыце Мікіту"


def test_one_string_may_mean_two_things(belarusian: Path):
    assert read_catalogue("be", belarusian).pgettext("a place", "Card") == "Паштоўка"
    assert read_catalogue("be", belarusian).gettext("Card") == "Card"


@pytest.mark.parametrize("code", translated())
def test_the_committed_translations_lack_nothing_and_hold_nothing_that_is_not_shown(code: str):
    assert [str(fault) for fault in faults(code, extraction.strings())] == []


@table("code", translated())
def test_translators_are_told_what_the_english_alone_does_not_say(code: str):
    catalog = po_files.read(po_files.FOLDER / f"{code}.po", locales.locale_of(code))
    for words, told in {
        "“%(word)s”": "a word of the message, in the language’s own quotation marks",
        "It is taken back": "the message is",
        "Sending…": "on the button, and read aloud",
    }.items():
        assert catalog[words].auto_comments == [told]


def test_every_string_of_the_templates_is_collected():
    asked = re.compile(r'(?:\b_|gettext)\(\s*(?:"[^"]*",\s*)?"([^"]+)"')
    known = {
        word
        for message in extraction.strings()
        for word in (message.id if message.pluralizable else [message.id])
    }
    for folder in ("site/templates", "receiver/templates/supporter"):
        for template in sorted((extraction.ROOT / folder).rglob("*.html")):
            missing = [
                word for word in asked.findall(template.read_text(encoding="utf-8")) if word not in known
            ]
            assert missing == [], template


PARSED = """
import json, sys
from babel import Locale
from babel.core import get_global
if "light" in sys.argv:
    from campaign.language import locales
    codes = json.load(sys.stdin)
    locales.locale_of("be")
else:
    codes = [*list(get_global("likely_subtags"))[::9], "und", "zh-TW", "sr-Latn", "pa-PK", "be-tarask"]
found = {}
for code in codes:
    try:
        found[code] = str(Locale.parse(code.replace("_", "-"), sep="-"))
    except Exception as error:
        found[code] = type(error).__name__
print(json.dumps(found))
"""


@pytest.mark.slow
def test_what_is_let_go_of_babel_s_tables_no_language_misses():
    def parsed(*arguments: str, codes: str = "") -> dict[str, str]:
        command = [sys.executable, "-c", PARSED, *arguments]
        done = subprocess.run(command, input=codes, capture_output=True, text=True, check=True, cwd=ROOT)
        return json.loads(done.stdout)

    fresh = parsed()
    assert len(set(fresh.values())) > 50
    assert parsed("light", codes=json.dumps([*fresh])) == fresh
