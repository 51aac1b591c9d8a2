"""What each kind of notice reads like now: the facts from a service, the words from a message."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from bot.errors import UserError
from bot.facts.agreement import TextFact
from bot.facts.clocks import NudgeFact
from bot.facts.said import Files, Message
from bot.jobs import exported, shared
from bot.messages import agreement as agreement_message
from bot.messages import agreement_files as agreement_files_message
from bot.messages import ask as ask_message
from bot.messages import card as card_message
from bot.messages import daily as daily_message
from bot.messages import departure as departure_message
from bot.messages import digest as digest_message
from bot.messages import dispute as dispute_message
from bot.messages import duty as duty_message
from bot.messages import excuse as excuse_message
from bot.messages import home as home_message
from bot.messages import leave as leave_message
from bot.messages import nudge as nudge_message
from bot.messages import pace as pace_message
from bot.messages import review as review_message
from bot.messages import roundup as roundup_message
from bot.messages import signing as signing_message
from bot.messages import simulate as simulate_message
from bot.messages import thread as thread_message
from bot.messages import trouble as trouble_message
from bot.messages import welcome as welcome_message
from bot.messages import work as work_message
from bot.models import Notice
from bot.services import (
    agreements,
    ask,
    card,
    clocks,
    departures,
    digest,
    dispute,
    excuse,
    home,
    ladder,
    leave,
    observed,
    pace,
    people,
    rejections,
    reps,
    review,
    signing,
    simulate,
    status,
    texts,
    trouble,
    turns,
    versions,
    what_if,
    work,
)
from bot.services.agreements import Agreed
from sla_rules.kinds import Side

View = Mapping[str, Any]


def render(session: Session, notice: Notice, now: datetime) -> Message | Files | View | None:
    """Render a notice; None where there is nothing to say any more."""
    if notice.kind == "home":
        return _home(session, notice, now)
    if notice.kind == "welcome":
        return welcome_message.message(agreements.locale_of(session, notice.workspace_id))
    agreed = agreements.by_id(session, notice.workspace_id, notice.agreement_id or 0)
    return KINDS[notice.kind](session, agreed, notice, now)


def _card(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    return card_message.message(card.fact(session, agreed, notice.subject_id or 0, now), agreed.row.locale)


def _work(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    user = notice.person or ""
    if not work.is_latest(session, agreed, user, notice.key):
        return work_message.moved(agreed.row.locale)
    is_one_of_several = len(people.works_in(session, agreed.workspace_id, user)) > 1
    name = agreed.document.name if is_one_of_several else ""
    return work_message.message(work.batches(session, agreed, user, now), agreed.row.locale, name)


def _nudge(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | None:
    waiting = clocks.by_ids(session, agreed, notice.about["clocks"], now)
    lapsed = clocks.lapsed(session, agreed, notice.about["lapsed"])
    if not (waiting or lapsed or notice.ts):
        return None  # it was done before anybody was told
    fact = NudgeFact(
        user_id=notice.person or "",
        clocks=waiting,
        now=now,
        is_settled=not waiting,
        lapsed=lapsed,
        lapsed_clock=min(map(int, notice.about["lapsed"]), default=0) if lapsed else 0,
        disproved=ladder.disproved(session, agreed, notice.about["clocks"]),
    )
    return nudge_message.message(fact, agreed.row.locale)


def _thread(session: Session, agreed: Agreed, notice: Notice, _now: datetime) -> Message | None:
    fact = ladder.thread_fact(session, agreed, notice.subject_id or 0, notice.about["clocks"])
    return thread_message.message(fact, agreed.row.locale) if fact.clocks or notice.ts else None


def _roundup(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | None:
    manager, told = notice.person or "", notice.about["clocks"]
    fact = ladder.roundup_fact(session, agreed, manager, told, notice.created_at, now)
    return roundup_message.message(fact, agreed.row.locale) if fact.clocks or notice.ts else None


def _daily(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | None:
    # The day's post is edited during its day; what it said at the end of the day stands.
    if agreed.today(now).isoformat() != notice.about["day"]:
        return None
    return daily_message.message(status.daily(session, agreed, now), agreed.row.locale)


def _digest(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | None:
    if digest.is_overtaken(session, agreed, notice):
        return None  # the later one says that this one did not come
    return digest_message.message(digest.posted(session, agreed, notice, now), agreed.row.locale)


def _digest_thread(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    fact = digest.posted(session, agreed, notice, now)
    in_words = digest_message.thread_plain(fact, agreed.row.locale)
    return replace(digest_message.thread(fact, agreed.row.locale), plain=digest_message.words_of(in_words))


def _signing(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    fact = signing.fact(session, agreed, notice.subject_id or 0, now)
    return signing_message.message(fact, agreed.row.locale)


def _departure(_session: Session, agreed: Agreed, notice: Notice, _now: datetime) -> Message:
    return departure_message.message(departures.fact(agreed, notice.about), agreed.row.locale)


def _trouble(_session: Session, agreed: Agreed, notice: Notice, _now: datetime) -> Message:
    return trouble_message.message(trouble.fact(agreed, notice), agreed.row.locale)


def _duty(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | None:
    fact = turns.fact(session, agreed, notice.subject_id or 0, now)
    if fact.done_at is not None and not notice.ts:
        return None  # it was done before anybody was told
    return duty_message.message(fact, agreed.row.locale)


def _pace(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | None:
    fact = pace.fact(session, agreed, notice, now)
    if (fact is None or fact.is_settled) and not notice.ts:
        return None  # it was made up for before anybody was told
    return pace_message.message(fact, agreed.row.locale) if fact else pace_message.gone(agreed.row.locale)


def _home(session: Session, notice: Notice, now: datetime) -> View:
    fact = home.drawn(session, notice, now)
    return home_message.view(fact, home.locale_of(session, notice.workspace_id, fact))


def _leave(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    fact = leave.offered(session, agreed, notice.place, notice.about, now)
    return leave_message.offer(fact, agreed.row.locale)


def _back(session: Session, agreed: Agreed, notice: Notice, _now: datetime) -> Message:
    return leave_message.back(leave.back(session, agreed, notice.subject_id or 0), agreed.row.locale)


def _question(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    fact = ask.fact(session, agreed, notice.subject_id or 0, notice.about["seq"], now)
    return ask_message.message(fact, agreed.row.locale)


def _excuse(session: Session, agreed: Agreed, notice: Notice, _now: datetime) -> Message:
    fact = excuse.fact(session, agreed, notice.subject_id or 0, notice.about["seq"])
    write = excuse_message.judged if notice.kind == "excuse_judged" else excuse_message.message
    return write(fact, agreed.row.locale)


def _rejection(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | None:
    fact = rejections.fact(session, agreed, notice.subject_id or 0, notice.about["seq"], now)
    return None if fact is None else dispute_message.rejection(fact, agreed.row.locale)


def _dispute(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    about = notice.about
    fact = dispute.fact(session, agreed, notice.subject_id or 0, about["seq"], Side(about["side"]), now)
    return dispute_message.message(fact, agreed.row.locale)


def _agreement_files(
    session: Session, agreed: Agreed, notice: Notice, _now: datetime
) -> Message | Files | None:
    try:
        text = versions.named(session, agreed, notice.about["version"])
    except UserError:  # a draft that was thrown away meanwhile
        return None
    fact = TextFact(agreements.parsed(text.text).name, text.version, text.state)
    if notice.is_plain:
        return agreement_files_message.not_sent(fact, agreed.row.locale, because=notice.error or "")
    markdown = agreement_message.markdown(texts.fact(session, agreed, text.version), agreed.row.locale)
    return agreement_files_message.files(fact, agreed.row.locale, text=text.text, markdown=markdown)


def _review(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message:
    return review_message.message(review.fact(session, agreed, notice.about, now), agreed.row.locale)


def _review_people(session: Session, agreed: Agreed, notice: Notice, _now: datetime) -> Message:
    start_on, end_on = (date.fromisoformat(notice.about[name]) for name in ("start", "end"))
    return review_message.people(reps.fact(session, agreed, start_on, end_on), agreed.row.locale)


def _review_reminder(_session: Session, agreed: Agreed, notice: Notice, _now: datetime) -> Message:
    review_on = date.fromisoformat(notice.about["review"])
    return review_message.reminder(agreed.document.name, review_on, agreed.row.locale)


def _observed(_session: Session, agreed: Agreed, notice: Notice, _now: datetime) -> Message:
    return review_message.seen(observed.fact(agreed, notice.about), agreed.row.locale)


def _simulated(session: Session, agreed: Agreed, notice: Notice, now: datetime) -> Message | None:
    try:
        terms = what_if.read(session, agreed, notice.about["words"])
        if isinstance(terms, what_if.Unread):
            return None
        fact = simulate.fact(session, agreed, terms, notice.place, now)
    except UserError:  # the draft that it started from was thrown away meanwhile
        return None
    return simulate_message.message(fact, agreed.row.locale)


KINDS: Mapping[str, Callable[[Session, Agreed, Notice, datetime], Message | Files | None]] = {
    "agreement_files": _agreement_files,
    "card": _card,
    "duty": _duty,
    "pace": _pace,
    "review": _review,
    "review_people": _review_people,
    "review_reminder": _review_reminder,
    "observed": _observed,
    "work": _work,
    "nudge": _nudge,
    "thread": _thread,
    "roundup": _roundup,
    "daily": _daily,
    "digest": _digest,
    "digest_thread": _digest_thread,
    "departure": _departure,
    "trouble": _trouble,
    "signing": _signing,
    "simulated": _simulated,
    "shared": shared.render,
    "leave": _leave,
    "back": _back,
    "question": _question,
    "excuse": _excuse,
    "excuse_judged": _excuse,
    "export": exported.render,
    "rejection": _rejection,
    "dispute": _dispute,
}
