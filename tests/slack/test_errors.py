"""What people and Slack see when something fails: refused, malformed, out of reach, or our own fault."""

import copy
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import reduce
from operator import getitem
from typing import Any

import pytest
from slack_bolt import Ack
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.errors import UserError
from bot.slack import request
from bot.slack.form import Unexpected
from bot.slack.listeners import patient
from bot.slack.request import Asked
from tests import stores
from tests.slack.office import MAYA, REP1, Office, everything_said
from tests.slack.test_reaction import event


@pytest.fixture
def logged(office: Office) -> Office:
    office.type(MAYA, "/sla log webinar June B=12")
    office.settle()
    return office


def break_store(office: Office) -> None:
    """Bring about a failure that nobody foresaw."""
    stores.vacate()
    with office.context.transaction() as session:
        session.execute(text("ALTER TABLE delivery RENAME TO lost"))


def test_an_unforeseen_failure_is_apologised_for_with_the_reference_of_the_log(
    logged: Office, caplog: pytest.LogCaptureFixture
) -> None:
    break_store(logged)

    said = logged.type(REP1, "/sla take H-1")
    assert "it is not your doing" in said
    reference = said.partition("`")[2].partition("`")[0]
    assert any(reference in record.message for record in caplog.records)
    assert "it is not your doing" in logged.press(REP1, logged.card(), "card.take")


def test_after_an_unforeseen_failure_a_form_keeps_what_was_filled_in(logged: Office) -> None:
    logged.type(MAYA, "/sla log")
    break_store(logged)

    answer = logged.submit(MAYA, source="fair", tier_b=3)
    assert "it is not your doing" in answer["errors"]["source"]
    assert logged.view(MAYA)["state"]["values"]["source"]["value"]["value"] == "fair"


def test_an_event_that_failed_for_our_fault_is_sent_again_but_not_for_ever(
    logged: Office, caplog: pytest.LogCaptureFixture
) -> None:
    break_store(logged)
    body = event(logged, "reaction_added", REP1, 0, "Ev1")

    assert logged.dispatch(body).status == 500
    assert logged.dispatch(body, x_slack_retry_num="3").status == 500
    assert not [record for record in caplog.records if record.levelno == logging.CRITICAL]
    assert logged.dispatch(body, x_slack_retry_num="4").status == 200
    assert [record for record in caplog.records if record.levelno == logging.CRITICAL]


def test_a_modal_that_slack_does_not_open_is_refused_plainly(logged: Office) -> None:
    logged.slack.fail("views.open", "error", error="expired_trigger_id")

    assert "Slack did not answer in time" in logged.type(MAYA, "/sla log")
    logged.slack.fail("views.open", "close")
    assert "Slack did not answer in time" in logged.press(REP1, logged.card(), "card.take_other")


def test_a_hint_that_is_lost_is_lost_and_the_deed_stands(logged: Office) -> None:
    logged.slack.fail("chat.postEphemeral", "rate_limited")
    card = logged.card()

    logged.press(REP1, card, "card.take")
    logged.settle()
    assert "Taken 4" in everything_said(logged.card())


def test_a_file_that_cannot_be_fetched_is_refused_under_its_field(logged: Office) -> None:
    logged.type(MAYA, "/sla log")
    file = logged.slack.add_file(MAYA, "leads.csv", b"tier\nA\n")
    logged.slack.fail("files.info", "error", error="missing_scope")

    assert "files:read" in logged.submit(MAYA, source="fair", file=[file])["errors"]["file"]
    logged.slack.fail("files.info", "error", error="file_not_found")
    assert "cannot be read" in logged.submit(MAYA, source="fair", file=[file])["errors"]["file"]


EVENT: dict[str, Any] = {
    "type": "event_callback",
    "team_id": "T0SANDBOX",
    "event_id": "Ev1",
    "authorizations": [{"team_id": "T0SANDBOX", "user_id": "U0BATON", "is_bot": True}],
    "event": {
        "type": "reaction_added",
        "user": REP1,
        "reaction": "white_check_mark",
        "item": {"type": "message", "channel": "CSLA", "ts": "1781510406.000000"},
        "event_ts": "1781510407.000000",
    },
}
ACK = Ack()  # type: ignore[no-untyped-call]
COMMAND = {
    "command": "/sla",
    "text": "status",
    "team_id": "T0SANDBOX",
    "user_id": MAYA,
    "channel_id": "CSLA",
    "trigger_id": "1.2.abc",
}
PRESS = {
    "type": "block_actions",
    "team": {"id": "T0SANDBOX"},
    "user": {"id": REP1},
    "channel": {"id": "CSLA"},
    "trigger_id": "1.2.abc",
    "actions": [{"type": "button", "action_id": "card.take", "block_id": "b", "value": "1"}],
}
SUBMISSION = {
    "type": "view_submission",
    "team": {"id": "T0SANDBOX"},
    "user": {"id": REP1},
    "trigger_id": "1.2.abc",
    "view": {
        "id": "V1",
        "type": "modal",
        "callback_id": "take.submit",
        "private_metadata": '{"handoff":1}',
        "state": {"values": {"count": {"value": {"type": "number_input", "value": "2"}}}},
        "blocks": [{"type": "input", "block_id": "count"}],
    },
}


WRONG: tuple[Any, ...] = (None, 5, True, "", [], [{}], {}, {"a": [1]}, "\0' ; --", "x" * 5_000, "\ud800")
WRONG_TEXT = ("", "\0' ; --", "x" * 5_000, "\ud800")


def variants(body: dict[str, Any], wrong: tuple[Any, ...], where: type = object) -> Iterator[dict[str, Any]]:
    """Make bodies that are wrong in one place each: where a value of this kind is documented."""

    def places(node: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, below in pairs:
            if isinstance(below, where):
                yield (*path, key)
            yield from places(below, (*path, key))

    for *path, key in places(body, ()):
        for value in wrong:
            changed = copy.deepcopy(body)
            reduce(getitem, path, changed)[key] = value
            yield changed


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (request.of_command, COMMAND),
        (request.of_action, PRESS),
        (request.of_shortcut, PRESS),
        (request.of_view, SUBMISSION),
        (request.of_event, EVENT),
    ],
)
def test_a_body_that_is_not_as_documented_is_read_or_dropped(
    read: Callable[[dict[str, Any]], Asked], body: dict[str, Any]
) -> None:
    for wrong in variants(body, WRONG):
        with suppress(Unexpected):
            asked = read(wrong)
            assert asked.user_id
            for name in ("count", "other"):
                with suppress(UserError):
                    asked.form.text(name), asked.form.number(name), asked.form.chosen(name)


@pytest.mark.parametrize("body", [COMMAND, PRESS, SUBMISSION], ids=["command", "press", "submission"])
def test_text_that_is_not_as_documented_never_breaks_anything(
    logged: Office, body: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    for wrong in variants(body, WRONG_TEXT, str):
        assert logged.dispatch(wrong).status in (200, 404), wrong

    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_an_event_that_is_not_as_documented_is_dropped_and_not_sent_again(
    logged: Office, caplog: pytest.LogCaptureFixture
) -> None:
    for wrong in variants(EVENT["event"], WRONG_TEXT, str):
        assert logged.dispatch({**EVENT, "event": wrong | {"type": "reaction_added"}}).status == 200, wrong

    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_what_nobody_listens_to_is_acknowledged(office: Office) -> None:
    for body in (
        PRESS | {"actions": [{"type": "button", "action_id": "unheard.of", "block_id": "b"}]},
        SUBMISSION | {"view": {"id": "V1", "type": "modal", "callback_id": "told"}},
        SUBMISSION | {"type": "view_closed"},
        {**SUBMISSION, "type": "shortcut", "callback_id": "unheard_of"},
        {"type": "event_callback", "team_id": "T0SANDBOX", "event": {"type": "team_rename"}},
    ):
        assert office.dispatch(body).status == 200, body


def test_from_another_workspace_nothing_is_reached(logged: Office) -> None:
    before = logged.rows()
    answer = logged.dispatch(COMMAND | {"team_id": "TOTHER", "text": "take H-1"})

    assert (answer.status, answer.body) == (200, "")
    assert logged.rows() == before


def test_while_another_writer_holds_the_store_a_listener_tries_again() -> None:
    tries: list[int] = []

    def listener(ack: Ack, body: Any) -> None:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is locked"))

    patient(listener)(ACK, {})
    assert len(tries) == 3


def test_another_failure_of_the_store_is_not_tried_again() -> None:
    tries: list[int] = []

    def listener(ack: Ack, body: Any) -> None:
        tries.append(1)
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("disk I/O error"))

    with pytest.raises(OperationalError):
        patient(listener)(ACK, {})
    assert len(tries) == 1
