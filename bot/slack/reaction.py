"""✅ on a card takes, and taken off gives back; it counts from the instant at which it was put on."""

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts import Message
from bot.messages import done, hint
from bot.services import agreements, deliveries, handoffs, people, reactions, take
from bot.slack import request
from bot.slack.listeners import tell
from bot.slack.request import Asked
from bot.slack.take import taken

RIGHTS = {
    "not_in_sales",
    "guests_do_not_act",
    "strangers_do_not_act",
    "left_the_company",
}
"""Who may not act is told so once a day."""
SILENT = {"bots_do_not_act", "unknown_person"}
"""A bot reads no hints; somebody of Sales whom we have yet to meet is made good by the comparison."""


def added(context: Context, asked: Asked) -> None:
    """Take one's share, or stand by."""
    _happened(context, asked, is_on=True)


def removed(context: Context, asked: Asked) -> None:
    """Give back what the ✅ took."""
    _happened(context, asked, is_on=False)


def _happened(context: Context, asked: Asked, *, is_on: bool) -> None:
    if not _is_ours(asked):
        return
    try:
        with context.transaction() as session:
            said = _acted(session, context, asked, is_on=is_on)
    except UserError as refusal:
        said = _hint(context, asked, refusal)
    if said is not None:
        tell(context, asked, said)


def _is_ours(asked: Asked) -> bool:
    is_message = (asked.event.get("item") or {}).get("type") == "message"
    return is_message and reactions.name_of(str(asked.event.get("reaction"))) == reactions.TAKE


def _acted(session: Session, context: Context, asked: Asked, *, is_on: bool) -> Message | None:
    workspace_id, now = asked.workspace(session), context.now()
    ts = request.ts_of(asked.event, "item", "ts")
    handoff = handoffs.of_card(session, workspace_id, asked.channel_id or "", ts)
    if handoff is None or not deliveries.is_new(session, workspace_id, asked.key, now):
        return None
    agreed, handoff = handoffs.to_act_on(session, handoff)
    at = min(request.instant_of(asked.event), now)
    if not is_on:
        returned = take.undo(session, agreed, handoff, user=asked.user_id, at=at, now=now, by_reaction=True)
        values = {"count": len(returned), "handoff": handoff.number}
        return done.message("undone", agreed.row.locale, **values) if returned else None
    numbers = take.share(session, agreed, handoff, user=asked.user_id, at=at, now=now, via=take.REACTION)
    if numbers is None:
        return None
    if not numbers:
        return done.message("standby", agreed.row.locale, handoff=handoff.number)
    return taken(session, agreed, handoff, asked.user_id, numbers, context)


def _hint(context: Context, asked: Asked, refusal: UserError) -> Message | None:
    if refusal.code in SILENT:
        return None
    with context.transaction() as session:
        workspace_id = asked.workspace(session)
        agreed = agreements.spoken_of(session, workspace_id, asked.channel_id)
        today = agreed.today(context.now())
        if refusal.code in RIGHTS and not people.hint_due(session, workspace_id, asked.user_id, today):
            return None
        return hint.message(refusal, agreed.row.locale)
