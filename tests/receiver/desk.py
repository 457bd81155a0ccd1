"""The staff desk as a member of staff uses it."""

from __future__ import annotations

import html
import re

from tests.receiver.conftest import OWN


class Desk:
    """A member of staff who reads the page and presses its buttons."""

    def __init__(self, client):
        self.client = client

    def get(self, path: str = "/staff/mikita/"):
        return self.client.get(path, base_url=OWN)

    def press(self, page, action: str, **fields: str):
        """Post the form whose address ends with `action`, with everything hidden that it holds."""
        form = re.search(rf'<form[^>]*action="([^"]*{action})"[^>]*>(.*?)</form>', page.text, re.S)
        assert form, f"no form for {action}"
        found = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[2])
        hidden = {name: html.unescape(value) for name, value in found}
        return self.client.post(form[1], base_url=OWN, data=hidden | fields, headers={"Referer": f"{OWN}/"})

    def follow(self, answer):
        assert answer.status_code == 303, answer.text
        return self.get(answer.location)
