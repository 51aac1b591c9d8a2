"""`/sla away until 1 Jul cover @rep`: leave with a cover, come back, or see who is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.context import Context
from bot.errors import UserError, UserErrors
from bot.facts.said import Message
from bot.messages import away as message
from bot.messages import done
from bot.messages import leave as leave_message
from bot.services import away, deliveries, leave, people, rights
from bot.services.rights import Act
from bot.slack import moments
from bot.slack.form import LAST_SECOND, Unexpected
from bot.slack.request import Asked
from bot.slack.typed import Kind, Word

BACK = {"back", "end", "ended", "over"}
LISTED_AHEAD = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Leave:
    """What was typed: until when, and who covers."""

    until: datetime
    cover: str | None


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message:
    """Leave, come back, or list without more."""
    now = context.now()
    if not words:
        with context.reading() as session:
            agreed = asked.agreed(session)
            rights.require(session, agreed, asked.user_id, Act.READ)
            return message.message(
                away.now_and_next(session, agreed, now, now + LISTED_AHEAD), agreed.row.locale
            )
    with context.transaction() as session:
        # Whoever is away is away from all agreements, so there is nothing to ask.
        mine = people.works_in(session, asked.workspace(session), asked.user_id)
        agreed = mine[0] if len(mine) > 1 else asked.agreed(session)
        locale = agreed.row.locale
        if len(words) == 1 and words[0].plain in BACK:
            ended = away.come_back(session, agreed, user=asked.user_id, now=now)
            return done.message("away_ended", locale, back=leave.back(session, agreed, ended))
        zone = people.zone_of(session, agreed, asked.user_id)
        said = parse(words, now.astimezone(zone))
        moved = away.leave(
            session,
            agreed,
            user=asked.user_id,
            until=said.until,
            cover=said.cover,
            now=now,
            delivery=asked.key,
        )
        return done.message("away_set", locale, until_at=said.until, cover=said.cover, moved=moved)


def ask(context: Context, asked: Asked) -> None:
    """Open the form, until when filled in as the status on Slack says, else tomorrow."""
    now = context.now()
    with context.reading() as session:
        mine = people.works_in(session, asked.workspace(session), asked.user_id)
        if not mine:
            raise UserError("not_in_sales", lead="", agreement="")
        until = _until(asked.id()) if asked.value else now + timedelta(days=1)
        metadata = {"channel": asked.channel_id}
        view = leave_message.modal(mine[0].row.locale, until=until, metadata=metadata)
    context.gateway.open_view(asked.trigger_id, view)


def _until(seconds: int) -> datetime:
    if seconds > LAST_SECOND:
        raise Unexpected("the end of a leave")
    return datetime.fromtimestamp(seconds, UTC)


def submit(context: Context, asked: Asked) -> None:
    """Leave as the form says."""
    until = asked.form.instant("until")
    if until is None:
        raise UserError("away_until_unclear", field="until")
    with context.transaction() as session:
        mine = people.works_in(session, asked.workspace(session), asked.user_id)
        if not mine:
            raise UserError("not_in_sales", lead="", agreement="")
        away.leave(
            session,
            mine[0],
            user=asked.user_id,
            until=until,
            cover=asked.form.person("cover") or None,
            now=context.now(),
            delivery=asked.key,
        )


def come_back(context: Context, asked: Asked) -> None:
    """End one's absence from Home, in every agreement; Home is drawn again by itself."""
    now = context.now()
    with context.transaction() as session:
        workspace_id = asked.workspace(session)
        if not deliveries.is_new(session, workspace_id, asked.key, now):
            return
        mine = people.works_in(session, workspace_id, asked.user_id)
        if not mine:
            raise UserError("not_away")
        away.come_back(session, mine[0], user=asked.user_id, now=now)


def parse(words: Sequence[Word], now: datetime) -> Leave:
    """Read "until" a moment, and "cover" with a person, in the zone of `now`. Raises UserErrors."""
    rest = list(words[1:] if words[0].plain in {"until", "till", "to"} else words)
    until, taken = moments.first_of(rest, lambda text: moments.read_moment(text, now))
    faults: list[UserError] = [] if until else [UserError("away_until_unclear")]
    rest = rest[taken:]
    cover = next((word.text for word in rest if word.kind is Kind.PERSON), None)
    named = [
        word for word in rest if word.plain not in {"cover", "covered", "by"} and word.kind is not Kind.PERSON
    ]
    if until and rest and (cover is None or named):
        faults.append(UserError("cover_unclear"))
    if faults or until is None:
        raise UserErrors(faults)
    return Leave(until, cover)
