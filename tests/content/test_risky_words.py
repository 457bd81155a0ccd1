"""The words of Mikita's campaign that can stop a letter: inflected too, and in no plain greeting."""

from __future__ import annotations

import tomllib

from campaign.text.flags import find
from campaign.text.matching import Folded, risky
from campaign.text.normalising import normalise
from tests.conftest import ROOT
from tests.support.table import table
from tests.text.test_greetings import GREETINGS

FACTS = tomllib.loads((ROOT / "content/mikita/campaign.toml").read_text(encoding="utf-8"))
WORDS = tuple(FACTS["recipient"]["risky_words"])


def found(text: str) -> list[str]:
    return sorted(text[start:end] for start, end in set(Folded(text).spans(risky(WORDS))))


@table(
    "text",
    [
        "ЖЫВЕ БЕЛАРУСЬ", "жыве Беларусі", "Жыве вечна", "живе Білорусь", "Zhyve Belarus", "Slava Ukraini",
        "слава Україні", "Слава Украине", "Героям слава", "chwała Ukrainie",
        "Лукашэнкам", "Лукашенке", "Lukaschenkos", "Łukaszenką", "Lukashenko", "Путина",
        "Пуціну", "Путіним", "Качанавай", "Азарёнка", "Ціханоўскай", "Тихановскому",
        "Cichanouskaja", "Бабарыку", "Калеснікавай", "Колесникову", "Бяляцкага", "Статкевічам",
        "рэжыму", "режимом", "reżimu", "дыктатара", "диктатуру", "Diktators", "dyktatorem", "КГБшники",
        "омоновцы", "АМАПаўцы", "силовики", "автозаки", "пратэсты", "протестов", "protestów", "Revolutionen",
        "революцию", "rewolucją", "палітвязняў", "палітвязнем", "політв’язнів", "политзаключённых",
        "political prisoners", "więźniów politycznych", "politischer Gefangener",
        "катаваннях", "пытках", "катуваннями", "torturowali", "Folterungen",
        "terrorists", "терористів", "Belarus will be free", "🤍❤️🤍", "⬜🟥⬜",
        "свабоду", "свободой", "барацьбе", "боротьбою", "walką", "walczą", "wolności",
    ],
)  # fmt: skip
def test_it_is_found_in_its_forms(text: str) -> None:
    assert found(f"Ну, {text}!") == [text]


@table("written", GREETINGS.strip().splitlines())
def test_no_plain_greeting_holds_one(written: str) -> None:
    _, name, words = written.split("|")
    assert (
        find(normalise(words.replace("\\n", "\n")), normalise(name, one_line=True), risky_words=WORDS) == ()
    )


def test_none_stands_there_twice() -> None:
    assert sorted(set(WORDS)) == sorted(WORDS)
