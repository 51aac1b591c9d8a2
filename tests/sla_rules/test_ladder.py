"""What follows a broken promise: each rung once, from private to public, never in weeks of observing."""

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement import Agreement
from sla_rules.kinds import Tier
from sla_rules.ladder import Rung, Seen, Step, climb, is_observed, next_look, roundup_after, thread_after
from tests.sla_rules.berlin import TEXT

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = {"thu": 7, "fri": 8, "sat": 9, "mon": 11, "tue": 12, "wed": 13}
"""Of June 2018."""
SIGNED = Agreement.parse(TEXT)
TERMS = SIGNED.terms(1, SIGNED.expand_days_off(date(2018, 6, 1)))
NONE, WARNED, BREACHED, THREAD, MANAGER = Rung


def at(when: str) -> datetime:
    """Read "fri 17:00"."""
    day, clock = when.split()
    return datetime.combine(date(2018, 6, DAYS[day]), time.fromisoformat(clock), BERLIN)


def seen(
    rung: Rung,
    breaks: str | None,
    looked: str = "mon 10:00",
    tier: Tier | None = Tier.A,
    *,
    new: bool = False,
) -> Seen:
    return Seen(rung, tier, at(breaks) if breaks else None, at(looked), has_just_broken=new)


@pytest.mark.parametrize(
    ("clock", "now", "step"),
    [
        (seen(NONE, "mon 10:15"), "mon 10:00", Step(WARNED, at("mon 10:15"), is_told=True)),
        (seen(NONE, "mon 09:30"), "mon 10:00", Step(BREACHED, at("mon 11:00"), is_told=True)),
        (seen(WARNED, "mon 10:00", new=True), "mon 10:00", Step(BREACHED, at("mon 11:00"), is_told=True)),
        (seen(WARNED, "mon 10:00", tier=Tier.B), "mon 10:00", Step(BREACHED, at("mon 14:00"), is_told=True)),
        (seen(WARNED, "mon 16:30", tier=None), "mon 16:30", Step(BREACHED, at("tue 12:30"), is_told=True)),
        (seen(WARNED, "fri 16:00"), "fri 16:00", Step(BREACHED, at("mon 09:00"), is_told=True)),
        (seen(BREACHED, "mon 10:00"), "mon 11:00", Step(THREAD, at("mon 16:00"), is_told=True)),
        (seen(BREACHED, "mon 14:00"), "mon 16:00", Step(THREAD, at("tue 16:00"), is_told=True)),
        (seen(BREACHED, "fri 15:30"), "fri 16:30", Step(THREAD, at("mon 16:00"), is_told=True)),
        (seen(THREAD, "mon 10:00", "mon 16:00"), "mon 16:00", Step(MANAGER, None, is_told=True)),
        (seen(THREAD, "mon 10:00", "mon 16:00"), "mon 16:55", Step(MANAGER, None, is_told=True)),
        (seen(THREAD, "mon 10:00", "mon 16:00"), "tue 09:00", Step(THREAD, at("tue 16:00"))),
        (seen(MANAGER, "mon 10:00", "tue 16:00"), "tue 16:00", Step(MANAGER, None)),
        (seen(WARNED, None), "mon 10:00", Step(WARNED, None)),
        (seen(BREACHED, "mon 12:00"), "mon 10:00", Step(BREACHED, at("mon 12:00"))),
        (seen(BREACHED, "mon 10:00", new=True), "mon 10:00", Step(BREACHED, at("mon 11:00"))),
        (seen(THREAD, "mon 10:00", new=True), "mon 10:00", Step(THREAD, at("mon 16:00"))),
        (seen(MANAGER, "mon 10:00", new=True), "mon 10:00", Step(MANAGER, None)),
    ],
    ids=[
        "is-warned-of",
        "is-found-broken-without-a-warning",
        "breaks-and-has-an-hour-for-a-hand-raiser",
        "breaks-and-has-four-hours-for-others",
        "a-question-has-the-longest",
        "the-hour-after-a-breach-goes-over-the-weekend",
        "comes-to-the-thread",
        "at-the-round-ups-own-time-waits-for-the-next",
        "after-fridays-round-up-waits-for-monday",
        "comes-to-the-manager",
        "comes-to-the-manager-late-the-same-day",
        "missed-by-a-day-waits-for-the-next-round-up",
        "has-nowhere-to-climb",
        "is-paused",
        "was-told-and-is-not-broken-after-all",
        "breaks-again-and-is-not-told-again",
        "breaks-again-after-the-thread",
        "breaks-again-after-the-manager",
    ],
)
def test_a_look_takes_a_clock_one_rung_up(clock: Seen, now: str, step: Step) -> None:
    assert climb(clock, TERMS, at(now)) == step


def test_a_tier_without_a_thread_comes_to_the_manager_after_the_dm() -> None:
    terms = replace(TERMS, thread_after={Tier.A: 3600})
    told = climb(seen(WARNED, "mon 10:00", tier=Tier.B), terms, at("mon 10:00"))
    assert told == Step(BREACHED, at("mon 16:00"), is_told=True)
    assert climb(seen(BREACHED, "mon 10:00", "mon 16:00", Tier.B), terms, at("mon 16:00")).rung is MANAGER
    assert thread_after(terms, Tier.B) is None


def test_a_text_without_a_round_up_ends_with_the_thread() -> None:
    terms = replace(TERMS, manager_at=None)
    assert climb(seen(BREACHED, "mon 10:00"), terms, at("mon 11:00")) == Step(THREAD, None, is_told=True)


OBSERVING = replace(TERMS, observe_until=date(2018, 6, 8))


@pytest.mark.parametrize(
    ("clock", "now", "step"),
    [
        (seen(NONE, "fri 12:00"), "fri 10:00", Step(WARNED, at("fri 12:00"))),
        (seen(WARNED, "fri 12:00", new=True), "fri 12:00", Step(BREACHED, None)),
        (seen(WARNED, "fri 12:00"), "mon 09:00", Step(BREACHED, None)),
        (seen(WARNED, "mon 09:00"), "mon 09:00", Step(BREACHED, at("mon 10:00"), is_told=True)),
        (seen(NONE, "mon 10:00"), "mon 09:00", Step(WARNED, at("mon 10:00"), is_told=True)),
        (seen(THREAD, "thu 12:00", "fri 16:00"), "fri 16:00", Step(THREAD, None)),
    ],
    ids=[
        "no-warning",
        "no-dm",
        "what-broke-before-the-end-is-not-told-after-it",
        "what-breaks-after-the-end-is-told",
        "what-is-near-after-the-end-is-told",
        "no-round-up",
    ],
)
def test_in_the_weeks_of_observing_the_ladder_is_silent(clock: Seen, now: str, step: Step) -> None:
    assert climb(clock, OBSERVING, at(now)) == step


@pytest.mark.parametrize(
    ("when", "observed"),
    [("thu 10:00", True), ("fri 23:59", True), ("sat 00:00", False), ("mon 09:00", False)],
)
def test_observing_lasts_until_the_end_of_its_last_local_day(when: str, *, observed: bool) -> None:
    assert is_observed(OBSERVING, at(when)) is observed
    assert not is_observed(TERMS, at(when))


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("mon 09:00", "mon 16:00"),
        ("mon 16:00", "tue 16:00"),
        ("fri 16:01", "mon 16:00"),
        ("sat 12:00", "mon 16:00"),
    ],
)
def test_the_round_up_is_the_next_on_a_working_day(since: str, expected: str) -> None:
    assert roundup_after(TERMS, at(since)) == at(expected)


def test_a_round_up_after_closing_comes_at_the_next_opening() -> None:
    late = replace(TERMS, manager_at=time(18))
    assert roundup_after(late, at("fri 10:00")) == at("mon 09:00")
    assert roundup_after(late, at("mon 09:00")) == at("tue 09:00")


INSTANTS = st.integers(0, 14 * 24 * 60).map(lambda minutes: at("fri 00:00").timestamp() + minutes * 60)


@given(INSTANTS, st.sampled_from([*Tier, None]), st.sampled_from([BREACHED, THREAD]))
def test_the_next_look_is_later_and_in_open_hours(since: float, tier: Tier | None, rung: Rung) -> None:
    moment = datetime.fromtimestamp(since, BERLIN)
    found = next_look(rung, TERMS, tier, moment)
    assert found is not None
    assert found > moment
    assert TERMS.calendar.is_open(found)


@given(INSTANTS, st.sampled_from([*Tier, None]), st.lists(st.integers(1, 3000), min_size=60, max_size=60))
def test_whenever_it_is_looked_at_each_rung_is_told_once_and_in_order(
    breaks: float, tier: Tier | None, delays: list[int]
) -> None:
    calendar = TERMS.calendar
    breaks_at = calendar.next_open(datetime.fromtimestamp(breaks, BERLIN))
    now, rung, told = breaks_at, NONE, list[Rung]()
    look_at: datetime | None = breaks_at
    for delay in delays:
        if look_at is None:
            break
        now = calendar.next_open(datetime.fromtimestamp(max(look_at, now).timestamp() + delay, BERLIN))
        step = climb(Seen(rung, tier, breaks_at, look_at), TERMS, now)
        told += [step.rung] if step.is_told else []
        rung, look_at = step.rung, step.look_at
    assert told == [BREACHED, THREAD, MANAGER][: len(told)]
    assert look_at is None or len(told) < 3
