"""Take leads, by button, modal or `/sla take H-12 …`, and give them back."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import done
from bot.messages import take as message
from bot.services import clocks, rights, take
from bot.services.rights import Act
from bot.slack import listeners, typed
from bot.slack.request import Asked, Deed
from bot.slack.typed import Kind, Word
from sla_rules.kinds import ClockKind, Tier

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
    with context.transaction() as session:
        deed = asked.deed_on(session, number, context.now())
        if not deed.is_new():
            return done.message("already", deed.locale)
        only = rest[0].plain if len(rest) == 1 else ""
        if only in BACK:
            return _give_back(deed)
        if only in SHARE or not rest:
            return _take_share(deed)
        return _take_some(deed, parse(rest))


def press(context: Context, asked: Asked) -> Message | None:
    """Take one's share."""
    with context.transaction() as session:
        deed = asked.deed(session, asked.id(), context.now())
        return _take_share(deed) if deed.is_new() else None


def back(context: Context, asked: Asked) -> Message | None:
    """Give back what one's last button took."""
    return of_card(context, asked, asked.id())


def of_card(context: Context, asked: Asked, handoff_id: int) -> Message | None:
    """Give back what one's last button took of the handoff whose card it is."""
    with context.transaction() as session:
        deed = asked.deed(session, handoff_id, context.now())
        return _give_back(deed) if deed.is_new() else None


def ask(context: Context, asked: Asked) -> None:
    """Open the form in which one says how many, or which."""
    with context.reading() as session:
        deed = asked.deed(session, asked.id(), context.now())
        rights.require(session, deed.agreed, deed.user, Act.TAKE)
        undecided, share = take.open_by_tier(session, deed.agreed, deed.handoff, deed.now)
        if not undecided:
            raise UserError("nothing_left", handoff=deed.handoff.number)
        view = message.modal(
            deed.locale,
            number=deed.handoff.number,
            undecided=undecided,
            share=share,
            metadata={"handoff": deed.handoff.id, "channel": asked.channel_id},
        )
    listeners.show(context, asked, view)


def submit(context: Context, asked: Asked) -> None:
    """Take what the form says."""
    numbers = typed.numbers(asked.form.text("numbers"))
    wanted = Wanted(asked.form.number("count"), _tier(asked.form.chosen("tier")), numbers)
    if not (wanted.count or wanted.tier or wanted.numbers):
        raise UserError("count_needed", field="count")
    with context.transaction() as session:
        deed = asked.deed(session, asked.carried_id("handoff"), context.now())
        if deed.is_new():
            _take_some(deed, wanted)


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


def _take_share(deed: Deed) -> Message:
    numbers = take.share(deed.session, deed.agreed, deed.handoff, user=deed.user, at=deed.now, now=deed.now)
    return taken(deed, numbers or [])


def _take_some(deed: Deed, wanted: Wanted) -> Message:
    numbers = take.some(
        deed.session,
        deed.agreed,
        deed.handoff,
        user=deed.user,
        now=deed.now,
        count=wanted.count,
        tier=wanted.tier,
        numbers=wanted.numbers,
    )
    return taken(deed, numbers)


def _give_back(deed: Deed) -> Message:
    numbers = take.undo(
        deed.session, deed.agreed, deed.handoff, user=deed.user, at=deed.now, now=deed.now, by_reaction=False
    )
    return done.message("undone", deed.locale, count=len(numbers), handoff=deed.handoff.number)


def taken(deed: Deed, numbers: Sequence[int]) -> Message:
    """Say what somebody took, and by when it wants a first touch."""
    running = clocks.of_handoff(deed.session, deed.agreed, deed.handoff.id or 0, deed.now)
    touches = [clock for clock in running if clock.owner == deed.user and clock.kind is ClockKind.FIRST_TOUCH]
    return done.message(
        "taken",
        deed.locale,
        count=len(numbers),
        handoff=deed.handoff.number,
        due_at=min((clock.due_at for clock in touches if clock.due_at), default=None),
        left=deed.handoff.undecided,
        again=take.refused_before(deed.session, deed.agreed, deed.handoff, deed.user, numbers, deed.now),
    )


def _tier(chosen: str) -> Tier | None:
    return Tier(chosen) if chosen in list(Tier) else None
