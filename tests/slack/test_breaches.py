"""`/sla breaches`: what is open past its time, then what was late, equal to what `/sla goals` counts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.models import Clock, table_of
from bot.services import agreements, breaches, figures
from sla_rules.attainment import IN_TIME
from sla_rules.goals import Period
from sla_rules.kinds import Per, Side
from tests.slack.office import ALAN, MAYA, REP1, REP2, SARA, Office, opened
from tests.twin import ours


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Four weeks in which some leads were taken too late, some touched too late, and some are open still."""
    with opened(tmp_path_factory.mktemp("late")) as office:
        office.type(ALAN, "/sla status")
        office.meet()
        for week in range(4):
            office.type(MAYA, f"/sla log 12 webinar week{week} A=3 B=5 C=4")
            office.settle()
            office.type(REP1, f"/sla take H-{week + 1} 1-3")
            office.type(REP1, f"/sla touch H-{week + 1} 1")
            office.after(hours=4)
            office.type(REP1, f"/sla ask H-{week + 1} is the budget real?")
            office.after(days=2)
            office.type(REP2, f"/sla take H-{week + 1} 4-{5 + week}")
            office.type(REP2, f"/sla touch H-{week + 1}")
            office.after(days=4, hours=20)
        office.type(REP1, "/sla excuse H-1 the phones were down")
        office.settle()
        office.press(MAYA, office.dm(MAYA), "excuse.grant")
        office.after(minutes=5)
        yield office


def months(office: Office) -> Iterator[Period]:
    with office.context.reading() as session:
        agreed = agreements.by_id(session, 1, 1)
        for per in Per:
            for day in (office.clock.now() - timedelta(days=15), office.clock.now()):
                yield figures.period(agreed, per, agreed.today(day))


def test_what_is_late_by_breaches_is_late_by_goals(late: Office) -> None:
    compared = 0
    for within in months(late):
        with late.context.reading() as session:
            agreed = agreements.by_id(session, 1, 1)
            fact = breaches.fact(session, agreed, SARA, within, late.clock.now())
            promises = figures.promise_facts(session, agreed, within.start_on, within.end_on)
        for promise in promises:
            kind = next((kind for metric, kind in IN_TIME.items() if metric == promise.metric), None)
            if kind:
                rows = [one for one in fact.broken if one.kind is kind and promise.tier in (None, one.tier)]
                assert sum(one.late for one in rows) == promise.of - promise.n
                assert sum(one.of for one in rows) == promise.of
                compared += promise.of - promise.n
    assert compared > 20


def test_what_is_open_past_its_time_is_every_clock_on_which_leads_wait(late: Office) -> None:
    now = late.clock.now()
    with late.context.reading() as session:
        clocks = session.execute(select(table_of(Clock)).where(ours(Clock))).all()
        agreed = agreements.by_id(session, 1, 1)
        fact = breaches.fact(session, agreed, SARA, figures.period(agreed, Per.MONTH, agreed.today(now)), now)
    overdue = [clock for clock in clocks if clock.waiting and clock.breaks_at and clock.breaks_at <= now]

    assert fact.count == len(overdue) > breaches.LISTED
    assert [clock.clock_id for clock in fact.overdue] == [
        clock.id for clock in sorted(overdue, key=lambda clock: (clock.due_at, clock.id))
    ][: breaches.LISTED]
    assert fact.by_side[Side.SALES] + fact.by_side[Side.MARKETING] == fact.count


def test_the_longest_open_stands_first_with_whose_move_it_is_and_how_late(late: Office) -> None:
    said = late.type(SARA, "/sla breaches").splitlines()

    first = next(line for line in said if line.startswith("H-"))
    assert first.startswith("H-1 ·")
    assert " late* · Sales' move, <@U" in first
    assert " · §" in first
    assert any(line.startswith("…and ") for line in said)


def test_what_was_excused_stands_apart(late: Office) -> None:
    assert "*Excused by the other side*, counted neither as kept nor as late" in late.type(
        SARA, "/sla breaches June"
    )


def test_a_past_week_tells_only_of_its_own_leads(late: Office) -> None:
    said = late.type(SARA, "/sla breaches W25")
    assert "Week 25 of 2026:" in said
    assert "H-1 ·" in said
    assert "H-2 ·" not in said


def test_both_sides_read_the_same(late: Office) -> None:
    assert late.type(MAYA, "/sla breaches") == late.type(SARA, "/sla breaches")


def test_a_colleague_sees_numbers_and_no_handoff(late: Office) -> None:
    said = late.type(ALAN, "/sla breaches June")
    assert "open past their time" in said
    assert "late of" in said
    assert "H-" not in said
    assert "<@" not in said


def test_nothing_broken_is_said(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        said = office.type(SARA, "/sla breaches")
    assert "DACH: nothing is open past its time" in said
    assert "nothing fell due" in said
