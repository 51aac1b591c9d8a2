"""What would have been: under the terms in force exactly what happened, under others what these would do."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.errors import UserError
from bot.facts.review import SimulatedFact
from bot.services import figures, ledger, replay, simulate, tallies, versions, what_if
from bot.services.agreements import Agreed
from bot.services.what_if import Unread, WhatIf
from sla_rules import attainment
from sla_rules.kinds import ActKind, Metric, Side, Tier
from sla_rules.replay import added
from tests.services.test_promised import agreed_in
from tests.services.walk import STEPS, TEXT, Step, Walk, settled, walk_in

DAY = 24 * 3600


def simulated(session: Session, agreed: Agreed, words: str, walk: Walk) -> SimulatedFact:
    terms = what_if.read(session, agreed, words)
    assert isinstance(terms, WhatIf), terms
    return simulate.fact(session, agreed, terms, "USAM", walk.now)


@settings(**settled(15))
@given(steps=st.lists(STEPS, min_size=5, max_size=15))
def test_under_the_terms_in_force_every_promise_is_what_the_tallies_say(
    signed: Path, steps: list[Step]
) -> None:
    with walk_in(signed) as walk:
        for step in (Step("log"), *steps, Step("tick", 30 * DAY), Step("tick", 3600)):
            walk.do(step)
        with agreed_in(walk) as (session, agreed):
            start_on, end_on = date(2026, 1, 1), date(2027, 1, 1)
            every = (acts for _, acts in replay.every_ledger(session, agreed, start_on, end_on))
            again = added(every, agreed.history, ledger.epoch(walk.now), lived=agreed.history)
            counted = simulate.by_tier(again.counts)
            assert again.impossible == []
            for metric in Metric:
                for tier in (None, *Tier):
                    was = tallies.sums(session, agreed, figures.part_of(start_on, end_on, tier))
                    would = simulate.sums(counted.get(tier, {}), start_on, end_on)
                    assert attainment.measure(metric, would) == attainment.measure(metric, was), (
                        metric,
                        tier,
                    )


@settings(**settled(8))
@given(steps=st.lists(STEPS.filter(lambda step: step.what != ActKind.VOIDED), min_size=5, max_size=12))
def test_without_a_change_the_answer_is_what_happened(signed: Path, steps: list[Step]) -> None:
    with walk_in(signed) as walk:
        for step in (Step("log"), *steps, Step("tick", 30 * DAY), Step("tick", 3600)):
            walk.do(step)
        with agreed_in(walk) as (session, agreed):
            fact = simulated(session, agreed, "", walk)
            assert fact.is_as_it_was
            assert fact.impossible_in_all == 0
            assert len(fact.promises) == len(agreed.document.goals)
            for one in fact.promises:
                assert (one.was, one.target_was, one.kept_was) == (
                    one.meant,
                    one.target_meant,
                    one.kept_meant,
                )
            assert all(was == would for _, was, would, _ in fact.sides)


@pytest.fixture
def touched_late(signed: Path) -> Iterator[Walk]:
    """Let B leads be touched a working day and a half after they were taken, and look a month later."""
    with walk_in(signed) as walk:
        walk.do(Step("log", 3 * DAY, choice=1))
        walk.do(Step("taken", 60, leads=(3, 4)))
        walk.do(Step("touched", 28 * 3600, leads=(3, 4)))
        walk.do(Step("tick", 30 * DAY))
        yield walk


def test_a_longer_clock_would_have_been_kept(touched_late: Walk) -> None:
    with agreed_in(touched_late) as (session, agreed):
        fact = simulated(session, agreed, "touch.B=2 working days", touched_late)
    touched = next(one for one in fact.promises if (one.metric, one.tier) == (Metric.TOUCHED_IN_TIME, Tier.B))
    assert (touched.was, touched.meant) == (0.0, 1.0)
    assert (touched.span_was, touched.span_meant) == ("1 working day", "2 working days")
    sales = next(found for found in fact.sides if found[0] is Side.SALES)
    assert sales[2] == sales[1] + 1
    assert [change.new for change in fact.changes] == ["2 working days"]
    assert fact.may_propose


def test_what_was_taken_again_after_it_lapsed_could_not_have_been_under_a_longer_clock(signed: Path) -> None:
    with walk_in(signed) as walk:
        walk.do(Step("log", 3 * DAY, choice=1))
        walk.do(Step("taken", 60, leads=(3,), choice=0))
        walk.do(Step("tick", 3 * DAY))
        walk.do(Step("taken", 60, leads=(3,), choice=1))
        walk.do(Step("tick", 30 * DAY))
        with agreed_in(walk) as (session, agreed):
            fact = simulated(session, agreed, "touch.B=10 working days", walk)
        assert fact.impossible_in_all == 1
        assert (fact.impossible[0].kind, fact.impossible[0].number) == (ActKind.TAKEN, 1)


def test_another_target_alone_folds_the_terms_that_held(touched_late: Walk) -> None:
    with agreed_in(touched_late) as (session, agreed):
        fact = simulated(session, agreed, "target.refusals=1 %", touched_late)
    assert fact.is_as_it_was
    assert [change.path[:3] for change in fact.changes] == [("goals", "marketing", "quality_refusals")]


def test_where_nothing_was_imported_that_is_said(touched_late: Walk) -> None:
    with agreed_in(touched_late) as (session, agreed), pytest.raises(UserError, match="nothing_imported"):
        simulated(session, agreed, "imported", touched_late)


def test_a_draft_is_simulated_as_it_stands(touched_late: Walk) -> None:
    longer = TEXT.replace("B: 1 working day, C: 3", "B: 2 working days, C: 3")
    with agreed_in(touched_late) as (session, agreed):
        with pytest.raises(UserError, match="no_draft"):
            what_if.read(session, agreed, "draft")
        versions.save_draft(session, agreed, longer, "USAM", touched_late.now)
        fact = simulated(session, agreed, "draft", touched_late)
        both = simulated(session, agreed, "draft decide.B=2h", touched_late)
    assert fact.base == "draft"
    assert len(both.changes) == len(fact.changes) + 1


def test_all_faults_of_the_words_are_told_at_once(touched_late: Walk) -> None:
    with agreed_in(touched_late) as (session, agreed):
        found = what_if.read(session, agreed, "decide.B=soon hours=9-5 nonsense=1")
    assert isinstance(found, Unread)
    assert [one.text for one in found.misread] == ["nonsense"]
    assert {word for word, _ in found.faults} == {"decide.B=soon", "hours=9-5"}


def test_handoffs_whose_clocks_have_not_run_out_are_left_out_and_named(touched_late: Walk) -> None:
    touched_late.do(Step("log"))
    with agreed_in(touched_late) as (session, agreed):
        touched_late.now += timedelta(days=1)
        fact = simulated(session, agreed, "outcome=20 working days", touched_late)
    assert dict(fact.left_out)["running"] == [2]


def test_exactly_what_was_simulated_is_proposed(touched_late: Walk) -> None:
    with agreed_in(touched_late) as (session, agreed):
        fact = simulated(session, agreed, "touch.B=2 working days", touched_late)
        with pytest.raises(UserError, match="simulated_outdated"):
            what_if.propose(session, agreed, fact.words, "0" * 16, "USAM", touched_late.now, delivery="T0")
        text = what_if.propose(
            session, agreed, fact.words, fact.text_hash, "USAM", touched_late.now, delivery="T1"
        )
        assert text.sha256 == fact.text_hash
        assert text.state == "proposed"


def test_before_anything_was_handed_over_there_is_nothing_to_look_back_on(signed: Path) -> None:
    refused = pytest.raises(UserError, match="nothing_to_simulate")
    with walk_in(signed) as walk, agreed_in(walk) as (session, agreed), refused:
        simulated(session, agreed, "decide.B=2h", walk)
