"""Names of others: words that look like a third person's name, so that a reviewer looks at them.

Generous on purpose: it asks for a look and nothing else. Known are two capitalised words in a row, an initial
before a name, patronymics, and words such as lawyer or doctor before a name, in the campaign's six languages.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

Span = tuple[int, int]

_LETTERS = "A-Za-zÀ-ÖØ-öø-ɏЀ-ӿ"  # Latin and Cyrillic: elsewhere nothing is known of greetings
_JOINS = "'’ʼ‑-"
_REST = rf"[{_LETTERS}]*+(?:[{_JOINS}][{_LETTERS}]++)*+"  # of a word, after its first letter
_LARGE = "".join(filter(str.istitle, re.findall(f"[{_LETTERS}]", "".join(map(chr, range(ord("ӿ") + 1))))))
_CAPITALISED = re.compile(rf"[{_LARGE}](?<![{_LETTERS}].)(?<![{_LETTERS}][{_JOINS}].){_REST}")
_BEFORE_ONE = re.compile(rf"(?<![{_LETTERS}])([{_LETTERS}]{_REST})(?:\.\s*+|\s++)(?=[{_LARGE}])")
_PATRONYMIC = re.compile(
    r"\w{2,}(?:[оеё]вич|[иіьй]ич|[оеё]вн|[иі]ничн|[оеєії]вич|[ії]вн|[іи]йович|[аоеё]віч|[аоеё]ўн)[а-яёіўїє]{0,3}"
)
_TITLE = re.compile(
    r"(?:(?:co-defendant|codefendant|cellmate|inmate|accomplice|guard|witness|сокамерник|подельник|свидетел|надзирател"
    r"|сукамернік|падзельнік|сведк|наглядчык|співкамерник|спільник|свідк|наглядач|współwię|świadk|świadek|strażnik"
    r"|mithäftling|mitangeklagt|zeuge|wärter)\w{0,5}"
    r"|(?:dr|prof|mr|mrs|ms|miss|д-р|пан|пані|pan|pani|panu|panem|panią|herr|herrn|frau|спадар|спадарыня)"
    r"|(?:lawyer|attorney|barrister|doctor|professor|judge|prosecutor|investigator|detective|journalist"
    r"|адвокат|юрист|врач|доктор|профессор|судь(?!б)|прокурор|следовател|журналист|священник|господин|госпож"
    r"|лікар|судд|слідч|журналіст|священик|адвакат|юрыст|урач|лекар|доктар|следч|пракурор|журналіст|святар"
    r"|adwokat|mecenas|prawni|lekar|doktor|sędzi|prokurator|śledcz|dziennikar|ksiądz|księd"
    r"|anwalt|anwält|rechtsanwalt|rechtsanwält|arzt|ärzt|richter|staatsanw|ermittler|journalist|pfarrer)\w{0,5})",
    re.IGNORECASE,
)
# Capitals that name nobody: greetings and good-byes, feasts, God, a place, who is politely written to.
_CAPITALS = """
    dear hello hi hey happy merry new year years york christmas easter birthday good best god lord jesus
    love much wishes kind warm blessings удачи счастья pozdrowienia serdeczne serdeczności
    alles beste besten viele herzliche herzlichen
    monday tuesday wednesday thursday friday saturday sunday on when if but so it
    christ stay never keep be the a my our your we you i and in at for from with all every this minecraft
    новый новым нового новому году год годом года рождество рождеством христовым христос бог господь господи
    дорогой милый привет здравствуй новий новим новому рік року роком різдво різдвом христос любий дорогий
    привіт новы новым годам нараджэнне нараджэннем калядамі каляды дарагі мілы прывітанне
    nowy nowego nowym rok roku rokiem boże bożego narodzenie narodzenia drogi kochany cześć wesołych świąt bóg
    святых святой святого святога святая святы święty święta świętego saint sankt san santa
    na we ze do od po przy dla desde con para por avec на во со из от до по для за над під із аб пра для
    lieber liebe lieben frohe frohes fröhliche weihnachten neues neue jahr guten gute gutes hallo grüße gott
    ein eine einen einem einer
"""
# What is no person and often written: places, and what is shouted.
_NO_PERSONS = """
    tel aviv, san francisco, los angeles, buenos aires, new york, hong kong, central park, united states,
    united kingdom, manchester united, real madrid, pink floyd, harry potter, star wars, тель авив, нью йорк,
    нижний новгород, нижнем новгороде, слава украине, слава україні, слава богу, жыве беларусь, живе білорусь,
    glory ukraine
"""
_NO_PERSON = frozenset(" ".join(pair.split()) for pair in _NO_PERSONS.split(","))
# With these a letter may end, and with no other of the words above: Best, Lord and Jahr are surnames.
_ENDINGS = """
    yours sincerely truly regards hugs kisses
    обнимаю целую обіймаю цілую абдымаю цалую pozdrawiam serdecznie ściskam uściski całuję herzlichst
    вы вас вам вами ваш ваша ваши ти тебе тобі тобою ты тебя тебе тобой цябе табе табой
    ty ciebie tobie tobą ci cię twój twoja twoje twojego twojej twoją twoim wy was wam wami wasz wasza
    du dich dir dein deine deinen deinem deiner deines sie ihnen ihr ihre ihren ihrem ihrer
    euch euer eure euren eurem eurer
"""
_END = frozenset(_ENDINGS.split())
# Before a name it is who the letter is for, and that should be the recipient.
_DEAR = """
    dear dearest hello дорогой дорогая милый милая здравствуй любий люба дорогий дорога вітаю дарагі дарагая
    мілы мілая прывітанне drogi droga kochany kochana witaj
"""
# So strangers call the recipient.
_CALLED = """
    friend brother sister sir boy comrade family everybody everyone prisoner sunshine друг брат мальчик парень
    сын сынок товарищ солнышко друже брате хлопче приятелю сябар сябра браце хлопчык сонейка przyjacielu
    bracie kolego chłopcze panie nieznajomy
"""
_NOBODY = _END.union(_CAPITALS.split())
_SMALL_GERMAN = re.compile(
    r"(?:\w+(?:e|es|em|en)|der|ein|in|am|im|mit|von|vom|zu|zum|zur|auf|für|bei|an|aus|das|als|wie|was|wir|ich|mein|unser)$",
    re.I,
)
# Слушаю, Чытаю, Помните, Czytam: no surname ends so.
_VERB = re.compile(r"(?:[аяуеоію]ю|[ий]це|[ий]те|[ae]m)$")
_SHORT_FORM = 3  # letters that a pet name shares: Мікітка, Никитушка
_GOES_ON = re.compile(r"[\w,;:’'-][^\S\n]+$")
_LONGEST_GAP = 8  # characters before a word that can tell whether a sentence goes on


def find_other_names(text: str, own_names: Collection[str] = (), language: str = "") -> list[Span]:
    """Return where perhaps somebody else is named, in order.

    `own_names` are the recipient's in every case; `language` is the page's: German writes all nouns large.
    """
    own = _folded(frozenset(own_names))
    capitals = [word for word in _CAPITALISED.finditer(text) if len(word[0]) == 1 or word[0].istitle()]
    names = [word for word in capitals if _as_a_name(text, word, own)]
    runs = [_named(text, run) for run in _runs(text, names) if _is_name(text, run, language)]
    return _joined(
        sorted(
            [
                *map(_span_of, runs),
                *_patronymics(capitals),
                *_titled(text, names),
                *_addressed(text, names, own),
            ]
        )
    )


@lru_cache(maxsize=64)
def _folded(names: frozenset[str]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def names_nobody(word: str) -> bool:
    """Tell whether a capitalised word is a greeting, a feast or a pronoun."""
    return word.casefold() in _NOBODY


def ends_a_letter(word: str) -> bool:
    """Tell whether a capitalised last word closes a letter or is a pronoun, and so is no surname."""
    return word.casefold() in _END


def _runs(text: str, names: Sequence[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Yield the rows of neighbouring words that are written as names are."""
    run: list[re.Match[str]] = []
    for word in names:
        if run and not _goes_with(text, run[-1], word):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _as_a_name(text: str, word: re.Match[str], own: Collection[str]) -> bool:
    """Tell whether a capitalised word, or an initial, names somebody else than the recipient."""
    if len(word[0]) == 1:
        return _is_initial(text, word)
    folded = word[0].casefold()
    return folded not in _NOBODY and folded not in own and not _TITLE.fullmatch(folded)


def _is_initial(text: str, word: re.Match[str]) -> bool:
    return len(word[0]) == 1 and word[0].isupper() and text[word.end() : word.end() + 1] == "."


def _goes_with(text: str, before: re.Match[str], word: re.Match[str]) -> bool:
    """Tell whether two words are parts of one name; of a full stop, whether it is that of an initial."""
    between = text[before.end() : word.start()]
    if between.startswith("."):
        return _is_initial(text, before) and (len(between) == 1 or _is_gap(between[1:]))
    return _is_gap(between)


def _is_gap(between: str) -> bool:
    """Tell a gap between words, however wide and over a line's end; a blank line parts what is said."""
    return between.isspace() and between.count("\n") <= 1


def _is_name(text: str, run: list[re.Match[str]], language: str) -> bool:
    if len(run) < 2 or not any(len(word[0]) > 1 for word in run):
        return False
    if " ".join(word[0].casefold() for word in run) in _NO_PERSON:
        return False
    return not (
        language == "de"
        and len(run) == 2
        and _SMALL_GERMAN.match(run[0][0])
        and _begins(text, run[0].start())
    )


def _named(text: str, run: list[re.Match[str]]) -> list[re.Match[str]]:
    """Leave out a verb that begins a sentence before two names; a surname may stand there too."""
    return run[1:] if len(run) > 2 and _VERB.search(run[0][0]) and _begins(text, run[0].start()) else run


def _begins(text: str, start: int) -> bool:
    """Tell whether a sentence begins here."""
    return not _GOES_ON.search(text[max(0, start - _LONGEST_GAP) : start])


def _span_of(run: list[re.Match[str]]) -> Span:
    return run[0].start(), run[-1].end()


def _patronymics(capitals: Sequence[re.Match[str]]) -> Iterator[Span]:
    yield from (word.span() for word in capitals if _PATRONYMIC.fullmatch(word[0]))


def _titled(text: str, names: Sequence[re.Match[str]]) -> Iterator[Span]:
    """Yield the capitalised word that follows a title: the lawyer Smith."""
    by_start = {name.start(): name.span() for name in names}
    for title in _BEFORE_ONE.finditer(text) if names else ():
        name = by_start.get(title.end())
        if name and _TITLE.fullmatch(title[1]) and text.count("\n", title.end(1), title.end()) <= 1:
            yield name


def _addressed(text: str, names: Sequence[re.Match[str]], own: Collection[str]) -> Iterator[Span]:
    """Yield who a letter is for, where it is not for the recipient, nor for a short form of their name."""
    for name in names[:1]:
        before = text[: name.start()].strip(" ,").casefold()
        called = name[0].casefold()
        known = called in _CALLED.split() or any(one.startswith(called[:_SHORT_FORM]) for one in own)
        if before in _DEAR.split() and not known:
            yield name.span()


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Make one of the spans that touch each other."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
