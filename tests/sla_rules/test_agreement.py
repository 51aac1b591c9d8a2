from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from sla_rules.agreement import Agreement
from sla_rules.durations import Duration
from sla_rules.kinds import ClockKind, Metric, RejectionKind, Side, Tier
from sla_rules.promises import Unit
from sla_rules.starter import starter
from sla_rules.working_time import BeyondCalendarError
from tests.sla_rules.berlin import TEAM, TEXT, with_


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return Agreement.parse(TEXT)


# ---- what the starter promises


@pytest.mark.parametrize(
    ("kind", "spans"),
    [
        (ClockKind.HANDOVER, ("15min", "1 working day", "2 working days")),
        (ClockKind.ANSWER, ("4h", "4h", "4h")),
        (ClockKind.DECIDE, (None, "4h", "1 working day")),
        (ClockKind.FIRST_TOUCH, ("1h", "1 working day", "3 working days")),
        (ClockKind.OUTCOME, ("5 working days", "10 working days", "15 working days")),
    ],
)
def test_the_starter_promises_the_usual_times(
    agreement: Agreement, kind: ClockKind, spans: tuple[str | None, ...]
) -> None:
    assert tuple(agreement.target_text(kind, tier) for tier in Tier) == spans


def test_goals_of_each_side_are_read_in_their_units(agreement: Agreement) -> None:
    marketing = {(goal.metric, goal.tier): goal.target for goal in agreement.goals_of(Side.MARKETING)}
    sales = {(goal.metric, goal.tier): goal.target for goal in agreement.goals_of(Side.SALES)}

    assert marketing == {
        (Metric.QUALIFIED_LEADS, None): 240,
        (Metric.QUALITY_REFUSALS, None): 0.25,
        (Metric.HANDED_OVER_IN_TIME, None): 0.9,
        (Metric.ANSWERED_IN_TIME, None): 0.9,
    }
    assert sales == {
        (Metric.TOUCHED_IN_TIME, Tier.A): 0.85,
        (Metric.TOUCHED_IN_TIME, Tier.B): 0.8,
        (Metric.TOUCHED_IN_TIME, Tier.C): 0.75,
        (Metric.OUTCOME_IN_TIME, None): 0.9,
    }


@pytest.mark.parametrize(
    ("metric", "written", "target", "unit"),
    [
        (Metric.LEADS_DELIVERED, "300", 300, Unit.LEADS),
        (Metric.ACCEPTANCE_RATE, "82.5 %", 0.825, Unit.SHARE),
        (Metric.WON_PER_100, "3.5", 3.5, Unit.NUMBER),
        (Metric.PIPELINE, "250000", 250_000, Unit.AMOUNT),
    ],
)
def test_each_metric_is_promised_in_its_own_unit(
    metric: Metric, written: str, target: float, unit: Unit
) -> None:
    goal = Agreement.parse(with_("qualified_leads, target: 240", f"{metric}, target: {written}")).goals[0]

    assert (goal.metric, goal.target, goal.unit) == (metric, target, unit)


def test_a_duty_is_the_leads_or_one_persons() -> None:
    duties = Agreement.parse(with_("due: 25th", "due: 25th, who: UMIA")).duties

    assert [(duty.party, duty.who, duty.due) for duty in duties] == [
        (Side.MARKETING, "UMIA", "25th"),
        (Side.SALES, "lead", "last day"),
    ]


def test_everybody_named_for_a_side_is_listed(agreement: Agreement) -> None:
    assert agreement.party(Side.SALES).people == {"USAM", "USUE", "USOL", "USIA"}


def test_refusals_are_promised_as_at_most(agreement: Agreement) -> None:
    assert [goal.metric for goal in agreement.goals if goal.is_at_most] == [Metric.QUALITY_REFUSALS]


def test_terms_are_in_working_seconds(agreement: Agreement) -> None:
    terms = agreement.terms(3, agreement.expand_days_off(date(2018, 6, 1)))

    assert terms.version == 3
    assert terms.targets[ClockKind.FIRST_TOUCH, Tier.A] == 3600
    assert terms.targets[ClockKind.FIRST_TOUCH, Tier.C] == 3 * 8 * 3600
    assert (ClockKind.DECIDE, Tier.A) not in terms.targets, (
        "deciding on a hand-raiser is part of touching them"
    )
    assert terms.from_arrival == {Tier.A}
    assert terms.warn_share == 0.75
    assert (terms.dispute_within, terms.settle_within) == (2 * 8 * 3600, 3 * 8 * 3600)
    assert terms.reasons["outside_icp"] is RejectionKind.QUALITY
    assert terms.reasons["duplicate"] is RejectionKind.NEUTRAL


def test_a_day_is_as_long_as_the_calendar_says() -> None:
    terms = Agreement.parse(with_("09:00-17:00", "08:00-12:00, 13:00-18:30")).terms(
        1, Agreement.parse(TEXT).expand_days_off(date(2018, 6, 1))
    )

    assert terms.targets[ClockKind.DECIDE, Tier.C] == int(9.5 * 3600)


def test_b_and_c_share_one_capacity_and_a_has_none(agreement: Agreement) -> None:
    assert [agreement.capacity(tier) for tier in Tier] == [None, 10, 10]
    assert agreement.capacity_group(Tier.C) == ((Tier.B, Tier.C), 10)
    assert agreement.capacity_group(Tier.A) == ((Tier.A,), None)


def test_a_tier_without_a_line_has_no_cap() -> None:
    assert Agreement.parse(with_("    A: no cap\n", "")).capacity(Tier.A) is None


def test_only_other_needs_a_note(agreement: Agreement) -> None:
    assert [key for key in agreement.rejection_reasons if agreement.needs_note(key)] == ["other"]


def test_blackout_spans_hold_their_first_and_last_day() -> None:
    agreement = Agreement.parse(with_("blackout: []", "blackout: [2018-07-02, 2018-12-24 to 2019-01-01]"))

    days = [date(2018, 7, 2), date(2018, 7, 3), date(2018, 12, 24), date(2019, 1, 1), date(2019, 1, 2)]
    assert [agreement.is_blackout(day) for day in days] == [True, False, True, True, False]


def test_volume_caps_are_read_by_period() -> None:
    volume = Agreement.parse(with_("volume: {}", "volume: {day: 100, month: 900}")).limits.volume

    assert (volume.day, volume.week, volume.month) == (100, None, 900)


# ---- people


@pytest.mark.parametrize(
    ("user", "side"),
    [
        ("UMARA", Side.MARKETING),
        ("UMIA", Side.MARKETING),
        ("UMAX", Side.MARKETING),
        ("USAM", Side.SALES),
        ("USOL", Side.SALES),
        ("USUE", Side.SALES),
        ("UNOBODY", None),
        ("", None),
    ],
)
def test_each_person_is_on_the_side_that_names_them(
    agreement: Agreement, user: str, side: Side | None
) -> None:
    assert agreement.side_of(user) is side


def test_a_manager_of_both_sides_is_on_neither_unless_working_for_one() -> None:
    both = Agreement.parse(TEXT.replace("UMAX", "USUE"))
    working = Agreement.parse(TEXT.replace("UMAX", "USOL"))

    assert both.side_of("USUE") is None
    assert working.side_of("USOL") is Side.SALES


def test_members_of_a_group_count_when_the_group_is_known() -> None:
    agreement = Agreement.parse(with_("members: [UMARA, UMIA]", "group: SMKT"))

    assert agreement.side_of("UMIA") is None
    assert agreement.side_of("UMIA", {"SMKT": ["UMIA"]}) is Side.MARKETING
    assert agreement.side_of("UMARA") is Side.MARKETING, "the lead is named"


def test_only_its_lead_leads_a_side(agreement: Agreement) -> None:
    assert agreement.is_lead("USAM", Side.SALES)
    assert not agreement.is_lead("USAM", Side.MARKETING)
    assert not agreement.is_lead("USOL", Side.SALES)


# ---- clauses


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("parties.sales.rota", "1.2"),
        ("definitions.ICP", "2.4"),
        ("definitions.ICP.size", "2.4"),
        ("rejection_reasons.outside_icp", "4.1"),
        ("limits.capacity", "7.3"),
        ("goals.0", "10.1"),
        ("goals.7.target", "10.8"),
        ("clocks.first_touch", "11.5"),
        ("clocks.first_touch.A", "11.5"),
        ("consequences.dispute", "13.7"),
        ("goals", "10"),
        ("goals.99", "10"),
        ("name", None),
        ("nothing.of.it", None),
        ("", None),
    ],
)
def test_every_place_has_its_clause(agreement: Agreement, path: str, number: str | None) -> None:
    assert agreement.clause_of(path) == number


def test_clauses_are_numbered_once_and_in_order(agreement: Agreement) -> None:
    numbers = [tuple(map(int, clause.number.split("."))) for clause in agreement.clauses()]

    assert numbers == sorted(set(numbers))
    assert {section for section, _ in numbers} == set(range(1, 16))


def test_a_clause_left_out_does_not_move_the_others() -> None:
    shorter = Agreement.parse(
        with_("  answer: 4h\n", "")
        .replace("metric: answered_in_time", "metric: leads_delivered")
        .replace("leads_delivered, target: 90 %", "leads_delivered, target: 260")
    )

    assert shorter.clause_of("clocks.first_touch") == "11.5"
    assert "11.3" not in [clause.number for clause in shorter.clauses()]


def test_a_clause_keeps_what_was_written(agreement: Agreement) -> None:
    written = {clause.path: clause.value for clause in agreement.clauses()}

    assert written["clocks.warn_at"] == "75 %"
    assert written["clocks.decide"] == {"A": "with first touch", "B": "4h", "C": "1 working day"}


# ---- the calendar


def test_days_off_are_written_out_from_three_years_back_to_five_ahead(agreement: Agreement) -> None:
    days = agreement.expand_days_off(date(2018, 6, 1))

    assert {day.year for day in days} == set(range(2015, 2024))
    assert date(2018, 12, 25) in days
    assert date(2018, 8, 15) not in days, "a holiday of Bavaria, not of Berlin"
    assert list(days) == sorted(set(days))


def test_signed_days_off_join_the_public_ones_within_the_years() -> None:
    agreement = Agreement.parse(with_("days_off: []", "days_off: [2018-12-27 to 2018-12-28, 2040-01-02]"))

    days = agreement.expand_days_off(date(2018, 6, 1))

    assert {date(2018, 12, 27), date(2018, 12, 28)} <= set(days)
    assert date(2040, 1, 2) not in days


def test_asking_beyond_the_years_written_out_raises(agreement: Agreement) -> None:
    calendar = agreement.calendar_with(agreement.expand_days_off(date(2018, 6, 1)))

    assert calendar.is_open(datetime(2023, 12, 28, 12, tzinfo=UTC))
    with pytest.raises(BeyondCalendarError):
        calendar.is_open(datetime(2024, 1, 2, 12, tzinfo=UTC))


def test_a_calendar_without_public_holidays_knows_every_year() -> None:
    agreement = Agreement.parse(starter(replace(TEAM, country=None, subdivision=None)))

    assert agreement.expand_days_off(date(2018, 6, 1)) == ()
    assert agreement.calendar_with(()).works_on(date(2090, 1, 2))


def test_holidays_that_were_not_written_out_are_not_guessed(agreement: Agreement) -> None:
    with pytest.raises(ValueError, match="not expanded"):
        agreement.calendar_with(())


def test_hours_of_single_dates_replace_the_week() -> None:
    agreement = Agreement.parse(with_("dates: {}", 'dates: {2018-12-24: "09:00-12:00", 2018-12-27: closed}'))
    calendar = agreement.calendar_with(agreement.expand_days_off(date(2018, 6, 1)))

    assert calendar.works_on(date(2018, 12, 24))
    assert not calendar.works_on(date(2018, 12, 27))


def test_a_signed_text_is_read_again_as_it_was(agreement: Agreement) -> None:
    assert Agreement.signed(TEXT) == agreement
    assert Agreement.signed(TEXT).clauses() == agreement.clauses()


def test_durations_are_written_as_they_are_read(agreement: Agreement) -> None:
    for kind in ClockKind:
        for tier in Tier:
            text = agreement.target_text(kind, tier)
            assert text is None or Duration.parse(text) == agreement.target(kind, tier)
