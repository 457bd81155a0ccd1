"""One's own login at the desk: another password, and logging out everywhere."""

from __future__ import annotations

import logging

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from werkzeug.exceptions import TooManyRequests
from wtforms import Field, PasswordField
from wtforms.validators import EqualTo, InputRequired, Length, StopValidation

from campaign.accounts import passwords, staff
from campaign.accounts.staff import Member, StaffError
from campaign.keeping import erasures_file
from campaign.keeping.erasures_file import ErasuresError
from receiver.services import services
from receiver.staff import login
from receiver.staff.login import current_member, login_required

log = logging.getLogger(__name__)
blueprint = Blueprint("account", __name__, url_prefix="/staff/account")


def _strong(_form: FlaskForm, field: Field) -> None:
    if fault := passwords.weakness(field.data or ""):
        raise StopValidation(fault)


class NewPasswordForm(FlaskForm):
    """Twice a new password."""

    new = PasswordField(
        "New password", [InputRequired("Write a new one."), Length(max=passwords.LONGEST), _strong]
    )
    again = PasswordField("The new one again", [EqualTo("new", "This is not the same as above.")])


class PasswordForm(NewPasswordForm):
    """The password until now, and twice the new one."""

    current = PasswordField(
        "Password until now",
        [InputRequired("Write the one that you log in with."), Length(max=passwords.LONGEST)],
    )

    def validate_new(self, field: Field) -> None:
        """Refuse the one until now."""
        if field.data == self.current.data:
            raise StopValidation("That is the one that you have now.")


@blueprint.get("")
@login_required
def show() -> ResponseReturnValue:
    """Show who is logged in, and what they can do about it."""
    return _page(PasswordForm(formdata=None))


@blueprint.post("/password")
@login_required
def change_password() -> ResponseReturnValue:
    """Change the password, end every session of the member, and begin a new one here."""
    form = PasswordForm()
    if not form.validate_on_submit():
        return make_response(_page(form), 422)
    member = login.verify(current_member().name, form.current.data or "")
    if member is None:
        return make_response(_page(form, "The password until now is another one. Nothing was changed."), 422)
    try:
        login.begin(_changed(member, passwords.hashed(form.new.data or "")))
    except StaffError as error:
        return make_response(_page(form, str(error)), 409)
    flash("Your password is changed, and you are logged out everywhere else.")
    return redirect(url_for("account.show"), 303)


@blueprint.errorhandler(TooManyRequests)
@login_required
def too_many(error: TooManyRequests) -> ResponseReturnValue:
    """Name the wait."""
    return login.told_to_wait(error, lambda told: _page(PasswordForm(formdata=None), told))


def _changed(member: Member, password_hash: str) -> Member:
    keys = services().settings.approval_keys

    def work(connection: Connection) -> Member:
        return staff.change_password(connection, member, password_hash, keys)

    recorded = login.scribe(member).recording(work, "changed the password", member.name)
    changed = services().database.write(recorded)
    note_change(changed)
    return changed


def note_change(member: Member) -> None:
    """Let no restored backup bring an older password back; what fails here, the next purge writes."""
    entry = erasures_file.Erasure(member.added_on, "staff", member.name, "-", str(member.session_version))
    try:
        erasures_file.append(services().settings.erasures_file, [entry])
    except ErasuresError:
        log.warning("the list of erasures could not be written; build.py purge brings it up to date")


def _page(form: PasswordForm, wrong: str | None = None) -> str:
    bounds = {"shortest": passwords.SHORTEST, "longest": passwords.LONGEST}
    return render_template("staff/account.html", member=current_member(), form=form, wrong=wrong, **bounds)
