"""✅ on a card takes, and taken off gives back; it counts from the instant at which it was put on."""

from datetime import datetime

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done, hint
from bot.services import agreements, handoffs, people, reactions, take
from bot.slack import request
from bot.slack.listeners import tell
from bot.slack.request import Asked, Deed
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
    ts = request.ts_of(asked.event, "item", "ts")
    handoff = handoffs.of_card(session, asked.workspace(session), asked.channel_id or "", ts)
    if handoff is None:
        return None
    deed = asked.deed(session, handoff.id or 0, context.now())
    at = min(request.instant_of(asked.event), deed.now)
    if not deed.is_new():
        return None
    return _put_on(deed, at) if is_on else _taken_off(deed, at)


def _put_on(deed: Deed, at: datetime) -> Message | None:
    numbers = take.share(
        deed.session, deed.agreed, deed.handoff, user=deed.user, at=at, now=deed.now, via=take.REACTION
    )
    if numbers is None:
        return None
    return (
        taken(deed, numbers) if numbers else done.message("standby", deed.locale, handoff=deed.handoff.number)
    )


def _taken_off(deed: Deed, at: datetime) -> Message | None:
    returned = take.undo(
        deed.session, deed.agreed, deed.handoff, user=deed.user, at=at, now=deed.now, by_reaction=True
    )
    told = {"count": len(returned), "handoff": deed.handoff.number}
    return done.message("undone", deed.locale, **told) if returned else None


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
