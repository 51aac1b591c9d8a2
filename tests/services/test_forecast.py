"""Where goals will end, read from a store: decided weeks, what is planned, and what waits for a decision."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event

from bot.database import reading, transaction
from bot.facts.figures import ForecastFact, OutlookFact
from bot.models import Tally
from bot.services import agreements, forecast, log, pack, plan
from bot.services.log import Batch
from sla_rules.kinds import Metric, Tier
from tests.services import in_force
from tests.services.in_force import MARA, TEXT

BERLIN = ZoneInfo("Europe/Berlin")
SINCE, NOW = date(2026, 3, 2), "06-17 09:00"
DECIDED = {"delivered": 10, "accepted": 8, "rejected_quality": 2, "decide.kept": 9, "decide.late": 1}
TOUCHED = {"delivered": 5, "accepted": 5, "first_touch.kept": 4, "first_touch.late": 1}


def at(text: str) -> datetime:
    """Read "06-18 09:00" as an instant of 2026, in Berlin."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BERLIN).astimezone(UTC)


@dataclass
class Team:
    """An agreement of 160 qualified leads a month, with what was counted on each day."""

    engine: Engine

    def counted(
        self, start_on: date, end_on: date, counts: Mapping[str, int] = DECIDED, tier: Tier | None = None
    ) -> None:
        """Write what was counted on each working day, as handing over and deciding would."""
        by, value = ("tier", tier) if tier else ("all", "")
        with transaction(self.engine) as session:
            for n in range((end_on - start_on).days):
                on = start_on + timedelta(days=n)
                if on.weekday() < 5:
                    for measure, count in counts.items():
                        session.add(
                            Tally(
                                workspace_id=1,
                                agreement_id=1,
                                by=by,
                                value=value,
                                measure=measure,
                                day=on,
                                n=count,
                            )
                        )

    def plan(self, count: int, on: date, when: str = NOW) -> None:
        with transaction(self.engine) as session:
            agreed = agreements.by_id(session, 1, 1)
            plan.announce(
                session,
                agreed,
                count=count,
                source="fair",
                on=on,
                author=MARA,
                now=at(when),
                delivery=f"{on}",
            )

    def fact(self, when: str = NOW) -> ForecastFact:
        with reading(self.engine) as session:
            return forecast.fact(session, agreements.by_id(session, 1, 1), at(when))

    def of(self, metric: Metric, tier: Tier | None = None, when: str = NOW) -> OutlookFact:
        return next(one for one in self.fact(when).goals if (one.metric, one.tier) == (metric, tier))


@contextmanager
def opened(folder: Path, text: str = TEXT) -> Iterator[Team]:
    in_force.write(folder / "baton.db", text, datetime.combine(SINCE, time(8), BERLIN).astimezone(UTC))
    with in_force.opened(folder / "baton.db") as engine:
        yield Team(engine)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with opened(tmp_path) as team:
        yield team


@pytest.fixture
def steady(team: Team) -> Team:
    """A team with 10 leads a day, 8 of them qualified: June brings 176 of the 160."""
    team.counted(SINCE, date(2026, 6, 17))
    return team


def test_a_team_without_leads_hears_how_many_weeks_it_takes(team: Team) -> None:
    fact = team.fact()

    assert [one.chance for one in fact.goals] == [None] * 8
    assert {one.weeks for one in fact.goals} == {0}
    assert (fact.least_weeks, fact.most_weeks, fact.left_out) == (6, 13, ())


def test_six_decided_weeks_are_enough(steady: Team) -> None:
    five = steady.of(Metric.QUALIFIED_LEADS, when="04-09 18:00")
    six = steady.of(Metric.QUALIFIED_LEADS, when="04-15 18:00")

    assert (five.weeks, five.chance) == (5, None)
    assert six.weeks == 6
    assert six.chance is not None


def test_a_steady_month_ends_where_its_weeks_lead(steady: Team) -> None:
    found = steady.of(Metric.QUALIFIED_LEADS)

    assert (found.so_far, found.target, found.label, found.weeks) == (96, 160, "2026-06", 13)
    assert found.clause == "10.1"
    assert found.low is not None
    assert found.high is not None
    assert found.chance is not None
    assert 150 < found.low < 176 < found.high < 200
    assert found.chance > 0.8


def test_each_promise_is_foretold_from_what_is_counted_for_it(steady: Team) -> None:
    refusals = steady.of(Metric.QUALITY_REFUSALS)
    touches = steady.of(Metric.TOUCHED_IN_TIME, Tier.A)

    assert refusals.at_most
    assert refusals.chance is not None
    assert refusals.chance > 0.9
    assert (touches.weeks, touches.chance, touches.so_far) == (0, None, None)


def test_a_tier_is_foretold_from_its_own_leads(steady: Team) -> None:
    steady.counted(SINCE, date(2026, 6, 17), TOUCHED, Tier.A)
    found = steady.of(Metric.TOUCHED_IN_TIME, Tier.A)

    assert found.so_far == 0.8
    assert found.low is not None
    assert found.high is not None
    assert found.chance is not None
    assert 0.75 < found.low < 0.8 < found.high < 0.85
    assert found.chance < 0.1
    assert steady.of(Metric.TOUCHED_IN_TIME, Tier.B).chance is None


def test_the_slower_a_promise_is_decided_the_older_are_its_weeks(steady: Team) -> None:
    touched = {**DECIDED, "outcome.kept": 8, "handover.kept": 10}
    steady.counted(date(2026, 2, 1), SINCE, touched)
    weeks = {
        metric: steady.of(metric, when="04-15 18:00").weeks
        for metric in (Metric.HANDED_OVER_IN_TIME, Metric.QUALIFIED_LEADS, Metric.OUTCOME_IN_TIME)
    }

    assert weeks[Metric.QUALIFIED_LEADS] == 10
    assert weeks[Metric.HANDED_OVER_IN_TIME] <= 5
    assert weeks[Metric.OUTCOME_IN_TIME] <= 5


def test_undecided_leads_count_as_far_as_leads_usually_do(steady: Team) -> None:
    steady.counted(date(2026, 6, 17), date(2026, 6, 29))
    steady.counted(date(2026, 6, 29), date(2026, 7, 1), {"delivered": 10, "undecided": 10})
    after = steady.of(Metric.QUALIFIED_LEADS, when="06-30 17:30")

    assert after.so_far == 160 + 20
    assert after.low is not None
    assert after.high is not None
    assert 170 < after.low < 176 < after.high < 180


def test_what_is_planned_is_expected_on_top(steady: Team) -> None:
    before = steady.of(Metric.QUALIFIED_LEADS)
    steady.plan(60, date(2026, 6, 24))
    after = steady.of(Metric.QUALIFIED_LEADS)
    steady.plan(500, date(2026, 7, 1))

    assert before.high is not None
    assert after.high is not None
    assert after.high > before.high + 30
    assert steady.of(Metric.QUALIFIED_LEADS) == after


def test_what_was_planned_for_today_and_came_is_not_expected_again(steady: Team) -> None:
    before = steady.of(Metric.QUALIFIED_LEADS)
    steady.plan(60, date(2026, 6, 17))
    planned = steady.of(Metric.QUALIFIED_LEADS)
    with transaction(steady.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        batch = Batch("fair", {Tier.C: 60})
        log.log(session, agreed, batch, author=MARA, now=at(NOW), delivery="x")
    came = steady.of(Metric.QUALIFIED_LEADS)

    assert before.high is not None
    assert planned.high is not None
    assert came.high is not None
    assert planned.high > before.high + 30
    assert came.high == pytest.approx(before.high + 0.8 * 60, abs=20)


def test_blackout_days_bring_nothing(tmp_path: Path) -> None:
    closed = TEXT.replace("blackout: []", "blackout: [2026-06-18 to 2026-06-30]")
    assert closed != TEXT
    with opened(tmp_path, closed) as team:
        team.counted(SINCE, date(2026, 6, 17))
        found = team.of(Metric.QUALIFIED_LEADS, when="06-17 17:30")

    assert (found.low, found.high, found.chance) == (96, 96, 0)


def test_what_takes_too_long_to_be_known_is_left_out(tmp_path: Path) -> None:
    goal = "  - {party: sales, metric: outcome_in_time, target: 90 %, per: month}\n"
    text = TEXT.replace(goal, goal + "  - {party: sales, metric: won_per_100, target: 4, per: quarter}\n")
    assert text != TEXT
    with opened(tmp_path, text) as team:
        fact = team.fact()

    assert fact.left_out == (Metric.WON_PER_100,)
    assert len(fact.goals) == 8


def test_each_goal_is_foretold_for_its_own_period(tmp_path: Path) -> None:
    text = TEXT.replace("target: 160, per: month", "target: 40, per: week")
    assert text != TEXT
    with opened(tmp_path, text) as team:
        team.counted(SINCE, date(2026, 6, 17))
        found = team.of(Metric.QUALIFIED_LEADS)

    assert (found.label, found.so_far) == ("2026-W25", 16)
    assert found.low is not None
    assert found.high is not None
    assert 30 < found.low <= 40 <= found.high < 50


def test_the_review_tells_it_too(steady: Team) -> None:
    with reading(steady.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        told = pack.fact(session, agreed, SINCE, date(2026, 6, 17), (), at(NOW))

    assert [one.metric for one in told.outlooks] == [Metric.QUALIFIED_LEADS, Metric.QUALITY_REFUSALS]


def test_it_asks_the_store_as_often_whatever_there_is(steady: Team) -> None:
    asked: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(steady.engine, "before_cursor_execute", count)
    steady.fact()
    assert len([one for one in asked if "FROM tally" in one]) == 2
    assert not [one for one in asked if "FROM lead" in one or "FROM handoff" in one]
