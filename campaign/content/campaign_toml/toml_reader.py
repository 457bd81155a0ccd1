"""campaign.toml read: each slip is told, and the file read further as it was meant."""

from __future__ import annotations

import tomllib
from dataclasses import replace

from campaign.content.campaign_toml import toml_keys
from campaign.content.campaign_toml.toml_keys import TomlFile
from campaign.content.editors_file import Source
from campaign.errors import Fix

MOST_SLIPS = 20  # of one file: each is mended in memory, so that what comes behind it is read too
TOO_DEEP = ("is nested too deeply, or holds a number too long", "write it as the example shows")


def read(source: Source, kind: type) -> TomlFile | None:
    """Parse a TOML file that `kind` describes; what is wrong goes to the source's list.

    Where each slip could be mended, the file is returned as it was meant, for its values to be looked at.
    """
    if line := toml_keys.too_much(source.text):
        source.fault(line, *TOO_DEEP)
        return None
    text = source.text
    try:
        for _ in range(MOST_SLIPS):
            try:
                return TomlFile(replace(source, text=text), tomllib.loads(text), toml_keys.key_lines(text))
            except tomllib.TOMLDecodeError as error:
                from campaign.content.campaign_toml import toml_slips  # late: most files are right

                slip = toml_slips.find(text, error, kind)
                old = "\n".join(text.split("\n")[slip.line - 1 : slip.line - 1 + slip.lines])
                fix = None if slip.meant is None else Fix(slip.line, old, slip.meant)
                source.fault(slip.line, slip.fault, slip.remedy, fix)
                if slip.meant is None:
                    return None
                text = slip.mended(text)
    except (RecursionError, ValueError):  # also of what stands below a slip
        source.fault(0, *TOO_DEEP)
    return None
