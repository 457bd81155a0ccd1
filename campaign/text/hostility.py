"""Insults and threats in the campaign's six languages, by the starts of their words.

Generous on purpose: it asks for a look and nothing else. A word stands here that a friend has little use for;
what friends say too ("hope dies last") stands here only in the form in which they do not.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from campaign.text.matching import ANY, Folded, Wanted, fold

Span = tuple[int, int]

# From these on a word may go on as it likes.
_STARTS = """
    bastard, bitch, whore, asshole, arsehole, fuck, motherf, shit, bullshit, cunt, faggot, moron, imbecile,
    idiot, idioc, scum, traitor, fascist, will kill you, i'll kill you, i’ll kill you, we'll kill you, we’ll
    kill you, should kill you, kill yourself, hang yourself, be killed, be hanged, be shot, rot in hell,
    rot in jail, rot in prison, burn in hell, go to hell, hope you die, deserve to die, die in jail,
    die in prison, know where you live, know where your famil, know where your mother, know where your
    parents, know where your kid, know where your child, i will find you, we will find you,
    they will find you, he will find you, she will find you, somebody will find you, someone will find you,
    идиот, мразь, мразот, тварь, ублюд, подон,
    предател, сволоч, гнида, гниды, падла, падлы, падаль, негодя, отморозок, выродок, выродк, мудак, мудач,
    мудил, пизд, хуе, хуи, хуя, хую, ебан, ебат, ебал, ебуч, бляд, блят, гандон, пидор, пидар, шлюх, говн,
    дерьм, сдохн, сдохл, подохн, чтоб ты сдох, чтоб ты здох, гори в аду, сгни, убью теб, убьем теб, убить
    теб, убьют теб, тебя убь, повесить теб, тебя повес, расстрелять теб, тебя расстрел, мы тебя найд, знаем
    где ты жив, знаем, где ты жив, знаем где жив, знаем, где жив, фашист, нацист, бандеров, дурак, дебил,
    кретин, скотин, отморозк, быдло, так тебе и надо, ідыет, мярзот, здраднік, падлюк, паскуд, вырадак,
    вырадк, здохн, каб ты здох, гары у пекле, згні, заб'ю цябе, заб’ю цябе, забіць цябе, смерць табе, мы
    цябе знойд, ведаем дзе ты жыв, ведаем, дзе ты жыв, ведаем дзе жыв, ведаем, дзе жыв, гаун, дурань, быдла,
    нягоднік, ідіот, мерзот, покидьк, покидек, виродок, виродк, зрадник, зрадниц, сволот, курва, курви,
    тварюк, негідник, гори в пеклі, уб'ю тебе, уб’ю тебе, вб'ю тебе, вб’ю тебе, вбити тебе, тебе вб, ми тебе
    знайд, знаємо де ти жив, знаємо, де ти жив, знаємо де жив, знаємо, де жив, лайно, гівн, бидло, дурень,
    дебіл, kurw, skurw, chuj, pierdol, jeban, debil, kretyn, zdrajc, cwel, bydlak, bydlę, ścierw, gnida,
    gnidy, zdech, zdychaj, gnoju, sukinsyn, zabiję cię, zabić cię, zabijemy cię, powiesić cię, znajdziemy
    cię, wiemy gdzie mieszk, wiemy, gdzie mieszk, jesteś śmieci, spłoń w piekle, zgnij, nazist, naziśc,
    faszyst, arschloch, arschlöch, scheiß, hurens, hure, fotze, wichser, missgeburt, drecks, abschaum,
    verreck, krepier, schlampe, vollidiot, verräter, faschist, bringe dich um, bringen dich um, töte dich,
    töten dich, fahr zur hölle, wissen wo du wohnst, wissen, wo du wohnst, wissen wo deine famil,
    wissen, wo deine famil, wissen wo deine mutter, wissen, wo deine mutter, wissen wo deine eltern,
    wissen, wo deine eltern, wissen wo deine kind, wissen, wo deine kind,
    schmor in der hölle, cyka, blyat, blyad, pidor, pidar, nahui, nahuj, mudak
"""
# These are the start of harmless words, or friends say them with another ending.
_ALONE = """
    hang you, slut, kys, nazi, nazis, сука, суки, суку, суко, бля, твари, урод, уроды, уродов,
    умри, умрите, дура, дуры, хам, stirb, suka, suko
"""
_HARMLESS = re.compile("shi+t(?:t?ak|tah|tim)")  # a mushroom, and a tree of the Bible and its wood


def _wanted() -> Iterator[Wanted]:
    for words, more in ((_STARTS, ANY), (_ALONE, 0)):
        yield from (
            Wanted(fold(" ".join(start.split())), more)
            for start in re.split(r",(?!\s(?:где|дзе|де|gdzie|wo)\s)", words)
        )


_WANTED = tuple(dict.fromkeys(_wanted()))


# Written so that no list finds it: letter by letter, with signs or digits for letters, or with one drawn out.
_APART = re.compile(r"(?<!\w)[^\W\d_](?:[\s.,*_/-]{1,2}[^\W\d_](?![^\W_])){3,}")
_MASKED = re.compile(r"(?<![\w*])[^\W\d_]{1,10}\*{1,5}[^\W\d_]{1,10}(?![\w*])")
_DRESSED = re.compile(r"(?<!\w)(?=\w*(?:\d|[$@!]|([^\W\d_])\1\1))\w[\w$@!]{2,30}")
_DIGITS = str.maketrans("013457@$!", "oieastasi")
_DRAWN_OUT, _ONCE, _TWICE = re.compile(r"(\w)\1{2,}"), r"\1", r"\1\1"
_NO_LETTER = re.compile(r"[\W_]+")


def find_hostility(text: str) -> Iterator[Span]:
    """Yield where a text insults or threatens, each place once."""
    end = 0
    for span in sorted({*Folded(text).spans(_WANTED), *_hidden(text)}):
        if span[0] >= end and not _HARMLESS.match(fold(text[slice(*span)])):
            yield span
            end = span[1]


def _hidden(text: str) -> Iterator[Span]:
    """Yield what is an insult only once it is written as others write it, and what is masked."""
    yield from (word.span() for word in _MASKED.finditer(text))
    read, words, ends = list[str](), list[Span](), list[int]()
    for word in (found for pattern in (_APART, _DRESSED) for found in pattern.finditer(text)):
        plain = _NO_LETTER.sub("", word[0].translate(_DIGITS))
        read.append(f"{plain} {_DRAWN_OUT.sub(_ONCE, plain)} {_DRAWN_OUT.sub(_TWICE, plain)} ")
        words.append(word.span())
        ends.append((ends[-1] if ends else 0) + len(read[-1]))
    for start, _ in Folded("".join(read)).spans(_WANTED) if read else ():
        yield words[bisect_right(ends, start)]
