"""The modals in which an agreement is changed: what they ask, what fits, what no form can hold."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages import agreement_edit, agreement_propose, calculator
from bot.messages.agreement_fields import FORMS, ITEMS, fields_of, mended_by
from sla_rules.agreement import Agreement
from sla_rules.amend import amended
from sla_rules.compare import changes
from sla_rules.pieces import Piece, data_of, piece_at
from sla_rules.strict_yaml import Path, dotted
from tests.messages import examples as e
from tests.messages.reading import captions, controls, fields, lines
from tests.messages.test_gallery import assert_slack_takes

LOCALE = "en"
MINIMAL: dict[Path, Any] = {
    ("scope",): None,
    ("limits",): None,
    ("responsibilities",): None,
    ("duties",): None,
    ("clocks", "attempts"): None,
    ("cadence", "week_starts"): None,
    ("cadence", "observe_until"): None,
    ("locale",): None,
}
"""What an agreement can do without."""


def form(base: Path, text: str | None = None) -> dict[str, Any]:
    fact = e.edit(text)
    return agreement_edit.form(fact, piece_at(dict(fact.data), base), LOCALE, {})


def test_every_section_is_asked_about_once() -> None:
    assert {*FORMS, *ITEMS} == set(agreement_edit.SECTIONS)
    assert not FORMS.keys() & ITEMS.keys()


def test_every_leaf_of_the_starter_stands_in_a_field() -> None:
    data: Any = data_of(e.TEXT)
    asked = [one for name in FORMS for one in fields_of(name, (name,), data)]
    for name in ITEMS:
        keys = list(data[name]) if isinstance(data[name], dict) else range(len(data[name]))
        asked += [one for key in keys for one in fields_of(name, (name, key), data)]
    unasked = [path for path in leaves(data) if mended_by(dotted(path), asked) is None]

    assert unasked == [("consequences", "dm")]


def leaves(node: Any, path: Path = ()) -> list[Path]:
    if isinstance(node, dict):
        return [leaf for key, below in node.items() for leaf in leaves(below, (*path, key))]
    if isinstance(node, list) and any(isinstance(one, dict) for one in node):
        return [leaf for place, below in enumerate(node) for leaf in leaves(below, (*path, place))]
    return [path]


def test_the_contents_mark_what_the_draft_changed() -> None:
    said = lines(agreement_edit.contents(e.edit(), LOCALE, {}))

    assert [line for line in said if "_changed_" in line] == [
        "*9 · Duties* · _changed_",
        "*10 · Goals* · _changed_",
        "*11 · Clocks* · _changed_",
    ]


def test_only_a_draft_can_be_proposed_or_thrown_away() -> None:
    with_draft = agreement_edit.contents(e.edit(), LOCALE, {})
    without = agreement_edit.contents(e.edit(e.TEXT, author=""), LOCALE, {})

    assert [action for action, _ in controls(with_draft)][-2:] == [
        agreement_propose.OPEN,
        agreement_edit.DISCARD,
    ]
    assert "Propose…" not in captions(without)


def test_a_proposal_that_waits_is_named() -> None:
    said = lines(agreement_edit.contents(e.edit(author="", proposal=3), LOCALE, {}))

    assert said[0].startswith("*This is version 3, as it waits for the leads.*")


def test_fields_are_filled_with_what_stands() -> None:
    goal = fields(form(("goals", 4)))

    assert goal["party"]["initial_option"]["value"] == "sales"
    assert goal["metric"]["initial_option"]["value"] == "touched_in_time"
    assert goal["target"]["initial_value"] == "85 %"
    assert fields(form(("goals", 0)))["tier"]["initial_option"]["text"]["text"] == "All leads"
    assert fields(form(("cadence",)))["cadence.review"]["initial_date"]
    assert fields(form(("consequences",)))["consequences.manager_at"]["initial_time"] == "16:00"
    assert [one["value"] for one in fields(form(("services",)))["services.fields"]["initial_options"]] == [
        "source"
    ]


def test_a_new_item_is_asked_for_in_empty_fields() -> None:
    new = fields(form(("goals", 99)))

    assert "initial_option" not in new["metric"]
    assert "initial_value" not in new["target"]


@pytest.mark.parametrize("name", FORMS)
def test_an_agreement_that_says_the_least_has_forms_too(name: str) -> None:
    text = amended(e.TEXT, MINIMAL)

    assert_slack_takes(form((name,), text))
    assert_slack_takes(agreement_edit.contents(e.edit(text), LOCALE, {}))


@cache
def huge() -> str:
    """Write an agreement with too much of everything."""
    prose = "w " * 999
    reasons = {f"reason_{n}": {"label": "R" * 60 + str(n), "kind": "neutral"} for n in range(150)}
    duties = [
        {"party": "sales", "what": f"{n} " + "d" * 100, "every": "week", "due": "mon"} for n in range(120)
    ]
    usual: Any = data_of(e.TEXT)
    too_much: dict[Path, Any] = {
        ("name",): "N" * 150,
        ("definitions", "MQL"): prose,
        ("definitions", "ICP"): {f"criterion_{n}": "c" * 20 for n in range(150)}
        | {"contact": "x", "role": "y"},
        ("rejection_reasons",): {**usual["rejection_reasons"], **reasons},
        ("duties",): duties,
        ("scope", "in"): ["s" * 90] * 60,
        ("limits", "blackout"): [f"2027-01-{day:02}" for day in range(1, 29)] * 12,
        ("parties", "marketing", "members"): ["U1", *(f"UM{n}" for n in range(150))],
    }
    return amended(e.TEXT, too_much)


@pytest.mark.parametrize("name", FORMS)
def test_too_much_of_everything_stays_within_what_slack_takes(name: str) -> None:
    assert_slack_takes(form((name,), huge()))


def test_what_no_form_can_hold_is_named_and_left_out() -> None:
    drawn = form(("parties",), huge())

    assert "parties.marketing.members" not in fields(drawn)
    assert (
        "*Marketing: members* is too long for a form. Change it in the file: `/sla agreement export`."
        in lines(drawn)
    )


def test_long_lists_and_contents_stay_within_what_slack_takes() -> None:
    fact = e.edit(huge())
    for name in ITEMS:
        assert_slack_takes(agreement_edit.listing(fact, name, LOCALE, {}, problem="p" * 500))
    assert (
        "68 more stand in the text"
        in lines(agreement_edit.listing(fact, "rejection_reasons", LOCALE, {}))[-1]
    )
    assert_slack_takes(agreement_edit.contents(fact, LOCALE, {}, problem="p" * 500))
    assert_slack_takes(form(("rejection_reasons", "reason_3"), huge()))
    found = changes(Agreement.parse(e.TEXT), Agreement.parse(huge()))
    assert_slack_takes(agreement_propose.modal(fact, found, LOCALE, {}))


def test_many_problems_stand_below_one_alert() -> None:
    fact = e.edit()
    piece = piece_at(dict(fact.data), ("clocks",))
    drawn = agreement_edit.form(fact, piece, LOCALE, {}, problems=["<!channel> is wrong " + "x" * 900] * 40)

    assert_slack_takes(drawn)
    assert drawn["blocks"][0]["type"] == "alert"
    assert "&lt;!channel&gt;" in lines(drawn)[0]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_words_come_out_as_text(label: str, what: str) -> None:
    fact = e.edit()
    data = dict(fact.data)
    data["rejection_reasons"] = {"x": {"label": label, "kind": "neutral"}}
    data["duties"] = [{"party": "sales", "what": what, "every": "week", "due": "mon"}]
    hostile = e.edit(data=data)
    for drawn in (
        agreement_edit.listing(hostile, "rejection_reasons", LOCALE, {}),
        agreement_edit.listing(hostile, "duties", LOCALE, {}),
        agreement_edit.form(hostile, Piece(("duties", 0), ""), LOCALE, {}),
    ):
        assert_slack_takes(drawn)
        assert "<!" not in " ".join(lines(drawn))


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (e.calculation(), "Sales can work 440: 2 reps \u00d7 10 a day \u00d7 22 working days."),
        (
            e.calculation(leads=500),
            "⚠️ Sales can work only 440: 2 reps \u00d7 10 a day \u00d7 22 working days.",
        ),
        (e.calculation(capacity=None), "The agreement caps no tier, so Sales' capacity says nothing."),
    ],
)
def test_the_calculator_holds_the_leads_against_what_sales_can_work(result: Any, said: str) -> None:
    drawn = calculator.modal(LOCALE, {}, result=result)

    assert said in lines(drawn)
    assert drawn["submit"]["text"] == "Take Over"
    assert calculator.modal(LOCALE, {})["submit"]["text"] == "Calculate"
