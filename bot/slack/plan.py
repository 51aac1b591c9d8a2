"""`/sla plan 90 webinar 18 Jun`: announce handoffs to come, change or withdraw them, or list them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.context import Context
from bot.errors import UserError, UserErrors
from bot.facts.said import Message
from bot.messages import plan as message
from bot.services import plan, rights
from bot.services.rights import Act
from bot.slack import moments, typed
from bot.slack.request import Asked
from bot.slack.typed import Word

USAGE = "plan 90 webinar 18 Jun"
WITHDRAW = {"withdraw", "drop", "cancel"}
LONGEST_SOURCE = 80


@dataclass(frozen=True, slots=True)
class Planned:
    """What was typed: how many (None for a withdrawal), from where, on which day."""

    count: int | None
    source: str
    on: date


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Announce, withdraw, or list without more."""
    now = context.now()
    if not words:
        with context.reading() as session:
            agreed = asked.agreed(session)
            rights.require(session, agreed, asked.user_id, Act.READ)
            return message.listing(plan.listing(session, agreed, now), agreed.row.locale)
    with context.transaction() as session:
        agreed = asked.agreed(session)
        typed_in = parse(words, agreed.today(now))
        on, source, author = typed_in.on, typed_in.source, asked.user_id
        if typed_in.count is None:
            plan.withdraw(session, agreed, source=source, on=on, author=author, now=now)
            return message.listing(plan.listing(session, agreed, now), agreed.row.locale)
        announced = plan.announce(
            session,
            agreed,
            count=typed_in.count,
            source=source,
            on=on,
            author=author,
            now=now,
            delivery=asked.key,
        )
        planned = message.Planned(on, source, announced.count, announced.was)
        return message.message(planned, plan.listing(session, agreed, now), agreed.row.locale)


def parse(words: Sequence[Word], today: date) -> Planned:
    """Read a number or "withdraw", a source and a day. Raises UserErrors with all that is unclear."""
    first, rest = words[0], words[1:]
    on, taken = moments.last_of(rest, lambda text: moments.read_day(text, today))
    source = typed.joined(rest[: len(rest) - taken])
    faults = []
    if first.plain not in WITHDRAW and not (typed.is_number(first) and len(first.text) <= typed.MOST_DIGITS):
        faults.append(UserError("count_unclear", text=first.text))
    if on is None:
        faults.append(UserError("day_unclear", text=rest[-1].text if rest else ""))
    if not source or (on is None and len(rest) < 2):  # noqa: PLR2004  (a source and a day)
        faults.append(UserError("word_unclear", text=typed.joined(words), usage=f"/sla {USAGE}"))
    if len(source) > LONGEST_SOURCE:
        faults.append(UserError("text_too_long", most=LONGEST_SOURCE))
    if faults or on is None:
        raise UserErrors(faults)
    return Planned(None if first.plain in WITHDRAW else int(first.text), source, on)
