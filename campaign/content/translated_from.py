"""translated.txt: what a campaign's translations were made from, noted when somebody has translated."""

from __future__ import annotations

from pathlib import Path

from campaign.content import campaign as campaigns
from campaign.content.editors_file import did_you_mean
from campaign.content.proofreading import lagging
from campaign.content.proofreading.proofreader import texts_of
from campaign.errors import CandleError, ContentError
from campaign.storage.disk import replace_file


class TranslatingError(CandleError):
    """A language that cannot be translated into, or from."""


def keep(folder: Path, code: str, *, still_right: bool = False) -> tuple[Path, list[ContentError]]:
    """Write down what each paragraph of a language was made from, and return the file and what lags still.

    Raises:
        TranslatingError: for a language that the campaign has not, or its main one.
        ContentErrors: when the campaign has faults.
    """
    campaign = campaigns.load(folder)
    main, *others = campaign.languages
    if code not in others:
        raise TranslatingError(f"{folder.name} is not translated into {code!r}; {did_you_mean(code, others)}")
    home = folder / code
    texts, originals = texts_of(home, code), texts_of(folder / main, main)
    made = lagging.read_made(home)
    both = [(texts[name], originals[name]) for name in texts if name in originals]
    lines = (line for pair in both for line in lagging.keep(*pair, made, still_right=still_right))
    replace_file(home / lagging.FILE, (lagging.HEAD + "".join(f"{line}\n" for line in lines)).encode())
    now = lagging.read_made(home)
    return home / lagging.FILE, [one for pair in both for one in lagging.lagging(*pair, now)]
