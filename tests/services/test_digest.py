"""The digest: its figures are those of the ledger, and what moved since it was told is told."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot.database import transaction
from bot.facts.figures import DigestFact, MovedFact, SpanFact
from bot.messages.goals import kept_of
from bot.models import Handoff, Notice
from bot.services import agreements, digest, ledger, moved, posts, weeks
from bot.services.agreements import Agreed
from sla_rules import attainment, fold, funnel
from sla_rules.kinds import Metric, Side
from tests.services.walk import STEPS, Step, Walk, settled, walk_in
from tests.twin import ours

FIRST = date(2026, 6, 8)
WEEK = timedelta(days=7)


@pytest.fixture
def walk(signed: Path) -> Iterator[Walk]:
    with walk_in(signed) as walk:
        yield walk


# ---- every figure is the ledger's


def recomputed(session: Session, agreed: Agreed, start_on: date, by: str, value: str) -> Counter[str]:
    """Add up what the handoffs of a week count, folded anew from the ledger."""
    found: Counter[str] = Counter()
    for handoff in session.exec(select(Handoff).where(ours(Handoff))).all():
        folded = ledger.read(session, agreed, handoff, ledger.settled_until(session, handoff))
        for (of, one, measure, day), n in fold.figures(folded).items():
            if (of, one) == (by, value) and start_on <= date.fromisoformat(day) < start_on + WEEK:
                found[measure] += n
    return found


def assert_is_the_ledgers(session: Session, agreed: Agreed, fact: DigestFact) -> None:
    counted = recomputed(session, agreed, fact.start_on, "all", "")
    assert (fact.delivered, fact.accepted, fact.sql, fact.won) == tuple(
        counted[measure] for measure in ("delivered", "accepted", "sql", "won")
    )
    assert (fact.undecided, fact.refused, fact.neutral) == tuple(
        counted[measure] for measure in ("undecided", "rejected_quality", "rejected_neutral")
    )
    assert fact.qualified == counted["delivered"] - counted["rejected_quality"] - counted["rejected_neutral"]
    assert fact.excused == sum(n for measure, n in counted.items() if measure.endswith(".excused"))
    assert {(one.reason, one.n) for one in fact.reasons} == {
        (measure.removeprefix("reason."), n)
        for measure, n in counted.items()
        if measure.startswith("reason.")
    }
    for one in fact.promises:
        part = ("tier", one.tier) if one.tier else ("all", "")
        if one.metric != "duties" and one.metric not in attainment.COUNTS:
            figure = attainment.measure(one.metric, recomputed(session, agreed, fact.start_on, *part))
            assert (one.value, one.n, one.of) == (figure.value, figure.n, figure.of)
    for span, told in (("conversion", fact.conversion), ("cycle", fact.cycle)):
        assert told.mean_days == funnel.in_days(funnel.ratio(counted[f"{span}.sum"], counted[f"{span}.n"]))


def assert_weeks_are_the_ledgers(session: Session, agreed: Agreed, fact: DigestFact) -> None:
    first_on = fact.start_on - (len(fact.weeks) - 1) * WEEK
    for n, week in enumerate(fact.weeks):
        counted = recomputed(session, agreed, first_on + n * WEEK, "all", "")
        assert (week.delivered, week.accepted, week.won) == tuple(
            counted[measure] for measure in ("delivered", "accepted", "won")
        )
        told = digest.fact(session, agreed, first_on + n * WEEK, fact.now).promises
        assert (week.sales_kept, week.sales_made) == kept_of(told, Side.SALES)
        assert (week.marketing_kept, week.marketing_made) == kept_of(told, Side.MARKETING)


@settings(**settled(15))
@given(steps=st.lists(STEPS, min_size=5, max_size=20))
def test_every_figure_of_a_digest_equals_a_recomputation_from_the_ledger(
    signed: Path, steps: list[Step]
) -> None:
    with walk_in(signed) as walk:
        for step in steps:
            walk.do(step)
        with transaction(walk.engine) as session:
            agreed = agreements.by_id(session, 1, 1)
            for n in range(5):
                fact = digest.fact(session, agreed, FIRST + n * WEEK, walk.now)
                assert_is_the_ledgers(session, agreed, fact)
            assert_weeks_are_the_ledgers(session, agreed, fact)


# ---- what moved


def tell(walk: Walk) -> DigestFact:
    """Post the digest now; gives what it says, as it is rendered later."""
    with transaction(walk.engine) as session:
        agreements.change(session, 1, 1, next_digest_at=walk.now)
        posts.post(session, agreements.by_id(session, 1, 1), walk.now)
    with transaction(walk.engine) as session:
        newest = (
            select(Notice)
            .where(ours(Notice))
            .where(Notice.kind == "digest")
            .order_by(col(Notice.id).desc())
            .limit(1)
        )
        notice = session.exec(newest).one()
        return digest.posted(session, agreements.by_id(session, 1, 1), notice, walk.now)


def since_told(walk: Walk) -> Sequence[MovedFact]:
    with transaction(walk.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        start_on = posts.week_told(agreed, agreed.today(walk.now))
        return moved.since_told(session, agreed, weeks.gather(session, agreed, start_on))


def refused(walk: Walk) -> None:
    """Hand over leads on Friday, of which Sales takes some and refuses some, and tell that week."""
    walk.do(Step("log", choice=1))
    walk.do(Step("taken", leads=(1, 2, 3)))
    walk.do(Step("rejected", leads=(4, 5), choice=0))
    tell(walk)


def test_what_did_not_move_is_not_told(walk: Walk) -> None:
    refused(walk)

    assert since_told(walk) == []


def test_a_dispute_granted_after_the_digest_is_told_in_the_next_one(walk: Walk) -> None:
    refused(walk)
    walk.do(Step("disputed", after=60, leads=(4, 5)))
    walk.do(Step("settled", after=60, leads=(4, 5), choice=1))
    walk.now += WEEK

    told = tell(walk)

    (fact,) = [one for one in told.moved if one.what is Metric.QUALITY_REFUSALS]
    assert told.moved[0] == fact, "a verdict that turned round comes first"
    assert (fact.start_on, fact.was, fact.value) == (FIRST, 0.4, 0)
    assert (fact.was_kept, fact.is_kept) == (False, True)
    assert (fact.cause, list(fact.numbers)) == ("dispute", [1])
    assert since_told(walk) == [], "it is told once"


def test_an_excuse_and_an_undoing_are_named_as_causes(walk: Walk) -> None:
    refused(walk)
    walk.do(Step("undone", after=60, choice=2))
    walk.do(Step("excused", leads=(1, 2, 3), choice=3))

    causes = {one.what: one.cause for one in since_told(walk)}

    assert causes[Metric.QUALITY_REFUSALS] == "undone"


def test_leads_voided_after_the_digest_are_told(walk: Walk) -> None:
    refused(walk)
    walk.do(Step("voided", after=60))

    found = {one.what: one for one in since_told(walk)}

    assert (found[Metric.LEADS_DELIVERED].was, found[Metric.LEADS_DELIVERED].value) == (6, 0)
    assert {one.cause for one in list(found.values())[:3]} == {"voided"}


def test_leads_counted_anew_after_the_digest_are_told(walk: Walk) -> None:
    refused(walk)
    walk.do(Step("corrected", after=60, choice=22))

    found = {one.what: one for one in since_told(walk)}

    assert (found[Metric.LEADS_DELIVERED].was, found[Metric.LEADS_DELIVERED].value) == (6, 5)
    assert found[Metric.LEADS_DELIVERED].cause == "corrected"


def test_a_digest_is_rendered_as_it_was_when_it_fell_due(walk: Walk) -> None:
    refused(walk)
    said = tell(walk)
    walk.do(Step("voided", after=60))

    with transaction(walk.engine) as session:
        notice = session.exec(select(Notice).where(ours(Notice)).where(Notice.kind == "digest_thread")).one()
        assert digest.posted(session, agreements.by_id(session, 1, 1), notice, walk.now) == said
    assert said.delivered == 6


def test_a_digest_that_an_older_release_gathered_is_gathered_anew(walk: Walk) -> None:
    refused(walk)
    with transaction(walk.engine) as session:
        notice = session.exec(select(Notice).where(ours(Notice)).where(Notice.kind == "digest")).one()
        about = dict(notice.about)
        del about["fact"]["delivered"]
        notice.about = about
        assert digest.posted(session, agreements.by_id(session, 1, 1), notice, walk.now).delivered > 0


@pytest.mark.parametrize(("days", "state"), [(0, "to_come"), (3, "running"), (10, "over")])
def test_a_digest_knows_whether_the_week_after_it_has_begun(walk: Walk, days: int, state: str) -> None:
    refused(walk)
    with transaction(walk.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        assert digest.fact(session, agreed, FIRST, walk.now + timedelta(days=days)).week_after == state


@pytest.mark.parametrize(
    ("starts", "told"),
    [
        ("mon", ["06-01", "06-01", "06-08", "06-08", "06-08"]),
        ("sun", ["05-31", "06-07", "06-07", "06-07", "06-07"]),
    ],
)
def test_a_digest_tells_the_last_whole_week_wherever_weeks_begin(
    walk: Walk, starts: str, told: list[str]
) -> None:
    """From Wednesday 10 June to Sunday 14 June: Sunday may be the last day of a week, or the first."""
    with transaction(walk.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        cadence = agreed.document.cadence.model_copy(update={"week_starts": starts})
        document = agreed.document.model_copy(update={"cadence": cadence})
        agreed = replace(agreed, document=document)
        found = [posts.week_told(agreed, date(2026, 6, day)) for day in range(10, 15)]
    assert [f"{day:%m-%d}" for day in found] == told


def test_a_digest_told_is_not_told_anew(walk: Walk) -> None:
    refused(walk)
    walk.do(Step("voided", after=60))

    assert tell(walk).delivered == 6
    assert since_told(walk) != []


@settings(**settled(10))
@given(before=st.lists(STEPS, min_size=3, max_size=10), after=st.lists(STEPS, min_size=3, max_size=10))
def test_what_moved_is_what_reads_otherwise_than_it_was_told(
    signed: Path, before: list[Step], after: list[Step]
) -> None:
    with walk_in(signed) as walk:
        walk.do(Step("log", choice=1))
        for step in before:
            walk.do(step)
        tell(walk)
        assert since_told(walk) == []
        told = figures_of(walk)
        for step in after:
            walk.do(step)
        now = figures_of(walk)
        assert {(one.start_on, one.what, one.tier) for one in since_told(walk)} == {
            key for key in told if told[key] != now[key]
        }


def figures_of(walk: Walk) -> dict[tuple[date, str, str | None], tuple[float | None, bool | None]]:
    """Read the figures of the week that the first digest tells."""
    with transaction(walk.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        start_on = (
            session.exec(select(Notice.about).where(ours(Notice)).where(Notice.kind == "digest")).first()
            or {}
        )
        (week,) = weeks.gather(session, agreed, date.fromisoformat(start_on["week"]))[-1:]
    return {
        (week.period.start_on, one.what, one.tier): (
            None if one.value is None else round(one.value, 2),
            one.is_kept,
        )
        for one in week.figures
    }


# ---- targets and parts of weeks


def test_a_week_has_its_part_of_the_target_by_working_days_over_the_end_of_a_month_too(walk: Walk) -> None:
    with transaction(walk.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        past = weeks.gather(session, agreed, date(2026, 6, 29))
        before, first, whole, over = (weeks.target(session, agreed, past[n].period) for n in (-5, -4, -2, -1))

    assert before is None, "nothing was agreed yet"
    assert (first, whole) == pytest.approx((240 * 5 / 22, 240 * 5 / 22))
    assert over == pytest.approx(240 * 2 / 22 + 240 * 3 / 23)


def test_a_week_that_is_not_over_or_began_before_the_agreement_says_so(walk: Walk) -> None:
    with transaction(walk.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
        first = digest.fact(session, agreed, FIRST, walk.now)
        later = digest.fact(session, agreed, FIRST + WEEK, walk.now + 2 * WEEK)

    assert (first.from_on, first.until_on) == (date(2026, 6, 12), date(2026, 6, 12))
    assert (later.from_on, later.until_on) == (None, None)
    assert [week.is_partial for week in later.weeks] == [False, False, False, True, False]


def test_in_a_week_without_leads_nothing_is_divided(walk: Walk) -> None:
    with transaction(walk.engine) as session:
        fact = digest.fact(session, agreements.by_id(session, 1, 1), FIRST, walk.now)

    assert (fact.acceptance_rate, fact.sql_rate, fact.won_per_100) == (None, None, None)
    assert fact.conversion == fact.cycle == SpanFact()
