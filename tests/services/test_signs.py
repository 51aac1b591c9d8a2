"""Signs of gaming: what the two leads are shown with a review, and nobody else."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.models import Handoff
from bot.services import agreements, moves, reps, snooze
from bot.store import migrate
from sla_rules.kinds import Tier
from tests import stores
from tests.bench.stores import StandingClock
from tests.jobs.test_year import FIRST, REPS, Year

JANUARY, FEBRUARY = date(2026, 1, 1), date(2026, 2, 1)


@pytest.fixture
def year(tmp_path: Path) -> Year:
    engine = stores.engine(tmp_path / "year.db")
    migrate(engine)
    year = Year(engine, StandingClock(FIRST), random.Random(1))
    year.sign("Europe/Berlin")
    return year


def signs(year: Year) -> dict[str, tuple[str, int, int]]:
    with year.context.reading() as session:
        agreed = agreements.by_id(session, 1, 1)
        found = reps.fact(session, agreed, JANUARY, FEBRUARY).signs
    return {sign.code: (sign.person, sign.n, sign.of) for sign in found}


def test_leads_before_days_off_are_counted(year: Year) -> None:
    year.clock.at = datetime(2026, 1, 7, 9, tzinfo=UTC)
    year.log_batch({Tier.A: 15})
    year.clock.at = datetime(2026, 1, 9, 15, 30, tzinfo=UTC)  # Friday, half an hour before closing
    year.log_batch({Tier.A: 10})
    assert signs(year)["handed_over_before_days_off"] == ("", 10, 25)


def test_who_takes_at_the_last_moment_and_who_snoozes_is_named(year: Year) -> None:
    for day in (7, 8, 9):
        year.clock.at = datetime(2026, 1, day, 8, tzinfo=UTC)
        handoff_id = year.log_batch({Tier.B: 10})
        year.clock.at += timedelta(hours=3, minutes=50)
        year.take_of(handoff_id, REPS[1])
        with year.context.transaction() as session:
            agreed, handoff = agreements.by_id(session, 1, 1), session.get_one(Handoff, handoff_id)
            clock = moves.next_of(session, agreed, handoff, REPS[1], year.clock.at)
            until = year.clock.at + timedelta(hours=1)
            snooze.snooze(session, agreed, clock, user=REPS[1], until=until, reason="busy", now=year.clock.at)
    found = signs(year)
    assert found["taken_at_the_end"] == (REPS[1], 30, 30)
    assert found["snoozed"] == (REPS[1], 30, 30)


def test_a_fair_month_shows_no_sign(year: Year) -> None:
    for day in (7, 8, 13):
        year.clock.at = datetime(2026, 1, day, 9, tzinfo=UTC)
        year.take_of(year.log_batch({Tier.B: 10}), REPS[1])
    assert signs(year) == {}
