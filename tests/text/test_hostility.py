"""Insults and threats in the six languages, and what friends write that looks like one."""

from __future__ import annotations

from campaign.text.hostility import find_hostility
from tests.support.table import table


@table(
    ("text", "words"),
    [
        ("You are a traitor and an IDIOT.", ["traitor", "IDIOT"]),
        ("Rot in prison, scumbag", ["Rot in prison", "scumbag"]),
        (
            "They will hang you, we will find you. Hang yourself",
            ["hang you", "we will find you", "Hang yourself"],
        ),
        ("We will find your family. You will find your family again", ["We will find your"]),
        ("Somebody will find you. Better days will find you", ["Somebody will find you"]),
        ("We know where you live. I’ll kill you.", ["know where you live", "I’ll kill you"]),
        (
            "Shit! Shitstain, shitposter, bullshit. Shits",
            ["Shit", "Shitstain", "shitposter", "bullshit", "Shits"],
        ),
        ("Предатели! Сдохните все", ["Предатели", "Сдохните"]),
        (
            "Тварь, мы тебя найдём. Мы знаем, где ты живёшь",
            ["Тварь", "мы тебя найдём", "знаем, где ты живёшь"],
        ),
        ("Суки вы, а не люди. Умри!", ["Суки", "Умри"]),
        ("Здраднікі, каб ты здох! Забіць цябе мала.", ["Здраднікі", "каб ты здох", "Забіць цябе"]),
        ("Зрадник. Ідіоти. Гори в пеклі", ["Зрадник", "Ідіоти", "Гори в пеклі"]),
        ("Zdrajco, zabiję cię! Kurwa.", ["Zdrajco", "zabiję cię", "Kurwa"]),
        ("Strażnicy to idioci.", ["idioci"]),
        ("Verräter! Stirb, du Arschloch. SCHEISSE", ["Verräter", "Stirb", "Arschloch", "SCHEISSE"]),
    ],
)
def test_it_is_found_where_it_stands(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in find_hostility(text)] == words


@table(
    "text",
    [
        "What does not kill you makes you stronger. I could beat you at chess!",
        "I do not know where your strength comes from. Wir wissen, wo dein Herz schlägt.",
        "Shiitake, shitakes and shittake, and the wood of the Shittah tree, which is called Shittim",
        "Die Hoffnung stirbt zuletzt. Die Rosen blühen rot in unserem Garten.",
        "Надежда умирает последней. Счастье тебя найдёт. Отправила тебе бандероль и сукно.",
        "Дети дурачились. Мы веселились, повесили шторы, листья падали.",
        "У лісі живуть тварини. Лайнер стоїть у порту. Надія помирає останньою.",
        "Усмешка на твары. Сукенка прыгожая. Надзея памірае апошняй.",
        "Nadzieja umiera ostatnia. Zajmuję się ogrodem, zabijam czas książkami.",
        "You will find your way home. We hang your drawing on the wall, and better days will find you.",
        "Biblioteca Nazionale, Hugo, chute, a classic assembly of Scunthorpe",
    ],
)
def test_what_friends_write_is_none(text: str) -> None:
    assert list(find_hostility(text)) == []
