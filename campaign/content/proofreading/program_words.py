"""Words that programs leave in a text: telephones, mail, translators, word processors, pages, PDF."""

from __future__ import annotations

# What a telephone, a translating program and a word processor write of themselves.
PATTERN = "|".join((
    "(?i:" + "|".join((
        r"\bsent from my (?:iphone|ipad|galaxy|samsung|android|mobile|phone)\b|\bvon meinem \w+ gesendet\b",
        r"отправлено с (?:моего )?iphone|надіслано з (?:мого )?iphone|\bwysłane z (?:mojego )?iphone",
        r"\bsent with proton ?mail|wysłano z programu poczta|отправлено из (?:мобильной )?(?:яндекс|mail)",
        r"адпраўлена з (?:майго )?iphone|\bget outlook for \w+|\boutlook für (?:ios|android)",
        # Around what is answered or sent on.
        r"(?<!-)-{3,} ?(?:original message|ursprüngliche nachricht) ?-{3,}|begin forwarded message",
        r"\bon .{8,40} at \d{1,2}:\d\d.{0,60} wrote:|\bam [\d. ]{6,12}um [\d:]+ (?:uhr )?schrieb .{1,60}:",
        r"\[\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?[^\]]{0,4}\]",
        r"^(?:subject|betreff|fwd?|re|aw): \S",
        # Of translating and writing programs.
        r"\bhere(?: is|['’]s) (?:the|your) (?:\w+ translation|translation (?:in)?to|translated)\b",
        r"\bhier ist die \w+ übersetzung\b|\bas an ai (?:language )?model\b|:contentreference\b|【\d",
        r"\b(?:translated|übersetzt|переведено|перекладено|перакладзена|przetłumaczono)\b[^.,;]{1,20}\b(?:deepl|google)\b",
        r"\blet me know if you\b.{0,40}\b(?:changes|adjustments|version|else)\b",
        r"^(?:gerne|natürlich|klar)! hier\b|^(?:конечно|звичайно|вядома)! (?:вот|ось|вось)\b",
        r"^oczywiście! oto\b|^i hope this helps\b",
        r"^(?:certainly|sure|of course)! here\b|description automatically generated",
        r"automatisch generierte beschreibung",
        # Of word processors, forges, pages and PDF.
        r"\bformatted: (?:font|left|right|indent|list|english|german|normal)"
        r"|\bformatiert: (?:schriftart|deutsch|einzug)|отформатировано:|адфарматавана:|sformatowano:",
        r"\bskip to (?:main )?content\b|\bzum inhalt springen\b|\bперейти к (?:основному )?содерж",
        r"\bprzejdź do treści\b|\baccept (?:all )?cookies\b|\balle cookies akzeptieren\b",
        r"\bпринять (?:все )?cookies\b|\bread more [»›→]",
        r"\bcommented \[|\b(?:co-authored|signed-off|reviewed)-by:|@@ -\d+(?:,\d+)? \+\d+",
        r"error! (?:reference|bookmark|hyperlink)|fehler! (?:verweisquelle|textmarke|linkreferenz)",
        r"ошибка! (?:источник|закладка)|помилка! (?:джерело|закладк)|błąd! (?:nie można|nie zdefiniowano)",
    )) + ")",
    r"#(?:REF!|NAME\?|VALUE!|DIV/0!|BEZUG!|WERT!|ССЫЛКА!|ЗНАЧ!|ИМЯ\?|ADR!|ARG!)",
))  # fmt: skip
# One of these is in each of them; to look for words is far faster.
SOME_OF_EACH = (
    "iphone", "sent from my", "gesendet", "outlook", "original message", "nachricht", "forwarded",
    " wrote:", " schrieb ", "]", "subject:", "betreff:", "fw", "re: ", "aw: ", "here's", "here’s", "here is",
    "hier ist die", "ai model", "ai language", "contentref", "【", "deepl", "google", "let me know", "! here",
    "! hier", "! вот", "! ось", "! вось", "! oto", "hope this", "proton", "wysłano z", "отправлено из",
    "automatic", "automatis", "commented", "-by:", "@@", "error!", "fehler!", "ошибка!", "помилка!",
    "błąd!", "#", "formatted:", "formatiert:", "форматирован", "фарматаван", "sformatow", " to content",
    "main content", "springen", "перейти", "przejdź", "cookies", "read more",
)  # fmt: skip
