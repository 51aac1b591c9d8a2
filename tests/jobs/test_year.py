"""A team's year in twelve zones: nothing said at night, nothing twice, nothing missed, nobody over budget."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from bot.context import Context
from bot.errors import UserError, UserErrors
from bot.gateway import Gateway
from bot.jobs import life, posts, release, tick
from bot.models import Agreement, Clock, Handoff, Notice, Workspace
from bot.services import (
    agreements,
    away,
    log,
    outcome,
    people,
    posted,
    reject,
    setup,
    take,
    touch,
    verify,
    versions,
    workspaces,
)
from bot.store import migrate
from sla_rules.kinds import Outcome, Tier
from sla_rules.starter import StarterValues, starter
from tests import stores
from tests.bench.stores import StandingClock
from tests.twin import ours

ZONES = (
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "America/New_York",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Pacific/Auckland",
    "Pacific/Chatham",
    "Pacific/Apia",
)
"""Clocks that go forward and back by an hour or half of one, in both halves of the year, or never."""
MARKETERS, REPS = ("UMARA", "UMILO"), ("URITA", "USAM", "UTHEO")
MANAGERS = ("UINES", "UGUS")
FIRST = datetime(2026, 1, 5, 12, tzinfo=UTC)
UNASKED = ("nudge", "thread", "roundup", "duty", "pace", "daily", "digest", "digest_thread", "review")
"""What the bot says by itself; the others answer to what somebody did."""
JOBS = (life.run, release.run, tick.run, posts.run)
MOST_TOLD = {"nudge": 2, "thread": 1, "roundup": 1}
"""In how many messages of a kind a clock may stand: it is warned of and breaks, then comes to the thread."""


@dataclass
class Year:
    """One team, its store, and a clock that is moved."""

    engine: Engine
    clock: StandingClock
    chance: random.Random
    replicas: int = 1
    """How many processes look at what is due, at the same moment."""
    context: Context = field(init=False)
    typed: int = 0

    def __post_init__(self) -> None:
        self.context = Context(self.engine, self.clock, Gateway("", "http://127.0.0.1/"))

    def sign(self, zone: str) -> None:
        values = StarterValues(
            name=zone,
            marketing_lead=MARKETERS[0],
            marketing_manager=MANAGERS[0],
            marketing_members=MARKETERS,
            sales_lead=REPS[0],
            sales_manager=MANAGERS[1],
            sales_members=REPS,
            sales_rota=REPS,
            zone=zone,
            review_on=(FIRST + timedelta(days=90)).date(),
        )
        with self.context.transaction() as session:
            workspace = workspaces.remember(session, "T1", "Year", "UBATON", FIRST)
            for one in (*MARKETERS, *REPS, *MANAGERS):
                people.remember(session, workspace.id or 0, "T1", {"id": one, "name": one, "tz": zone}, FIRST)
            agreed = setup.create(
                session,
                workspace.id or 0,
                setup.Proposal(starter(values), "C1", MARKETERS[0]),
                FIRST,
                "setup",
            )
            text_hash = versions.named(session, agreed, 1).sha256
            for lead in (MARKETERS[0], REPS[0]):
                agreed = versions.sign(session, agreed, 1, text_hash, lead, FIRST)

    # ---- time

    def advance(self, until: datetime) -> None:
        """Move on from each due instant to the next, doing what is due."""
        while (due := self.next_due()) is not None and due <= until:
            self.clock.at = max(due, self.clock.at + timedelta(seconds=1))
            self.work()
        self.clock.at = until
        self.work()

    def work(self) -> None:
        with ThreadPoolExecutor(self.replicas) as pool:
            for done in [pool.submit(self.do_what_is_due) for _ in range(self.replicas)]:
                done.result()

    def do_what_is_due(self) -> None:
        for job in JOBS:
            job(self.context)

    def next_due(self) -> datetime | None:
        columns = (
            Workspace.look_at,
            Agreement.look_at,
            Agreement.next_daily_at,
            Agreement.next_digest_at,
            Handoff.release_at,
        )
        with self.context.reading() as session:
            found = [session.scalar(select(func.min(col(column)))) for column in columns]
        return min((at for at in found if at is not None), default=None)

    # ---- what people do

    def live(self, days: int) -> None:
        end = FIRST + timedelta(days=days)
        while self.clock.at < end:
            self.advance(self.clock.at + timedelta(minutes=self.chance.choice((7, 45, 170, 400, 1100))))
            try:
                self.chance.choice(
                    (
                        self.log,
                        self.log,
                        self.take,
                        self.touch,
                        self.touch,
                        self.close,
                        self.refuse,
                        self.leave,
                    )
                )()
            except (UserError, UserErrors):
                continue  # what cannot be done now, is not done

    def log(self) -> None:
        most = ((Tier.A, 2), (Tier.B, 5), (Tier.C, 4))
        self.log_batch({tier: self.chance.randint(0, count) for tier, count in most})

    def log_batch(self, tiers: dict[Tier, int]) -> int:
        """Hand leads over, and let their card appear at once."""
        self.typed += 1
        batch = log.Batch("webinar", tiers, campaign=f"{self.typed}")
        with self.context.transaction() as session:
            agreed = agreements.by_id(session, 1, 1)
            handoff = log.log(
                session, agreed, batch, author=MARKETERS[0], now=self.clock.at, delivery=f"log.{self.typed}"
            )
            card = session.scalars(
                select(Notice).where(ours(Notice)).where(col(Notice.key) == f"card:{handoff.id}")
            ).one()
            card.ts = f"{self.typed}.0"
            posted.card_appeared(session, card, self.clock.at)
            return handoff.id or 0

    def take_of(self, handoff_id: int, rep: str) -> None:
        """Take all that is open of a handoff."""
        with self.context.transaction() as session:
            agreed, handoff = agreements.by_id(session, 1, 1), session.get_one(Handoff, handoff_id)
            take.some(session, agreed, handoff, user=rep, now=self.clock.at)

    def handoff(self) -> int:
        with self.context.reading() as session:
            found = session.scalars(
                select(col(Handoff.id)).where(ours(Handoff)).where(col(Handoff.waiting) > 0)
            ).all()
        if not found:
            raise UserError("nothing_left")
        return self.chance.choice(found) or 0

    def take(self) -> None:
        handoff_id, rep = self.handoff(), self.chance.choice(REPS)
        with self.context.transaction() as session:
            agreed, handoff = agreements.by_id(session, 1, 1), session.get_one(Handoff, handoff_id)
            take.share(session, agreed, handoff, user=rep, at=self.clock.at, now=self.clock.at)

    def touch(self) -> None:
        handoff_id, rep = self.handoff(), self.chance.choice(REPS)
        with self.context.transaction() as session:
            agreed, handoff = agreements.by_id(session, 1, 1), session.get_one(Handoff, handoff_id)
            touch.touch(session, agreed, handoff, user=rep, now=self.clock.at)

    def close(self) -> None:
        handoff_id, rep = self.handoff(), self.chance.choice(REPS)
        with self.context.transaction() as session:
            agreed, handoff = agreements.by_id(session, 1, 1), session.get_one(Handoff, handoff_id)
            result = self.chance.choice(list(Outcome))
            outcome.outcome(session, agreed, handoff, user=rep, result=result, now=self.clock.at)

    def refuse(self) -> None:
        handoff_id, rep = self.handoff(), self.chance.choice(REPS)
        with self.context.transaction() as session:
            agreed, handoff = agreements.by_id(session, 1, 1), session.get_one(Handoff, handoff_id)
            reason = self.chance.choice(("outside_icp", "duplicate"))
            reject.reject(session, agreed, handoff, user=rep, reason=reason, now=self.clock.at, note="no")

    def leave(self) -> None:
        if self.chance.random() > 0.1:
            return
        self.typed += 1
        rep, cover = self.chance.sample(REPS, 2)
        until = self.clock.at + timedelta(days=self.chance.randint(1, 9))
        with self.context.transaction() as session:
            agreed = agreements.by_id(session, 1, 1)
            away.leave(
                session,
                agreed,
                user=rep,
                until=until,
                cover=cover,
                now=self.clock.at,
                delivery=f"away.{self.typed}",
            )


@pytest.mark.parametrize("zone", ZONES[:3])
def test_a_month_without_a_wrong_word(tmp_path: Path, zone: str) -> None:
    check(live(tmp_path, zone, days=30))


def test_three_processes_at_once_say_nothing_twice(tmp_path: Path) -> None:
    check(live(tmp_path, ZONES[0], days=14, replicas=3))


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_four_hundred_days_without_a_wrong_word(tmp_path: Path, zone: str) -> None:
    check(live(tmp_path, zone, days=400))


def live(folder: Path, zone: str, days: int, replicas: int = 1) -> Year:
    engine = stores.engine(folder / "year.db")
    migrate(engine)
    year = Year(engine, StandingClock(FIRST), random.Random(zone), replicas)
    year.sign(zone)
    year.live(days)
    return year


def check(year: Year) -> None:
    nothing_was_said_outside_working_hours(year)
    no_clock_was_told_of_twice(year)
    no_clock_that_broke_was_passed_over(year)
    no_rep_was_over_budget(year)
    a_day_had_one_scheduled_post(year)
    with year.context.reading() as session:
        assert [str(one) for one in verify.differences(session)] == []
    year.engine.dispose()


def nothing_was_said_outside_working_hours(year: Year) -> None:
    with year.context.reading() as session:
        agreed = agreements.by_id(session, 1, 1)
        told = session.scalars(select(Notice).where(ours(Notice)).where(col(Notice.kind).in_(UNASKED))).all()
        assert any(notice.kind == "nudge" for notice in told)
        assert any(notice.kind == "thread" for notice in told)
        assert any(notice.kind == "roundup" for notice in told)
        assert [(n.key, n.created_at) for n in told if not agreed.calendar.is_open(n.created_at)] == []


def no_clock_was_told_of_twice(year: Year) -> None:
    with year.context.reading() as session:
        for kind, most in MOST_TOLD.items():
            told = session.scalars(select(Notice).where(ours(Notice)).where(col(Notice.kind) == kind))
            counts = Counter((clock, notice.person) for notice in told for clock in notice.about["clocks"])
            assert [clock for clock, count in counts.items() if count > most] == [], kind


def no_clock_that_broke_was_passed_over(year: Year) -> None:
    """Whatever broke before this instant was looked at, and is to be looked at again only later."""
    with year.context.reading() as session:
        overdue = session.scalars(
            select(Clock)
            .where(ours(Clock))
            .where(col(Clock.waiting) > 0, col(Clock.breaks_at) <= year.clock.at)
        ).all()
        assert overdue, "in so long a time something is late"
        assert [clock.key for clock in overdue if clock.look_at and clock.look_at <= year.clock.at] == []
        agreed = agreements.by_id(session, 1, 1)
        silent = [
            clock.key
            for clock in overdue
            if clock.rung in ("", "warned")
            and agreed.calendar.elapsed(clock.breaks_at or FIRST, year.clock.at)
        ]
        assert silent == []


def no_rep_was_over_budget(year: Year) -> None:
    with year.context.reading() as session:
        agreed = agreements.by_id(session, 1, 1)
        counts = col(Notice.counts).is_(True) & col(Notice.person).in_(REPS)
        told = session.scalars(
            select(Notice).where(ours(Notice)).where(counts).order_by(col(Notice.id))
        ).all()
        # Somebody's very first list comes whatever was said that day: names stand nowhere else but in Home.
        first_lists = {
            notice.person: notice.id for notice in reversed(told) if notice.kind == "work"
        }.values()
        rest = [notice for notice in told if notice.id not in first_lists]
        days = Counter((notice.person, agreed.today(notice.created_at)) for notice in rest)
        assert [day for day, count in days.items() if count > 2] == []


def a_day_had_one_scheduled_post(year: Year) -> None:
    with year.context.reading() as session:
        agreed = agreements.by_id(session, 1, 1)
        posts_made = session.scalars(
            select(Notice).where(ours(Notice)).where(col(Notice.kind).in_(("daily", "digest", "review")))
        )
        days = Counter(agreed.today(notice.created_at) for notice in posts_made)
        assert [day for day, count in days.items() if count > 1] == []
