"""Every mistake of an editor's is named with file, line and remedy."""

import shutil
import struct
import zlib
from pathlib import Path

import pymupdf
import pytest
from PIL import Image

from campaign.content.campaign import load
from campaign.petition import MOST_SIGNATURES
from tests.support.editing import SVG, TEXTS, faults, replace, the_fault
from tests.support.lanes import first

# Each row: the fault, then the file, line, words of the fault and words of the remedy.

FACT_FAULTS = {
    "unknown key": ("status =", "statos =", [3, "statos: no such key", "did you mean status?"]),
    "unknown key in a table": (
        "message_limit",
        "mesage_limit",
        [9, "[form] mesage_limit: no such key", "message_limit"],
    ),
    "unknown table": ("[form]", "[from]", [8, "from: no such key", "did you mean form?"]),
    "key in the wrong table": (
        "[form]\n",
        "[form]\ngoal = 5\n",
        [9, "[form] goal: no such key", "to the top"],
    ),
    "key above its table": (
        "[form]\n",
        "message_limit = 3\n[form]\n",
        [8, "message_limit: no such", "[form]"],
    ),
    "a table that is none": ("[form]\nmessage_limit", "form", [8, "form: is no table", "[form] on a line"]),
    "missing key": ("signatures = 12000\n", "", [0, "signatures: missing", "signatures ="]),
    "not TOML": ("status = ", "status ", [3, "no = behind the key", 'write status = "open"']),
    "tables without end": (
        "[form]",
        "x = " + "[" * 9000 + "\n[form]",
        [0, "nested too deeply", "as the example"],
    ),
    "keys without end": ("[form]", "a." * 2000 + "a = 1\n[form]", [8, "nested too deeply", "as the example"]),
    "a number without end": ("12000", "9" * 5000, [0, "a number too long", "as the example"]),
    "a number without end below a slip": (
        '"open"\nsignatures = 12000',
        "open\nsignatures = " + "9" * 5000,
        [0, "a number too long", "as the example"],
    ),
    "prose": ("[form]", "Ask Anna about this!\n[form]", [8, "not valid TOML", "correct that line"]),
    "a date with a slash": ("2026-11-22", "22/11/2026", [5, "a date is written otherwise", "2026-11-22"]),
    "a truth in other words": (
        "[form]",
        "[card]\nnumber = yes\n[form]",
        [9, "true or false is", "number = true"],
    ),
    "a number with a comma": ("12000", "12,000", [4, "a number is written", "write signatures = 12000"]),
    "quotes of a word processor": ('"Mikita"', "“Mikita”", [2, "quotes as word", 'write name = "Mikita"']),
    "no quotes": ('"Mikita"', "Mikita", [2, "text without its two quotes", 'write name = "Mikita"']),
    "half a bracket": ("[form]", "[form", [8, "a line in brackets is written", "write [form]"]),
    "a key twice": ('"open"', '"open"\nname = "x"', [4, "name stands on line 2 already", "keep the one"]),
    "no value": ("12000", "", [4, "no value", "a whole number"]),
    "lines without an end": (
        'Belarus\n"""',
        "Belarus",
        [17, 'a text between """ that', "on a line of its own"],
    ),
    "quote left open": ("[form]", "x = '''\n[form]", [8, "not valid TOML", "a quote"]),
    "text for a number": (
        "12000",
        '"12000"',
        [4, 'signatures: "12000" is no whole', "write signatures = 12000"],
    ),
    "number with a dot": (
        "12000",
        "12.000",
        [4, "signatures: 12.0 is no whole number", "write signatures = 12000"],
    ),
    "truth for a number": ("12000", "true", [4, "signatures: True is no whole number", "whole number"]),
    "negative signatures": ("12000", "-1", [4, "signatures: -1 is too small", "from 0 to"]),
    "more than are counted": (
        "12000",
        str(MOST_SIGNATURES + 1),
        [4, "signatures: 2147483648 is too large", f"from 0 to {MOST_SIGNATURES},"],
    ),
    "number for a name": ('"Mikita"', "7", [2, "name: 7 is no text", 'write name = "7"']),
    "empty name": ('"Mikita"', '" "', [2, "name: is empty", "one line"]),
    "unknown status": ('"open"', '"opened"', [3, 'status: "opened" is not known', "did you mean open?"]),
    "unknown language": ('["en"]', '["xx"]', [6, 'languages: "xx" is no language code', "such as en"]),
    "language written otherwise": ('["en"]', '["EN"]', [6, 'languages: "EN" is not how', 'write "en"']),
    "no language": ('["en"]', "[]", [6, "languages: names no language", '["en"]']),
    "language twice": ('["en"]', '["en", "en"]', [6, "languages: names a language twice", "once"]),
    "language as text": ('["en"]', '"en"', [6, 'languages: "en" is no list', 'write languages = ["en"]']),
    "unknown language that he reads": ('"ru",', '"rus", "q",', [12, '[recipient] languages: "rus"', '"ru"']),
    "future count": (
        "2026-11-22",
        "2026-11-23",
        [5, "signatures_as_of: 2026-11-23 is in the future", "the day"],
    ),
    "future address": ("2026-11-01", "2027-01-01", [22, "[recipient] address_verified_on: 2027", "the day"]),
    "date in quotes": ("2026-11-22", '"2026-11-22"', [5, "signatures_as_of: ", "= 2026-11-22"]),
    "date with a time": ("2026-11-22", "2026-11-22T10:00:00Z", [5, "is no date", "year-month-day"]),
    "message limit too large": (
        "60",
        "5000",
        [9, "[form] message_limit: 5000 is too large", "from 20 to 800"],
    ),
    "message limit too small": ("60", "2", [9, "[form] message_limit: 2 is too small", "from 20 to 800"]),
    "unknown detail": ("[form]", '[form]\ndetails = ["phone"]', [9, '[form] details: "phone"', "last_name"]),
    "unknown card": ("[form]", '[card]\nsize = "A7"\n[form]', [9, '[card] size: "A7" is not known', "A6"]),
    "unknown sheet": (
        "[form]",
        '[card]\nsheet = "a4"\n[form]',
        [9, '[card] sheet: "a4"', "did you mean A4?"],
    ),
    "unknown turn": ("[form]", '[card]\nduplex = "long"\n[form]', [9, '[card] duplex: "long"', "long-edge"]),
    "filled otherwise": ("[form]", '[card]\nmessages_per_card = "all"\n[form]', [9, '"all"', '"fill"']),
    "number in quotes": (
        "[form]",
        '[card]\nnumber = "yes"\n[form]',
        [9, "neither true nor false", "write number = true"],
    ),
    "offset too far": ("[form]", "[card]\nback_offset = [0, 30]\n[form]", [9, "is no offset", "millimetres"]),
    "offset out of the safe zone": (
        "[form]",
        "[card]\nback_offset = [0, -7.5]\n[form]",
        [9, "is no offset", "at most 7 millimetres"],
    ),
    "offset of truths": ("[form]", "[card]\nback_offset = [true, 1]\n[form]", [9, "is no offset", "such as"]),
    "printer that is not named": (
        "[form]",
        '[card]\nprinter = "ofice"\n[printers]\noffice = [0.5, -1]\n[form]',
        [9, '[card] printer: "ofice" is not one of the printers', "did you mean office?"],
    ),
    "printer without a table": (
        "[form]",
        '[card]\nprinter = "x"\n[form]',
        [9, "not one of the printers", "and x = [0.0"],
    ),
    "printer with another offset": (
        "[form]",
        '[card]\nprinter = "x"\nback_offset = [1, 1]\n[printers]\nx = [0, 1]\n[form]',
        [10, "[card] back_offset: the printer has its own", "take it out"],
    ),
    "printer too far": (
        "[form]",
        "[printers]\nx = [0, 9]\n[form]",
        [9, "[printers] x: [0, 9] is no offset", "at most 7 millimetres"],
    ),
    "second printer too far": (
        "[form]",
        "[printers]\nx = [0, 1]\n\ny = [0, 9]\n[form]",
        [11, "[printers] y: [0, 9] is no offset", "at most 7 millimetres"],
    ),
    "printer in two lines too far": (
        "[form]",
        "[printers.x]\nback_offset = [8, 0]\n[form]",
        [9, "[printers.x] back_offset: [8, 0] is no offset", "at most 7 millimetres"],
    ),
    "printer in one line too far": (
        "[form]",
        '[printers]\nx = { duplex = "long-edge", back_offset = [8, 0] }\n[form]',
        [9, "[printers.x] back_offset: [8, 0] is no offset", "at most 7 millimetres"],
    ),
    "unknown duplex of a printer": (
        "[form]",
        '[printers.x]\nduplex = "long"\n[form]',
        [9, '[printers.x] duplex: "long" is not known', "long-edge"],
    ),
    "unknown key of a printer": (
        "[form]",
        '[printers.x]\nduplx = "long-edge"\n[form]',
        [9, "[printers.x] duplx: no such key", "did you mean duplex?"],
    ),
    "printer as text": (
        "[form]",
        '[printers]\nx = "y"\n[form]',
        [9, '[printers] x: "y" is no offset', "two"],
    ),
    "printers as text": ("[form]", 'printers = "x"\n[form]', [8, "printers: is no table", "[printers] on"]),
    "no days": ("[form]", "[privacy]\ndetails_days = 0\n[form]", [9, "[privacy] details_days: 0", "from 1"]),
    "address as a list": (
        "address =",
        "address = []\nrisky_wordz =",
        [17, "[recipient] address: [] is no text", '"""'],
    ),
    "name of another language": (
        "[form]",
        '[names]\nuk = "Микита"\n[form]',
        [9, "[names] uk: not one of", "add"],
    ),
    "names as text": ("[form]", 'names = "x"\n[form]', [8, "names: ", "[names] on a line"]),
    "ten reasons": (
        "[recipient]",
        f"[review]\nreasons = {[f'Reason {n}' for n in range(10)]}\n[recipient]",
        [12, "[review] reasons: holds 10 texts", "keep at most 9"],
    ),
    "a reason that no button holds": (
        "[recipient]",
        f"[review]\nreasons = ['{'x' * 61}']\n[recipient]",
        [12, "too long", "at most 60 characters"],
    ),
    "words as numbers": ('["fight"', "[1", [16, "[recipient] risky_words: ", "list such as"]),
}


@pytest.mark.parametrize("name", first(20, FACT_FAULTS))
def test_a_fault_in_campaign_toml_is_named(folder: Path, name: str):
    old, new, (line, fault, remedy) = FACT_FAULTS[name]
    replace(folder / "campaign.toml", old, new)
    everything = faults(folder)
    found = [error for error in everything if error.line == line]
    assert found, "\n".join(map(str, everything))
    assert found[0].path == folder / "campaign.toml"
    assert fault in found[0].fault
    assert remedy in found[0].remedy


def test_an_address_that_was_verified_has_to_be_there(folder: Path):
    text = (folder / "campaign.toml").read_text(encoding="utf-8")
    start, end = text.index("address = "), text.index("address_verified_on")
    (folder / "campaign.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    file, line, fault, remedy = the_fault(folder)
    assert (file, line) == ("campaign.toml", 17)
    assert "there is no address" in fault
    assert "add address" in remedy


TEXT_FAULTS = {
    "unknown placeholder": (
        "story.md",
        "x {{ signature }} y",
        [5, "unknown placeholder {{ signature }}", "signatures"],
    ),
    "goal that is not set": (
        "story.md",
        "{{ goal }}",
        [5, "unknown placeholder {{ goal }}", "name, signatures"],
    ),
    "empty placeholder": ("thanks.md", "\n{{ }}", [6, "unknown placeholder {{  }}", "name"]),
    "placeholder over two lines": ("story.md", "x {{\nname }}", [5, "a placeholder that does not end", "}}"]),
    "HTML": ("story.md", "x\ny <b>bold</b>", [6, "holds HTML: <b>", "Markdown"]),
    "no scheme": ("story.md", "<x.org/a>", [5, "holds HTML: <x.org/a>", "write <https://x.org/a>"]),
    "a closing tag alone": ("story.md", "y</b>", [5, "holds HTML: </b>", "Markdown"]),
    "a block of HTML": ("closed.md", "<div>\nx\n</div>", [5, "holds HTML: <div>", "Markdown"]),
    "script": ("privacy.md", "<script>alert(1)</script>", [5, "holds HTML: <script>", "Markdown"]),
    "a comment with text after it": ("story.md", "<!-- x --> y", [5, "a comment that goes on", "-->"]),
    "a comment without an end": ("story.md", "<!-- x\n\ny", [5, "a comment that goes on", "-->"]),
    "javascript": ("story.md", "x\ny\n[z](javascript:alert(1))", [7, '"javascript:alert(1)"', "https://"]),
    "Javascript": ("story.md", "[z](JavaScript:alert`1`)", [5, '"JavaScript:', "https://"]),
    "data": ("story.md", "[z](data:text/html,x)", [5, '"data:text/html,x"', "https://"]),
    "a link after code over two lines": ("story.md", "`a\nb` [z](file:///x)", [6, '"file:///x"', "https://"]),
    "a link to a missing page": (
        "story.md",
        "- a\n- [z](privcy.md)",
        [6, '"privcy.md", which is not', "privacy.md"],
    ),
    "a link without a scheme": ("story.md", "[z](//example.org)", [5, '"//example.org"', "https://"]),
    "a link to nowhere": ("story.md", "[z]()", [5, 'a link to ""', "https://"]),
    "a link to a picture": ("story.md", "[z](a@2x.png)", [5, "which is not there", "or one of"]),
    "a picture without words": ("story.md", "![](here.png)", [5, '"here.png" has no words', "what it shows"]),
    "a missing picture": (
        "story.md",
        "x\n![A door](door.png)",
        [6, '"door.png" is not there', "put the file"],
    ),
    "a picture in it": ("story.md", "![](data:image/png;base64,iVB)", [5, "within the text", "as a file"]),
    "a picture of others": ("story.md", "![A](https://x.org/a.png)", [5, "is not there", "beside this one"]),
    "a link with an open quote": ("story.md", "[z](https://x.org 'so)", [5, '"https://x.org \'so"', "quote"]),
    "a list right below text in a quotation": (
        "story.md",
        "> a\n> - b",
        [6, "a list inside a paragraph", "line above the list empty"],
    ),
    "a block of code": ("story.md", "x\n~~~\ny", [6, "a block of code", "~~~ out"]),
    "a block of code that ends": ("story.md", "```\nx\n```", [5, "a block of code", "~~~ out"]),
    "an underline below two lines": ("story.md", "x\ny\n===", [7, "underline below several lines", '"## "']),
    "a tangle": ("story.md", "x\ny *_a__\\-_**__", [6, "emphasis in a tangle", "some of the * and _"]),
    "nesting without end": (
        "suggestions.md",
        "- " * 150 + "a",
        [0, "is nested too deeply", "take lists out"],
    ),
    "brackets without end": ("story.md", "x\n\n" + "[" * 20_000, [7, "too many [", "make paragraphs"]),
    "links without end": ("story.md", "[a](" * 5000, [5, "too many [", "make paragraphs"]),
    "words without end": ("story.md", "word " * 60_000, [0, "is longer than 128 KiB", "shorten it"]),
    "a conflict": (
        "story.md",
        "x\n<<<<<<< ours\ny\n=======",
        [6, 'a mark of a conflict: "<<<<<<<', "keep the lines"],
    ),
    "second heading": ("thanks.md", "# Again", [5, "a second level-1 heading", '"##"']),
    "second heading, underlined": ("thanks.md", "x\n\nAgain\n=====", [7, "a second level-1", '"##"']),
    "a jump of levels": ("story.md", "### Deep", [5, "jumps from level 1 to 3", 'begin it with "##"']),
    "suggestion too long": ("suggestions.md", "- " + "ö" * 61, [4, "1 characters too long", "shorten it"]),
    "risky suggestion": ("suggestions.md", "- ok\n- a fight", [5, 'holds "fight"', "risky_words"]),
    "risky suggestion in another case": ("suggestions.md", "- Свободу!", [4, 'holds "Свободу"', "say it"]),
    "suggestion with a link": (
        "suggestions.md",
        "- [x](https://x.org)",
        [4, "more than plain words", "take out"],
    ),
    "suggestion of two paragraphs": ("suggestions.md", "- a\n\n  b", [6, "not one paragraph", "- "]),
    "text beside the suggestions": ("suggestions.md", "\nOr so.", [5, "not an entry", "- "]),
    "heading above the suggestions": ("suggestions.md", "\n# Or", [5, "not an entry", "- "]),
}


@pytest.mark.parametrize("name", first(12, TEXT_FAULTS))
def test_a_fault_in_a_text_is_named(folder: Path, name: str):
    file, words, (line, fault, remedy) = TEXT_FAULTS[name]
    above = TEXTS[file] if file == "suggestions.md" else "# A\n\nB\n\n"
    (folder / "en" / file).write_text(f"{above}{words}\n", encoding="utf-8")
    Image.new("RGB", (1, 1)).save(folder / "en" / "here.png")
    (found,) = faults(folder)
    assert (found.path, found.line) == (folder / "en" / file, line)
    assert fault in found.fault
    assert remedy in found.remedy


FILE_FAULTS = {
    "missing text": ("en/thanks.md", None, [0, "missing", "what a supporter reads after sending"]),
    "missing suggestions": ("en/suggestions.md", None, [0, "missing", "bullet list"]),
    "missing facts": ("campaign.toml", None, [0, "missing", "build.py new"]),
    "missing illustration": ("illustration.svg", None, [0, "missing", "illustration.svg, .pdf"]),
    "empty text": ("en/closed.md", b" \n\n", [0, "empty", "takes no messages"]),
    "empty facts": ("campaign.toml", b"", [0, "empty", "build.py new"]),
    "another encoding": ("en/story.md", "# A\n\nПривет".encode("cp1251"), [3, "not UTF-8", "UTF-8"]),
    "a document of Word": (
        "en/story.md",
        b"PK\x03\x04\x14\0\xff",
        [0, "word processor's document", "plain text"],
    ),
    "RTF": ("en/story.md", b"{\\rtf1\\ansi # A", [0, "word processor's document", "plain text"]),
    "UTF-16": ("en/story.md", "# A\n".encode("utf-16"), [1, "not UTF-8", "UTF-8"]),
    "facts in another encoding": ("campaign.toml", b'name = "x"\n# \xff', [2, "not UTF-8", "UTF-8"]),
    "front matter": (
        "en/story.md",
        b"---\ntitle: A\n---\n\n# A\n\nB\n",
        [1, "begins with front", "campaign.toml"],
    ),
    "no heading": ("en/story.md", b"A\n\nB\n", [1, "no heading", '"# The heading"']),
    "lower heading only": ("en/story.md", b"## A\n\nB\n", [1, "no heading", "write # A"]),
    "a heading without its space": ("en/story.md", b"\n#A b\n\nB\n", [2, "no heading", "write # A b"]),
    "a bold heading": ("en/story.md", b"**A**\n\nB\n", [1, "no heading", "write # A"]),
    "bold words in a first line": ("en/story.md", b"**A** b\n\nB\n", [1, "no heading", '"# The heading"']),
    "two bold words": ("en/story.md", b"**A** b **c**\n\nB\n", [1, "no heading", '"# The heading"']),
    "a bold lead": ("en/story.md", b"**%s**\n\nB\n" % (b"A b. " * 20), [1, "no heading", '"# The heading"']),
    "heading not first": ("en/story.md", b"A\n\n# B\n\nC\n", [3, "the heading is not first", "to the top"]),
    "heading alone": ("en/thanks.md", b"# A\n", [0, "nothing stands below", "one paragraph"]),
    "no lead": ("en/story.md", b"# A\n\n- B\n", [0, "no paragraph follows the heading", "first paragraph"]),
    "no sentence": ("en/privacy.md", b"# A\n\n## B\n\nC\n", [0, "no paragraph follows", "beside the button"]),
    "no bullets": ("en/suggestions.md", b"1. One\n", [0, "holds no bullet list", '"- "']),
    "a description in two": (
        "en/illustration.md",
        b"A\n\nB\n",
        [1, "more than one paragraph", "one paragraph"],
    ),
    "text for a drawing": ("illustration.svg", b"hello", [0, "is no picture", "illustration.svg, .pdf"]),
    "nothing for a drawing": ("illustration.svg", b"", [0, "is no picture", "illustration.svg, .pdf"]),
    "broken drawing": ("illustration.svg", SVG.encode()[:-9] + b"\n</p>", [2, "is a broken SVG", "export"]),
    "nameless drawing": ("illustration.svg", b"\n<svg/>", [2, 'begin with <svg xmlns="', "export it again"]),
    "drawing inside a page": ("illustration.svg", b"<html><svg/></html>", [1, "is no SVG picture", "export"]),
    "two languages": (
        "be/x.md",
        b"x",
        [0, "campaign.toml does not name this language", "take the folder away"],
    ),
    "second illustration": (
        "illustration.webp",
        b"x",
        [0, "a second illustration beside", "belongs there"],
    ),
}


@pytest.mark.parametrize("place", ["en/story.md", "en", "campaign.toml", "en/door.png"])
def test_nothing_is_read_from_outside_of_the_folder(folder: Path, tmp_path: Path, place: str):
    """Who can commit a link must not publish the operator's keys with it."""
    outside = tmp_path / "instance"
    outside.mkdir()
    (outside / "story.md").write_text("# Keys\n\nsecret_key = x\n", encoding="utf-8")
    path = folder / place
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.symlink_to(outside if place == "en" else outside / "story.md")
    (fault,) = faults(folder)
    assert (fault.path, fault.fault) == (path, "is a link to somewhere else")
    assert "secret_key" not in str(fault)


def test_a_link_within_the_folder_is_fine(folder: Path):
    (folder / "en" / "closed.md").unlink()
    (folder / "en" / "closed.md").symlink_to("thanks.md")
    assert load(folder)


@pytest.mark.parametrize("name", FILE_FAULTS)
def test_a_fault_of_a_whole_file_is_named(folder: Path, name: str):
    file, raw, (line, fault, remedy) = FILE_FAULTS[name]
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(raw) if raw is not None else path.unlink()
    everything = faults(folder)
    found = [error for error in everything if path in (error.path, error.path / "x.md", *error.path.parents)]
    assert found, "\n".join(map(str, everything))
    assert found[0].line == line
    assert fault in found[0].fault
    assert remedy in found[0].remedy


def raster(path: Path, kind: str) -> None:
    Image.effect_noise((64, 64), 50).save(path, format=kind)


def pdf(path: Path, pages: int, **options: object) -> None:
    document = pymupdf.open()
    for _ in range(pages):
        document.new_page()
    document.save(path, **options)


PICTURE_FAULTS = {
    "unknown name": ("heic", lambda path: path.write_bytes(HEIC), '".heic" is no ending of a picture'),
    "a name that ends twice": ("svg.svg", lambda path: path.write_text("<svg/>"), "is not illustration.svg"),
    "unknown content": ("png", lambda path: raster(path, "TIFF"), "is a TIFF picture"),
    "a phone's own kind": ("jpg", lambda path: path.write_bytes(HEIC), "is a HEIC picture"),
    "a raster of too many pixels": ("png", lambda path: bomb(path, 13_000), "has 13000 × 13000 dots"),
    "a raster of 200 megapixels": ("png", lambda path: bomb(path, 14_143), "has 14143 × 14143 dots"),
    "a picture in inks": ("jpg", lambda path: inks(path), "is in CMYK colours"),
    "a moving picture": ("webp", lambda path: moving(path), "moves"),
    "a drawing that multiplies": ("svg", lambda path: path.write_text(multiplying()), "where its elements"),
    "a drawing within itself": ("svg", lambda path: path.write_text(circular()), "refers to itself"),
    "no encoding": ("svg", lambda path: path.write_text("<?xml version='1.0' encoding='x'?><svg/>"), "in x"),
    "a drawing too deep": ("svg", lambda path: path.write_text(nested(200)), "is nested more than"),
    "half a raster": ("png", lambda path: (raster(path, "PNG"), truncate(path)), "is a broken PNG picture"),
    "half a photo": ("jpg", lambda path: (raster(path, "JPEG"), truncate(path)), "is a broken JPEG picture"),
    "broken PDF": ("pdf", lambda path: path.write_bytes(b"%PDF-1.7\nx"), "is a broken PDF picture"),
    "long PDF": ("pdf", lambda path: pdf(path, 2), "is a PDF of 2 pages"),
    "locked PDF": ("pdf", lambda path: pdf(path, 1, encryption=4, user_pw="x"), "is a locked PDF"),
}


def bomb(path: Path, side: int) -> None:
    """Write a PNG of half a megabyte that would take gigabytes once it is opened."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packing = zlib.compressobj(9, strategy=zlib.Z_RLE)  # dots that are all the same need no search
    rows = b"".join(packing.compress(bytes(side // 8 + 1)) for _ in range(side)) + packing.flush()
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for kind, data in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")):
            checked = kind + data
            file.write(struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked)))


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(64)


def inks(path: Path) -> None:
    Image.new("CMYK", (64, 64)).save(path)


def moving(path: Path) -> None:
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:])


def drawing(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inside}</svg>'


def multiplying() -> str:
    """Ten levels, each ten times the one below it: a kilobyte that would be ten billion shapes."""
    levels = (
        f'<g id="l{n}">' + (f'<use href="#l{n - 1}"/>' * 10 if n else "<rect/>") + "</g>" for n in range(11)
    )
    return drawing(f"<defs>{''.join(levels)}</defs><use href='#l10'/>")


def circular() -> str:
    return drawing('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')


def nested(levels: int) -> str:
    return drawing("<g>" * levels + "</g>" * levels)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("name", PICTURE_FAULTS)
def test_an_illustration_that_is_no_picture_is_called_what_it_is(folder: Path, name: str):
    suffix, write, fault = PICTURE_FAULTS[name]
    (folder / "illustration.svg").unlink()
    write(folder / f"illustration.{suffix}")
    (found,) = faults(folder)
    assert found.path == folder / f"illustration.{suffix}"
    assert fault in found.fault
