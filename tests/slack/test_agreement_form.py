"""A form of the agreement, read into the leaves that it changes."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import UserErrors
from bot.messages import agreement_edit
from bot.messages.agreement_fields import FORMS, ITEMS, fields_of
from bot.sandbox.inputs import initial_values
from bot.slack import agreement_form
from bot.slack.form import Form
from sla_rules.amend import amended, with_changes
from sla_rules.pieces import data_of, piece_at
from sla_rules.strict_yaml import Path
from tests.messages import examples as e

DATA = data_of(e.TEXT)
PROSE = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=120)


def as_opened(base: Path, data: Any = DATA) -> Form:
    """Open a form and send it as Slack would, untouched."""
    fact = e.edit(data=data)
    return Form(initial_values(agreement_edit.form(fact, piece_at(data, base), "en", {})["blocks"]))


def changes(base: Path, data: Any = DATA, **typed: Any) -> agreement_form.Changes:
    form = as_opened(base, data)
    values = {name: dict(one) for name, one in form.values.items()}
    for name, value in typed.items():
        values[name] = {"value": {"value": value}}
    return agreement_form.changes(Form(values), fields_of(str(base[0]), base, data), data)


@pytest.mark.parametrize("base", [*((name,) for name in FORMS), *((name, 0) for name in ("goals", "duties"))])
def test_a_form_sent_as_it_was_opened_changes_nothing(base: Path) -> None:
    assert changes(base) == {}


@settings(max_examples=80, deadline=None)
@given(
    PROSE, st.lists(PROSE, max_size=4), st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), PROSE)
)
def test_whatever_is_written_a_form_sent_as_it_was_opened_changes_nothing(
    prose: str, lines: list[str], pairs: dict[str, str]
) -> None:
    data: Any = {
        **DATA,
        "definitions": {"MQL": prose, "SAL": prose, "SQL": prose, "ICP": pairs},
        "scope": {"in": lines, "out": lines},
        "limits": {"volume": {}, "blackout": lines, "capacity": pairs},
        "retention": {"lead_details": prose, "after_uninstall": prose},
    }

    for name in ("definitions", "scope", "limits", "retention"):
        assert changes((name,), data) == {}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"clocks.answer": " 2h "}, {("clocks", "answer"): "2h"}),
        ({"clocks.answer": ""}, {("clocks", "answer"): None}),
        ({"clocks.answer": "4h\u200b"}, {}),
        (
            {"clocks.handover.A": "", "clocks.handover.B": "", "clocks.handover.C": ""},
            {("clocks", "handover"): None},
        ),
        (
            {"clocks.handover.A": "1h", "clocks.handover.B": ""},
            {("clocks", "handover", "A"): "1h", ("clocks", "handover", "B"): None},
        ),
    ],
)
def test_only_what_differs_is_a_change(typed: Any, found: Any) -> None:
    assert changes(("clocks",), **typed) == found


def test_a_tier_without_name_and_text_is_none() -> None:
    assert changes(("tiers",), **{"tiers.C.name": "", "tiers.C.when": ""}) == {("tiers", "C"): None}


def test_a_section_without_anything_in_it_is_left_out() -> None:
    found = changes(("scope",), **{"scope.in": "", "scope.out": ""})

    assert found == {("scope",): None}
    assert "scope" not in data_of(amended(e.TEXT, found))


def test_what_is_emptied_and_filled_at_once_stays() -> None:
    found = changes(("limits",), **{"limits.volume.day": "9", "limits.capacity": ""})

    assert with_changes(DATA, found)["limits"]["volume"] == {"day": "9"}  # type: ignore[index, call-overload]


def test_every_fault_of_the_form_is_told_at_once() -> None:
    with pytest.raises(UserErrors) as refused:
        changes(("calendar",), **{"calendar.hours": "always", "calendar.dates": "a: b\na: c"})

    assert [(fault.code, fault.field) for fault in refused.value.faults] == [
        ("pair_unclear", "calendar.hours"),
        ("pair_twice", "calendar.dates"),
    ]


@pytest.mark.parametrize("name", ITEMS)
def test_a_new_item_is_written_in_one(name: str) -> None:
    found: agreement_form.Changes = {(name, 9, "a"): "x", (name, 9, "b"): None}

    assert agreement_form.new_item((name, 9), found) == {(name, 9): {"a": "x"}}
