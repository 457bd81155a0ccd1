"""Words that programs leave in a text: telephones, mail, messengers, translators."""

from __future__ import annotations

# Each is looked for at the beginning of a word alone, which is far faster.
WORDS = (
    r"sent from my (?:iphone|ipad|galaxy|samsung|android|mobile|phone)\b|von meinem \w+ gesendet\b",
    r"отправлено с (?:моего )?iphone|надіслано з (?:мого )?iphone|wysłane z (?:mojego )?iphone",
    r"sent with proton ?mail|адпраўлена з (?:майго )?iphone|get outlook for \w+|outlook für (?:ios|android)",
    r"^envoyé (?:de|depuis) mon (?:iphone|ipad|téléphone|mobile)\b|^enviado desde mi (?:iphone|ipad|móvil)\b",
    r"^inviato da(?:l mio)? iphone\b|iphone[’'](?:umdan|dan) gönderildi\b",
    # Around what is answered or sent on.
    r"begin forwarded message|^(?:subject|betreff|fwd?|re|aw): \S",
    r"on .{8,40} at \d{1,2}:\d\d.{0,60} wrote:|am [\d. ]{6,12}um [\d:]+ (?:uhr )?schrieb .{1,60}:",
    # Of translating and writing programs.
    r"here(?: is|['’]s) (?:the|your) (?:\w+ translation|translation (?:in)?to|translated)\b",
    r"hier ist die \w+ übersetzung\b|as an ai (?:language )?model\b|let me know if you\b.{0,40}\b"
    r"(?:changes|adjustments|version|else)\b|^i hope this helps\b",
    r"^\w+ (?:\w{1,9} ){1,2}(?:www\.)?(?:deepl|google translate)(?:\.com\S*)?(?: \(.{1,40}\))?$",
    r"^(?:gerne|natürlich|klar)! hier\b|^(?:конечно|звичайно|вядома)! (?:вот|ось|вось)\b",
    r"^(?:bien sûr|certainement) ?! voici\b|(?:^|(?<=^¡))(?:claro|por supuesto)[,!] ¡?aquí tienes?\b",
    r"^oczywiście! oto\b|^(?:certainly|sure|of course)! here\b|description automatically generated",
)
PATTERN = "|".join((
    rf"(?i:\b(?:{'|'.join(WORDS)}))",
    r"(?<!-)-{3,} ?(?i:original message|ursprüngliche nachricht) ?-{3,}|:contentReference\b|【\d",
    r"\[\d{1,2}[./]\d{1,2}[./]\d{2,4},? \d{1,2}:\d\d(?::\d\d)?[^\]]{0,4}\]",
))  # fmt: skip
