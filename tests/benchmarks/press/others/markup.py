"""Typst: one document that reads the messages.

    python -m tests.benchmarks.press.others.markup MESSAGES OUT PICTURE

Without the tags for readers who cannot see, which would cost it time and which no printed card needs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typst

from tests.benchmarks.press.others import sheet

FAMILIES = {
    "hy": "Noto Serif Armenian",
    "ka": "Noto Serif Georgian",
    "he": "Noto Serif Hebrew",
    "ar": "Noto Naskh Arabic",
    "ur": "Noto Nastaliq Urdu",
    "hi": "Noto Serif Devanagari",
    "bn": "Noto Serif Bengali",
    "ta": "Noto Serif Tamil",
    "th": "Noto Serif Thai",
    "km": "Noto Serif Khmer",
    "am": "Noto Serif Ethiopic",
    "zh": "Noto Serif CJK SC",
    "ja": "Noto Serif CJK SC",
    "ko": "Noto Serif CJK SC",
}
DOCUMENT = """
#set page(width: 210mm, height: 297mm, margin: (x: 0mm, y: 0.5mm))
#set par(leading: 0.5em, spacing: 0.5em)
#set text(size: 11pt)
#let families = json("families.json")
#let messages = json("messages.json")
#let picture = box(width: 105mm, height: 148mm, inset: 7mm,
  align(center + horizon, image("PICTURE", width: 91mm, height: 134mm, fit: "contain")))
#let back(number, message) = {
  let (words, name, language) = message
  set text(font: (families.at(language, default: "Alegreya"), "Alegreya", "Noto Emoji"), lang: language)
  box(width: 105mm, height: 148mm, inset: (x: 10mm, top: 10mm, bottom: 7mm), {
    box(height: 125mm, width: 85mm, align(horizon, {
      text(words)
      align(end, emph(name))
    }))
    align(center + bottom, text(size: 7.5pt, font: "Alegreya", str(number)))
  })
}
#let order = (1, 0, 3, 2)
#for start in range(0, messages.len(), step: 4) {
  let row = range(start, calc.min(start + 4, messages.len()))
  grid(columns: (105mm, 105mm), rows: 148mm, ..row.map(i => picture))
  pagebreak()
  let shown(i) = if start + i < messages.len() { back(start + i + 1, messages.at(start + i)) } else { [] }
  grid(columns: (105mm, 105mm), rows: 148mm, ..order.map(shown))
  pagebreak(weak: true)
}
"""


def main(messages: Path, out: Path, picture: Path) -> None:
    """Write the sheets."""
    folder = out.parent
    rows = [message for row in sheet.sheets(messages) for _, message in row]
    (folder / "messages.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    (folder / "families.json").write_text(json.dumps(FAMILIES), "utf-8")
    source = folder / "cards.typ"
    source.write_text(DOCUMENT.replace("PICTURE", picture.name), "utf-8")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[sheet.FONTS])
    typst.compile(source, output=out, root=folder, font_paths=fonts, pdf_tags=False)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
