"""Slack's limits on blocks and views, one row each."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.limits import LIMITS
from bot.sandbox.refusals import SlackError
from bot.sandbox.strictness import block_faults, check_message, check_whole_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str = "x", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def options(count: int, text: str = "x") -> list[Json]:
    return [{"text": plain(text), "value": str(number)} for number in range(count)]


def entry(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Name"), "element": {"action_id": "a", **element}, **more}


def chart(**more: Any) -> Json:
    data = [{"label": "Mon", "value": 1}, {"label": "Tue", "value": -2.5}]
    body = {
        "type": "bar",
        "series": [{"name": "Leads", "data": data}],
        "axis_config": {"categories": ["Mon", "Tue"]},
    }
    return {"type": "data_visualization", "title": "Leads", "chart": body | more}


def table(rows: list[list[Json]], **more: Any) -> Json:
    return {"type": "data_table", "caption": "Leads", "rows": rows, **more}


def cell(text: str = "x") -> Json:
    return {"type": "raw_text", "text": text}


GOOD = [
    section("x" * 3000),
    section(
        accessory=button(
            value="v" * 2000,
            style="danger",
            confirm={"title": plain("t"), "text": plain("x"), "confirm": plain("y"), "deny": plain("n")},
        )
    ),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10},
    actions(*[button(action_id=str(number)) for number in range(25)]),
    actions({"type": "overflow", "action_id": "o", "options": options(5)}),
    actions(
        {
            "type": "static_select",
            "action_id": "s",
            "options": options(100),
            "initial_option": options(100)[7],
        }
    ),
    entry({"type": "users_select"}),
    chart(),
    chart(type="pie", series=None) | {"chart": {"type": "pie", "segments": [{"label": "A", "value": 1}]}},
    table([[cell("a"), cell("b")], [cell(), {"type": "raw_number", "value": 3}]], page_size=100),
    table([[cell()], [{"type": "action_cell", "element": button(), "fallback": cell()}]]),
    {"type": "markdown", "text": "x" * 12_000},
    {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "a"},
]

BAD = {
    "a long section": (section("x" * 3001), "must be less than 3001 characters"),
    "an empty section": (section(""), "must be more than 0 characters"),
    "a blank section": (section("  "), "must be more than 0 characters"),
    "a section of nothing": ({"type": "section"}, "missing required field: text or fields"),
    "eleven fields": ({"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items"),
    "a long field": ({"type": "section", "fields": [plain("x" * 2001)]}, "less than 2001"),
    "a long header": ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    "a header in mrkdwn": ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "plain_text"),
    "eleven parts of context": ({"type": "context", "elements": [plain("x")] * 11}, "no more than 10"),
    "a button in context": ({"type": "context", "elements": [button()]}, "unsupported type: button"),
    "26 actions": (actions(*[button(action_id=str(n)) for n in range(26)]), "no more than 25"),
    "no actions": (actions(), "no fewer than 1"),
    "a long button": (actions(button(text=plain("x" * 76))), "less than 76"),
    "a long value": (actions(button(value="x" * 2001)), "less than 2001"),
    "an unknown style": (actions(button(style="warning")), "must be one of primary, danger"),
    "an unknown property": (actions(button(colour="red")), "invalid additional property: colour"),
    "a long action id": (actions(button(action_id="x" * 256)), "less than 256"),
    "a long confirm": (
        actions(
            button(
                confirm={
                    "title": plain("x" * 101),
                    "text": plain("x"),
                    "confirm": plain("y"),
                    "deny": plain("n"),
                }
            )
        ),
        "less than 101",
    ),
    "two of one action id": (actions(button(), button()), 'action_id "go" already exists'),
    "six in an overflow": (
        actions({"type": "overflow", "action_id": "o", "options": options(6)}),
        "no more than 5",
    ),
    "101 options": (
        actions({"type": "static_select", "action_id": "s", "options": options(101)}),
        "no more than 100",
    ),
    "a select of nothing": (actions({"type": "static_select", "action_id": "s"}), "missing required field"),
    "a long option": (
        actions({"type": "static_select", "action_id": "s", "options": options(1, "x" * 76)}),
        "less than 76",
    ),
    "a stray first option": (
        actions(
            {
                "type": "static_select",
                "action_id": "s",
                "options": options(2),
                "initial_option": options(3)[2],
            }
        ),
        "initial option must be one of the options",
    ),
    "eleven radio buttons": (entry({"type": "radio_buttons", "options": options(11)}), "no more than 10"),
    "a text input among actions": (
        actions({"type": "plain_text_input", "action_id": "t"}),
        "unsupported type",
    ),
    "an input without a label": (
        {"type": "input", "element": {"type": "users_select"}},
        "missing required field: label",
    ),
    "a number input undecided": (
        entry({"type": "number_input"}),
        "missing required field: is_decimal_allowed",
    ),
    "a day that is none": (entry({"type": "datepicker", "initial_date": "1 June 026"}), "does not match"),
    "an instant too small": (entry({"type": "datetimepicker", "initial_date_time": 5}), "must be between"),
    "a file input in a message": (entry({"type": "file_input"}), "allowed in modals only"),
    "an alert in a message": ({"type": "alert", "text": plain("x")}, "not allowed in a message"),
    "a long chart title": (chart() | {"title": "x" * 51}, "less than 51"),
    "a chart without categories": (chart(axis_config={}), "missing required field: categories"),
    "a chart with a gap": (
        chart(axis_config={"categories": ["Mon", "Tue", "Wed"]}),
        "exactly one data point",
    ),
    "seven series": (
        chart(series=[{"name": str(n), "data": [{"label": "Mon", "value": 1}]} for n in range(7)]),
        "no more than 6",
    ),
    "a pie with nothing in a slice": (
        {
            "type": "data_visualization",
            "title": "t",
            "chart": {"type": "pie", "segments": [{"label": "A", "value": 0}]},
        },
        "must be more than 0",
    ),
    "a table without a caption": ({"type": "data_table", "rows": [[cell()], [cell()]]}, "caption"),
    "a table of a header alone": (table([[cell()]]), "no fewer than 2"),
    "102 rows": (table([[cell()]] * 102), "no more than 101"),
    "21 columns": (table([[cell()] * 21] * 2), "no more than 20"),
    "rows of unequal width": (table([[cell()], [cell(), cell()]]), "same number of cells"),
    "a number in the header": (table([[{"type": "raw_number", "value": 1}], [cell()]]), "must be raw_text"),
    "too much text in a table": (
        table([[cell()], [cell("x" * 10_000)], [cell("x" * 10_000)]]),
        "no more than 20000",
    ),
    "an unknown cell": (table([[cell()], [{"type": "emoji"}]]), "unsupported type: emoji"),
    "not a block": ("text", "unsupported type: None"),
}


@pytest.mark.parametrize("block", GOOD, ids=lambda block: block["type"])
def test_slack_shows(block: Json) -> None:
    assert list(block_faults([block], "message", 50)) == []


@pytest.mark.parametrize(("block", "words"), BAD.values(), ids=BAD.keys())
def test_slack_refuses(block: Any, words: str) -> None:
    found = list(block_faults([block], "message", 50))
    assert any(words in fault for fault in found), found
    assert all("[json-pointer:/blocks" in fault for fault in found)


def test_a_message_holds_fifty_blocks() -> None:
    check_message("x", [section()] * 50, most_text=40_000)
    with pytest.raises(SlackError) as caught:
        check_message("x", [section()] * 51, most_text=40_000)
    assert caught.value.code == "invalid_blocks"
    assert "no more than 50 items" in caught.value.messages[0]


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ([section(block_id="b"), section(block_id="b")], 'block_id "b" already exists'),
        ([chart()] * 3, "no more than 2 data_visualization blocks"),
        ([{"type": "markdown", "text": "x" * 7000}] * 2, "no more than 12000"),
    ],
    ids=["one block id twice", "three charts", "much markdown"],
)
def test_blocks_that_may_not_stand_together(blocks: list[Json], words: str) -> None:
    assert any(words in fault for fault in block_faults(blocks, "message", 50))


def modal(**more: Any) -> Json:
    return {"type": "modal", "title": plain("Log"), "blocks": [section()], **more}


VIEWS: dict[str, tuple[Any, str]] = {
    "no title": ({"type": "modal", "blocks": []}, "missing required field: title"),
    "a long title": (modal(title=plain("x" * 25)), "less than 25"),
    "a long private note": (modal(private_metadata="x" * 3001), "less than 3001"),
    "101 blocks": (modal(blocks=[section()] * 101), "no more than 100"),
    "an input without submit": (modal(blocks=[entry({"type": "users_select"})]), "submit is required"),
    "a chart": (modal(blocks=[chart()]), "not allowed in a modal"),
    "a long alert": (modal(blocks=[{"type": "alert", "text": plain("x" * 201)}]), "less than 201"),
    "a home": ({"type": "home", "blocks": []}, "must be a view of type modal"),
    "no view": (None, "must be a view of type modal"),
    "blocks that are none": (modal(blocks="x"), "must be an array"),
}


@pytest.mark.parametrize(("view", "words"), VIEWS.values(), ids=VIEWS.keys())
def test_a_modal_is_refused_for(view: Any, words: str) -> None:
    with pytest.raises(SlackError) as caught:
        check_whole_view(view, kind="modal")
    assert caught.value.code == "invalid_arguments"
    assert any(words in message for message in caught.value.messages), caught.value.messages


def test_a_view_of_over_250_kb_is_too_large() -> None:
    blocks = [section("x" * 3000)] * 90
    with pytest.raises(SlackError, match="view_too_large"):
        check_whole_view(modal(blocks=blocks), kind="modal")


def test_home_takes_charts_and_tables() -> None:
    home = {"type": "home", "blocks": [chart(), table([[cell()], [cell()]])]}
    check_whole_view(home, kind="home")


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted(
    {name for shape in (*LIMITS["blocks"].values(), *LIMITS["elements"].values()) for name in shape["fields"]}
)
KINDS = sorted([*LIMITS["blocks"], *LIMITS["elements"], *LIMITS["objects"]["chart"]["by_type"]])
HALF_SOUND = st.recursive(
    JSON_VALUES,
    lambda inner: (
        st.fixed_dictionaries({"type": st.sampled_from(KINDS)}).flatmap(
            lambda head: st.dictionaries(
                st.sampled_from([*NAMES, "block_id", "action_id"]), inner, max_size=4
            ).map(lambda rest: rest | head)
        )
        | st.lists(inner, max_size=3)
    ),
    max_leaves=10,
)


@given(blocks=st.lists(HALF_SOUND, max_size=4), surface=st.sampled_from(["message", "modal", "home"]))
def test_no_block_breaks_the_check(blocks: list[Any], surface: str) -> None:
    for fault in block_faults(blocks, surface, 50):
        assert fault.startswith("[ERROR] ")
