"""What each kind of notice reads like now: the facts from a service, the words from a message."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from bot.facts import DigestFact, Message, NudgeFact
from bot.messages import card as card_message
from bot.messages import daily as daily_message
from bot.messages import digest as digest_message
from bot.messages import home as home_message
from bot.messages import nudge as nudge_message
from bot.messages import signing as signing_message
from bot.messages import status as status_message
from bot.messages import work as work_message
from bot.models import Notice
from bot.services import agreements, card, clocks, digest, home, setup, status, work
from bot.services.agreements import Agreed

View = Mapping[str, Any]


def render(session: Session, notice: Notice, now: datetime) -> Message | View | None:
    """Render a notice; None where there is nothing to say any more."""
    if notice.kind == "home":
        return _home(session, notice, now)
    agreed = agreements.by_id(session, notice.workspace_id, notice.agreement_id or 0)
    return KINDS[notice.kind](session, agreed, notice, now)


def _card(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    return card_message.message(card.fact(session, agreed, notice.subject_id or 0, now), agreed.row.locale)


def _work(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    user = notice.person or ""
    if not work.is_latest(session, agreed.workspace_id, user, notice.key):
        return work_message.moved(agreed.row.locale)
    return work_message.message(work.batches(session, agreed.workspace_id, user, now), agreed.row.locale)


def _nudge(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | None:
    waiting = clocks.by_ids(session, agreed, notice.about["clocks"], now)
    lapsed = clocks.lapsed(session, agreed, notice.about["lapsed"])
    if not (waiting or lapsed or notice.ts):
        return None  # it was done before anybody was told
    fact = NudgeFact(
        user_id=notice.person or "", clocks=waiting, now=now, is_settled=not waiting, lapsed=lapsed
    )
    return nudge_message.message(fact, agreed.row.locale)


def _daily(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | None:
    # The day's post is edited during its day; what it said at the end of the day stands.
    if agreed.today(now).isoformat() != notice.about["day"]:
        return None
    return daily_message.message(status.daily(session, agreed, now), agreed.row.locale)


def _digest(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    return digest_message.message(_week(session, agreed, notice, now), agreed.row.locale)


def _digest_thread(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    fact = _week(session, agreed, notice, now)
    in_words = digest_message.thread_plain(fact, agreed.row.locale)
    return replace(digest_message.thread(fact, agreed.row.locale), plain=digest_message.words_of(in_words))


def _week(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> DigestFact:
    return digest.fact(session, agreed, date.fromisoformat(notice.about["week"]), now)


def _signing(session: Session, agreed: Agreed, _notice: Notice, _now: datetime) -> Message:
    return signing_message.message(setup.signing_fact(session, agreed), agreed.row.locale)


def _shared(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    user = notice.about["user"]
    return status_message.shared(status.fact(session, agreed, user, now), agreed.row.locale, by=user)


def _home(session: Session, notice: Notice, now: datetime) -> View:
    fact = home.fact(session, notice.workspace_id, notice.place, now)
    return home_message.view(fact, agreements.locale_of(session, notice.workspace_id))


KINDS: Mapping[str, Callable[[Session, Agreed, Notice, datetime], Message | None]] = {
    "card": _card,
    "work": _work,
    "nudge": _nudge,
    "daily": _daily,
    "digest": _digest,
    "digest_thread": _digest_thread,
    "signing": _signing,
    "shared": _shared,
}
