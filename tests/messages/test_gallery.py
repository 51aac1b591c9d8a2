"""Every message and view: as examples, with hostile words, with too much of everything, with nothing."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.facts.figures import PlannedFact, SpanFact
from bot.facts.said import Message
from bot.messages import (
    away,
    breaches,
    card,
    daily,
    departure,
    digest,
    duty,
    goals,
    handoffs,
    help,  # noqa: A004  (the word that people type)
    home,
    log,
    nudge,
    plan,
    reject,
    roundup,
    share,
    signing,
    status,
    thread,
    why,
    work,
)
from bot.sandbox import strictness
from sla_rules.kinds import ClockKind, RejectionKind, Side, Tier
from tests.messages import examples as e
from tests.messages.gallery import GALLERY, LOCALE

Drawn = Message | dict[str, Any]
CHANNEL: Mapping[str, Callable[[Callable[[Any], Any]], Drawn]] = {
    "card": lambda fact: card.message(fact(e.card()), LOCALE),
    "daily": lambda fact: daily.message(fact(e.daily()), LOCALE),
    "digest": lambda fact: digest.message(fact(e.digest()), LOCALE),
    "digest, thread": lambda fact: digest.thread(fact(e.digest()), LOCALE),
    "digest, thread in words": lambda fact: digest.thread_plain(fact(e.digest()), LOCALE),
    "handoffs": lambda fact: handoffs.message([fact(e.handoff())], 1, LOCALE),
    "thread": lambda fact: thread.message(fact(e.thread()), LOCALE),
    "breaches, shared": lambda fact: breaches.public(fact(e.breaches()), LOCALE),
    "status, shared": lambda fact: share.shared(status.public(fact(e.status()), LOCALE), LOCALE, by="U1"),
}
PRIVATE: Mapping[str, Callable[[Callable[[Any], Any]], Drawn]] = {
    "departure": lambda fact: departure.message(fact(e.departure()), LOCALE),
    "duty": lambda fact: duty.message(fact(e.duty()), LOCALE),
    "duties": lambda fact: duty.listing([fact(e.duty()), fact(e.duty(duty_id=0))], LOCALE),
    "goals": lambda fact: goals.message(fact(e.status()), LOCALE),
    "breaches": lambda fact: breaches.message(fact(e.breaches()), LOCALE),
    "home": lambda fact: home.view(fact(e.home()), LOCALE),
    "nudge": lambda fact: nudge.message(fact(e.nudge()), LOCALE),
    "roundup": lambda fact: roundup.message(fact(e.roundup()), LOCALE),
    "signing": lambda fact: signing.message(fact(e.signing()), LOCALE),
    "signing, an amendment": lambda fact: signing.message(fact(e.amendment()), LOCALE),
    "status": lambda fact: status.message(fact(e.status()), LOCALE),
    "why": lambda fact: why.message(fact(e.why()), LOCALE),
    "work": lambda fact: work.message([fact(e.work())], LOCALE),
}
EVERY = {**CHANNEL, **PRIVATE}
FREE = {
    "source",
    "link",
    "email",
    "campaign",
    "what",
    "note",
    "name",
    "company",
    "score",
    "top_source",
    "zone",
    "hours",
}
"""Fields of facts in which people's own words stand."""
OURS = re.compile(
    r"<(?:@U\d|#C\d|!date\^\d+\^[^|<>]*\|[^|<>]*"
    r"|https://crm\.example/[^|<>]*\|open(?: list)?|mailto:[^|<>]*\|[^|<>]*)>"
)
"""The markup that messages themselves write."""


def assert_slack_takes(drawn: Drawn) -> None:
    if isinstance(drawn, Message):
        strictness.check_message(drawn.text, [dict(block) for block in drawn.blocks], most_text=4_000)
        assert len(drawn.blocks) <= 50
        assert sum(map(len, texts(list(drawn.blocks)))) <= 12_000
    else:
        strictness.check_whole_view(drawn, kind=drawn["type"])


def texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from texts(value)
    elif isinstance(node, list):
        for one in node:
            yield from texts(one)


def shape(node: Any) -> Any:
    """Keep of a tree what it is, and leave out what it says."""
    if isinstance(node, Mapping):
        return {key: node["type"] if key == "type" else shape(value) for key, value in node.items()}
    return [shape(one) for one in node] if isinstance(node, list | tuple) else None


def blocks_of(drawn: Drawn) -> list[Any]:
    return list(drawn.blocks) if isinstance(drawn, Message) else list(drawn["blocks"])


def with_words(fact: Any, words: str) -> Any:
    """Put the words wherever people's own words can stand, in facts below too."""
    if is_dataclass(fact) and not isinstance(fact, type):
        named = {field.name: getattr(fact, field.name) for field in fields(fact)}
        return replace(
            fact,
            **{
                name: words if name in FREE and value else with_words(value, words)
                for name, value in named.items()
            },
        )
    return [with_words(one, words) for one in fact] if isinstance(fact, list) else fact


@pytest.mark.parametrize("name", sorted(GALLERY))
def test_slack_takes_every_message_of_the_gallery(name: str) -> None:
    assert_slack_takes(GALLERY[name]())


HOSTILE = [
    "<!channel> <!here> <!everyone>",
    "<@U123> <#C123> <!subteam^S1>",
    "<https://evil.example|https://good.example>",
    "</script>&lt;!channel&gt;",
    "two\nlines\r\n> quote\n```code```",
    "\u202egnp.exe\u200b\u2066",
    "{{ 7 * 7 }}{% raw %}",
    "x" * 5_000,
    "<" * 3_000,
    "*bold* _it_ ~no~ `code`",
]


@pytest.mark.parametrize("name", sorted(EVERY))
@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_come_out_as_text(name: str, words: str) -> None:
    assert_harmless(EVERY[name], words)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(EVERY)), st.text(min_size=1, max_size=300))
def test_any_words_give_the_same_tree_and_no_markup(name: str, words: str) -> None:
    assert_harmless(EVERY[name], f"a{words}")


def assert_harmless(draw: Callable[[Any], Drawn], words: str) -> None:
    drawn = draw(lambda fact: with_words(fact, words))
    usual = draw(lambda fact: fact)

    assert_slack_takes(drawn)
    assert shape(blocks_of(drawn)) == shape(blocks_of(usual))
    for text in texts([block for block in blocks_of(drawn) if block["type"] in ("section", "context")]):
        assert "<" not in OURS.sub("", text)
        assert not re.search("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\r]", text)


@pytest.mark.parametrize("name", sorted(CHANNEL))
def test_addresses_of_leads_stay_out_of_channels(name: str) -> None:
    drawn = CHANNEL[name](lambda fact: with_words(fact, "ask ada@acme.example"))

    assert "ada@acme.example" not in json.dumps([*texts(blocks_of(drawn)), getattr(drawn, "text", "")])


def clocks(n: int, **change: Any) -> list[Any]:
    kinds = list(ClockKind)
    return [
        e.clock(
            clock_id=10**9 + i,
            number=10**5 + i,
            kind=kinds[i % 5],
            is_breached=i % 2 == 0,
            source="s" * 200,
            **change,
        )
        for i in range(n)
    ]


def long_leads(count: int) -> list[Any]:
    return [e.lead(n=n, name="n" * 900, company="c" * 900, score="s" * 900) for n in range(count)]


def reasons(n: int) -> list[Any]:
    kinds = list(RejectionKind)
    return [e.reason(label="reason " * 40, kind=kinds[i % 2], n=i, top_source="s" * 300) for i in range(n)]


PLANS = [(date(2026, 6, 18) + timedelta(days=n), "trade fair " * 30, 1_000) for n in range(300)]
HUGE: Mapping[str, Callable[[], Drawn]] = {
    "card": lambda: card.message(
        e.card(
            taken=[(f"U{n}", n) for n in range(200, 0, -1)],
            rejected=[("reason " * 40, RejectionKind.QUALITY, "2.1", n) for n in range(1, 100)],
            standby=[f"U{n}" for n in range(200)],
            clocks=clocks(200),
            note="n" * 5_000,
            link="https://crm.example/" + "l" * 5_000,
            campaign="c" * 5_000,
        ),
        LOCALE,
    ),
    "work": lambda: work.message([e.work(leads=long_leads(2_000))], LOCALE),
    "work of many handoffs": lambda: work.message([e.work(leads=long_leads(3))] * 100, LOCALE),
    "nudge": lambda: nudge.message(e.nudge(clocks=clocks(300)), LOCALE),
    "nudge, all alike": lambda: nudge.message(
        e.nudge(clocks=[e.clock(clock_id=10**9 + n, number=n) for n in range(300)]), LOCALE
    ),
    "roundup": lambda: roundup.message(
        e.roundup(
            clocks=[e.overdue(clock_id=n, number=10**5 + n, source="s" * 200) for n in range(300)],
            disproved=list(range(300)),
        ),
        LOCALE,
    ),
    "daily": lambda: daily.message(e.daily(at_risk=clocks(200), goals=[e.goal()] * 50), LOCALE),
    "daily, calm": lambda: daily.message(e.daily(is_calm=True, goals=[e.goal()] * 50), LOCALE),
    "digest": lambda: digest.message(
        e.digest(
            promises=e.PROMISES * 30,
            reasons=reasons(100),
            planned_next=PLANS,
            away_next=[f"U{n}" for n in range(99)],
        ),
        LOCALE,
    ),
    "digest, thread": lambda: digest.thread(
        e.digest(weeks=[e.week(label=f"2026-W{n}") for n in range(10, 30)]), LOCALE
    ),
    "status": lambda: status.message(
        e.status(moves=clocks(200), at_risk=clocks(200), goals=[e.goal()] * 50, promises=e.PROMISES * 30),
        LOCALE,
    ),
    "duties": lambda: duty.listing(
        [e.duty(what="w" * 150, duty_id=n % 3, done_at=e.PAST if n % 3 == 2 else None) for n in range(300)],
        LOCALE,
    ),
    "goals": lambda: goals.message(e.status(goals=[e.goal()] * 50, promises=e.PROMISES * 30), LOCALE),
    "breaches": lambda: breaches.message(
        e.breaches(
            name="N" * 500,
            overdue=[e.overdue(source="s" * 500, cover="U9")] * 10,
            count=9_999,
            broken=list(e.breaches().broken) * 40,
        ),
        LOCALE,
    ),
    "handoffs": lambda: handoffs.message(
        [e.handoff(source="s" * 500, campaign="c" * 500)] * 500, 500, LOCALE
    ),
    "why": lambda: why.message(
        e.why(
            clocks=[e.why_clock(hours="h" * 900)] * 200,
            events=[(e.PAST, "taken", "U2", 5)] * 900,
        ),
        LOCALE,
    ),
    "signing": lambda: signing.message(e.signing(goals=list(e.signing().goals) * 45, name="n" * 900), LOCALE),
    "signing, an amendment": lambda: signing.message(
        e.amendment(
            name="n" * 900,
            changes=[replace(e.TARGET_DOWN, old="o" * 3_000, new="n" * 3_000)] * 90,
            meant=[e.TARGET_MEANT] * 40,
            closed_because="b" * 3_000,
        ),
        LOCALE,
    ),
    "home": lambda: home.view(
        e.home(
            parts=[
                e.part(
                    status=e.status(moves=clocks(200), at_risk=clocks(50), promises=e.PROMISES * 30),
                    handoffs=[e.handoff()] * 500,
                    duties=[e.duty(what="w" * 900)] * 50,
                    questions=[e.question(question="q" * 3_000)] * 5,
                    to_sign=(Side.SALES, e.amendment(signed={})),
                    watches=tuple(Side),
                    may_log=True,
                    may_edit=True,
                    has_draft=True,
                    is_in_both=True,
                )
            ]
            * 20,
            leads=[e.lead(n=n, number=n % 400, name="n" * 900) for n in range(2_000)],
            away=e.AWAY,
        ),
        LOCALE,
    ),
    "plan": lambda: plan.message(
        plan.Planned(*PLANS[0]), [PlannedFact(*one, 0, "met") for one in PLANS], LOCALE
    ),
    "away": lambda: away.message([e.AWAY] * 500, LOCALE),
    "help": lambda: help.message(
        [("word", "u" * 500, "l" * 500)] * 20, LOCALE, unknown="x" * 3_000, nearest="log"
    ),
    "reject": lambda: reject.modal(
        LOCALE,
        number=1,
        undecided=1,
        reasons=[(f"reason_{n}", "l" * 300, RejectionKind.QUALITY, "2.1") for n in range(300)],
    ),
    "log": lambda: log.modal(LOCALE, agreements=[(n, "a" * 300) for n in range(300)]),
}


@pytest.mark.parametrize("name", sorted(HUGE))
def test_too_much_of_everything_stays_within_limits(name: str) -> None:
    assert_slack_takes(HUGE[name]())


NOTHING: Mapping[str, Callable[[], Drawn]] = {
    "card": lambda: card.message(
        e.card(
            taken=[],
            rejected=[],
            outcomes={},
            standby=[],
            clocks=[],
            tiers=[(Tier.A, 1)],
            count=1,
            undecided=1,
            share=0,
            duty=None,
            link="",
            note="",
            campaign="",
            held=0,
            release_at=None,
            left_out=0,
            touched=0,
        ),
        LOCALE,
    ),
    "nudge": lambda: nudge.message(e.nudge(clocks=[]), LOCALE),
    "roundup": lambda: roundup.message(e.roundup(clocks=[], clause=""), LOCALE),
    "nudge, paused": lambda: nudge.message(
        e.nudge(clocks=[e.clock(due_at=None, tier=None, clause="")]), LOCALE
    ),
    "daily": lambda: daily.message(e.daily(goals=[], at_risk=[], open_handoffs=0, open_by_side={}), LOCALE),
    "daily, calm": lambda: daily.message(
        e.daily(goals=[], at_risk=[], open_handoffs=0, is_calm=True), LOCALE
    ),
    "digest": lambda: digest.message(
        e.digest(
            promises=[],
            fix_first=None,
            reasons=[],
            needed_a_day=None,
            planned_next=[],
            away_next=[],
            weeks=[],
        ),
        LOCALE,
    ),
    "digest, thread": lambda: digest.thread(
        e.digest(weeks=[], delivered=0, conversion=SpanFact(), cycle=SpanFact(), acceptance_rate=None),
        LOCALE,
    ),
    "digest, thread of empty weeks": lambda: digest.thread(
        e.digest(weeks=[e.week(delivered=0, qualified=0, planned=0, marketing_made=0, sales_made=0)]), LOCALE
    ),
    "status": lambda: status.message(
        e.status(moves=[], goals=[], promises=(), at_risk=[], open_handoffs=0, open_by_side={}, side=None),
        LOCALE,
    ),
    "goals": lambda: goals.message(e.status(goals=[], promises=()), LOCALE),
    "why": lambda: why.message(e.why(clocks=[], events=[], is_imported=True), LOCALE),
    "signing": lambda: signing.message(e.signing(goals=[], clocks=[], signed={}), LOCALE),
    "signing, an amendment": lambda: signing.message(e.amendment(changes=[], meant=[], signed={}), LOCALE),
    "home": lambda: home.view(e.home(leads=[], parts=[]), LOCALE),
}


@pytest.mark.parametrize("name", sorted(NOTHING))
def test_nothing_to_tell_is_a_message_too(name: str) -> None:
    drawn = NOTHING[name]()

    assert_slack_takes(drawn)
    assert "None" not in " ".join(texts(blocks_of(drawn)))
    assert Side.SALES.value not in " ".join(texts(blocks_of(drawn)))
