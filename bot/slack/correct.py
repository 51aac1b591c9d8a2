"""Correct a handoff in the form it was logged by, from the card's overflow or by `/sla correct H-12`."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context
from bot.messages import correct as message
from bot.messages import done, told
from bot.services import correct
from bot.services.log import Batch
from bot.slack import typed
from bot.slack.draft import of_form
from bot.slack.request import Asked, Deed
from bot.slack.typed import Word


def command(context: Context, asked: Asked, words: Sequence[Word]) -> None:
    """Open the form for the handoff named."""
    number = typed.handoff(words)
    with context.reading() as session:
        view = _form(asked.deed_on(session, number, context.now()), asked.channel_id)
    context.gateway.open_view(asked.trigger_id, view)


def of_card(context: Context, asked: Asked, handoff_id: int) -> None:
    """Open the form for the handoff whose card it is."""
    with context.reading() as session:
        view = _form(asked.deed(session, handoff_id, context.now()), asked.channel_id)
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> dict[str, Any]:
    """Say anew what the form says."""
    batch = of_form(asked.form, {}).batch
    with context.transaction() as session:
        deed = asked.deed(session, asked.carried_id("handoff"), context.now())
        said = _correct(deed, batch, is_counted=asked.form.has("tier_b")) if deed.is_new() else "already"
        answer = done.message(said, deed.locale, handoff=deed.handoff.number)
        return {"response_action": "update", "view": told.modal(answer, deed.locale)}


def _correct(deed: Deed, batch: Batch, *, is_counted: bool) -> str:
    is_changed = correct.correct(
        deed.session, deed.agreed, deed.handoff, batch, user=deed.user, now=deed.now, is_counted=is_counted
    )
    return "corrected" if is_changed else "correct_already"


def _form(deed: Deed, channel_id: str | None) -> dict[str, Any]:
    said = correct.to_correct(deed.session, deed.agreed, deed.handoff, user=deed.user, now=deed.now)
    return message.modal(
        deed.locale,
        number=deed.handoff.number,
        initial={
            "source": said.source,
            "campaign": said.campaign,
            **{f"tier_{tier.lower()}": count for tier, count in said.by_tier},
            "arrived_at": said.arrived_at,
            "link": said.link,
            "note": said.note,
        },
        is_counted=correct.can_count_anew(deed.agreed, deed.handoff, said, deed.now),
        metadata={"handoff": deed.handoff.id, "channel": channel_id},
    )
