"""Put the draft to both leads from the modal in which it was written."""

from datetime import date
from typing import Any

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts.agreement import EditFact
from bot.messages import agreement_propose as message
from bot.messages import done, told
from bot.messages.words import field_refusal
from bot.services import agreement_edit, deliveries, versions
from bot.services.agreements import Agreed
from bot.slack import agreement_edit as editing
from bot.slack import listeners, moments
from bot.slack.request import Asked
from sla_rules.agreement import Agreement
from sla_rules.compare import Change, changes


def press(context: Context, asked: Asked) -> None:
    """Show what the draft changes, and ask from when: over the modal it is written in, or from Home."""
    with context.reading() as session:
        agreed = editing.agreed_of(session, asked, asked.id() if asked.value else None)
        fact = agreement_edit.fact(session, agreed, context.now())
        if not fact.is_draft:
            raise UserError("no_draft")
        carried = editing.carried(asked) | {"agreement": agreed.id}
        view = message.modal(fact, _changes(session, agreed, fact), agreed.row.locale, carried)
    listeners.show(context, asked, view)


def submit(context: Context, asked: Asked) -> dict[str, Any]:
    """Propose the draft that was shown; another one is shown first."""
    now = context.now()
    with context.transaction() as session:
        agreed = editing.agreed_of(session, asked)
        locale = agreed.row.locale
        if deliveries.find(session, agreed.workspace_id, asked.key) is None:
            fact = agreement_edit.fact(session, agreed, context.now())
            if fact.is_draft and fact.text_hash != asked.metadata.get("hash"):
                problem = field_refusal(locale, UserError("draft_changed", author=fact.author))
                changed = _changes(session, agreed, fact)
                view = message.modal(fact, changed, locale, editing.carried(asked), problem=problem)
                return {"response_action": "update", "view": view}
        begins_on = _day(asked.form.day("begins_on"), agreed.today(now))
        text = versions.propose(session, agreed, asked.user_id, now, begins_on=begins_on, delivery=asked.key)
    said = done.message(
        "proposed", locale, version=text.version, channel=agreed.row.channel_id, begins_at=text.begins_at
    )
    return {"response_action": "update", "view": told.modal(said, locale) | {"clear_on_close": True}}


def _day(text: str, today: date) -> date | None:
    """Read the day chosen; nothing is at once. Raises UserError."""
    found = moments.read_day(text, today) if text else None
    if text and found is None:
        raise UserError("day_unclear", text=text, field="begins_on")
    return found


def _changes(session: Session, agreed: Agreed, fact: EditFact) -> tuple[Change, ...]:
    speaking = versions.named(session, agreed, agreed.row.version)
    return changes(Agreement.signed(speaking.text), fact.document)
