"""`/sla setup`: write an agreement from the starter, and let both leads sign it."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.errors import UserError, UserErrors
from bot.facts.said import Message
from bot.messages import setup as message
from bot.messages.words import faults as fault_words
from bot.services import agreements, gates, people, setup
from bot.services.setup import Proposal
from bot.slack import typed
from bot.slack.form import Form, Unexpected
from bot.slack.request import Asked
from bot.slack.status import ABSENT
from bot.slack.typed import Word
from sla_rules.calculator import CalculationError, leads_needed
from sla_rules.days_off import subdivisions_of
from sla_rules.faults import AgreementFaults
from sla_rules.hours import CalendarError, zone_named
from sla_rules.kinds import Locale
from sla_rules.starter import StarterValues, starter

FIRST_REVIEW = timedelta(weeks=13)
ACCEPTED = "0.75"
"""What the starter's goal of quality refusals leaves at the least."""
CAPACITY, WORKING_DAYS = 10, 21
"""Of the starter's limits, and of a month."""
COUNTRY = re.compile(r"([A-Z]{2})(?:-([A-Z0-9]{1,3}))?")
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def command(context: Context, asked: Asked, _words: Sequence[Word]) -> Message | None:
    """Open the form, where the channel has no agreement in force."""
    if asked.channel_id is None or asked.channel_id.startswith("D"):
        raise UserError("not_a_channel")
    with context.reading() as session:
        workspace_id = asked.workspace(session)
        locale = agreements.locale_of(session, workspace_id, asked.channel_id)
        if gates.blocked_by(session, workspace_id, asked.channel_id) in ABSENT:
            raise UserError("not_in_channel")
        setup.may_propose(session, workspace_id, asked.channel_id, asked.user_id)
        zone = people.zone_known(session, workspace_id, asked.user_id)
    initial = {"locale": locale, "opens": "09:00", "closes": "17:00", "zone": zone}
    view = message.modal(locale, initial=initial, metadata={"channel": asked.channel_id})
    context.gateway.open_view(asked.trigger_id, view)
    return None


def submit(context: Context, asked: Asked) -> dict[str, Any]:
    """Write the agreement that the form describes."""
    now = context.now()
    values = _values(asked.form, context)
    if asked.channel_id is None:
        raise Unexpected("a setup without a channel")
    proposal = Proposal(starter(values), asked.channel_id, asked.user_id)
    with context.transaction() as session:
        workspace_id = asked.workspace(session)
        locale = agreements.locale_of(session, workspace_id, asked.channel_id)
        setup.may_propose(session, workspace_id, asked.channel_id, asked.user_id)
        people.check_members(session, workspace_id, [*values.marketing_members, *values.sales_members])
        try:
            agreed = setup.create(session, workspace_id, proposal, now, asked.key)
        except AgreementFaults as faulty:
            raise UserError("agreement_faulty", lines=fault_words(locale, faulty.faults)) from faulty
        name, spoken = agreed.document.name, agreed.document.locale
    view = message.written(spoken, name=name, channel=asked.channel_id, agreement_id=agreed.id)
    return {"response_action": "update", "view": view}


def _values(form: Form, context: Context) -> StarterValues:
    """Read the form into the starter's values. Raises UserErrors with all that is wrong."""
    marketing = [form.person("marketing_lead"), *form.people("marketing_members")]
    sales = [form.person("sales_lead"), *form.people("sales_members")]
    country, subdivision = (
        (form.text("country").upper().partition("-")[::2]) if form.text("country") else ("", "")
    )
    faults = [*_people_faults(marketing, sales), *_time_faults(form), *_country_faults(form.text("country"))]
    target = _tried(faults, form)
    if not form.text("name"):
        faults.append(UserError("field_required", field="name", name="name"))
    if faults or target is None:
        raise UserErrors(faults)
    return StarterValues(
        name=form.text("name"),
        locale=_locale(form.chosen("locale")),
        marketing_lead=marketing[0],
        marketing_manager=marketing[0],
        marketing_members=tuple(dict.fromkeys(marketing)),
        sales_lead=sales[0],
        sales_manager=sales[0],
        sales_members=tuple(dict.fromkeys(sales)),
        sales_rota=tuple(dict.fromkeys(form.people("sales_members"))),
        zone=form.text("zone"),
        hours={"mon-fri": f"{form.time('opens')}-{form.time('closes')}"},
        country=country or None,
        subdivision=subdivision or None,
        leads_a_month=target,
        review_on=context.now().date() + FIRST_REVIEW,
    )


def _locale(chosen: str) -> Locale:
    if chosen not in list(Locale):
        raise Unexpected(f"no language of ours: {chosen[:40]!r}")
    return Locale(chosen)


def _people_faults(marketing: list[str], sales: list[str]) -> list[UserError]:
    faults = []
    if not marketing[0] or len(marketing) == 1:
        faults.append(UserError("member_missing", field="marketing_members"))
    if not sales[0] or len(sales) == 1:
        faults.append(UserError("member_missing", field="sales_members"))
    if marketing[0] == sales[0]:
        faults.append(UserError("one_person_both_leads", field="sales_lead"))
    elif both := set(marketing) & set(sales):
        faults.append(UserError("in_both_teams", field="sales_members", person=min(both)))
    return faults


def _time_faults(form: Form) -> list[UserError]:
    faults = []
    try:
        zone_named(form.text("zone"))
    except CalendarError:
        faults.append(UserError("zone_unclear", field="zone", text=form.text("zone")))
    opens, closes = form.time("opens"), form.time("closes")
    if not (TIME.fullmatch(opens) and TIME.fullmatch(closes) and opens < closes):
        faults.append(UserError("hours_unclear", field="closes"))
    return faults


def _country_faults(text: str) -> list[UserError]:
    if not text:
        return []
    found = COUNTRY.fullmatch(text.upper())
    known = subdivisions_of(found[1]) if found else None
    is_known = found is not None and known is not None and (not found[2] or found[2] in known)
    return [] if is_known else [UserError("country_unclear", field="country", text=text)]


def _tried(faults: list[UserError], form: Form) -> int | None:
    """Read the target, or reckon it from revenue, size of a deal and won leads in 100."""
    try:
        return _target(form)
    except UserError as fault:
        faults.append(fault)
        return None


def _target(form: Form) -> int:
    if form.text("target"):
        target = typed.whole(form.text("target"), "target_unclear", "target")
        if not target:
            raise UserError("target_unclear", field="target")
        return target
    figures = {name: form.text(name) for name in ("revenue", "deal_size", "won_per_100")}
    if not all(figures.values()):
        raise UserError("target_missing", field="target")
    try:
        return leads_needed(
            **figures, acceptance=ACCEPTED, reps=1, capacity=CAPACITY, working_days=WORKING_DAYS
        ).qualified
    except CalculationError as error:
        field = error.name if error.name in figures else "revenue"
        raise UserError("figure_unclear", field=field) from error
