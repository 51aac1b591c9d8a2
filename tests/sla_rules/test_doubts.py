import pytest

from sla_rules.agreement import Agreement
from sla_rules.amend import Amendment, amended
from sla_rules.doubts import Doubt, Seen, doubts
from sla_rules.kinds import Metric, Tier
from tests.sla_rules.berlin import TEXT

STARTER = Agreement.parse(TEXT)


def doubted(changes: Amendment, seen: Seen | None = None) -> list[tuple[str, str | None]]:
    return [(one.code, one.clause) for one in doubts(Agreement.parse(amended(TEXT, changes)), seen)]


def test_the_starter_raises_no_doubt() -> None:
    assert doubts(STARTER) == ()


UNREAL: list[tuple[Amendment, list[tuple[str, str | None]]]] = [
    ({("goals", 1, "target"): "100 %"}, [("cannot_be_broken", "10.2")]),
    ({("goals", 1, "target"): "99 %"}, []),
    ({("goals", 4, "target"): "1 %"}, [("cannot_be_broken", "10.5")]),
    ({("goals", 4, "target"): "10 %"}, []),
    ({("goals", 0, "target"): "1"}, [("cannot_be_broken", "10.1")]),
    ({("goals", 4, "target"): "100 %"}, [("no_room", "10.5")]),
    ({("clocks", "warn_at"): "100 %"}, [("warned_too_late", "11.1")]),
    # two reps, ten leads a day, 22 days
    ({("goals", 0, "target"): "440"}, []),
    ({("goals", 0, "target"): "441"}, [("more_than_capacity", "10.1")]),
    ({("goals", 0, "target"): "101", ("goals", 0, "per"): "week"}, [("more_than_capacity", "10.1")]),
    ({("goals", 0, "target"): "1300", ("goals", 0, "per"): "quarter"}, []),
    ({("goals", 0, "target"): "5000", ("limits", "capacity", "B and C"): "no cap"}, []),
    ({("limits", "volume", "month"): "240"}, []),
    ({("limits", "volume", "month"): "239"}, [("more_than_volume", "10.1")]),
    ({("limits", "volume", "week"): "50"}, [("more_than_volume", "10.1")]),
    ({("limits", "volume", "day"): "10"}, [("more_than_volume", "10.1")]),
    ({("clocks", "outcome", "C"): "21 working days"}, []),
    ({("clocks", "outcome", "C"): "22 working days"}, [("longer_than_period", "10.8")]),
    (
        {("goals", 7, "per"): "week"},
        [("longer_than_period", "10.8")] * 2,  # tiers B and C; five days of A just fit
    ),
    ({("goals", 7, "per"): "week", ("goals", 7, "tier"): "A"}, []),
]


@pytest.mark.parametrize(("changes", "expected"), UNREAL, ids=lambda value: repr(value)[:60])
def test_what_looks_unreal_is_doubted_at_its_clause(
    changes: Amendment, expected: list[tuple[str, str | None]]
) -> None:
    assert doubted(changes) == expected


SEEN = Seen(
    {
        (Metric.QUALIFIED_LEADS, None): 200,
        (Metric.QUALITY_REFUSALS, None): 0.3,
        (Metric.TOUCHED_IN_TIME, Tier.A): 0.8,
        (Metric.TOUCHED_IN_TIME, Tier.B): None,
        (Metric.OUTCOME_IN_TIME, None): 0.9,
    }
)
FAR: list[tuple[Amendment, list[tuple[str, str | None]]]] = [
    ({}, []),
    ({("goals", 0, "target"): "300"}, []),
    ({("goals", 0, "target"): "301"}, [("far_above_seen", "10.1")]),
    ({("goals", 0, "target"): "130"}, [("far_below_seen", "10.1")]),
    ({("goals", 0, "target"): "60", ("goals", 0, "per"): "week"}, []),
    ({("goals", 0, "target"): "80", ("goals", 0, "per"): "week"}, [("far_above_seen", "10.1")]),
    ({("goals", 1, "target"): "5 %"}, [("far_above_seen", "10.2")]),
    ({("goals", 1, "target"): "60 %"}, [("far_below_seen", "10.2")]),
    ({("goals", 4, "target"): "50 %"}, [("far_below_seen", "10.5")]),
    ({("goals", 5, "target"): "99 %"}, []),
    ({("goals", 7, "target"): "65 %"}, [("far_below_seen", "10.8")]),
]


@pytest.mark.parametrize(("changes", "expected"), FAR, ids=lambda value: repr(value)[:60])
def test_a_target_far_from_what_was_seen_is_doubted(
    changes: Amendment, expected: list[tuple[str, str | None]]
) -> None:
    assert doubted(changes, SEEN) == expected


def test_doubts_come_in_the_order_of_clauses_with_what_they_rest_on() -> None:
    document = Agreement.parse(amended(TEXT, {("clocks", "warn_at"): "100 %", ("goals", 0, "target"): "900"}))

    first, last = doubts(document)

    assert (first.clause, last.clause) == ("10.1", "11.1")
    assert first == Doubt(
        "more_than_capacity",
        ("goals", 0),
        "10.1",
        {
            "metric": Metric.QUALIFIED_LEADS,
            "tier": None,
            "target": 900,
            "per": "month",
            "at_most": False,
            "capacity": 440,
            "reps": 2,
            "a_day": 10,
            "days": 22,
        },
    )
