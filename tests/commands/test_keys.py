"""`build.py keys`, as an operator runs it."""

import pytest

from campaign.keys import sealing

pytestmark = pytest.mark.slow  # each command is a process of its own


def test_new_keys_open_what_they_seal(build):
    printed = build("keys", "new").stdout
    public = next(line.rpartition(" ")[2] for line in printed.splitlines() if "public key" in line)
    sealed = sealing.seal({"last_name": "Testova"}, [public])
    assert sealing.unseal(sealed, sealing.identities(printed)) == {"last_name": "Testova"}
