"""What is proposed from what was seen: each from one thing, and only where it says something."""

import pytest

from sla_rules.agreement import Agreement
from sla_rules.amend import amended
from sla_rules.attainment import Figure
from sla_rules.drift import (
    ALWAYS_KEPT,
    NEVER_KEPT,
    OUT_OF_SCOPE,
    REFUSALS,
    Amendment,
    Kept,
    Source,
    amendments,
    missed_running,
    seen_target,
)
from sla_rules.kinds import Metric, Tier
from tests.sla_rules.berlin import TEXT, with_

DOCUMENT = Agreement.parse(TEXT)


def place(metric: Metric, tier: Tier | None = None, document: Agreement = DOCUMENT) -> int:
    return next(n for n, goal in enumerate(document.goals) if (goal.metric, goal.tier) == (metric, tier))


def kept(metric: Metric, *values: float | None, tier: Tier | None = None) -> Kept:
    """Let a goal have stood so in its last periods."""
    target = DOCUMENT.goals[place(metric, tier)].target
    return Kept(place(metric, tier), [(target, Figure(value, 0, 0)) for value in values])


def webinar(*weeks: tuple[int, int], **reasons: int) -> Source:
    return Source("webinar", weeks, reasons or {"wrong_role": sum(n for n, _ in weeks)})


def one_of(*seen: Kept) -> Amendment | None:
    found = amendments(DOCUMENT, [], seen)
    assert len(found) <= 1
    return found[0] if found else None


# ---- refusals of a source


@pytest.mark.parametrize(
    ("weeks", "is_proposed"),
    [
        ([(4, 10), (4, 10), (4, 10)], True),
        ([(3, 7), (3, 7), (2, 6)], True),
        ([(3, 7), (3, 7), (2, 5)], False),  # 19 leads
        ([(4, 10), (3, 10), (4, 10)], False),  # 30 % is not over 30 %
        ([(9, 10), (0, 0), (9, 10)], False),  # a week without any
        ([(9, 30), (9, 12)], False),  # two weeks
        ([], False),
    ],
)
def test_a_source_is_kept_out_when_refused_over_30_percent_for_three_weeks(
    weeks: list[tuple[int, int]],
    is_proposed: bool,  # noqa: FBT001
) -> None:
    assert bool(amendments(DOCUMENT, [webinar(*weeks)], [])) is is_proposed


def test_what_is_kept_out_is_what_was_refused_most_and_says_what_would_be_left() -> None:
    (found,) = amendments(DOCUMENT, [webinar((5, 10), (5, 10), (5, 10), wrong_role=10, no_intent=5)], [])
    assert found.code == REFUSALS
    assert (found.path, found.tries) == (OUT_OF_SCOPE, ("webinar: Wrong role",))
    assert found.before == pytest.approx(15 / 30)
    assert found.after == pytest.approx(5 / 20)


def test_what_is_out_of_scope_already_is_not_proposed_again() -> None:
    document = Agreement.parse(with_("out: [Renewals", "out: ['webinar: Wrong role', Renewals"))
    assert amendments(document, [webinar((9, 10), (9, 10), (9, 10))], []) == ()


# ---- never kept, always kept


@pytest.mark.parametrize(
    ("tier", "path", "tries"),
    [
        (Tier.A, ("clocks", "first_touch", "A"), ("1h 30min from arrival", "2h from arrival")),
        (Tier.B, ("clocks", "first_touch", "B"), ("2 working days", "3 working days")),
        (Tier.C, ("clocks", "first_touch", "C"), ("4 working days", "5 working days")),
    ],
)
def test_a_clock_that_never_held_gets_more_time(
    tier: Tier, path: tuple[str, ...], tries: tuple[str, ...]
) -> None:
    found = one_of(kept(Metric.TOUCHED_IN_TIME, 0.5, 0.6, tier=tier))
    assert found is not None
    assert (found.code, found.path, found.tries) == (NEVER_KEPT, path, tries)


@pytest.mark.parametrize(
    ("metric", "seen", "code", "target"),
    [
        (Metric.QUALIFIED_LEADS, (180, 190, 185), NEVER_KEPT, "180"),
        (Metric.QUALITY_REFUSALS, (0.31, 0.33), NEVER_KEPT, "35 %"),
        (Metric.OUTCOME_IN_TIME, (0.62, 0.71), NEVER_KEPT, "65 %"),
        (Metric.HANDED_OVER_IN_TIME, (0.97, 0.96), ALWAYS_KEPT, "95 %"),
        (Metric.QUALITY_REFUSALS, (0.12, 0.14, 0.08), ALWAYS_KEPT, "15 %"),
    ],
)
def test_a_goal_is_moved_to_what_was_seen(
    metric: Metric, seen: tuple[float, ...], code: str, target: str
) -> None:
    found = one_of(kept(metric, *seen))
    assert found is not None
    assert (found.code, found.path, found.tries) == (code, ("goals", place(metric), "target"), (target,))


def test_an_answer_that_never_came_in_time_gets_more_time() -> None:
    found = one_of(kept(Metric.ANSWERED_IN_TIME, 0.1, 0.2))
    assert found is not None
    assert (found.path, found.tries) == (("clocks", "answer"), ("6h", "8h"))


def test_a_count_always_kept_rises_by_a_tenth_at_the_most() -> None:
    target = DOCUMENT.goals[place(Metric.QUALIFIED_LEADS)].target
    found = one_of(kept(Metric.QUALIFIED_LEADS, 3 * target, 4 * target))
    assert found is not None
    assert int(found.tries[0]) <= target * 1.1


@pytest.mark.parametrize(
    "seen",
    [
        kept(Metric.QUALITY_REFUSALS, 0.24, 0.23),  # kept, without room
        kept(Metric.QUALITY_REFUSALS, 0.4, 0.2),  # kept once
        kept(Metric.QUALITY_REFUSALS, 0.4),  # once says nothing
        kept(Metric.QUALITY_REFUSALS, 0.4, None),
        kept(Metric.HANDED_OVER_IN_TIME, 0.91, 0.99),
        kept(Metric.OUTCOME_IN_TIME),
    ],
)
def test_what_says_nothing_proposes_nothing(seen: Kept) -> None:
    assert one_of(seen) is None


def test_hand_raisers_come_first_and_what_was_never_kept_before_what_was_always() -> None:
    seen = [
        kept(Metric.HANDED_OVER_IN_TIME, 0.99, 0.99),
        kept(Metric.TOUCHED_IN_TIME, 0.1, 0.1, tier=Tier.C),
        kept(Metric.TOUCHED_IN_TIME, 0.1, 0.1, tier=Tier.A),
    ]
    found = amendments(DOCUMENT, [webinar((9, 10), (9, 10), (9, 10))], seen)
    assert [one.code for one in found] == [REFUSALS, NEVER_KEPT, NEVER_KEPT, ALWAYS_KEPT]
    assert [one.path[-1] for one in found] == ["out", "A", "C", "target"]


def test_whatever_is_proposed_can_be_written_into_the_text() -> None:
    for goal in DOCUMENT.goals:
        for values in ((0.01, 0.02), (0.99, 1.0), (1.0, 5.0), (900.0, 1200.0)):
            for found in amendments(DOCUMENT, [], [kept(goal.metric, *values, tier=goal.tier)]):
                for new in found.tries:
                    Agreement.parse(amended(TEXT, {found.path: new}))


# ---- the agenda


@pytest.mark.parametrize(
    ("seen", "missed"),
    [((0.4, 0.5), 2), ((0.4, 0.2, 0.5), 1), ((0.2, 0.1), 0), ((0.5, None), 0), ((), 0), ((0.1, 0.4, 0.4), 2)],
)
def test_a_goal_is_missed_running_from_its_last_period_back(
    seen: tuple[float | None, ...], missed: int
) -> None:
    assert missed_running(DOCUMENT, kept(Metric.QUALITY_REFUSALS, *seen)) == missed


# ---- targets from what was seen


@pytest.mark.parametrize(
    ("metric", "value", "written"),
    [
        (Metric.TOUCHED_IN_TIME, 0.874, "85 %"),
        (Metric.TOUCHED_IN_TIME, 0.85, "85 %"),
        (Metric.TOUCHED_IN_TIME, 1.0, "95 %"),
        (Metric.TOUCHED_IN_TIME, 0.0, "5 %"),
        (Metric.QUALITY_REFUSALS, 0.21, "25 %"),
        (Metric.QUALITY_REFUSALS, 0.0, "5 %"),
        (Metric.QUALIFIED_LEADS, 1284.0, "1200"),
        (Metric.QUALIFIED_LEADS, 47.6, "47"),
        (Metric.QUALIFIED_LEADS, 0.4, "1"),
    ],
)
def test_a_target_from_what_was_seen_is_one_that_people_write(
    metric: Metric, value: float, written: str
) -> None:
    goal = next(goal for goal in DOCUMENT.goals if goal.metric is metric)
    assert seen_target(goal, value) == written
