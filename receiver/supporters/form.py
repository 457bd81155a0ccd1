"""The supporter's form as it arrives: built from the campaign's fields, guarded by our own tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from campaign.content import form_fields as fields_of
from campaign.content.campaign import Campaign, Edition
from campaign.content.form_fields import DETAILS, HONEYPOT, SEALED
from campaign.keys import sealing
from campaign.keys.sealing import SealingError
from campaign.language.catalogue import Catalogue
from campaign.language.locales import countries
from campaign.text.normalising import Normalised, Refusal, normalise, refusals
from receiver.state.tokens import Token, TokenError, Tokens, TokenTooYoung

if TYPE_CHECKING:
    from campaign.cards.type.set_words import Setting

# Nothing is verified by a message to it, so this only catches slips: an @ between something and a domain.
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")

UNTICKED = ("", "false")  # what a box that is not ticked may send

CONSENT_VERSION = "1"  # of the wording beside the box in site/templates/_form.html; kept with each message


@dataclass(frozen=True)
class TypedForm:
    """A post that is not looked into: what was typed, and what a page needs to show it again."""

    campaign: Campaign
    language: str
    catalogue: Catalogue
    asked: tuple[fields_of.Field, ...]
    typed: dict[str, str]

    @property
    def seal(self) -> str:
        """The details as the page's script sealed them, not looked into; "" where none are asked."""
        return self.typed.get(SEALED, "") if any(field.name in DETAILS for field in self.asked) else ""

    @property
    def sealed_and_plain(self) -> bool:
        """Whether details were sent twice, once for everybody to read."""
        return bool(self.seal) and any(self.typed.get(name) for name in DETAILS)

    @property
    def edition(self) -> Edition:
        """The campaign's words in the language of the post."""
        return self.campaign.editions[self.language]

    @property
    def values(self) -> dict[str, Any]:
        """What was typed, as it was typed."""
        return {field.name: self._value(field) for field in self.asked}

    def _value(self, field: fields_of.Field) -> str | bool:
        value = self.typed.get(field.name, "")
        return value not in UNTICKED if field.kind == "checkbox" else value


@dataclass
class MessageForm:
    """One supporter's post: `valid_token` is its token if that is good, else `token_error` says why not.

    `normalised` is what is left of each field, which is what staff and the printer get; `faults` say in the
    supporter's language what is wrong with them.
    """

    post: TypedForm
    tokens: Tokens
    texts: Mapping[str, Normalised]
    normalised: dict[str, Any]
    faults: dict[str, list[str]] = field(default_factory=dict)
    valid_token: Token | None = None
    token_error: TokenError | None = None
    sealed: bytes | None = None
    setting: Setting | None = None  # where the words had to be set to know that a card can carry them

    @property
    def honeypot_filled(self) -> bool:
        """Whether the field that people do not see was filled."""
        return bool(self.post.typed.get(HONEYPOT, "").strip())

    @property
    def details(self) -> dict[str, str]:
        """The details that were given."""
        return {name: self.normalised[name] for name in DETAILS if self.normalised.get(name)}

    @property
    def reusable_token(self) -> str:
        """The posted token while it is, or soon will be, good; else none, and the next post is reviewed."""
        good = self.valid_token is not None or isinstance(self.token_error, TokenTooYoung)
        return self.post.typed["token"] if good else ""

    @property
    def digest(self) -> str:
        """A keyed digest of the words and all else that was filled in."""
        told = {name: str(value) for name, value in self.normalised.items()}
        return self.tokens.digest(told | ({SEALED: self.post.seal} if self.post.seal else {}))

    def ticked(self, name: str) -> bool:
        """Tell whether a box was there and ticked."""
        return bool(self.normalised.get(name))


def read_form(post: TypedForm, tokens: Tokens, recipients: int) -> MessageForm:
    """Return the form that was posted, validated; see its `faults`, `valid_token` and `token_error`.

    Sealed details are to be sealed to that many `recipients`.
    """
    texts = {
        one.name: normalise(post.typed.get(one.name, ""), one_line=one.kind != "textarea", limit=one.limit)
        for one in post.asked
        if one.kind != "checkbox"
    }
    normalised = post.values | {name: text.text for name, text in texts.items()}
    form = MessageForm(post, tokens, texts, normalised)
    form.faults = {one.name: faults for one in post.asked if (faults := _faults(form, one))}
    try:
        form.valid_token = tokens.read(post.campaign.slug, post.typed.get("token", ""))
    except TokenError as token_error:
        form.token_error = token_error.with_traceback(None)  # which would hold the words, and they it
    if post.seal:
        _read_seal(form, recipients)
    return form


def _read_seal(form: MessageForm, recipients: int) -> None:
    try:
        form.sealed = sealing.read_seal(form.post.seal, recipients)
    except SealingError:
        fault = form.post.catalogue.gettext(
            "Surname, country and e-mail address were locked for a key that is no longer in use."
            " Please enter them once more, on a page that you have loaded anew."
        )
        form.faults[SEALED] = [fault]


def asked_fields(campaign: Campaign, *, can_seal: bool) -> tuple[fields_of.Field, ...]:
    """List the form's fields; without a key to seal to, no detail is asked."""
    asked = campaign.form.details if can_seal else ()
    return fields_of.fields(campaign.form.message_limit, tuple(asked), wall=campaign.page.wall > 0)


def _faults(form: MessageForm, asked: fields_of.Field) -> list[str]:
    """Say what is wrong with one field."""
    catalogue, value = form.post.catalogue, form.normalised[asked.name]
    if not value and asked.kind == "checkbox" and asked.required:
        return [catalogue.gettext("Tick the box that lets us print your words: without it we print nothing.")]
    if not value and asked.kind == "email" and form.ticked("updates") and not form.post.seal:
        return [email_missing(catalogue)]
    if asked.kind == "checkbox" or not (value or asked.required):
        return []
    unbounded = form.texts[asked.name].refused
    if reasons := [unbounded] if unbounded else refusals(value, asked.limit):
        return [_named(refusal, asked, catalogue) for refusal in reasons]
    if asked.kind == "email" and not EMAIL.fullmatch(value):
        return [catalogue.gettext("Write an e-mail address like name@example.org, or none.")]
    if asked.kind == "country" and value not in _countries(form.post.language):
        return [catalogue.gettext("Choose your country from the list, or none.")]
    return []


def _named(refusal: Refusal, field: fields_of.Field, catalogue: Catalogue) -> str:
    """Say what is wrong so that it is understood away from its field, as it is above the form."""
    _ = catalogue.gettext
    if refusal.kind == "empty" and field.name == "message":
        return _("Write your message.")
    if refusal.kind == "empty" and field.name == "first_name":
        return _("Write your first name.")
    return named(field.name, refusal.words(catalogue), catalogue)


def named(field: str, fault: str, catalogue: Catalogue) -> str:
    """Put the field before what is wrong with it."""
    _ = catalogue.gettext
    label = {"message": _("Your message"), "first_name": _("Your first name"), "last_name": _("Surname")}
    if field not in label:
        return fault
    return _("%(field)s: %(fault)s") % {"field": label[field], "fault": fault}


def email_missing(catalogue: Catalogue) -> str:
    """Return what is said where news are wanted and no address is given; the page's script says the same."""
    return catalogue.gettext(
        "Write your e-mail address, or untick the box for news: without an address no news can reach you."
    )


@cache
def _countries(language: str) -> frozenset[str]:
    return frozenset(code for code, _name in countries(language))
