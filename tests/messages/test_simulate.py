"""The answer to `/sla simulate`: the point first, and never more than Slack takes."""

from dataclasses import replace

import pytest

from bot.facts.review import SimulatedFact
from bot.messages import simulate
from sla_rules.compare import Change
from sla_rules.kinds import Side, Tier
from tests.messages import examples as e
from tests.messages.test_gallery import assert_slack_takes, texts

FACT = e.simulated()
LONG = "<!channel> `*_~" * 200


def said(fact: SimulatedFact) -> str:
    return "\n".join(texts(list(simulate.message(fact, "en").blocks)))


def test_the_point_comes_first() -> None:
    first, *_ = said(FACT).splitlines()
    assert "Marketing 9 of 12, as it was · Sales 10 of 12 instead of 8" in first


def test_what_comes_out_otherwise_stands_above_what_does_not() -> None:
    text = said(FACT)
    assert text.index("list leads touched in time 71% → *83%*") < text.index("outcome in time 90%, the same")


def test_what_became_impossible_and_what_was_left_out_is_named() -> None:
    text = said(FACT)
    assert "14 acts could not have happened" in text
    assert "H-128 taken, 3 leads" in text
    assert "and 13 more" in text
    assert "H-7, H-8" in text
    assert "H-131" in text


def test_the_terms_in_force_are_said_to_be_what_happened() -> None:
    text = said(replace(FACT, changes=(), is_as_it_was=True))
    assert "this is what happened" in text
    assert "Propose" not in text


@pytest.mark.parametrize(
    "fact",
    [
        replace(FACT, promises=[e.meant(tier=tier, clause="1" * 60) for tier in Tier] * 30),
        replace(FACT, changes=[*FACT.changes] * 400, left_out=[("running", range(100_000))]),
        replace(FACT, name=LONG, words=LONG),
        replace(FACT, changes=[Change(("name",), None, None, LONG, LONG)] * 9),
        replace(FACT, promises=(), sides=[(side, 0, 0, 0) for side in Side], impossible=()),
        replace(FACT, promises=[e.meant(was=None, meant=None, target_was=None, target_meant=None)]),
    ],
)
def test_slack_takes_it_whatever_the_data(fact: SimulatedFact) -> None:
    drawn = simulate.message(fact, "en")
    assert_slack_takes(drawn)
    assert "<!channel>" not in "\n".join(texts(list(drawn.blocks)))


def test_that_it_takes_a_while_is_said() -> None:
    assert "12,000 leads" in simulate.coming("en", leads=12_000).text
