"""The calculator beside the goals: revenue into leads a month, shown before it is taken over."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError, UserErrors
from bot.facts.agreement import CalculationFact
from bot.messages import calculator as message
from bot.services import agreement_edit, deliveries
from bot.services.agreements import Agreed
from bot.slack import agreement_edit as editing
from bot.slack.request import Asked
from sla_rules.agreement import Agreement
from sla_rules.amend import Amendment
from sla_rules.calculator import Calculation, CalculationError, leads_needed
from sla_rules.doubts import WEEKS
from sla_rules.kinds import Metric, Per, Side
from sla_rules.pieces import Data, at

ACCEPTED = 75
"""Per cent, where the text promises no other."""


def press(context: Context, asked: Asked) -> None:
    """Lay the calculator over the goals."""
    with context.reading() as session:
        agreed = editing.agreed_of(session, asked)
        document = agreement_edit.fact(session, agreed, context.now()).document
    view = message.modal(agreed.row.locale, editing.carried(asked), initial={"accepted": _accepted(document)})
    context.gateway.push_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> dict[str, Any]:
    """Show what the figures give; the same ones sent again are taken over."""
    typed = {name: asked.form.text(name) for name in message.FIGURES}
    with context.transaction() as session:
        agreed = editing.agreed_of(session, asked)
        fact = agreement_edit.fact(session, agreed, context.now())
        data = dict(fact.data)
        result = _result(fact.document, data, typed)
        shown = {**typed, "qualified": result.qualified}
        if asked.metadata.get("shown") != shown:
            view = message.modal(
                agreed.row.locale, {**editing.carried(asked), "shown": shown}, initial=typed, result=result
            )
            return {"response_action": "update", "view": view}
        _take_over(context, session, agreed, _goal(data, result.qualified), asked)
    editing.redraw(context, asked, asked.views[1:], "goals")
    return {}


def _take_over(context: Context, session: Session, agreed: Agreed, changes: Amendment, asked: Asked) -> None:
    if deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
        agreement_edit.amend(session, agreed, changes, asked.user_id, context.now())


def _goal(data: Data, qualified: int) -> Amendment:
    """Give the change of Marketing's goal of qualified leads a month, or a new one."""
    place = _place(data)
    if place is not None:
        return {("goals", place, "target"): str(qualified)}
    goal = {
        "party": Side.MARKETING.value,
        "metric": Metric.QUALIFIED_LEADS.value,
        "target": str(qualified),
        "per": Per.MONTH.value,
    }
    goals = data.get("goals", [])
    return {("goals", len(goals)): dict(goal)}


def _place(data: Data) -> int | None:
    goals = data.get("goals", [])
    wanted = (Metric.QUALIFIED_LEADS, Per.MONTH, None)
    for place, goal in enumerate(goals):
        if isinstance(goal, dict) and (goal.get("metric"), goal.get("per"), goal.get("tier")) == wanted:
            return place
    return None


def _result(document: Agreement, data: Data, typed: Mapping[str, str]) -> CalculationFact:
    caps = document.limits.capacity
    a_day = sum(cap for cap in caps.values() if cap) or None
    reps = len(document.parties.sales.rota)
    days_a_week = sum(bool(hours) for hours in document.calendar.week.values())
    working_days = round(days_a_week * WEEKS[Per.MONTH])
    found = _calculated(typed, reps, a_day, working_days)
    place = _place(data)
    return CalculationFact(
        deals=found.deals,
        leads=found.leads,
        qualified=found.qualified,
        capacity=found.capacity,
        reps=reps,
        a_day=a_day or 0,
        working_days=working_days,
        uncapped=[tiers for tiers, cap in caps.items() if cap is None] if a_day else [],
        target="" if place is None else str(at(data, ("goals", place, "target"))),
    )


def _calculated(typed: Mapping[str, str], reps: int, a_day: int | None, working_days: int) -> Calculation:
    """Reckon with what was typed. Raises UserErrors."""
    try:
        accepted = float(typed["accepted"]) / 100
    except ValueError:
        raise UserErrors([UserError("figure_unclear", field="accepted")]) from None
    try:
        return leads_needed(
            revenue=typed["revenue"],
            deal_size=typed["deal_size"],
            won_per_100=typed["won_per_100"],
            acceptance=accepted,
            reps=reps,
            capacity=a_day,
            working_days=working_days,
        )
    except CalculationError as error:
        field = "accepted" if error.name == "acceptance" else error.name
        known = field if field in message.FIGURES else "revenue"
        raise UserErrors([UserError("figure_unclear", field=known)]) from error


def _accepted(document: Agreement) -> str:
    """Give the per cent that Marketing's promise of quality leaves at the least."""
    refusals = [
        goal.target for goal in document.goals if goal.metric is Metric.QUALITY_REFUSALS and goal.tier is None
    ]
    return str(round(100 * (1 - refusals[0]))) if refusals and refusals[0] < 1 else str(ACCEPTED)
