"""Marketing's pace rung: looked at when half and three quarters of a period's working time are gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from bot.database import reading, transaction
from bot.facts.figures import PaceFact
from bot.models import Agreement, Notice, Person
from bot.services import agreements, life, log, pace, plan
from bot.services.log import Batch
from sla_rules.kinds import Tier
from tests.services import in_force
from tests.services.in_force import MARA, MAX, TEXT
from tests.twin import ours

BERLIN = ZoneInfo("Europe/Berlin")
HALF, THREE_QUARTERS = "06-16 09:00", "06-23 13:00"
"""Of June 2026: 11 and 16.5 of its 22 working days."""


def at(text: str) -> datetime:
    """Read "06-18 09:00" as an instant of 2026, in Berlin."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BERLIN).astimezone(UTC)


@dataclass
class Team:
    """An agreement of 160 leads a month, and its life job."""

    engine: Engine

    def live(self, until: str) -> None:
        """Let all happen that is due on the way, as the job does."""
        for _ in range(200):
            with transaction(self.engine) as session:
                if not life.due(session, at(until)):
                    return
                look_at = session.scalar(select(col(Agreement.look_at)).where(ours(Agreement)))
                life.live(session, 1, 1, look_at or at(until))
        raise AssertionError("it looks without end")

    def log(self, count: int, when: str) -> None:
        with transaction(self.engine) as session:
            agreed = agreements.by_id(session, 1, 1)
            log.log(session, agreed, Batch("fair", {Tier.A: count}), author=MARA, now=at(when), delivery=when)

    def plan(self, count: int, on: date, when: str) -> None:
        with transaction(self.engine) as session:
            agreed = agreements.by_id(session, 1, 1)
            plan.announce(
                session, agreed, count=count, source="fair", on=on, author=MARA, now=at(when), delivery=when
            )

    def told(self) -> list[Notice]:
        with reading(self.engine) as session:
            rows = (
                select(Notice).where(ours(Notice)).where(col(Notice.kind) == "pace").order_by(col(Notice.id))
            )
            return list(session.scalars(rows))

    def keys_told(self) -> list[str]:
        return [notice.key for notice in self.told()]

    def fact(self, when: str, place: int = 0) -> PaceFact:
        with reading(self.engine) as session:
            found = pace.fact(session, agreements.by_id(session, 1, 1), self.told()[place], at(when))
        assert found is not None
        return found


@contextmanager
def opened(folder: Path, text: str = TEXT, since: str = "06-01 09:00") -> Iterator[Team]:
    in_force.write(folder / "baton.db", text, at(since))
    with in_force.opened(folder / "baton.db") as engine:
        yield Team(engine)


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with opened(tmp_path) as team:
        yield team


def test_a_month_that_is_behind_is_told_to_the_lead_at_each_share(team: Team) -> None:
    team.log(20, "06-02 10:00")
    team.live("06-16 08:59")
    assert team.keys_told() == []
    team.live(HALF)
    assert team.keys_told() == ["pace:1:2026-06:qualified_leads:month:50"]
    assert team.told()[0].place == MARA
    fact = team.fact(HALF)
    assert (fact.goal.so_far, fact.goal.expected, fact.clause) == (20, 80, "13.5")
    assert fact.due_at == at("06-16 17:00")
    assert not fact.is_settled
    team.live("06-23 12:59")
    assert len(team.keys_told()) == 1
    team.live(THREE_QUARTERS)
    assert team.keys_told()[1:] == ["pace:1:2026-06:qualified_leads:month:75"]


def test_each_share_is_told_once(team: Team) -> None:
    team.live(HALF)
    for hour in range(10, 17):
        with transaction(team.engine) as session:
            life.live(session, 1, 1, at(f"06-16 {hour}:00"))
    assert len(team.keys_told()) == 1


@pytest.mark.parametrize(("count", "is_told"), [(67, True), (68, False)])
def test_what_is_not_below_the_share_of_plan_is_not_told(team: Team, count: int, is_told: bool) -> None:  # noqa: FBT001
    team.log(count, "06-02 10:00")
    team.live(HALF)
    assert bool(team.keys_told()) is is_told


def test_it_is_held_against_the_plan_where_there_is_one(team: Team) -> None:
    team.plan(30, date(2026, 6, 3), "06-02 10:00")
    team.log(30, "06-03 10:00")
    team.live(HALF)
    assert team.keys_told() == []


def test_leads_that_come_settle_it(team: Team) -> None:
    team.live(HALF)
    shown = team.told()[0].wanted
    team.log(75, "06-16 12:00")
    assert team.told()[0].wanted == shown + 1
    assert team.fact("06-16 12:00").settled_by == "leads"


def test_a_catch_up_plan_settles_it_and_withdrawing_it_opens_it_again(team: Team) -> None:
    team.live(HALF)
    team.plan(135, date(2026, 6, 24), "06-16 12:00")
    assert team.fact("06-16 12:00").settled_by == ""
    team.plan(1, date(2026, 6, 25), "06-16 12:10")
    assert team.fact("06-16 12:10").settled_by == "plan"
    with transaction(team.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        plan.withdraw(
            session, agreed, source="fair", on=date(2026, 6, 24), author=MARA, now=at("06-17 09:00")
        )
    assert team.fact("06-17 09:00").settled_by == ""
    assert team.told()[0].wanted == 4


def test_a_plan_that_makes_up_for_it_beforehand_leaves_nothing_to_tell(team: Team) -> None:
    team.plan(150, date(2026, 6, 24), "06-10 12:00")
    team.live(HALF)
    assert team.keys_told() == []


def test_in_the_observe_weeks_nothing_is_told(tmp_path: Path) -> None:
    observed = TEXT.replace("observe_until: none", "observe_until: 2026-06-16")
    assert observed != TEXT
    with opened(tmp_path, observed) as team:
        team.live("06-22 18:00")
        assert team.keys_told() == []
        team.live(THREE_QUARTERS)
        assert len(team.keys_told()) == 1


def test_an_agreement_that_came_late_in_the_period_is_not_held_to_it(tmp_path: Path) -> None:
    with opened(tmp_path, since="06-12 09:00") as team:
        team.live("06-30 18:00")
        assert team.keys_told() == []
        team.live("07-20 18:00")
        assert team.keys_told() == ["pace:1:2026-07:qualified_leads:month:50"]


def test_blackout_days_do_not_count(tmp_path: Path) -> None:
    text = TEXT.replace("blackout: []", "blackout: [2026-06-22 to 2026-06-30]")  # 7 working days
    with opened(tmp_path, text) as team:
        team.live("06-11 13:00")  # 7.5 of 15 days were gone at 13:00 of the 8th: 10 June
        with reading(team.engine) as session:
            assert [
                row.created_at
                for row in session.scalars(select(Notice).where(ours(Notice)))
                if row.kind == "pace"
            ] == [at("06-10 13:00")]


def test_a_look_missed_by_more_than_its_day_is_not_made_good(team: Team) -> None:
    with transaction(team.engine) as session:
        life.live(session, 1, 1, at("06-17 10:00"))
    assert team.keys_told() == []


def test_the_manager_hears_for_a_lead_who_left(team: Team) -> None:
    with transaction(team.engine) as session:
        session.get_one(Person, (1, MARA)).is_deleted = True
    team.live(HALF)
    assert team.told()[0].place == MAX


def test_a_quarter_has_its_own_shares(tmp_path: Path) -> None:
    text = TEXT.replace("target: 160, per: month", "target: 480, per: quarter")
    with opened(tmp_path, text, since="04-01 09:00") as team:
        team.live("06-30 18:00")
        assert [key.rpartition(":")[2] for key in team.keys_told()] == ["50", "75"]


def test_after_the_period_the_message_says_how_it_ended(team: Team) -> None:
    team.live(HALF)
    assert team.fact("07-01 09:00").is_over
