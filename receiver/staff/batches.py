"""Batches: what is ready for cards, what was made of it, and each batch's way to the letter box.

Each step is the same function as the command's, or the command itself as a run of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from campaign.accounts.staff_log import Done
from campaign.cards.documents.cover_sheet import Address
from campaign.content.campaign import Campaign
from campaign.errors import CandleError
from campaign.keeping import made_keepsakes
from campaign.ledger import batches as ledger
from campaign.ledger import claims, ranges
from campaign.ledger.batches import Batch
from campaign.press.ticket import Setup
from campaign.settings import Settings
from receiver.http.requested_campaign import requested_campaign
from receiver.http.requested_number import requested_number
from receiver.services import services
from receiver.staff import batch_steps, dates, downloads
from receiver.staff.batch_words import BATCH_STATES, at_the_desk, with_links
from receiver.staff.counted_once import counted_once
from receiver.staff.login import coordinators_only, current_member, now, scribe
from receiver.staff.press_runs import Asked, PressRuns, RunError
from receiver.staff.review import desk_context

blueprint = Blueprint("batches", __name__, url_prefix="/staff")
NUMBER = "<int(min=1, max=999999999):number>"
RUNS = {
    "dry-run": "What the next batch would be",
    "cards": "Making cards",
    "sample": "Making the sample sheets",
    "reprint": "Making sheets again",
    "keepsake": "Making the keepsake",
}


@blueprint.get("/<slug>/batches")
@coordinators_only
def listing(slug: str) -> ResponseReturnValue:
    """Show what is ready, what runs, and every batch, the newest first."""
    campaign = requested_campaign(slug)
    with services().database.read() as connection:
        listed = ledger.list_batches(connection, slug)
        live = ledger.live_cards_of_all(connection, slug)
        shown = desk_context(connection, campaign)
        known = shown["tally"].approved, live  # where they are few each change is seen
        _, ready = counted_once("ready", slug, known, lambda: claims.ready(connection, slug))
    latest = _runs().latest()
    kept = made_keepsakes.default_file(services().settings.build_dir, slug)
    return _page(
        "batches", campaign, shown, listed=listed[::-1], live=live, ready=ready, keepsake=kept.is_file(),
        sample=downloads.sample_file(slug).is_file(), posted=any(batch.posted_on for batch in listed),
        run=latest if latest and (latest.going_on or latest.asked.campaign == slug) else None,
        told=with_links, titles=RUNS, no_address=_why_no_address(campaign),
        erased=ready.oldest and ready.oldest + timedelta(days=campaign.privacy.waiting_days),
    )  # fmt: skip


@blueprint.get(f"/<slug>/batches/{NUMBER}")
@coordinators_only
def single(slug: str, number: int) -> ResponseReturnValue:
    """Show one batch: what happened to it, its files, and what can be done with it now, or what it asks."""
    campaign = requested_campaign(slug)
    try:
        question = batch_steps.asked(campaign, number, request.args)
    except (ledger.BatchError, ValueError) as error:
        return _refused(slug, number, f"Nothing was changed. {at_the_desk(str(error))}", request.args)
    with services().database.read() as connection:
        try:
            batch = ledger.get(connection, campaign.slug, number)
        except ledger.BatchError:
            raise NotFound from None
        messages = ledger.live_messages(connection, batch)
        cards = ledger.live_cards(connection, batch)
        found = downloads.files_of(connection, batch)
        shown = desk_context(connection, campaign)
    latest, asked = _runs().latest(), ("batches", slug, "reprint", str(number))
    pulled = [recall for recall in shown["recalls"] if recall.batch == number]
    return _page(
        "batch", campaign, shown, batch=batch, messages=messages, cards=cards, pulled=pulled, sure=question,
        sheets=-(-batch.cards // batch.per_sheet), **_told_backs(batch),
        run=latest if latest and latest.asked.arguments[:4] == asked else None, told=with_links, titles=RUNS,
        found=found, today=dates.local_day(campaign),
        no_address=_why_no_address(campaign) if batch.state in ("rendered", "printed") else "",
    )  # fmt: skip


def _told_backs(batch: Batch) -> dict[str, str]:
    """Say how the backs are drawn, or why nobody can say it; that they are not moved needs no word."""
    try:
        setup = Setup.from_ticket(batch.ticket)
    except ledger.BatchError as error:
        return {"fault": at_the_desk(str(error))}
    if setup.printer or any(setup.back_offset):
        return {"backs": setup.backs}
    return {"backs": f"both sides, flip on the {setup.duplex.replace('-', ' ')}"}


def _page(name: str, campaign: Campaign, shown: dict[str, Any], **more: Any) -> str:
    return render_template(
        f"staff/{name}.html",
        **shown | more,
        state="batches",
        states=BATCH_STATES,
        printers=sorted(campaign.printers),
        clock=lambda moment: dates.told_minute(campaign, moment),
    )


def _why_no_address(campaign: Campaign) -> str:
    """Say why the cover will have no address, before anybody prints it; "" where it will have one."""
    recipient = campaign.recipient
    known = Address(recipient.address, recipient.address_verified_on, recipient.address_valid_days)
    return known.expired(dates.local_day(campaign))


@blueprint.post("/<slug>/batches/run")
@coordinators_only
def run(slug: str) -> ResponseReturnValue:
    """Start one of the long works; only one goes on at a time."""
    campaign, what = requested_campaign(slug), request.form.get("what", "")
    number = requested_number(request.form, "number", 0)
    if what not in RUNS or (what == "reprint" and not number):
        raise BadRequest
    try:
        _runs().start(
            Asked(slug, what, _arguments(campaign, what), current_member().name, f"{now():%Y-%m-%dT%H:%MZ}")
        )
    except (CandleError, ValueError, OSError) as error:
        told = f"Nothing was started. {at_the_desk(str(error))}"
        if what == "reprint":
            return _refused(slug, number, told, request.form)
        flash(told, "fault")
    else:
        _record("started", f"{slug}: {what}")
    if what == "reprint":
        return redirect(url_for("batches.single", slug=slug, number=number), 303)
    return redirect(url_for("batches.listing", slug=slug), 303)


@blueprint.post("/<slug>/batches/stop")
@coordinators_only
def stop(slug: str) -> ResponseReturnValue:
    """Stop the run that goes on, whoever started it."""
    requested_campaign(slug)
    try:
        _runs().stop()
        _record("stopped", f"the run of {slug}")
    except RunError as error:
        flash(str(error), "fault")
    return redirect(url_for("batches.listing", slug=slug), 303)


@blueprint.post(f"/<slug>/batches/{NUMBER}/printed", endpoint="printed")
@blueprint.post(f"/<slug>/batches/{NUMBER}/posted", endpoint="posted")
@blueprint.post(f"/<slug>/batches/{NUMBER}/void", endpoint="void")
@coordinators_only
def take_step(slug: str, number: int) -> ResponseReturnValue:
    """Note that a batch is on paper or posted, or take cards back, once that has been confirmed."""
    campaign, step = requested_campaign(slug), request.path.rpartition("/")[2]
    if request.form.get("sure") != "y":
        return batch_steps.question(slug, number, step)
    try:
        flash(batch_steps.take(campaign, number, step))
    except (ledger.BatchError, ValueError) as error:
        return _refused(slug, number, f"Nothing was changed. {at_the_desk(str(error))}", request.form)
    return redirect(url_for("batches.single", slug=slug, number=number), 303)


def _refused(slug: str, number: int, told: str, given: Mapping[str, str]) -> ResponseReturnValue:
    """Say why not on the batch's own page, where what was typed stands in its fields."""
    flash(told, "fault")
    typed: dict[str, Any] = {
        name: given[name][:200] for name in ("sheets", "printer", "cards", "why") if given.get(name)
    }
    return redirect(url_for("batches.single", slug=slug, number=number, **typed), 303)


def _record(what: Done, about: str) -> None:
    by = scribe()
    services().database.write(lambda connection: by.record(connection, what, about))


def _arguments(campaign: Campaign, what: str) -> tuple[str, ...]:
    """Write the arguments of `build.py`; none begins with a hyphen but those that are written here.

    Raises:
        BadRequest: the form holds what no form of ours sends.
        BatchError: there is no such batch, or it has no such sheets.
        ValueError: these are no numbers of sheets.
    """
    form, slug = request.form, campaign.slug
    printer = form.get("printer", "")
    if printer and printer not in campaign.printers:
        raise BadRequest
    chosen = ["--printer", printer] if printer else []
    if what in ("dry-run", "cards"):
        chosen += ["--final"] if form.get("final") == "y" else []
        chosen += ["--limit", _number("limit")] if form.get("limit", "").strip() else []
        return ("cards", slug, *chosen, *(["--dry-run"] if what == "dry-run" else []))
    if what == "reprint":
        if sheets := form.get("sheets", "").strip():
            wanted = ranges.read(sheets)
            _must_have(slug, int(_number("number")), wanted)
            chosen.append(f"--sheets={wanted.start}-{wanted.stop - 1}")
        return ("batches", slug, "reprint", _number("number"), *chosen)
    return (what, slug, *(chosen if what == "sample" else []))


def _must_have(slug: str, number: int, sheets: range) -> None:
    """Say of a slip before the run begins: then its fields keep what was typed."""
    with services().database.read() as connection:
        batch = ledger.get(connection, slug, number)
    count = -(-batch.cards // batch.per_sheet)
    if not 1 <= sheets.start < sheets.stop <= count + 1:
        raise ledger.BatchError(f"{batch}: {ranges.outside(sheets, count, 'sheet')}")


def _number(name: str) -> str:
    written = request.form.get(name, "").strip()
    if not (written.isdecimal() and written.isascii() and len(written) < 10):
        raise BadRequest
    if not int(written):
        raise ValueError("0 is no number of them; leave the field empty for all")
    return str(int(written))


def continue_interrupted(settings: Settings) -> None:
    """Go on with the run that was stopped together with the receiver."""
    _runs(settings).continue_interrupted()


def _runs(settings: Settings | None = None) -> PressRuns:
    return PressRuns((settings or services().settings).build_dir / "desk")
