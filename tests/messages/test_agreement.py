"""The agreement in words: whole within Slack's limits, no value acting on Slack or Markdown."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.facts.agreement import ClauseFact
from bot.facts.said import Message
from bot.messages import agreement, words
from sla_rules.agreement import Agreement
from sla_rules.amend import amended
from sla_rules.doubts import Seen, doubts
from sla_rules.kinds import Metric
from sla_rules.strict_yaml import Path, Plain, load
from tests.messages import examples as e
from tests.messages.gallery import LOCALE
from tests.messages.test_gallery import assert_slack_takes, blocks_of, texts

PROSE: list[Path] = [
    ("name",),
    ("definitions", "MQL"),
    ("definitions", "ICP", "size"),
    ("tiers", "B", "name"),
    ("tiers", "B", "when"),
    ("rejection_reasons", "no_intent", "label"),
    ("services", "marketing"),
    ("scope", "in", 0),
    ("responsibilities", "sales", "begins"),
    ("responsibilities", "sales", "does", 0),
    ("duties", 0, "what"),
]
"""Where people's own words stand in a text."""
HOSTILE = [
    "<!channel> <@U123> <#C1>",
    "<https://evil.example|https://good.example>",
    "&lt;!here&gt; </script>",
    "{{ 7 * 7 }}{% raw %} {value}",
    "*bold* _it_ ~no~ `code` | # [a](https://evil.example) ![](@U1)",
    "| a | b |",
    "• - 1. > # ---",
]


def said(drawn: Message | dict[str, Any]) -> str:
    return "\n".join(texts(blocks_of(drawn)))


def whole(text: str = e.TEXT) -> str:
    return "\n".join(said(agreement.section(one, LOCALE)) for one in e.agreement(text).sections)


def test_every_clause_of_the_text_is_told_with_its_number_and_what_it_says() -> None:
    told = whole()

    for section in e.agreement().sections:
        for clause in section.clauses:
            assert f"§{clause.number} " in told
    for expected in (
        "Lead <@U1>, who signs · manager <@U6>",
        "On duty in turn: <@U2>, <@U3>, <@U4>",
        "• role: Decides on the budget, or reports to someone who does",
        "outside_icp · of quality, counts against Marketing · appeals to ICP (§2.4)",
        "other · neutral, counts against nobody · needs a note",
        "A: no cap · B and C: 10 together",
        "Begins: When the handoff is in the channel",
        "Share notes on deals won and lost · every month, due last day · its lead",
        "quality refusals: at most 25 % a month",
        "touched in time, hand-raisers: at least 85 % a month",
        "• Hand-raisers (A): 1h from arrival",
        "mon-fri 09:00-17:00",
        "below 85 % of plan: a catch-up plan within 1 working day",
        "missed 2 months in a row",
    ):
        assert expected in told


def test_a_clause_alone_is_told_as_in_its_section() -> None:
    section = e.agreement().sections[9]
    alone = replace(section, clauses=[section.clauses[1]])

    assert said(agreement.clause(alone, LOCALE)).splitlines() == [
        "DACH, version 3, §10 Goals",
        "*§10.2 Marketing*",
        "quality refusals: at most 25 % a month",
    ]


def test_what_was_left_out_of_a_text_is_said_to_be_nothing() -> None:
    left_out: dict[Path, Plain | None] = {
        (name,): None for name in ("scope", "limits", "responsibilities", "duties")
    }
    shorter = amended(e.TEXT, left_out)

    assert whole(shorter).count("Nothing is written here.") == 4
    assert_slack_takes(agreement.show(e.agreement(shorter), LOCALE))


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_of_a_text_come_out_as_text(hostile: str) -> None:
    fact = e.agreement(amended(e.TEXT, dict.fromkeys(PROSE, f"a {hostile}")))
    sections = [agreement.section(one, LOCALE) for one in fact.sections]
    drawn: list[Message | dict[str, Any]] = [agreement.show(fact, LOCALE), *sections]

    for one in drawn:
        assert_slack_takes(one)
        assert "<" not in re.sub(r"<@U\d>|<!date\^\d+\^[^|<>]*\|[^|<>]*>", "", said(one))


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_of_a_text_do_not_act_in_markdown(hostile: str) -> None:
    usual, printed = (
        agreement.markdown(e.agreement(amended(e.TEXT, dict.fromkeys(PROSE, text))), LOCALE)
        for text in ("a", f"a {hostile}")
    )

    assert printed.count("\n") == usual.count("\n")
    assert unescaped(printed) == unescaped(usual)


def unescaped(text: str) -> list[str]:
    """List what still means something to Markdown."""
    return re.findall(r"[`*_\[\]<>|#~]", re.sub(r"\\.", "", text))


REPS: list[Plain] = ["U2", *(f"U{n:010}" for n in range(1_200))]
BIG: Mapping[str, dict[Path, Plain | None]] = {
    "long prose": {
        **dict.fromkeys(PROSE[1:], "<&> " * 400),
        ("tiers", "B", "name"): "x" * 150,
        ("rejection_reasons", "no_intent", "label"): "z" * 150,
        ("duties", 0, "what"): "y" * 150,
    },
    "many criteria": {("definitions", "ICP", f"c{n}"): "<" * 500 for n in range(100)},
    "many reasons": {
        ("rejection_reasons", f"r{n}"): {"label": "&" * 100, "kind": "neutral"} for n in range(300)
    },
    "many duties": {
        ("duties", 2 + n): {"party": "sales", "what": f"{n} " + "<" * 120, "every": "week", "due": "mon"}
        for n in range(250)
    },
    "many members": {("parties", "sales", "members"): REPS, ("parties", "sales", "rota"): REPS},
    "many days": {("calendar", "days_off"): [f"{2_000 + n // 28}-02-{n % 28 + 1:02}" for n in range(3_000)]},
}


@pytest.mark.parametrize("name", sorted(BIG))
def test_a_text_of_any_size_fits(name: str) -> None:
    fact = e.agreement(amended(e.TEXT, BIG[name]))

    assert_slack_takes(agreement.show(fact, LOCALE))
    for section in fact.sections:
        assert_slack_takes(agreement.section(section, LOCALE))
        assert_slack_takes(agreement.clause(section, LOCALE))
    assert agreement.markdown(fact, LOCALE)


def test_what_does_not_fit_is_counted() -> None:
    fact = e.agreement(amended(e.TEXT, BIG["many reasons"]))

    assert "more. `/sla agreement export` gives the whole text." in said(
        agreement.clause(fact.sections[3], LOCALE)
    )


def test_any_number_of_versions_and_changes_fits() -> None:
    many = [
        e.version(n, closed_by="U2", closed_because="<&>" * 500, state="declined") for n in range(90, 0, -1)
    ]
    change = e.diff().changes[0]
    changes = [replace(change, old="<" * 2_000, new="&" * 2_000)] * 300

    history = agreement.history(e.versions(versions=many), LOCALE)
    diff = agreement.diff(e.diff(changes=changes), LOCALE)

    assert_slack_takes(history)
    assert_slack_takes(diff)
    assert "and 78 earlier versions" in said(history)
    assert "more changes" in said(diff)


def test_a_history_tells_who_did_what_to_each_version() -> None:
    told = said(agreement.history(e.versions(), LOCALE))

    assert "*DACH: 5 versions*" in told
    assert "*Version 5: waits for signatures*" in told
    assert "Declined by <@U2>: Too low for four" in told
    assert "✓ Marketing: <@U1>" in told


def test_each_change_names_its_clause_and_both_texts() -> None:
    calendar = "§9.1 Marketing: Share the campaign calendar of next month"
    assert [str(line) for line in agreement.changed(e.diff().changes, LOCALE)] == [
        "§2.4 ICP, size: 20 to 500 employees → *50 to 500 employees*",
        "§7.1 Most leads in all, week, new: *60*",
        f"{calendar}: every month, 25th → *every month, 25th, <@U3>*",
        "§10.1 Marketing: qualified leads a month: 240 → *100*",
        "§11.5 First touch (Sales), list leads: 3 working days → *4 working days*",
        "§11.6 Attempts (Sales), engaged leads, taken out: 6 in 10 working days",
    ]


def test_every_place_of_a_text_can_be_told_when_it_changes() -> None:
    """Amend every leaf of a full text by itself, and say so."""
    for clause in (one for section in e.agreement().sections for one in section.clauses):
        for change in _changes_of(clause):
            assert agreement.changed([change], LOCALE)[0].startswith(f"§{clause.number} ")


def _changes_of(clause: ClauseFact) -> list[Any]:
    old = e.diff().changes[0]
    path: tuple[str, ...] = (clause.section, clause.item)
    if clause.section == "goals":
        path = ("goals", "sales", "touched_in_time", "B", "month")
    if clause.section == "duties":
        path = ("duties", "sales", "Notes")
    below = list(clause.value) if isinstance(clause.value, dict) and len(path) < 3 else [None]
    return [
        replace(old, path=path + ((key,) if key else ()), number_old=clause.number, number_new=clause.number)
        for key in below
    ]


def test_the_text_as_markdown_has_every_section_and_the_clocks_as_a_table() -> None:
    printed = agreement.markdown(e.agreement(), LOCALE)

    assert printed.startswith("# DACH\n\nVersion 3, in force since 2026-06-18 06:40 UTC")
    assert printed.count("\n## ") == 15
    assert "| 11.5 First touch (Sales) | 1h from arrival | 1 working day | 3 working days |" in printed
    assert "Signed for Sales by Sara Okafor" in printed
    assert "**1.1 Marketing** Lead Maya Lind, who signs · manager U6" in printed
    assert "<" not in printed


def test_a_text_without_a_tier_still_makes_its_table() -> None:
    without: dict[Path, Plain | None] = {
        ("tiers", "C"): None,
        ("goals", 6): None,
        **{
            ("clocks", kind, "C"): None
            for kind in ("handover", "decide", "first_touch", "attempts", "outcome")
        },
        ("consequences", "thread_after", "C"): None,
        ("limits", "capacity", "B and C"): None,
    }

    assert (
        "| 11.2 Handover (Marketing), from a lead's arrival to the handoff | 15 min | 1 working day | — |"
        in (agreement.markdown(e.agreement(amended(e.TEXT, without)), LOCALE))
    )


def test_the_text_of_the_examples_is_the_starter() -> None:
    assert load(e.TEXT).faults == []


DOUBTFUL: list[tuple[Path, Plain, str]] = [
    # what is written where, and how what is said of it begins
    (("goals", 1, "target"), "100 %", "§10.2 quality refusals, 100% a month: nobody could break this."),
    (
        ("goals", 4, "target"),
        "100 %",
        "§10.5 touched in time (hand-raisers): at 100% one late lead breaks it.",
    ),
    (("clocks", "warn_at"), "100 %", "§11.1 Who is due is warned when the time is over."),
    (
        ("goals", 0, "target"),
        "661",
        "§10.1 661 leads a month are more than Sales' stated capacity of about 660: 3 reps",
    ),
    (
        ("limits", "volume", "month"),
        "200",
        "§10.1 240 leads a month are more than the caps let through, about 200.",
    ),
    (
        ("clocks", "outcome", "C"),
        "25 working days",
        "§10.8 The outcome (C) runs 25 working days, and a month has about 22 working days:",
    ),
    (
        ("goals", 7, "target"),
        "50 %",
        "§10.8 outcome in time: 50% a month asks for less than what was seen, 91%.",
    ),
    (
        ("goals", 1, "target"),
        "4 %",
        "§10.2 quality refusals: at most 4% a month is far from what was seen, 30%.",
    ),
]
SEEN = Seen({(Metric.OUTCOME_IN_TIME, None): 0.91, (Metric.QUALITY_REFUSALS, None): 0.3})


@pytest.mark.parametrize(("path", "value", "told"), DOUBTFUL, ids=[told[:40] for _, _, told in DOUBTFUL])
def test_a_doubt_is_said_with_its_clause_and_its_figures(path: Path, value: Plain, told: str) -> None:
    found = doubts(Agreement.parse(amended(e.TEXT, {path: value})), SEEN)

    said_of_it = [said for said in words.doubts(LOCALE, found) if said.startswith(told)]
    assert len(said_of_it) == 1
    assert said_of_it[0].partition(" ")[2] in [words.doubt_plainly(LOCALE, doubt) for doubt in found]
