"""The supporter's form as it arrives: built from the campaign's fields, guarded by our own tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Self

from wtforms import BooleanField, Field, Form, StringField, ValidationError
from wtforms.csrf.core import CSRF
from wtforms.form import BaseForm
from wtforms.meta import DefaultMeta

from campaign.content import form_fields as fields_of
from campaign.content.campaign import Campaign
from campaign.content.edition import Edition
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

UNTICKED = ("", "false")  # what a box that is not ticked may send, as WTForms reads it

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


class TokenCSRF(CSRF):
    """Protect a form that has no session: by a token that is signed, timed and used once.

    It keeps nothing of a form, so that one serves all copies of one.
    """

    def generate_csrf_token(self, csrf_token_field: Field) -> str:  # noqa: ARG002 # WTForms calls it so
        """Issue nothing yet: which kind of token the answer needs is known after the validation."""
        return ""

    def validate_csrf_token(self, form: MessageForm, field: Field) -> None:
        """Read the posted token and keep either it or the objection to it on the form."""
        try:
            form.valid_token = form.tokens.read(form.post.campaign.slug, field.data or "")
        except TokenError as token_error:
            form.token_error = token_error
            raise ValidationError(str(token_error)) from token_error


class MessageForm(Form):
    """One supporter's post: `valid_token` is its token if that is good, else `token_error` says why not."""

    class Meta(DefaultMeta):
        """Our tokens in the place of Flask-WTF's, whose session supporters do not have."""

        csrf = True
        csrf_class = TokenCSRF
        csrf_field_name = "token"

    valid_token: Token | None = None
    token_error: TokenError | None = None
    post: TypedForm
    texts: Mapping[str, Normalised]
    tokens: Tokens
    sealed: bytes | None = None
    seal_fault: str = ""
    setting: Setting | None = None  # where the words had to be set to know that a card can carry them

    def copy(self) -> Self:
        """Copy an empty form: WTForms takes ten times as long to bind its fields anew.

        Those know the form that they were bound for, which is empty too, and so hold no supporter's words.
        """
        form, fields = object.__new__(self.__class__), {}
        for name, bound in self._fields.items():
            field = fields[name] = object.__new__(bound.__class__)  # its own `__new__` makes an unbound one
            field.__dict__ = {**bound.__dict__}
        form.__dict__ = {**self.__dict__, **fields, "_fields": fields, "form_errors": []}
        return form

    def process(self, formdata: Mapping[str, str], *_given: object, **_named: object) -> None:
        """Give each field what it holds: read and normalised it is already, and no field has a default."""
        for name, field in self._fields.items():
            value = formdata.get(name, "")
            field.data = value not in UNTICKED if isinstance(field, BooleanField) else value

    def validate(self, _extra: object = None) -> bool:
        """Let each field's own check look at it; WTForms' `Form` looks for a method for each of them, too."""
        valid: bool = BaseForm.validate(self)
        return valid

    @property
    def faults(self) -> dict[str, list[str]]:
        """What is wrong with the fields, in the supporter's language; the token is no field of theirs."""
        found = {field.name: list(field.errors) for field in self if field.errors and field.name != "token"}
        return found | ({SEALED: [self.seal_fault]} if self.seal_fault else {})

    @property
    def honeypot_filled(self) -> bool:
        """Whether the field that people do not see was filled."""
        return bool(self.post.typed.get(HONEYPOT, "").strip())

    @property
    def normalised(self) -> dict[str, Any]:
        """What is left of it, which is what staff and the printer get."""
        return {field.name: self[field.name].data for field in self.post.asked}

    @property
    def details(self) -> dict[str, str]:
        """The details that were given."""
        return {name: self[name].data for name in DETAILS if name in self and self[name].data}

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
        return name in self and bool(self[name].data)


def read_form(post: TypedForm, tokens: Tokens, recipients: int) -> MessageForm:
    """Return the form that was posted, validated; see its `faults`, `valid_token` and `token_error`.

    Sealed details are to be sealed to that many `recipients`.
    """
    typed, asked = post.typed, post.asked
    texts = {
        field.name: normalise(typed.get(field.name, ""), one_line=field.kind != "textarea", limit=field.limit)
        for field in asked
        if field.kind != "checkbox"
    }
    form = _empty_form(asked).copy()
    form.process(typed | {name: normalised.text for name, normalised in texts.items()})
    form.post = post
    form.tokens = tokens
    form.texts = texts
    form.validate()
    if post.seal:
        _read_seal(form, recipients)
    return form


def _read_seal(form: MessageForm, recipients: int) -> None:
    try:
        form.sealed = sealing.read_seal(form.post.seal, recipients)
    except SealingError:
        form.seal_fault = form.post.catalogue.gettext(
            "Surname, country and e-mail address were locked for a key that is no longer in use."
            " Please enter them once more, on a page that you have loaded anew."
        )


def asked_fields(campaign: Campaign, *, can_seal: bool) -> tuple[fields_of.Field, ...]:
    """List the form's fields; without a key to seal to, no detail is asked."""
    asked = campaign.form.details if can_seal else ()
    return fields_of.fields(campaign.form.message_limit, tuple(asked), wall=campaign.page.wall > 0)


@lru_cache(maxsize=64)
def _empty_form(asked: tuple[fields_of.Field, ...]) -> MessageForm:
    form_class = type("AskedForm", (MessageForm,), {field.name: _unbound(field) for field in asked})
    return form_class({})


def _unbound(field: fields_of.Field) -> Any:
    if field.kind == "checkbox":
        return BooleanField(validators=[_check_consent] if field.required else [])

    def check(form: MessageForm, given: Field) -> None:
        _check(form, given, field)

    return StringField(validators=[check])


def _check_consent(form: MessageForm, given: Field) -> None:
    if not given.data:
        raise ValidationError(
            form.post.catalogue.gettext(
                "Tick the box that lets us print your words: without it we print nothing."
            )
        )


def _check(form: MessageForm, given: Field, field: fields_of.Field) -> None:
    value: str = given.data
    if not value and field.kind == "email" and form.ticked("updates") and not form.post.seal:
        raise ValidationError(email_missing(form.post.catalogue))
    if not value and not field.required:
        return
    unbounded = form.texts[field.name].refused
    reasons = [unbounded] if unbounded else refusals(value, field.limit)
    if reasons:
        given.errors.extend(_named(refusal, field, form.post.catalogue) for refusal in reasons)
    elif field.kind == "email" and not EMAIL.fullmatch(value):
        raise ValidationError(
            form.post.catalogue.gettext("Write an e-mail address like name@example.org, or none.")
        )
    elif field.kind == "country" and value not in _countries(form.post.language):
        raise ValidationError(form.post.catalogue.gettext("Choose your country from the list, or none."))


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
