"""Four hundred days in twelve zones, with outages and clocks set wrong: each post once, on its day."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event, func, select
from sqlmodel import Session, col

from bot.context import Context
from bot.database import engine_for
from bot.gateway import Gateway
from bot.jobs import posts as job
from bot.jobs.running import Running
from bot.models import Agreement, Notice
from bot.services import agreements, digest, people, setup, versions, workspaces
from bot.services.agreements import Agreed
from bot.slack_time import SlackTime
from bot.store import migrate
from sla_rules.starter import StarterValues, starter
from tests import stores
from tests.jobs.test_year import ZONES

FIRST = datetime(2026, 1, 5, 3, tzinfo=UTC)
LEADS = ("UMARA", "URITA")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FIRST_WEEK = 7 * DAY
"""In which there is no digest: the week before has nothing to tell."""
MOST_CPU_SECONDS = 60
LATEST = timedelta(minutes=2)
"""After an outage."""


@dataclass
class Span:
    """While this lasts nothing is planned: the processes are down, or their clock is wrong by so much."""

    start: datetime
    end: datetime
    off_by: timedelta | None = None


@dataclass
class Simulated:
    """Fifty workspaces, one to three processes, true time, and what their clock makes of it."""

    engine: Engine
    spans: Sequence[Span]
    chance: random.Random
    at: datetime = FIRST
    running: Running = field(init=False)
    context: Context = field(init=False)

    def __post_init__(self) -> None:
        self.context = Context(self.engine, self, Gateway("", "http://127.0.0.1/"))
        slack_time = SlackTime(self.now, carried=lambda: self.at.timestamp())  # noqa: PLW0108  (`at` moves)
        slack_time.heard(format(self.at, "%a, %d %b %Y %H:%M:%S GMT"))
        self.running = Running(slack_time)

    def now(self) -> datetime:
        """Read the machine's clock."""
        return self.at + (self.wrong or timedelta(0))

    def sleep(self, _seconds: float) -> None:
        raise AssertionError

    @property
    def wrong(self) -> timedelta | None:
        return next((span.off_by for span in self.spans if span.start <= self.at < span.end), None)

    def is_down(self) -> bool:
        return any(span.start <= self.at < span.end for span in self.spans if span.off_by is None)

    def run(self, until: datetime) -> None:
        """Step to whatever is due next, by true time or by the clock, and to where an outage ends."""
        edges = sorted(edge for span in self.spans for edge in (span.start, span.end))
        while self.at < until:
            edge = next((edge for edge in edges if edge > self.at), until)
            if self.is_down():
                self.at = min(edge, until)
                continue
            self._plan()
            due = self.at + 5 * HOUR if self.wrong else self._next_due()
            self.at = min(edge, until, max(due, self.at + timedelta(seconds=15)))

    def _plan(self) -> None:
        plan = self.running.watched("posts", partial(job.run, self.context))
        replicas = self.chance.choice((1, 1, 1, 1, 2, 3))
        if replicas == 1:
            plan()
        else:
            with ThreadPoolExecutor(replicas) as pool:
                list(pool.map(lambda _: plan(), range(replicas)))

    def _next_due(self) -> datetime:
        columns = (col(Agreement.next_daily_at), col(Agreement.next_digest_at))
        with self.context.reading() as session:
            found = [session.scalars(select(func.min(one))).one() for one in columns]
        return min(at for at in found if at)

    def was_down_all_of(self, start: datetime, end: datetime) -> bool:
        """Say whether there was no moment of these in which somebody planned by the right clock."""
        at = start
        for span in sorted(self.spans, key=lambda one: one.start):
            if span.start <= at < span.end:
                at = span.end
        return at >= end - LATEST


def signed(session: Session, number: int, zone: str) -> None:
    team = f"T{number}"
    values = StarterValues(
        name=f"{zone} {number}",
        marketing_lead=LEADS[0],
        marketing_manager=LEADS[0],
        marketing_members=LEADS[:1],
        sales_lead=LEADS[1],
        sales_manager=LEADS[1],
        sales_members=LEADS[1:],
        sales_rota=LEADS[1:],
        zone=zone,
        review_on=(FIRST + 2000 * DAY).date(),
    )
    workspace = workspaces.remember(session, team, team, "UBATON", FIRST).id or 0
    for one in LEADS:
        people.remember(session, workspace, team, {"id": one, "name": one, "tz": zone}, FIRST)
    proposal = setup.Proposal(starter(values), "C1", LEADS[0])
    agreed = setup.create(session, workspace, proposal, FIRST, "setup")
    text_hash = versions.named(session, agreed, 1).sha256
    for lead in LEADS:
        agreed = versions.sign(session, agreed, 1, text_hash, lead, FIRST)


def spans(chance: random.Random, days: int) -> list[Span]:
    """Declare an outage or a step of the clock every few days, from a second to three days long."""
    found, at = [], FIRST + DAY
    while at < FIRST + days * DAY:
        length = chance.choice((timedelta(seconds=1), 40 * LATEST, 8 * HOUR, 30 * HOUR, 74 * HOUR))
        step = chance.choice((None, None, None, HOUR, -HOUR, DAY, -DAY))
        found.append(Span(at, at + length, step))
        at += length + timedelta(hours=chance.randint(30, 400))
    return found


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = stores.engine(tmp_path / "clock.db")
    if not stores.IS_POSTGRESQL:
        made.dispose()
        made = engine_for(f"sqlite:///{tmp_path}/clock.db")
        event.listen(made, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    migrate(made)
    yield made
    made.dispose()


@pytest.mark.parametrize(("days", "teams"), [(40, 12), pytest.param(400, 50, marks=pytest.mark.slow)])
def test_each_post_comes_once_on_its_day_whatever_the_clock_does(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, days: int, teams: int
) -> None:
    monkeypatch.setattr(digest, "to_post", lambda *_: {})  # what it says is not the question here
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    simulated = Simulated(engine, spans(chance, days), chance)
    with simulated.context.transaction() as session:
        for number in range(teams):
            signed(session, number, ZONES[number % len(ZONES)])
    began = time.process_time()
    simulated.run(FIRST + days * DAY)
    seconds = time.process_time() - began
    checked = sum(check(simulated, number + 1, days) for number in range(teams))
    print(f"{checked} posts of {teams} teams in {days} days, {seconds:.1f} s of CPU")
    assert seconds < MOST_CPU_SECONDS


def check(simulated: Simulated, workspace_id: int, days: int) -> int:
    """Hold the posts of one team to its calendar; gives how many there were."""
    with simulated.context.reading() as session:
        agreed = agreements.by_id(session, workspace_id, workspace_id)
        posted = session.scalars(
            select(Notice).where(
                col(Notice.workspace_id) == workspace_id, col(Notice.kind).in_(("daily", "digest"))
            )
        ).all()
    on = Counter((one.kind, agreed.today(one.created_at)) for one in posted)
    assert [key for key, times in on.items() if times > 1] == []
    assert max(Counter(day for _, day in on).values()) == 1, "one scheduled post a day"
    last = agreed.today(FIRST + days * DAY)
    missing = [
        (kind, at)
        for kind, day, at in expected(agreed, last)
        if (kind, day) not in on and not simulated.was_down_all_of(at, agreed.calendar.day_bounds(day)[1])
    ]
    assert missing == []
    wanted = {(kind, day) for kind, day, _ in expected(agreed, last)}
    later = {(kind, day) for kind, day in on if day >= agreed.today(FIRST) + FIRST_WEEK and day < last}
    assert later - wanted == set(), "nothing on a day of its own making"
    return len(posted)


def expected(agreed: Agreed, last: date) -> Iterator[tuple[str, date, datetime]]:
    """Name the posts of a calendar: Monday's digest or the next working day's, on all others the daily."""
    cadence, zone = agreed.document.cadence, ZoneInfo(agreed.document.calendar.zone)
    digests, day = set(), agreed.today(FIRST) - 7 * DAY
    while day < last:
        if day.weekday() == 0:
            found = day
            while not agreed.calendar.works_on(found):
                found += DAY
            digests.add(found)
        day += DAY
    day = agreed.today(FIRST) + FIRST_WEEK
    while day < last:
        if agreed.calendar.works_on(day):
            kind, at = ("digest", cadence.digest.at) if day in digests else ("daily", cadence.daily)
            yield kind, day, datetime.combine(day, at, zone).astimezone(UTC)
        day += DAY
