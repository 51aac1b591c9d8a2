"""Forms and buttons that are not as they were shown: read as any input, and never a failure of ours."""

import json
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import pytest

from bot.slack import request, routes
from bot.slack.form import Unexpected
from tests.messages.gallery import GALLERY
from tests.slack.office import MAYA, REP1, TEAM, Office
from tests.slack.test_errors import SUBMISSION

WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    1.5,
    2**63,
    10**400,
    "",
    "1 OR 1=1",
    "\0",
    "\ud800",
    [],
    [[]],
    [{}],
    {},
    {"a": [1]},
    ["goals", 99],
    ["goals", "\0"],
    {"A": "x"},
    "x" * 5_000,
)
CHOSEN: Mapping[str, tuple[Any, ...]] = {
    "value": ("\0\ud800", "1e309", "x" * 5_000, 7, ["x"]),
    "selected_date": ("0000-00-00", "2026-02-30", "9999-12-31", "../../etc", 5, ""),
    "selected_date_time": (-1, 2**63, 10**400, "now", 1.5, True),
    "selected_time": ("25:00", "\u0660\u0669:00", "-1:00", 9, ["09:00"]),
    "selected_user": ("rep1", "<@U1>", "../U1", 7, ["U1"]),
    "selected_users": ("U1", [7], [None], ["x"], {}),
    "selected_option": ({"value": "../../etc/passwd"}, {"value": ["x"]}, "x", [], {"value": "\ud800"}),
    "selected_options": ([7], [{"value": 7}], "x", [{"value": "Z" * 5_000}]),
    "files": ([{"id": "../x"}], [{"id": 7}], ["F1"], {}, [{}]),
}


VALUES = ("", "0", "-1", "1e3", "9" * 15, "9" * 400, "\u0661", "1 OR 1=1", "\0", "{}", "1:2:3")


def shown() -> Mapping[str, Mapping[str, Any]]:
    """Give one modal for each submission there is a route for, by its callback."""
    drawn = [draw() for draw in GALLERY.values()]
    modals = [one for one in drawn if isinstance(one, dict) and one.get("type") == "modal"]
    return {one["callback_id"]: one for one in modals if one.get("callback_id") in routes.VIEWS}


SHOWN = shown()


def submissions(view: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    metadata = json.loads(view.get("private_metadata") or "{}")
    for name in {*metadata, "agreement", "handoff", "channel"}:
        for wrong in WRONG:
            yield {**view, "private_metadata": json.dumps({**metadata, name: wrong})}
        yield {**view, "private_metadata": json.dumps({k: v for k, v in metadata.items() if k != name})}
    for raw in ("[", "[]", "null", "7", "\0"):
        yield {**view, "private_metadata": raw}
    ours = json.dumps(
        {**metadata, **{name: 1 for name in ("agreement", "handoff", "clock") if name in metadata}}
    )
    for block in view["blocks"]:
        if block["type"] == "input":
            for kind, values in CHOSEN.items():
                for value in values:
                    state = {"values": {block["block_id"]: {"value": {kind: value}}}}
                    yield {**view, "private_metadata": ours, "state": state}


@pytest.mark.parametrize("name", sorted(SHOWN))
@pytest.mark.parametrize("user", [MAYA, REP1])
def test_a_form_that_was_tampered_with_is_read_refused_or_dropped(
    logged: Office, name: str, user: str, caplog: pytest.LogCaptureFixture
) -> None:
    logged.type(REP1, "/sla take H-1 4")
    for n, view in enumerate(submissions(SHOWN[name])):
        body = {
            **SUBMISSION,
            "user": {"id": user, "team_id": TEAM},
            "trigger_id": f"1.{n}.x",
            "view": {"state": {"values": {}}, **view, "id": f"V{n}"},
        }
        assert logged.dispatch(body).status == 200
        assert [one.getMessage() for one in caplog.records if one.levelname in ("ERROR", "CRITICAL")] == [], (
            body
        )


def test_almost_every_form_is_tried() -> None:
    assert {*routes.VIEWS} - {*SHOWN} <= {"away.submit"}
    assert len(SHOWN) > 15


@pytest.mark.parametrize("action", sorted(routes.ACTIONS))
def test_a_button_whose_value_is_none_of_ours_does_nothing(
    shared: Office, action: str, caplog: pytest.LogCaptureFixture
) -> None:
    for n, (user, value) in enumerate(product((MAYA, REP1), VALUES)):
        used: dict[str, Any] = {"type": "button", "action_id": action, "block_id": "b", "value": value}
        used |= {"selected_option": {"value": value}} if n % 2 else {}
        body = {
            **SUBMISSION,
            "type": "block_actions",
            "user": {"id": user, "team_id": TEAM},
            "channel": {"id": "CSLA"},
            "trigger_id": shared.slack.parts.slack.triggers.issue(user),
            "actions": [used],
            "view": None,
        }
        assert shared.dispatch(body).status == 200
        shared.slack.dismiss(user)
    assert [one.getMessage() for one in caplog.records if one.levelname in ("ERROR", "CRITICAL")] == []


@pytest.mark.parametrize("number", [2**31, 10**14])
def test_no_row_has_a_number_that_postgresql_could_not_keep(number: int) -> None:
    asked = request.Asked(team_id=TEAM, user_id=MAYA, key="1", value=str(number))
    with pytest.raises(Unexpected):
        asked.id()
    assert asked.id(str(2**31 - 1)) == 2**31 - 1
