"""Say what became of leads, by list, modal or `/sla outcome H-12 3 won 12000`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done, leads
from bot.messages import outcome as message
from bot.services import outcome, people, rights
from bot.services.rights import Act
from bot.slack import listeners, moments, touch, typed
from bot.slack.form import Unexpected
from bot.slack.request import Asked, Deed
from bot.slack.typed import Word
from sla_rules.kinds import Outcome


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
            view = _form(asked.deed_on(session, number, context.now()), asked.channel_id)
        context.gateway.open_view(asked.trigger_id, view)
        return None
    with context.transaction() as session:
        deed = asked.deed_on(session, number, context.now())
        result = parse(rest, deed.now.astimezone(people.zone_of(session, deed.agreed, deed.user)))
        return _record(deed, result) if deed.is_new() else done.message("already", deed.locale)


def press(context: Context, asked: Asked) -> None:
    """Open the form."""
    with context.reading() as session:
        view = _form(asked.deed(session, asked.id(), context.now()), asked.channel_id)
    listeners.show(context, asked, view)


def pick(context: Context, asked: Asked) -> Message | None:
    """Record the outcome chosen for one lead of a list."""
    handoff_id, n, said = [*asked.value.split(":"), "", ""][:3]
    if said == leads.TRIED:
        return touch.again(context, asked, asked.id(handoff_id), asked.id(n))
    if said not in list(Outcome):
        raise Unexpected("no outcome")
    with context.transaction() as session:
        deed = asked.deed(session, asked.id(handoff_id), context.now())
        return _record(deed, Result(Outcome(said), [asked.id(n)])) if deed.is_new() else None


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
        deed = asked.deed(session, asked.carried_id("handoff"), context.now())
        if deed.is_new():
            _record(deed, result)


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


def _form(deed: Deed, channel_id: str | None) -> Mapping[str, object]:
    rights.require(deed.session, deed.agreed, deed.user, Act.OUTCOME)
    return message.modal(
        deed.locale,
        number=deed.handoff.number,
        mine=outcome.count_mine(deed.session, deed.handoff, deed.user),
        metadata={"handoff": deed.handoff.id, "channel": channel_id},
    )


def _record(deed: Deed, result: Result) -> Message:
    numbers = outcome.outcome(
        deed.session,
        deed.agreed,
        deed.handoff,
        user=deed.user,
        result=result.outcome,
        numbers=result.numbers,
        now=deed.now,
        at=result.at,
        amount=result.amount,
    )
    told = {"outcome": result.outcome, "count": len(numbers), "handoff": deed.handoff.number}
    return done.message("outcome", deed.locale, **told)
