"""The kinds of flags: what the desk says of each, and which weighs more."""

from __future__ import annotations

# The gravest first, in the order in which the desk shows them.
GRAVE = {
    "cannot-be-printed": "did not come out on its card as it was approved",
    "does-not-fit": "no font of the cards draws this",
    "surname": "the writer's own surname",
    "signature-surname": "perhaps the writer’s surname",
    "first-name-words": "a first name of several words, perhaps a surname",
    "postal-address": "perhaps where somebody lives",
    "phone": "a telephone number",
    "email": "an e-mail address",
    "handle": "a name in a social network",
    "link": "a link",
    "risky-word": "a word that can stop the letter",
    "code": "looks like code to a censor",
    "hostile": "perhaps an insult or a threat",
    "mixed-script": "a word that mixes alphabets, as forged words do",
}
# Often found where nobody is named: looked at by a person each time, and not as heavy as what surely harms.
NAMED = {"other-name": "perhaps the name of somebody else"}
LIGHT = {
    "removed": "invisible characters were removed",
    "duplicate": "the same words came before",
}
# What stands on most messages and asks for nothing: told beside the day, not among the flags.
FACTS = {"language": "perhaps not in a language that the recipient reads"}
DESCRIPTIONS = GRAVE | NAMED | LIGHT | FACTS
ORDER = {kind: place for place, kind in enumerate(DESCRIPTIONS)}


def describe_kind(kind: str) -> str:
    """Say what a kind of flag means; one that is unknown here still shows."""
    return DESCRIPTIONS.get(kind, kind.replace("-", " "))
