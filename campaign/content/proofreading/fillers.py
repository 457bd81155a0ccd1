"""What stands for words that nobody has written yet, in the languages of editors and of word processors."""

from __future__ import annotations

import re

# Each is looked for at the beginning of a word alone, which is far faster.
WORDS = (
    r"lorem ipsum|insert (?:\w+ )?(?:here|text)\b|text einfügen",
    r"^(?:untitled(?: document)?|unbenanntes dokument|новый документ|без названия|документ без назви"
    r"|dokument bez tytułu)$",
    r"^(?:test|тест|тэст|asdf\w*|qwert[yz]\w*|фыва\w*|йцукен\w*|blah?(?: blah?)+)[.!]*$",
    r"(?:add|enter|type) (?:your )?text here\b|your text here[.!…]*$|click or tap here\b",
    r"text (?:to follow|folgt)[.!…]*$|^placeholder for\b|^platzhalter für\b",
    r"klicken oder tippen sie hier\b|hier [\w ]{0,20}(?:einsetzen|einfügen)\b",
    r"kliknij lub naciśnij tutaj\b|tu wstaw(?:ić)? tekst\b|tu będzie tekst[.!…]*$",
    r"do uzupełnienia\b|tekst wkrótce\b",
    r"место для ввода текста\b|здесь будет текст[.!…]*$|текст будет (?:позже|здесь)\b",
    r"тут будзе тэкст[.!…]*$|тэкст будзе (?:пазней|тут)\b",
    r"тут буде текст[.!…]*$|текст буде (?:пізніше|тут)\b",
    r"(?:вставить|вставити|уставіць) (?:сюда|сюди|сюды|текст|тэкст|дату|имя|імя|ім’я)\b",
)
PATTERN = "|".join((
    rf"(?i:\b(?:{'|'.join(WORDS)}))",
    r"\b(?:TODO|TBD|TBC|FIXME|XXX)\b|\?\?\?|_{3,}|\.{5,}|…{3,}",
    r"\b(?:XX|xx) [^\W\d_]{3,12} 20[2-9]\d\b",  # в XX веке 1937 год
    r"\b(?:[ÀA] (?:COMPLÉTER|COMPLETER|TRADUIRE|VÉRIFIER)|POR COMPLETAR|DA COMPLETARE)\b",
    r"\b(?<![A-ZÑ] )PENDIENTE\b",  # CAUSA PENDIENTE
    r"\b(?:XX|xx|DD|dd|TT|ДД|дд)[./-](?:XX|xx|MM|mm|ММ|мм)\b\S*",
    r"^The heading$|^What there is to say\.$",  # as the editor begins a file
    r"\b(?:ДОПИСАТЬ|УТОЧНИТЬ|ДОБАВИТЬ|ДАПІСАЦЬ|УДАКЛАДНІЦЬ|ДАДАЦЬ|ДОПИСАТИ|УТОЧНИТИ|ДОДАТИ)\b",
    r"\b(?:UZUPEŁNIĆ|DOPISAĆ|WSTAWIĆ|ERGÄNZEN|EINFÜGEN)\b",
))  # fmt: skip
FILLED = re.compile(PATTERN, re.MULTILINE)
