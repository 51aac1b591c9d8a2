"""Forecasts of counts and shares: what they rest on, and how often they come true."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from math import exp
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules import forecast, past
from sla_rules.forecast import Ahead, Outlook, Week
from sla_rules.kinds import Per
from sla_rules.past import Day
from tests.sla_rules import foretold
from tests.sla_rules.foretold import LEVELS, Look

WEEKS = [Week(1, n, n, n) for n in (50, 62, 41, 55, 48, 60, 52, 45, 57, 49, 53, 61, 44)]
KEPT = [Week(1, round(0.8 * week.n), week.n, week.n) for week in WEEKS]
MONTH = Ahead(worked=2, gap=1.5)
NOTHING = Week(0, 0, 0, 0)


def count(weeks: list[Week] = WEEKS, ahead: Ahead = MONTH, so_far: int = 100, target: float = 200) -> Outlook:
    found = forecast.count(weeks, ahead, so_far, target)
    assert found is not None
    return found


def share(ahead: Ahead = MONTH, so_far: Week = NOTHING, target: float = 0.8, **how: bool) -> Outlook:
    found = forecast.share(KEPT, ahead, so_far, target, **how)
    assert found is not None
    return found


# ---- how often it comes true


@pytest.mark.parametrize("kind", sorted(LEVELS))
def test_the_range_holds_the_truth_in_75_to_85_of_100_cases(kind: str) -> None:
    found: dict[str, list[Look]] = defaultdict(list)
    for per in (Per.MONTH, Per.WEEK):
        for name, looks in foretold.simulated(kind, teams=16, per=per, every=23).items():
            found[name] += looks

    for looks in found.values():
        assert len(looks) > 300
        assert 0.75 <= foretold.held(looks) <= 0.85


def test_chances_come_true_as_often_as_they_say() -> None:
    by_tenth: dict[int, list[bool]] = defaultdict(list)
    for number in range(30):
        days = foretold.team("steady", number)
        for day in range(100, 350, 31):
            on = foretold.FIRST_ON + timedelta(days=day)
            said, came = foretold.chance(days, on, Per.MONTH, since=foretold.FIRST_ON)
            by_tenth[int(said * 2.999)].append(came)

    for third, kept in by_tenth.items():
        assert len(kept) > 20
        assert third / 3 - 0.1 <= sum(kept) / len(kept) <= (third + 1) / 3 + 0.1


def test_the_range_of_a_share_that_moves_on_from_week_to_week_holds_as_often() -> None:
    chance, held, cases = Random("moving"), 0, 300
    for _ in range(cases):
        level, weeks = 0.0, []
        for _ in range(forecast.MOST_WEEKS + 1):
            level += chance.gauss(0, 0.3)
            n = sum(chance.random() < 1 / (1 + exp(-level)) for _ in range(100))
            weeks.append(Week(1, n, 100, 100))
        *before, came = weeks
        outlook = forecast.share(before, Ahead(worked=0, gap=1), replace(NOTHING, delivered=100), 0.5)
        assert outlook is not None
        held += outlook.low <= came.n / came.of <= outlook.high

    assert 0.75 <= held / cases <= 0.85


# ---- what it rests on


def test_with_fewer_than_six_decided_weeks_nothing_is_said() -> None:
    assert forecast.count(WEEKS[:5], MONTH, 100, 200) is None
    assert forecast.count(WEEKS[:6], MONTH, 100, 200) is not None
    assert forecast.share(KEPT[:5], MONTH, NOTHING, 0.8) is None
    assert forecast.share(KEPT[:6], MONTH, NOTHING, 0.8) is not None


def test_weeks_in_which_nothing_was_counted_say_nothing_of_a_share() -> None:
    before = [Week(1, 0, 0, 50)] * 8

    assert forecast.share([*before, *KEPT[:5]], MONTH, NOTHING, 0.8) is None
    assert forecast.share([*before, *KEPT[:6]], MONTH, NOTHING, 0.8) is not None


def test_weeks_without_any_lead_foretell_nothing() -> None:
    assert forecast.count([Week(1, 0, 0, 0)] * 13, MONTH, 0, 10) is None


def test_a_usual_month_ends_where_its_weeks_lead() -> None:
    outlook = count()

    assert outlook.low < 100 + 2 * 52 < outlook.high
    assert 0.5 < outlook.chance < 0.75


def test_where_no_work_is_left_all_is_certain() -> None:
    over = Ahead(worked=0, gap=1)

    assert count(ahead=over, so_far=200) == Outlook(200, 200, 1)
    assert count(ahead=over, so_far=199) == Outlook(199, 199, 0)
    counted = Week(0, 8, 10, 10)
    assert share(over, counted) == Outlook(0.8, 0.8, 1)
    assert share(over, counted, target=0.81) == Outlook(0.8, 0.8, 0)
    assert share(over, counted, target=0.81, at_most=True) == Outlook(0.8, 0.8, 1)


def test_what_is_reached_stays_reached() -> None:
    assert count(so_far=200).chance == pytest.approx(1)
    assert count(so_far=200).low >= 200


def test_where_nothing_will_be_counted_there_is_no_share() -> None:
    assert forecast.share(KEPT, Ahead(worked=0, gap=1), NOTHING, 0.8) is None


def test_weeks_that_vary_more_make_the_range_wider() -> None:
    wild = [replace(week, n=week.n * 2 * (number % 2)) for number, week in enumerate(WEEKS)]

    steady, bursty = count(), count(wild)
    assert bursty.high - bursty.low > 2 * (steady.high - steady.low)


def test_a_day_of_batches_makes_the_range_of_a_few_days_wider() -> None:
    alone = count(ahead=Ahead(worked=0.4, gap=0.7))
    batches = count(ahead=Ahead(worked=0.4, gap=0.7, clump=8))

    assert batches.high - batches.low > alone.high - alone.low


def test_a_first_plan_is_nearly_taken_at_its_word() -> None:
    without, planned = count(), count(ahead=replace(MONTH, planned=40))

    assert 30 <= planned.low + planned.high - without.low - without.high <= 80
    assert planned.high - planned.low > without.high - without.low


def test_a_plan_counts_as_far_as_plans_were_kept() -> None:
    kept = [replace(week, planned=50) for week in WEEKS]
    broken = [replace(week, planned=200) for week in WEEKS]
    ahead = replace(MONTH, planned=100)

    assert 170 < count(kept, ahead).low < 200 < count(kept, ahead).high < 240
    assert count(broken, ahead).high < 150


def test_of_undecided_leads_the_usual_share_counts() -> None:
    refused = [replace(week, n=round(0.75 * week.n)) for week in WEEKS]
    over = Ahead(worked=0, gap=1, pending=100)
    outlook = count(refused, over, so_far=0, target=60)

    assert 60 < outlook.low < 75 < outlook.high < 90
    assert outlook.chance > 0.9


def test_of_leads_not_all_of_which_are_counted_as_many_are_expected_as_usually() -> None:
    half = [Week(1, 20, 25, 50)] * 10
    all_done = Week(0, 5, 50, 100)

    assert forecast.share(half, Ahead(worked=0, gap=1), all_done, 0.8) == Outlook(0.1, 0.1, 0)


def test_the_same_past_gives_the_same_forecast() -> None:
    assert count() == count()
    assert share() == share()


@given(st.lists(st.integers(0, 300), min_size=6, max_size=13), st.integers(0, 400), st.floats(0, 13))
def test_a_higher_target_is_never_more_likely(ns: list[int], target: int, worked: float) -> None:
    weeks = [Week(1, n, n, n) for n in ns]
    ahead = Ahead(worked=worked, gap=worked / 2)
    lower, higher = (forecast.count(weeks, ahead, 20, one) for one in (target, target + 10))

    assert (lower is None) == (higher is None) == (not any(ns))
    if lower and higher:
        assert 20 <= lower.low <= lower.high
        assert -1e-9 <= higher.chance <= lower.chance + 1e-9 <= 1 + 2e-9


@given(
    st.lists(st.tuples(st.integers(0, 80), st.integers(0, 20)), min_size=6, max_size=13),
    st.floats(0, 1),
    st.floats(0, 13),
)
def test_a_share_stays_between_none_and_all(
    weeks: list[tuple[int, int]], target: float, worked: float
) -> None:
    seen = [Week(1, kept, kept + late, kept + late) for kept, late in weeks]
    ahead = Ahead(worked=worked, gap=worked / 2)
    least = forecast.share(seen, ahead, Week(0, 3, 5, 6), target)
    most = forecast.share(seen, ahead, Week(0, 3, 5, 6), target, at_most=True)

    if least and most:
        assert 0 <= least.low <= least.high <= 1
        assert least.chance + most.chance >= 1 - 1e-9


# ---- the past by weeks

MONDAY = date(2026, 6, 1)
WORKED = {MONDAY + timedelta(days=n): 28_800 * (n % 7 < 5) for n in range(-14, 28)}


def test_the_past_is_cut_into_whole_weeks_up_to_a_day() -> None:
    assert past.first_days(date(2026, 5, 17), MONDAY) == [date(2026, 5, 18), date(2026, 5, 25)]
    assert past.first_days(date(2020, 1, 1), MONDAY)[0] == MONDAY - timedelta(weeks=13)
    assert past.first_days(MONDAY, MONDAY) == []


def test_a_day_off_makes_a_week_shorter_by_what_such_days_bring() -> None:
    leads = {on: 10 for on, seconds in WORKED.items() if seconds}
    spread = past.pattern(MONDAY - timedelta(weeks=2), MONDAY, leads, WORKED)
    off = {**WORKED, MONDAY: 0}

    (week,) = past.weeks([MONDAY], {}, spread, off)
    assert week.worked == pytest.approx(0.8)


def test_leads_that_come_on_free_days_are_expected_there_too() -> None:
    leads = {on: 10 for on in WORKED if on < MONDAY}
    spread = past.pattern(MONDAY - timedelta(weeks=2), MONDAY, leads, WORKED)

    assert sum(spread.leads) == pytest.approx(1)
    assert 0.08 < spread.leads[5] < spread.leads[0]


def test_without_any_lead_each_day_is_like_the_next() -> None:
    spread = past.pattern(MONDAY - timedelta(weeks=2), MONDAY, {}, WORKED)

    assert spread.leads == (1 / 7,) * 7
    assert past.daily_clump([MONDAY], {}, spread, WORKED) == 1


def test_batches_are_seen_in_how_days_vary() -> None:
    start_on = MONDAY - timedelta(weeks=2)
    even = {on: 10 for on, seconds in WORKED.items() if seconds}
    spread = past.pattern(start_on, MONDAY, even, WORKED)

    assert past.daily_clump([start_on], even, spread, WORKED) == 1
    assert past.daily_clump([start_on], {start_on: 50}, spread, WORKED) > 10
    assert past.daily_clump([start_on], even, spread, dict.fromkeys(WORKED, 0)) == 1


def test_a_week_adds_up_its_days() -> None:
    spread = past.pattern(MONDAY, MONDAY, {}, WORKED)
    days = {MONDAY: Day(1, 2, 3, 4), MONDAY + timedelta(days=6): Day(1, 1, 1)}

    (week,) = past.weeks([MONDAY], days, spread, WORKED)
    assert (week.n, week.of, week.delivered, week.planned) == (2, 3, 4, 4)
