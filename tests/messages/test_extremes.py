"""Reports of teams far larger than any: within the limits, nothing lost without a word, in each language."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.figures import PromiseFact
from bot.facts.review import ReviewedFact
from bot.facts.said import Message
from bot.messages import breaches, daily, digest, forecast, goals, review, simulate, status
from bot.services.breaches import LISTED
from sla_rules.fold import SPENT
from sla_rules.kinds import RejectionKind
from tests.messages import examples as e
from tests.messages.test_gallery import assert_slack_takes, blocks_of, texts
from tests.messages.test_simulate import FACT as SIMULATED

LONG = "a name of a hundred characters, " * 4
MORE = {"en": "more", "pt_BR": "mais"}


def many(facts: Any, n: int) -> list[Any]:
    return list(islice(cycle(facts), n))


def promises(n: int) -> list[PromiseFact]:
    return many(e.PROMISES, n)


def reasons(n: int) -> list[Any]:
    kinds = list(RejectionKind)
    return [e.reason(label=LONG, kind=kinds[i % 2], n=1000 + i, top_source=LONG) for i in range(n)]


def huge_digest(n: int, **change: Any) -> Any:
    """Give the digest of a team with `n` of everything; figures are in millions."""
    plans = [(date(2026, 6, 22) + timedelta(days=i % 7), LONG, 10**6) for i in range(n)]
    return e.digest(
        name=LONG,
        promises=promises(n),
        reasons=reasons(n),
        delivered=10**7,
        planned_next=plans,
        away_next=[f"U{i:010}" for i in range(n)],
        moved=[e.moved(numbers=range(10**6, 10**6 + n)) for _ in range(n)],
        spent=[(part, 10**7) for part in SPENT],
        from_on=date(2026, 6, 16),
        until_on=date(2026, 6, 18),
        versions=range(1, 1 + min(n, 30)),
        refused=10**6,
        unhandled=10**6,
        excused=10**6,
        snoozed=10**6,
        unknown_posts=10**6,
        review_on=date(2026, 6, 1),
        is_young=True,
        weeks=[
            e.week(label=f"2026-W{i}", delivered=10**7, target=1e7, is_partial=True) for i in range(21, 26)
        ],
        **change,
    )


def huge_daily(n: int, **change: Any) -> Any:
    clocks = [e.clock(clock_id=i, number=10**6 + i, source=LONG) for i in range(n)]
    return e.daily(name=LONG, at_risk=clocks, goals=[e.goal(target=10**7, so_far=10**6)] * n, **change)


def huge_review(n: int) -> Any:
    return e.review(
        name=LONG,
        promises=[ReviewedFact(one, kept=1, made=3) for one in promises(n)],
        outlooks=many(e.OUTLOOKS, n),
        agenda=many(e.review().agenda, n),
        drafts=tuple(replace(one, source=LONG, new=LONG * 9) for one in many([e.REFUSED], 3)),
    )


Draw = Callable[[int, str], Message]
REPORTS: Mapping[str, Draw] = {
    "breaches": lambda n, locale: breaches.message(
        e.breaches(
            overdue=many([e.overdue(source=LONG)], min(n, LISTED)),
            count=n,
            broken=many(e.breaches().broken, n),
        ),
        locale,
    ),
    "daily": lambda n, locale: daily.message(huge_daily(n), locale),
    "daily, calm": lambda n, locale: daily.message(huge_daily(n, is_calm=True), locale),
    "digest": lambda n, locale: digest.message(huge_digest(n), locale),
    "digest, asked for": lambda n, locale: digest.private(huge_digest(n), locale),
    "forecast": lambda n, locale: forecast.message(e.forecast(name=LONG, goals=many(e.OUTLOOKS, n)), locale),
    "goals": lambda n, locale: goals.message(
        e.status(goals=[e.goal()] * n, promises=tuple(promises(n))), locale
    ),
    "status": lambda n, locale: status.message(
        e.status(
            goals=[e.goal()] * n,
            promises=tuple(promises(n)),
            moves=huge_daily(n).at_risk,
            at_risk=huge_daily(n).at_risk,
        ),
        locale,
    ),
    "simulate": lambda n, locale: simulate.message(
        replace(SIMULATED, promises=many(SIMULATED.promises, n), changes=many(SIMULATED.changes, n)), locale
    ),
    "review": lambda n, locale: review.message(huge_review(n), locale),
    "people": lambda n, locale: review.people(
        e.people(reps=many(e.people().reps, n), signs=many(e.people().signs, n)), locale
    ),
}
WHOLE: Mapping[str, Draw] = {
    "digest, thread": lambda n, locale: digest.thread(huge_digest(n), locale),
    "digest, thread in words": lambda n, locale: digest.thread_plain(huge_digest(n), locale),
}
"""Of fixed length, whatever the data: five weeks, four stages."""


def assert_fits(drawn: Message) -> None:
    assert_slack_takes(drawn)
    for text in texts(blocks_of(drawn)):
        assert not text.endswith("…"), "a part was cut where nobody counted what is left out"


@pytest.mark.parametrize("locale", MORE)
@pytest.mark.parametrize("name", REPORTS)
def test_what_is_left_out_of_a_report_is_counted(name: str, locale: str) -> None:
    drawn = REPORTS[name](200, locale)

    assert_fits(drawn)
    assert f"{MORE[locale]} " in " ".join(texts(blocks_of(drawn))).replace(".", " ")


@pytest.mark.parametrize("locale", MORE)
@pytest.mark.parametrize("name", [*REPORTS, *WHOLE])
def test_more_of_everything_adds_no_parts(name: str, locale: str) -> None:
    draw = {**REPORTS, **WHOLE}[name]

    usual, huge = ([block["type"] for block in blocks_of(draw(n, locale))] for n in (60, 2_000))
    assert usual == huge


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([*REPORTS, *WHOLE]), st.integers(1, 300), st.sampled_from(list(MORE)))
def test_a_report_of_any_size_fits(name: str, n: int, locale: str) -> None:
    assert_fits({**REPORTS, **WHOLE}[name](n, locale))
