"""Take leads, by button, modal or `/sla take H-12 …`, and give them back."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from bot.context import Context
from bot.errors import UserError
from bot.facts import Message
from bot.messages import done
from bot.messages import take as message
from bot.models import Handoff
from bot.services import clocks, deliveries, people, take
from bot.services.agreements import Agreed
from bot.slack import typed
from bot.slack.request import Asked
from bot.slack.typed import Kind, Word
from sla_rules.kinds import ClockKind, Side, Tier

SHARE, BACK, ALL = {"share", "mine", "my"}, {"back", "return", "undo"}, {"all", "everything"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads: by number, or how many (None for all) of which tier."""

    count: int | None = None
    tier: Tier | None = None
    numbers: Sequence[int] = field(default_factory=tuple)


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Take one's share, or what is named, or give back."""
    number, rest = typed.handoff(words), words[1:]
    now = context.now()
    with context.transaction() as session:
        agreed, handoff = asked.numbered(session, number)
        if not deliveries.is_new(session, agreed.workspace_id, asked.key, now):
            return done.message("already", agreed.row.locale)
        if rest and rest[0].plain in BACK and len(rest) == 1:
            return _give_back(session, agreed, handoff, asked, context)
        if not rest or (rest[0].plain in SHARE and len(rest) == 1):
            return _take_share(session, agreed, handoff, asked, context)
        return _take_some(session, agreed, handoff, asked, context, parse(rest))


def press(context: Context, asked: Asked) -> Message | None:
    """Take one's share."""
    with context.transaction() as session:
        agreed, handoff = asked.handoff(session, asked.id())
        if not deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
            return None
        return _take_share(session, agreed, handoff, asked, context)


def back(context: Context, asked: Asked, handoff_id: int | None = None) -> Message | None:
    """Give back what one's last button took."""
    with context.transaction() as session:
        agreed, handoff = asked.handoff(session, asked.id() if handoff_id is None else handoff_id)
        if not deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
            return None
        return _give_back(session, agreed, handoff, asked, context)


def ask(context: Context, asked: Asked) -> None:
    """Open the form in which one says how many, or which."""
    with context.reading() as session:
        agreed, handoff = asked.handoff(session, asked.id())
        people.may_act(session, agreed, asked.user_id, Side.SALES)
        undecided, share = take.open_by_tier(session, agreed, handoff, context.now())
        if not undecided:
            raise UserError("nothing_left", handoff=handoff.number)
        view = message.modal(
            agreed.row.locale,
            number=handoff.number,
            undecided=undecided,
            share=share,
            metadata={"handoff": asked.id(), "channel": asked.channel_id},
        )
    context.gateway.open_view(asked.trigger_id, view)


def submit(context: Context, asked: Asked) -> None:
    """Take what the form says."""
    wanted = Wanted(
        count=asked.form.number("count"),
        tier=_tier(asked.form.chosen("tier")),
        numbers=typed.numbers(asked.form.text("numbers")),
    )
    if wanted == Wanted(numbers=[]):
        raise UserError("count_needed", field="count")
    with context.transaction() as session:
        agreed, handoff = asked.handoff(session, asked.id(str(asked.metadata.get("handoff"))))
        if deliveries.is_new(session, agreed.workspace_id, asked.key, context.now()):
            _take_some(session, agreed, handoff, asked, context, wanted)


def parse(words: Sequence[Word]) -> Wanted:
    """Read "5", "3-9, 12", "A", "A=2" or "all". Raises UserError."""
    text = typed.joined(words)
    if text.casefold() in ALL:
        return Wanted()
    if len(words) == 1 and typed.is_number(words[0]):
        return Wanted(count=typed.whole(text))
    if typed.is_numbers(text):
        return Wanted(numbers=typed.numbers(text))
    tier, equals, count = text.partition("=")
    if len(words) > 1 or tier.upper() not in list(Tier) or words[0].kind is not Kind.TEXT:
        raise UserError("numbers_unclear", text=text)
    return Wanted(count=typed.whole(count) if equals else None, tier=Tier(tier.upper()))


def _take_share(
    session: Session, agreed: Agreed, handoff: Handoff, asked: Asked, context: Context
) -> Message:
    now = context.now()
    numbers = take.share(session, agreed, handoff, user=asked.user_id, at=now, now=now)
    return taken(session, agreed, handoff, asked.user_id, numbers or [], context)


def _take_some(
    session: Session, agreed: Agreed, handoff: Handoff, asked: Asked, context: Context, wanted: Wanted
) -> Message:
    numbers = take.some(
        session,
        agreed,
        handoff,
        user=asked.user_id,
        now=context.now(),
        count=wanted.count,
        tier=wanted.tier,
        numbers=wanted.numbers,
    )
    return taken(session, agreed, handoff, asked.user_id, numbers, context)


def _give_back(session: Session, agreed: Agreed, handoff: Handoff, asked: Asked, context: Context) -> Message:
    now = context.now()
    numbers = take.undo(session, agreed, handoff, user=asked.user_id, at=now, now=now, by_reaction=False)
    return done.message("undone", agreed.row.locale, count=len(numbers), handoff=handoff.number)


def taken(
    session: Session, agreed: Agreed, handoff: Handoff, user: str, numbers: Sequence[int], context: Context
) -> Message:
    """Say what somebody took, and by when it wants a first touch."""
    running = clocks.of_handoff(session, agreed, handoff.id or 0, context.now())
    due = [
        clock.due_at
        for clock in running
        if clock.owner == user and clock.kind is ClockKind.FIRST_TOUCH and clock.due_at is not None
    ]
    return done.message(
        "taken",
        agreed.row.locale,
        count=len(numbers),
        handoff=handoff.number,
        due_at=min(due, default=None),
        left=handoff.undecided,
    )


def _tier(chosen: str) -> Tier | None:
    return Tier(chosen) if chosen in list(Tier) else None
