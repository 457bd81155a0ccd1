"""An invitation to the desk: whoever has its link sets a password, and then their phone."""

from __future__ import annotations

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from campaign.accounts import passwords, staff
from campaign.accounts.staff import Member, StaffError
from receiver.services import services
from receiver.staff import account, login
from receiver.staff.account import NewPasswordForm

blueprint = Blueprint("invitation", __name__, url_prefix="/staff/invitation")


@blueprint.get("/<who>/<token>")
def show(who: str, token: str) -> ResponseReturnValue:
    """Ask for a password. To look uses nothing up: messengers fetch links before people press them."""
    member = _invited(who, token)
    return _page(member, NewPasswordForm(formdata=None)) if member else _not_good()


@blueprint.post("/<who>/<token>")
def accept(who: str, token: str) -> ResponseReturnValue:
    """Use the invitation up, and go on to the phone."""
    member = _invited(who, token)
    if member is None:
        return _not_good()
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return make_response(_page(member, form), 422)
    keys, password_hash = services().settings.approval_keys, passwords.hashed(form.new.data or "")

    def work(connection: Connection) -> Member:
        return staff.accept(connection, who, token, keys, password_hash, login.now())

    try:
        recorded = login.scribe(member).recording(work, "accepted the invitation", who)
        accepted = services().database.write(recorded)
    except StaffError:  # in another window, a moment ago
        return _not_good()
    account.note_change(accepted)
    return login.go_on(accepted)


def _invited(name: str, token: str) -> Member | None:
    with services().database.read() as connection:
        return staff.invited(connection, name, token, services().settings.approval_keys, login.now())


def _page(member: Member, form: NewPasswordForm) -> str:
    bounds = {"shortest": passwords.SHORTEST, "longest": passwords.LONGEST}
    phone = services().settings.second_factor == "on"
    return render_template("staff/invitation.html", invited=member, form=form, phone=phone, **bounds)


def _not_good() -> ResponseReturnValue:
    return make_response(render_template("staff/invitation_over.html"), 410)
