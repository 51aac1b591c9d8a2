"""Report first contacts: lead by lead, all at once, for earlier, or by `/sla touch H-12 3-9 at 09:50`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done
from bot.messages import touch as message
from bot.services import people, rights, touch
from bot.services.rights import Act
from bot.slack import moments, typed
from bot.slack.request import Asked, Deed
from bot.slack.typed import Word

Leads = tuple[Deed, Sequence[int]]
"""Leads of one handoff; none named: all of one's own that wait."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Which leads were contacted, and when; None is now."""

    numbers: Sequence[int] = ()
    at: datetime | None = None


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Report the leads named, or all of one's own."""
    number = typed.handoff(words)
    with context.transaction() as session:
        deed = asked.deed_on(session, number, context.now())
        contact = parse(words[1:], deed.now.astimezone(people.zone_of(session, deed.agreed, deed.user)))
        if not deed.is_new():
            return done.message("already", deed.locale)
        return _touch([(deed, contact.numbers)], contact.at)


def one(context: Context, asked: Asked) -> Message | None:
    """Report one lead of a list."""
    handoff_id, _, n = asked.value.partition(":")
    with context.transaction() as session:
        deed = asked.deed(session, asked.id(handoff_id), context.now())
        return _touch([(deed, [asked.id(n)])], may_repeat=False) if deed.is_new() else None


def again(context: Context, asked: Asked, handoff_id: int, n: int) -> Message | None:
    """Report one more attempt at a lead that was contacted before."""
    with context.transaction() as session:
        deed = asked.deed(session, handoff_id, context.now())
        return _touch([(deed, [n])]) if deed.is_new() else None


def all_mine(context: Context, asked: Asked) -> Message | None:
    """Report all of one's own of a handoff."""
    with context.transaction() as session:
        deed = asked.deed(session, asked.id(), context.now())
        return _touch([(deed, ())]) if deed.is_new() else None


def all_due(context: Context, asked: Asked) -> Message | None:
    """Report all that waits on the clocks of a nudge."""
    with context.transaction() as session:
        waiting = _of_clocks(session, asked, context.now())
        return _touch(waiting) if waiting[0][0].is_new() else None


def ask(context: Context, asked: Asked) -> None:
    """Open the form for a handoff's leads."""
    with context.reading() as session:
        deed = asked.deed(session, asked.id(), context.now())
        waiting = touch.mine(session, deed.agreed, deed.handoff, deed.user, deed.now)
        if not waiting:
            raise UserError("nothing_to_touch", handoff=deed.handoff.number)
        view = _form([(deed, waiting)], asked.channel_id)
    context.gateway.open_view(asked.trigger_id, view)


def ask_due(context: Context, asked: Asked) -> None:
    """Open the form for the clocks of a nudge."""
    with context.reading() as session:
        view = _form(_of_clocks(session, asked, context.now()), asked.channel_id)
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> None:
    """Report what the form says; where it is for several handoffs, their leads were carried along."""
    numbers, at = typed.numbers(asked.form.text("numbers")), asked.form.instant("at")
    with context.transaction() as session:
        leads = [
            (asked.deed(session, asked.id(str(handoff_id)), context.now()), numbers or carried)
            for handoff_id, *carried in asked.metadata.get("leads", [])
        ]
        if leads and leads[0][0].is_new():
            _touch(leads, at)


def parse(words: Sequence[Word], now: datetime) -> Contact:
    """Read numbers of leads and "at" a moment gone by, in the zone of `now`. Raises UserError."""
    place = next((i for i, word in enumerate(words) if word.plain == "at"), len(words))
    listed, moment = words[:place], words[place + 1 :]
    at = moments.read_moment(typed.joined(moment), now, is_past=True) if moment else None
    if place < len(words) and at is None:
        raise UserError("time_unclear", text=typed.joined(moment))
    return Contact(typed.numbers(typed.joined(listed)), at)


def _of_clocks(session: Session, asked: Asked, now: datetime) -> Sequence[Leads]:
    ids = [asked.id(text) for text in asked.value.split(",")]
    waiting = touch.waiting_on_clocks(session, asked.workspace(session), asked.user_id, ids, now)
    if not waiting:
        raise UserError("nothing_waits")
    return [(asked.deed(session, handoff_id, now), numbers) for handoff_id, numbers in waiting]


def _form(leads: Sequence[Leads], channel_id: str | None) -> Mapping[str, object]:
    first = leads[0][0]
    for deed, _ in leads:
        rights.require(deed.session, deed.agreed, deed.user, Act.TOUCH)
    return message.modal(
        first.locale,
        numbers=[deed.handoff.number for deed, _ in leads],
        waiting=sum(len(numbers) for _, numbers in leads),
        now=first.now,
        metadata={
            "leads": [[deed.handoff.id, *(numbers if len(leads) > 1 else ())] for deed, numbers in leads],
            "channel": channel_id,
        },
    )


def _touch(leads: Sequence[Leads], at: datetime | None = None, *, may_repeat: bool = True) -> Message:
    count, left = 0, 0
    for deed, numbers in leads:
        place = (deed.session, deed.agreed, deed.handoff)
        touched = touch.touch(
            *place, user=deed.user, now=deed.now, numbers=numbers, at=at, may_repeat=may_repeat
        )
        count += len(touched)
        left += len(touch.mine(*place, deed.user, deed.now))
    return done.message("touched", leads[0][0].locale, count=count, left=left)
