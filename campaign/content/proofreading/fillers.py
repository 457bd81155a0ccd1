"""What stands for words that nobody has written yet, in the languages of editors and of word processors."""

from __future__ import annotations

import re

BLANKS = (
    r"\b(?:TODO|TBD|TBC|FIXME|XXX)\b|\?\?\?|_{3,}|(?i:lorem ipsum|\binsert (?:\w+ )?here\b)"
    r"|(?i:\binsert (?:\w+ )?text\b|text einfügen)|\.{5,}|…{3,}"
    r"|\b(?:XX|xx|DD|dd|TT|ДД|дд)[./-](?:XX|xx|MM|mm|ММ|мм)\b\S*"
    r"|^(?i:untitled(?: document)?|unbenanntes dokument|новый документ|без названия|документ без назви"
    r"|dokument bez tytułu)$"
    r"|^(?i:test|тест|тэст|asdf\w*|qwert[yz]\w*|фыва\w*|йцукен\w*|blah?(?: blah?)+)[.!]*$"
    r"|^The heading$|^What there is to say\.$"  # as the editor begins a file
)
SENTENCES = "|".join((
    "(?i:" + "|".join((
        r"\b(?:add|enter|type) (?:your )?text here\b|\byour text here[.!…]*$|\bclick or tap here\b",
        r"\btext to follow[.!…]*$|^placeholder for\b",
        r"\bklicken oder tippen sie hier\b|^platzhalter für\b|\bhier [\w ]{0,20}(?:einsetzen|einfügen)\b",
        r"\bkliknij lub naciśnij tutaj\b|\btu wstaw(?:ić)? tekst\b|\btu będzie tekst[.!…]*$",
        r"\bdo uzupełnienia\b|\btekst wkrótce\b",
        r"\bместо для ввода текста\b|\bздесь будет текст[.!…]*$|\bтекст будет (?:позже|здесь)\b",
        r"\bтут будзе тэкст[.!…]*$|\bтэкст будзе (?:пазней|тут)\b",
        r"\bтут буде текст[.!…]*$|\bтекст буде (?:пізніше|тут)\b",
        r"\b(?:вставить|вставити|уставіць) (?:сюда|сюди|сюды|текст|тэкст|дату|имя|імя|ім’я)\b",
    )) + ")",
    r"\b[Tt]ext folgt[.!…]*$",
    r"\b(?:ДОПИСАТЬ|УТОЧНИТЬ|ДОБАВИТЬ|ДАПІСАЦЬ|УДАКЛАДНІЦЬ|ДАДАЦЬ|ДОПИСАТИ|УТОЧНИТИ|ДОДАТИ)\b",
    r"\b(?:UZUPEŁNIĆ|DOPISAĆ|WSTAWIĆ|ERGÄNZEN|EINFÜGEN)\b",
))  # fmt: skip
# One of these, in small letters, is in each of the sentences; to look for words is far faster.
OF_SENTENCES = (
    "text here", "tap here", "to follow", "placeholder", "tippen", "platzhalter", "einsetzen", "einfügen",
    "text folgt", "naciśnij", "tekst", "uzupełni", "dopisać", "wstawić", "ergänzen", "ввода", "текст",
    "тэкст", "вставит", "уставіць", "допис", "уточн", "добавить", "дапісаць", "удакладніць", "дадаць",
    "додати",
)  # fmt: skip
FILLED = re.compile(f"{BLANKS}|{SENTENCES}", re.MULTILINE)
