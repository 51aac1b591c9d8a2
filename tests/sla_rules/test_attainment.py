"""Every metric's definition, from what the tallies add up to."""

import pytest

from sla_rules.attainment import AT_MOST, COUNTS, Figure, is_kept, measure
from sla_rules.kinds import Metric

SUMS = {
    "delivered": 100,
    "undecided": 30,
    "accepted": 40,
    "rejected_quality": 10,
    "rejected_neutral": 20,
    "sql": 12,
    "won": 4,
    "amount": 250_050,  # hundredths
    "handover.kept": 90,
    "handover.late": 10,
    "answer.kept": 3,
    "answer.late": 1,
    "decide.kept": 60,
    "decide.late": 20,
    "decide.excused": 15,
    "first_touch.kept": 30,
    "first_touch.late": 10,
    "outcome.kept": 8,
    "outcome.late": 0,
}


@pytest.mark.parametrize(
    ("metric", "value", "n", "of"),
    [
        (Metric.LEADS_DELIVERED, 100, 100, 100),
        (Metric.QUALIFIED_LEADS, 70, 70, 70),
        (Metric.QUALITY_REFUSALS, 0.2, 10, 50),
        (Metric.ACCEPTANCE_RATE, 0.8, 40, 50),
        (Metric.HANDED_OVER_IN_TIME, 0.9, 90, 100),
        (Metric.ANSWERED_IN_TIME, 0.75, 3, 4),
        (Metric.DECIDED_IN_TIME, 0.75, 60, 80),
        (Metric.TOUCHED_IN_TIME, 0.75, 30, 40),
        (Metric.OUTCOME_IN_TIME, 1.0, 8, 8),
        (Metric.SQL_RATE, 0.12, 12, 100),
        (Metric.WON_PER_100, 4.0, 4, 100),
        (Metric.PIPELINE, 2500, 2500, 2500),
    ],
)
def test_a_metric_is_what_the_agreement_defines(metric: Metric, value: float, n: int, of: int) -> None:
    assert measure(metric, SUMS) == Figure(pytest.approx(value), n, of)  # type: ignore[arg-type]


def test_every_metric_is_defined() -> None:
    for metric in Metric:
        assert measure(metric, SUMS).value is not None


@pytest.mark.parametrize("metric", [metric for metric in Metric if metric not in COUNTS])
def test_a_ratio_over_no_leads_has_no_value(metric: Metric) -> None:
    assert measure(metric, {}) == Figure(None, 0, 0)


@pytest.mark.parametrize("metric", sorted(COUNTS))
def test_a_count_of_no_leads_is_none_of_them(metric: Metric) -> None:
    assert measure(metric, {}).value == 0


def test_undecided_leads_count_for_marketing() -> None:
    silent = {"delivered": 10, "undecided": 10, "decide.late": 10}
    assert measure(Metric.QUALIFIED_LEADS, silent).value == 10
    assert measure(Metric.DECIDED_IN_TIME, silent).value == 0
    assert measure(Metric.ACCEPTANCE_RATE, silent).value is None


@pytest.mark.parametrize(
    ("metric", "value", "kept"),
    [
        (Metric.TOUCHED_IN_TIME, 0.85, True),
        (Metric.TOUCHED_IN_TIME, 0.84, False),
        (Metric.TOUCHED_IN_TIME, None, None),
        (Metric.QUALITY_REFUSALS, 0.85, True),
        (Metric.QUALITY_REFUSALS, 0.86, False),
        (Metric.QUALITY_REFUSALS, None, None),
    ],
)
def test_a_promise_is_kept_at_its_target(metric: Metric, value: float | None, kept: bool | None) -> None:  # noqa: FBT001
    assert is_kept(metric, 0.85, Figure(value, 0, 0)) is kept


def test_only_refusals_are_better_when_fewer() -> None:
    assert frozenset({Metric.QUALITY_REFUSALS}) == AT_MOST
