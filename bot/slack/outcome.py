"""Say what became of leads, by list, modal or `/sla outcome H-12 3 won 12000`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts import Message
from bot.messages import done
from bot.messages import outcome as message
from bot.models import Handoff
from bot.services import deliveries, outcome, people
from bot.services.agreements import Agreed
from bot.slack import moments, typed
from bot.slack.request import Asked, Unexpected
from bot.slack.typed import Word
from sla_rules.kinds import Outcome, Side


@dataclass(frozen=True, slots=True)
class Result:
    """What became of which leads (none named: all of one's own), when, and for how much."""

    outcome: Outcome
    numbers: Sequence[int] = ()
    at: datetime | None = None
    amount: int | None = None
    """In hundredths."""


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Record what is typed; with the handoff alone, open the form."""
    number, rest = typed.handoff(words), words[1:]
    if not rest:
        with context.reading() as session:
            agreed, handoff = asked.numbered(session, number)
            view = _form(session, agreed, handoff, asked)
        context.gateway.open_view(asked.trigger_id, view)
        return None
    with context.transaction() as session:
        agreed, handoff = asked.numbered(session, number)
        local_now = context.now().astimezone(people.zone_of(session, agreed, asked.user_id))
        result = parse(rest, local_now)
        if not deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
            return done.message("already", agreed.row.locale)
        return _record(session, agreed, handoff, asked, context, result)


def pick(context: Context, asked: Asked) -> Message | None:
    """Record the outcome chosen for one lead of a list."""
    handoff_id, n, said = [*asked.value.split(":"), "", ""][:3]
    if said not in list(Outcome):
        raise Unexpected("no outcome")
    with context.transaction() as session:
        agreed, handoff = asked.handoff(session, asked.id(handoff_id))
        if not deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
            return None
        return _record(session, agreed, handoff, asked, context, Result(Outcome(said), [asked.id(n)]))


def submit(context: Context, asked: Asked) -> None:
    """Record what the form says."""
    form = asked.form
    said, amount = form.chosen("outcome"), form.text("amount")
    if said not in list(Outcome):
        raise UserError("outcome_unclear", field="outcome", text=said)
    result = Result(
        Outcome(said),
        typed.numbers(form.text("numbers")),
        form.instant("at"),
        typed.amount(amount) if amount else None,
    )
    with context.transaction() as session:
        agreed, handoff = asked.handoff(session, asked.id(str(asked.metadata.get("handoff"))))
        if deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
            _record(session, agreed, handoff, asked, context, result)


def parse(words: Sequence[Word], now: datetime) -> Result:
    """Read numbers, an outcome, an amount, and "at" a moment gone by. Raises UserError."""
    moment_at = next((i for i, word in enumerate(words) if word.plain == "at"), len(words))
    said, moment = words[:moment_at], words[moment_at + 1 :]
    place = next((i for i, word in enumerate(said) if word.plain in list(Outcome)), None)
    if place is None:
        other = [word.text for word in said if not typed.is_numbers(word.text)]
        raise UserError("outcome_unclear", text=other[0] if other else "")
    at = moments.read_moment(typed.joined(moment), now, is_past=True) if moment else None
    if moment_at < len(words) and at is None:
        raise UserError("time_unclear", text=typed.joined(moment))
    money = typed.joined(said[place + 1 :])
    return Result(
        Outcome(said[place].plain),
        typed.numbers(typed.joined(said[:place])),
        at,
        typed.amount(money) if money else None,
    )


def _form(session: Session, agreed: Agreed, handoff: Handoff, asked: Asked) -> dict[str, object]:
    people.may_act(session, agreed, asked.user_id, Side.SALES)
    return message.modal(
        agreed.row.locale,
        number=handoff.number,
        mine=outcome.count_mine(session, handoff, asked.user_id),
        metadata={"handoff": handoff.id, "channel": asked.channel_id},
    )


def _record(
    session: Session, agreed: Agreed, handoff: Handoff, asked: Asked, context: Context, result: Result
) -> Message:
    numbers = outcome.outcome(
        session,
        agreed,
        handoff,
        user=asked.user_id,
        result=result.outcome,
        numbers=result.numbers,
        now=context.now(),
        at=result.at,
        amount=result.amount,
    )
    return done.message(
        "outcome", agreed.row.locale, outcome=result.outcome, count=len(numbers), handoff=handoff.number
    )
