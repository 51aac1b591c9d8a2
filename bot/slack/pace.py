"""What answers Marketing's pace rung: plan handoffs by a form, and the clause behind it."""

from datetime import date
from typing import Any

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import pace as message
from bot.messages import plan as plan_message
from bot.messages import told
from bot.services import agreements, pace, plan, rights
from bot.services.rights import Act
from bot.slack.request import Asked


def ask(context: Context, asked: Asked) -> None:
    """Open the form for a planned handoff."""
    now = context.now()
    with context.reading() as session:
        agreed, fact = pace.by_id(session, asked.workspace(session), asked.id(), now)
        rights.require(session, agreed, asked.user_id, Act.PLAN)
        metadata = {"agreement": agreed.id}
        view = message.modal(fact, agreed.row.locale, today=agreed.today(now), metadata=metadata)
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> dict[str, Any]:
    """Announce what the form says."""
    now, form = context.now(), asked.form
    with context.transaction() as session:
        agreed = agreements.by_id(session, asked.workspace(session), asked.carried_id("agreement"))
        on, source, count = _day(form.day("on")), form.text("source"), form.number("count")
        if not source:
            raise UserError("source_missing", field="source")
        announced = plan.announce(
            session,
            agreed,
            count=count or 0,
            source=source,
            on=on,
            author=asked.user_id,
            now=now,
            delivery=asked.key,
            is_more=True,
        )
        planned = plan_message.Planned(on, source, announced.count, announced.was)
        said = plan_message.message(planned, plan.listing(session, agreed, now), agreed.row.locale)
        return {"response_action": "update", "view": told.modal(said, agreed.row.locale)}


def why(context: Context, asked: Asked) -> Message:
    """Show clause and arithmetic."""
    with context.reading() as session:
        agreed, fact = pace.by_id(session, asked.workspace(session), asked.id(), context.now())
        rights.require(session, agreed, asked.user_id, Act.READ)
    return message.why(fact, agreed.row.locale)


def _day(text: str) -> date:
    """Read the day chosen. Raises UserError."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError("day_unclear", field="on", text=text) from error
