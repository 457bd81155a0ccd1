"""An SVG of a story keeps what is drawn, and nothing that runs, links or tells."""

from __future__ import annotations

import base64
import io
from xml.etree.ElementTree import fromstring

import pytest
from PIL import Image

from campaign.cards.illustration.card_front import load_illustration
from campaign.cards.illustration.fault import PictureFault
from campaign.cards.illustration.prepared_picture import IllustrationError
from campaign.cards.illustration.svg_cleaning import cleaned
from campaign.content import picture_check
from tests.cards.test_raster_decoding import SECRET, telling_jpeg
from tests.support.table import table

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" viewBox="0 0 9 9"'
)
BAD = {
    "script": "<script>x=SECRET</script>",
    "script elsewhere": '<script href="https://SECRET.example/a.js"/>',
    "event": '<rect width="1" onclick="SECRET()"/>',
    "link": '<a href="https://SECRET.example"><rect/></a>',
    "old link": '<use xlink:href="SECRET.svg#a"/>',
    "page inside": '<foreignObject><p xmlns="http://www.w3.org/1999/xhtml">SECRET</p></foreignObject>',
    "movement": '<rect><animate attributeName="x" to="SECRET"/></rect>',
    "setting": '<set attributeName="href" to="javascript:SECRET"/>',
    "description": "<metadata>SECRET</metadata><title>SECRET</title><desc>SECRET</desc>",
    "path on a disk": '<g inkscape:export-filename="/home/SECRET/a.png"/>',
    "note of a program": '<inkscape:page id="SECRET"/>',
    "data": '<rect data-SECRET="1"/>',
    "comment": "<!-- SECRET -->",
    "instruction": "<?php SECRET?>",
    "style elsewhere": "<style>@import url(https://SECRET.example/a.css);</style>",
    "style that loads": "<style>.a{background:url('https://SECRET.example/a')}</style>",
    "style in disguise": "<style>.a{fill:u\\72l(//SECRET)}</style>",
    "style by another function": '<style>.a{background:image("https://SECRET.example/a")}</style>',
    "style by a source": '<rect style="fill:src(&quot;//SECRET.example/a&quot;)"/>',
    "style that fades": '<style>.a{mask:-webkit-cross-fade("//SECRET", red)}</style>',
    "filling elsewhere": '<rect fill="url(SECRET.svg#a)"/>',
    "style attribute": '<rect style="fill:url(https://SECRET.example)"/>',
}


def drawing(inside: str) -> bytes:
    return f'{HEAD}>{inside}<path id="kept" d="M0 0h9v9z" fill="#c8281e"/></svg>'.encode()


@table("name", BAD)
def test_what_is_not_drawn_is_left_behind(name: str) -> None:
    clean = cleaned(drawing(BAD[name]))
    assert b"SECRET" not in clean
    assert b'd="M0 0h9v9z"' in clean
    fromstring(clean)


def test_shapes_words_and_paint_stay() -> None:
    inside = (
        '<defs><linearGradient id="a"><stop offset="0" stop-color="red"/></linearGradient></defs>'
        "<style>.b{fill:url(#a);stroke:&lt;}</style><g transform='scale(2)' class='b' systemLanguage='be'>"
        '<text x="1" font-size="3">Мінск &amp; &lt;</text></g><use href="#kept" xlink:href="#kept"/>'
    )
    clean = cleaned(drawing(inside)).decode()
    for kept in (
        "url(#a)",
        "Мінск &amp; &lt;",
        'href="#kept"',
        'Language="be"',
        'transform="scale(2)"',
        'viewBox="0 0 9 9"',
    ):
        assert kept in clean


@table("name", ["link", "style elsewhere", "fonts", "fonts elsewhere"])
def test_what_is_drawn_beside_it_stays(name: str) -> None:
    fonts = '@font-face{font-family:"a";src:url("data:font/woff;base64,AAAA")}'
    elsewhere = '@import url("https://SECRET.example/css2?family=A:wght@400;700");'
    sheets = {"style elsewhere": "@import 'SECRET.css';", "fonts": fonts, "fonts elsewhere": elsewhere}
    sheet = f"<style>{sheets[name]}.a{{fill:red}}</style><rect/>" if name in sheets else BAD[name]
    clean = cleaned(drawing(sheet))
    assert b"<rect></rect>" in clean
    assert (b".a{fill:red}" in clean) == (name in sheets)
    assert b"SECRET" not in clean


def test_a_photograph_inside_is_written_anew() -> None:
    inside = f'<image href="data:image/jpeg;base64,{base64.b64encode(telling_jpeg()).decode()}" width="9"/>'
    clean = cleaned(drawing(inside)).decode()
    dots = base64.b64decode(clean.partition("base64,")[2].partition('"')[0])
    assert SECRET not in dots
    with Image.open(io.BytesIO(dots)) as image:
        assert image.size == (1240, 1748)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<svg><rect/></svg>", "does not begin with <svg xmlns"),
        (drawing("<g>"), "is a broken SVG picture: line 1"),
        (drawing('<image href="https://example.org/a.png"/>'), "a picture that is not in it"),
        (drawing("<g>" * 200 + "</g>" * 200), "more than 100 levels"),
        (b"x" * (9 << 20), "has more than 8 MB"),
    ],
)
def test_what_cannot_be_cleaned_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(PictureFault, match=why):
        cleaned(data)


@pytest.mark.parametrize(
    "encoding",
    ["utf-7", "punycode", "idna", "unicode_escape", "cp037", "rot13", "zlib", "undefined", "x" * 999],
)
def test_an_encoding_that_browsers_read_otherwise_is_refused_with_a_remedy(tmp_path, encoding):
    file = tmp_path / "illustration.svg"
    file.write_text(f'<?xml version="1.0" encoding="{encoding}"?>{HEAD}><rect width="9" height="9"/></svg>')
    with pytest.raises(PictureFault, match="save it in UTF-8"):
        cleaned(file.read_bytes())
    with pytest.raises(IllustrationError, match=r"save it in UTF-8|is no picture"):
        load_illustration(file)
    faults = []
    picture_check.check(file, faults)
    assert faults


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-16", "windows-1251", "koi8-r", "iso-8859-2", "shift_jis"])
def test_an_encoding_that_programs_write_is_read(tmp_path, encoding):
    file = tmp_path / "illustration.svg"
    text = f'<?xml version="1.0" encoding="{encoding}"?>{HEAD}><rect width="9" height="9"/></svg>'
    file.write_bytes(text.encode(encoding))
    assert b"<rect" in cleaned(file.read_bytes())
    assert load_illustration(file).width
    faults = []
    picture_check.check(file, faults)
    assert not faults
