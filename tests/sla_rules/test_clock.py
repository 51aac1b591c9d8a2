"""One promise with a time: due, warned of, broken, paused."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.clock import Clock
from sla_rules.kinds import ClockKind, ClockState, Side, Tier
from sla_rules.terms import Terms
from sla_rules.working_time import WorkingTime

CALENDAR = WorkingTime(
    "Europe/Berlin", {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
)
TERMS = Terms(1, CALENDAR, {}, frozenset(), 0.75, {}, 0, 0, 0, 0)
HOUR = 3600


def at(hour: str, day: int = 11) -> int:
    """Give an hour of Monday 11 June 2018, or of another day of that month, in Berlin."""
    on = datetime.combine(date(2018, 6, day), time.fromisoformat(hour), ZoneInfo("Europe/Berlin"))
    return int(on.timestamp())


def clock(start: int, hours: int = 4, *pauses: tuple[int, int | None], waiting: int = 1) -> Clock:
    return Clock(
        ClockKind.DECIDE,
        Tier.B,
        "USOL",
        start,
        hours * HOUR,
        TERMS,
        list(pauses),
        set(range(1, waiting + 1)),
    )


@pytest.mark.parametrize(
    ("running", "warns", "due", "breaks"),
    [
        (clock(at("10:00")), at("13:00"), at("14:00"), at("14:00")),
        (clock(at("15:00")), at("10:00", 12), at("11:00", 12), at("11:00", 12)),
        (clock(at("13:00")), at("16:00"), at("17:00"), at("09:00", 12)),
        (clock(at("13:00", 15)), at("16:00", 15), at("17:00", 15), at("09:00", 18)),
        (clock(at("10:00"), 4, (at("11:00"), at("12:00"))), at("14:00"), at("15:00"), at("15:00")),
        (clock(at("10:00"), 4, (at("11:00"), None)), None, None, None),
        (clock(at("20:00")), at("12:00", 12), at("13:00", 12), at("13:00", 12)),
    ],
    ids=["in-hours", "overnight", "due-at-closing", "over-a-weekend", "paused", "paused-still", "at-night"],
)
def test_a_clock_warns_is_due_and_breaks_in_working_time(
    running: Clock, warns: int | None, due: int | None, breaks: int | None
) -> None:
    assert (running.warn_at, running.due_at, running.breaks_at) == (warns, due, breaks)


def test_broken_means_that_more_than_the_target_has_gone() -> None:
    running = clock(at("10:00"))
    assert not running.is_late(at("14:00"))
    assert running.is_late(at("14:00") + 1)
    assert running.is_broken(at("14:00"))
    assert not running.is_broken(at("14:00") - 1)


def test_a_deadline_at_closing_is_kept_all_night() -> None:
    running = clock(at("13:00"))
    assert not running.is_late(at("23:00"))
    assert not running.is_broken(at("08:59", 12))
    assert running.is_late(at("09:01", 12))


def test_a_paused_clock_is_not_broken() -> None:
    running = clock(at("10:00"), 4, (at("11:00"), None))
    assert not running.is_broken(at("10:00", 29))
    assert running.elapsed(at("10:00", 29)) == HOUR


def test_pausing_and_going_on_shifts_what_is_due() -> None:
    running = clock(at("10:00"))
    running.pause(at("11:00"))
    assert running.due_at is None
    running.resume(at("11:00"), at("13:00"))
    assert running.due_at == at("16:00")


def test_going_on_ends_the_pause_that_is_meant_and_no_other() -> None:
    running = clock(at("10:00"))
    running.pause(at("11:00"))
    running.pause(at("12:00"))
    running.resume(at("11:00"), at("13:00"))
    assert running.pauses == [(at("11:00"), at("13:00")), (at("12:00"), None)]
    running.resume(at("10:30"), at("13:00"))
    assert running.due_at is None


def test_leads_that_ended_leave_their_clock_in_a_state_of_its_own() -> None:
    met, late, left = (
        clock(at("10:00"), waiting=0),
        clock(at("10:00"), waiting=0),
        clock(at("10:00"), waiting=0),
    )
    met.kept, late.late = 2, 1
    assert met.state(at("16:00")) is ClockState.MET
    assert late.state(at("16:00")) is ClockState.BREACHED
    assert left.state(at("16:00")) is ClockState.CANCELLED


@pytest.mark.parametrize(
    ("running", "hour", "expected"),
    [
        (clock(at("10:00")), "13:00", ClockState.RUNNING),
        (clock(at("10:00")), "14:01", ClockState.BREACHED),
        (clock(at("10:00"), 4, (at("11:00"), None)), "16:00", ClockState.PAUSED),
        (clock(at("10:00"), 4, (at("11:00"), at("12:00"))), "14:30", ClockState.RUNNING),
    ],
)
def test_a_clock_with_leads_waiting_runs_is_paused_or_breached(
    running: Clock, hour: str, expected: ClockState
) -> None:
    assert running.state(at(hour)) is expected


def test_a_clock_is_named_by_kind_tier_owner_and_start() -> None:
    assert clock(7).key == "decide:B:USOL:7"
    assert Clock(ClockKind.ANSWER, None, "UMARA", 7, HOUR, TERMS).key == "answer::UMARA:7"


@pytest.mark.parametrize(
    ("kind", "side"),
    [
        (ClockKind.HANDOVER, Side.MARKETING),
        (ClockKind.ANSWER, Side.MARKETING),
        (ClockKind.DECIDE, Side.SALES),
        (ClockKind.FIRST_TOUCH, Side.SALES),
        (ClockKind.OUTCOME, Side.SALES),
    ],
)
def test_every_clock_is_one_sides_promise(kind: ClockKind, side: Side) -> None:
    assert kind.side is side


@given(
    st.lists(
        st.tuples(st.integers(0, 40 * HOUR), st.one_of(st.none(), st.integers(1, 30 * HOUR))), max_size=3
    ),
    st.integers(0, 200 * HOUR),
)
def test_late_is_exactly_what_comes_after_more_than_the_target(
    pauses: list[tuple[int, int | None]], after: int
) -> None:
    running = clock(at("10:00"))
    for since, span in pauses:
        begun = running.started_at + since
        running.pause(begun)
        if span is not None:
            running.resume(begun, begun + span)
    told_at = running.started_at + after
    assert running.is_late(told_at) == (running.elapsed(told_at) > running.target)
