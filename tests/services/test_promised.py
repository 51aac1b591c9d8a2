"""A period is told under the versions of its days, its targets weighed by the working time under each."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session

from bot.database import transaction
from bot.models import AgreementVersion, Tally, table_of
from bot.services import agreements, digest, figures, ledger, promised, replay
from bot.services.agreements import Agreed
from sla_rules.kinds import Metric, Tier
from sla_rules.replay import replayed
from tests import twin
from tests.services.walk import FRIDAY, MARKETER, STEPS, TEXT, Step, Walk, settled, walk_in

MONDAY, NEXT_MONDAY = date(2026, 6, 15), date(2026, 6, 22)


@contextmanager
def agreed_in(walk: Walk) -> Iterator[tuple[Session, Agreed]]:
    with transaction(walk.engine) as session:
        yield session, agreements.by_id(session, 1, 1)


def amend(walk: Walk, text: str, at: datetime) -> None:
    """Put another text into force at an instant."""
    with agreed_in(walk) as (session, agreed):
        number = agreed.row.version + 1
        days_off = [day.isoformat() for day in agreements.parsed(text).expand_days_off(at.date())]
        session.add(
            AgreementVersion(
                workspace_id=1,
                agreement_id=1,
                version=number,
                text=text,
                sha256="",
                days_off=days_off,
                state="in_force",
                proposed_by=MARKETER,
                proposed_at=at,
                in_force_at=at,
            )
        )
        agreements.change(session, 1, 1, version=number)


def weekly(target: int, refusals: str = "25 %") -> str:
    return TEXT.replace(
        "metric: qualified_leads, target: 240, per: month",
        f"metric: qualified_leads, target: {target}, per: week",
    ).replace("target: 25 %", f"target: {refusals}")


def local(day: date, hour: int) -> datetime:
    """Give an hour of a summer day in Berlin."""
    return datetime(day.year, day.month, day.day, hour - 2, tzinfo=FRIDAY.tzinfo)


@pytest.fixture
def amended(signed: Path) -> Iterator[Walk]:
    """Amend the target from 100 to 200 on Wednesday at 13:00, half of the week's working time gone."""
    with walk_in(signed) as walk:
        amend(walk, weekly(100), local(MONDAY - timedelta(days=2), 9))
        amend(walk, weekly(200, "35 %"), local(MONDAY + timedelta(days=2), 13))
        yield walk


def goal_of(session: Session, agreed: Agreed, now: datetime, day: date | None = None) -> float:
    return next(
        one.target
        for one in figures.goal_facts(session, agreed, now, day)
        if one.metric is Metric.QUALIFIED_LEADS
    )


def test_a_target_amended_inside_a_period_is_weighed_by_working_time(amended: Walk) -> None:
    with agreed_in(amended) as (session, agreed):
        assert goal_of(session, agreed, local(NEXT_MONDAY, 12), MONDAY) == pytest.approx(150)
        assert goal_of(session, agreed, local(MONDAY + timedelta(days=3), 12)) == pytest.approx(150)
        assert goal_of(session, agreed, local(NEXT_MONDAY, 12)) == 200
        refusals = next(
            one
            for one in figures.promise_facts(session, agreed, MONDAY, NEXT_MONDAY)
            if one.metric is Metric.QUALITY_REFUSALS
        )
        assert refusals.target == pytest.approx(0.30)


def test_leads_are_whole_in_a_target_that_was_weighed(amended: Walk) -> None:
    amend(amended, weekly(401), local(MONDAY + timedelta(days=4), 10))
    with agreed_in(amended) as (session, agreed):
        target = goal_of(session, agreed, local(NEXT_MONDAY, 12), MONDAY)
        assert target == round(target) > 150


def test_a_past_week_is_told_under_the_versions_of_its_days(amended: Walk) -> None:
    amend(amended, weekly(400), local(NEXT_MONDAY, 9))
    with agreed_in(amended) as (session, agreed):
        for told_at in (local(NEXT_MONDAY, 12), local(NEXT_MONDAY + timedelta(days=30), 12)):
            fact = digest.fact(session, agreed, MONDAY, told_at)
            qualified = next(one for one in fact.promises if one.metric is Metric.QUALIFIED_LEADS)
            assert qualified.target == pytest.approx(150)
            assert fact.versions == (2, 3)


def test_figures_name_their_versions_where_it_is_not_the_one_in_force_alone(amended: Walk) -> None:
    with agreed_in(amended) as (session, agreed):
        assert promised.resting_on(session, agreed, MONDAY, NEXT_MONDAY) == (2, 3)
        assert promised.resting_on(session, agreed, MONDAY, MONDAY + timedelta(days=1)) == (2,)
        assert promised.resting_on(session, agreed, NEXT_MONDAY, NEXT_MONDAY + timedelta(days=7)) == ()
        assert promised.resting_on(session, agreed, date(2026, 1, 1), date(2026, 2, 1)) == ()


def test_a_goal_of_a_new_version_counts_for_the_whole_period_with_its_own_target(signed: Path) -> None:
    with walk_in(signed) as walk:
        amend(walk, weekly(77), local(MONDAY + timedelta(days=2), 13))
        with agreed_in(walk) as (session, agreed):
            assert goal_of(session, agreed, local(NEXT_MONDAY, 12), MONDAY) == 77


def test_leads_that_count_against_nobody_are_told_apart(signed: Path) -> None:
    with walk_in(signed) as walk:
        walk.do(Step("log", 3 * 24 * 3600, choice=1))  # 2 A, 2 B and 2 C on Monday
        walk.do(Step("rejected", 60, leads=(3,), choice=0))
        walk.do(Step("tick", 2 * 24 * 3600))
        with agreed_in(walk) as (session, agreed):
            fact = digest.fact(session, agreed, MONDAY, walk.now)
            assert (fact.refused, fact.unhandled) == (1, 5)


# ---- what would have been


def of_clocks(counts: Mapping[tuple[str, str, str, str], int]) -> dict[tuple[str, str, str, str], int]:
    """Keep what was counted of promises that have a time."""
    return {key: n for key, n in counts.items() if n and key[2].endswith((".kept", ".late", ".excused"))}


def stored(session: Session) -> dict[tuple[str, str, str, str], int]:
    rows = session.execute(select(table_of(Tally)).where(twin.ours(Tally)))
    return of_clocks({(row.by, row.value, row.measure, row.day.isoformat()): row.n for row in rows})


@settings(**settled(15))
@given(steps=st.lists(STEPS, min_size=5, max_size=15))
def test_a_replay_under_the_terms_of_its_time_is_what_happened(signed: Path, steps: list[Step]) -> None:
    with walk_in(signed) as walk:
        for step in (*steps, Step("tick", 3600)):
            walk.do(step)
        with agreed_in(walk) as (session, agreed):
            ledgers = replay.ledgers(session, agreed, date(2026, 1, 1), date(2027, 1, 1))
            again = replayed(ledgers, agreed.history, ledger.epoch(walk.now))
            assert of_clocks(again.figures) == stored(session)


@pytest.fixture
def touched_late(signed: Path) -> Iterator[Walk]:
    """Let B leads be touched a working day and a half after they were taken, and look a month later."""
    with walk_in(signed) as walk:
        walk.do(Step("log", 3 * 24 * 3600, choice=1))
        walk.do(Step("taken", 60, leads=(3, 4)))
        walk.do(Step("touched", 28 * 3600, leads=(3, 4)))
        walk.do(Step("tick", 30 * 24 * 3600))
        yield walk


def test_what_a_change_touches_is_told_as_it_was_and_would_have_been(touched_late: Walk) -> None:
    longer = TEXT.replace("B: 1 working day, C: 3", "B: 2 working days, C: 3")
    with agreed_in(touched_late) as (session, agreed):
        (fact,) = replay.meant(session, agreed, longer, touched_late.now)
        assert (fact.metric, fact.tier) == (Metric.TOUCHED_IN_TIME, Tier.B)
        assert (fact.span_was, fact.span_meant) == ("1 working day", "2 working days")
        assert (fact.was, fact.meant, fact.of) == (0.0, 1.0, 2)
        assert fact.target_was == fact.target_meant == 0.8
        assert fact.clause == "11.5"


@pytest.mark.parametrize(
    ("old", "new", "touched"),
    [
        ("", "", set()),
        ("name: Berlin", "name: Bern", set()),
        ("target: 25 %", "target: 20 %", {(Metric.QUALITY_REFUSALS, None)}),
        (
            "decide: {A: with first touch, B: 4h",
            "decide: {A: with first touch, B: 2h",
            {(Metric.DECIDED_IN_TIME, Tier.B)},
        ),
        ("answer: 4h", "answer: 8h", {(Metric.ANSWERED_IN_TIME, None)}),
        ("A: 1h from arrival", "A: 1h", {(Metric.TOUCHED_IN_TIME, Tier.A), (Metric.DECIDED_IN_TIME, Tier.A)}),
    ],
)
def test_only_what_a_change_touches_is_told(
    touched_late: Walk, old: str, new: str, touched: set[tuple[Metric, Tier | None]]
) -> None:
    with agreed_in(touched_late) as (session, agreed):
        found = replay.meant(session, agreed, TEXT.replace(old, new), touched_late.now)
        assert {(fact.metric, fact.tier) for fact in found} <= touched
        assert touched == set() or found


def test_other_hours_touch_every_promise_that_has_a_time(touched_late: Walk) -> None:
    with agreed_in(touched_late) as (session, agreed):
        text = TEXT.replace("09:00-17:00", "08:00-20:00")
        assert text != TEXT
        found = replay.meant(session, agreed, text, touched_late.now)
        assert len(found) == sum(goal.metric.endswith("in_time") for goal in agreed.document.goals)


def test_too_many_leads_to_wait_for_are_not_folded_anew(touched_late: Walk) -> None:
    text = TEXT.replace("B: 1 working day, C: 3", "B: 2 working days, C: 3").replace("25 %", "20 %")
    with agreed_in(touched_late) as (session, agreed):
        (fact,) = replay.meant(session, agreed, text, touched_late.now, most_leads=1)
        assert fact.metric is Metric.QUALITY_REFUSALS


def test_leads_that_have_not_run_out_are_left_out(touched_late: Walk) -> None:
    longer = TEXT.replace("B: 1 working day, C: 3", "B: 2 working days, C: 3")
    with agreed_in(touched_late) as (session, agreed):
        assert replay.meant(session, agreed, longer, local(NEXT_MONDAY, 12) - timedelta(days=5)) == ()
