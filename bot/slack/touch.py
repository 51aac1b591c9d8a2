"""Report first contacts: lead by lead, all at once, for earlier, or by `/sla touch H-12 3-9 at 09:50`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts import Message
from bot.messages import done
from bot.messages import touch as message
from bot.models import Handoff
from bot.services import agreements, deliveries, handoffs, people, touch
from bot.services.agreements import Agreed
from bot.slack import moments, typed
from bot.slack.request import Asked
from bot.slack.typed import Word
from sla_rules.kinds import Side

Target = tuple[Agreed, Handoff, Sequence[int]]
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
        agreed, handoff = asked.numbered(session, number)
        local_now = context.now().astimezone(people.zone_of(session, agreed, asked.user_id))
        contact = parse(words[1:], local_now)
        if not deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
            return done.message("already", agreed.row.locale)
        return _touch(session, [(agreed, handoff, contact.numbers)], asked, context, contact.at)


def one(context: Context, asked: Asked) -> Message | None:
    """Report one lead of a list."""
    handoff_id, _, n = asked.value.partition(":")
    with context.transaction() as session:
        agreed, handoff = asked.handoff(session, asked.id(handoff_id))
        return _once(session, [(agreed, handoff, [asked.id(n)])], asked, context)


def all_mine(context: Context, asked: Asked) -> Message | None:
    """Report all of one's own of a handoff."""
    with context.transaction() as session:
        agreed, handoff = asked.handoff(session, asked.id())
        return _once(session, [(agreed, handoff, ())], asked, context)


def all_due(context: Context, asked: Asked) -> Message | None:
    """Report all that waits on the clocks of a nudge."""
    with context.transaction() as session:
        return _once(session, _of_clocks(session, asked, context), asked, context)


def ask(context: Context, asked: Asked) -> None:
    """Open the form for a handoff's leads."""
    with context.reading() as session:
        agreed, handoff = asked.handoff(session, asked.id())
        waiting = touch.mine(session, agreed, handoff, asked.user_id, context.now())
        if not waiting:
            raise UserError("nothing_to_touch", handoff=handoff.number)
        view = _form(session, [(agreed, handoff, waiting)], asked, context)
    context.gateway.open_view(asked.trigger_id, view)


def ask_due(context: Context, asked: Asked) -> None:
    """Open the form for the clocks of a nudge."""
    with context.reading() as session:
        view = _form(session, _of_clocks(session, asked, context), asked, context)
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> None:
    """Report what the form says."""
    contact = Contact(typed.numbers(asked.form.text("numbers")), asked.form.instant("at"))
    with context.transaction() as session:
        workspace_id = asked.workspace(session)
        targets = [
            _target(session, workspace_id, entry, contact) for entry in asked.metadata.get("leads", [])
        ]
        _once(session, targets, asked, context, contact.at)


def parse(words: Sequence[Word], now: datetime) -> Contact:
    """Read numbers of leads and "at" a moment gone by, in the zone of `now`. Raises UserError."""
    place = next((i for i, word in enumerate(words) if word.plain == "at"), len(words))
    listed, moment = words[:place], words[place + 1 :]
    at = moments.read_moment(typed.joined(moment), now, is_past=True) if moment else None
    if place < len(words) and at is None:
        raise UserError("time_unclear", text=typed.joined(moment))
    return Contact(typed.numbers(typed.joined(listed)), at)


def _target(session: Session, workspace_id: int, entry: Sequence[object], contact: Contact) -> Target:
    handoff_id, *numbers = (int(str(one)) for one in entry)
    handoff = handoffs.by_id(session, workspace_id, handoff_id)
    agreed, handoff = handoffs.to_act_on(session, handoff)
    return agreed, handoff, contact.numbers or numbers


def _of_clocks(session: Session, asked: Asked, context: Context) -> Sequence[Target]:
    ids = [asked.id(text) for text in asked.value.split(",")]
    targets = touch.waiting_on_clocks(session, asked.workspace(session), asked.user_id, ids, context.now())
    if not targets:
        raise UserError("nothing_waits")
    return targets


def _form(session: Session, targets: Sequence[Target], asked: Asked, context: Context) -> dict[str, object]:
    for agreed, _, _ in targets:
        people.may_act(session, agreed, asked.user_id, Side.SALES)
    return message.modal(
        targets[0][0].row.locale,
        numbers=[handoff.number for _, handoff, _ in targets],
        waiting=sum(len(numbers) for _, _, numbers in targets),
        now=context.now(),
        metadata={
            "leads": [
                [handoff.id, *(numbers if len(targets) > 1 else ())] for _, handoff, numbers in targets
            ],
            "channel": asked.channel_id,
        },
    )


def _once(
    session: Session, targets: Sequence[Target], asked: Asked, context: Context, at: datetime | None = None
) -> Message | None:
    if not deliveries.is_new(session, asked.workspace(session), asked.key, context.now()):
        return None
    return _touch(session, targets, asked, context, at)


def _touch(
    session: Session, targets: Sequence[Target], asked: Asked, context: Context, at: datetime | None
) -> Message:
    now, left, count = context.now(), 0, 0
    for agreed, handoff, numbers in targets:
        touched = touch.touch(session, agreed, handoff, user=asked.user_id, now=now, numbers=numbers, at=at)
        count += len(touched)
        left += len(touch.mine(session, agreed, handoff, asked.user_id, now))
    locale = targets[0][0].row.locale if targets else agreements.locale_of(session, asked.workspace(session))
    return done.message("touched", locale, count=count, left=left)
