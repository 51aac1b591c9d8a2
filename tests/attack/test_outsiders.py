"""Guests, other companies, bots, people who left, and strangers to the teams do nothing by any way in."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.slack import routes
from tests.slack.office import ALAN, CHANNEL, GUEST, MAYA, REP1, TEAM, Office, opened
from tests.slack.test_errors import COMMAND, PRESS, SUBMISSION
from tests.slack.test_reaction import event

ODD, ROBOT, LEFT, NEW = "UODD", "UROBOT", "ULEFT", "UNEW"
OUTSIDERS = (GUEST, ODD, ROBOT, LEFT, NEW)
"""A guest, somebody of another company, a bot, a closed account, and somebody of whom Slack was not asked."""
VIEW: Any = SUBMISSION["view"]
SEEN_ONLY = {"delivery", "notice", "person"}
"""Where it is written down that they were heard; a notice is their own Home."""
IN_HANDOFF = {"handoff": 1, "agreement": 1, "clock": 1, "leads": [[1]], "seq": 1, "channel": CHANNEL}
AFTER = {
    "take": "H-1 all",
    "reject": "H-1 wrong_role",
    "log": "3 webinar X",
    "plan": "90 webinar 18 Jun",
    "outcome": "H-1 won",
    "touch": "H-1",
    "ask": "H-1 what?",
    "hand": f"H-1 <@{REP1}>",
    "snooze": "H-1 1h lunch",
    "excuse": "H-1 because",
    "dispute": "H-1 because",
    "away": "until tomorrow",
    "export": "figures",
    "correct": "H-1",
    "void": "H-1",
    "propose": "",
    "sign": "",
    "setup": "",
}


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Twelve leads, four of them taken; and somebody of each kind who has nothing to do with them."""
    with opened(tmp_path_factory.mktemp("outsiders")) as office:
        office.slack.add_person("odd", id=ODD, team_id="T9ELSE")
        office.slack.add_person("robot", id=ROBOT, is_bot=True)
        office.slack.add_person("left", id=LEFT, is_deleted=True)
        office.slack.add_person("new", id=NEW)
        office.type(MAYA, "/sla log webinar June B=12")
        office.settle()
        office.type(REP1, "/sla take H-1 4")
        for user in (GUEST, ODD, ROBOT, LEFT):
            office.dispatch({**COMMAND, "user_id": user, "trigger_id": f"meet.{user}"})
        office.meet()
        office.settle()
        yield office


def inputs(office: Office, user: str) -> Iterator[Mapping[str, Any]]:
    """Give an input of every kind there is."""
    who = {"id": user, "team_id": TEAM}
    for word in routes.WORDS:
        text = f"{word} {AFTER.get(word, '')}".strip()
        yield {**COMMAND, "user_id": user, "text": text, "trigger_id": f"c.{user}.{word}"}
    for action in routes.ACTIONS:
        for value in ("1", "1:1", "1:1:won", "void:1", "correct:1", "undo:1"):
            used: dict[str, Any] = {"type": "button", "action_id": action, "block_id": "b", "value": value}
            if ":" in value:
                used["selected_option"] = {"value": value}
            yield {**PRESS, "user": who, "trigger_id": f"p.{user}.{action}.{value}", "actions": [used]}
    for name in routes.VIEWS:
        view = {**VIEW, "id": f"V.{user}.{name}", "callback_id": name}
        yield {**SUBMISSION, "user": who, "view": {**view, "private_metadata": json.dumps(IN_HANDOFF)}}
    for name in routes.SHORTCUTS:
        yield {**SUBMISSION, "type": "shortcut", "callback_id": name, "user": who}
    for kind in ("reaction_added", "reaction_removed"):
        yield event(office, kind, user, 0, f"Ev.{user}.{kind}")


def changed_by(office: Office, user: str, caplog: pytest.LogCaptureFixture) -> set[str]:
    before = office.rows()
    for body in inputs(office, user):
        assert office.dispatch(body).status == 200, body
        office.slack.dismiss(user)
    assert [one.getMessage() for one in caplog.records if one.levelname in ("ERROR", "CRITICAL")] == []
    return {name for name, rows in office.rows().items() if rows != before[name]}


@pytest.mark.parametrize("user", OUTSIDERS)
def test_whoever_is_no_member_changes_nothing_by_any_way_in(
    busy: Office, user: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert changed_by(busy, user, caplog) <= SEEN_ONLY


def test_a_colleague_of_neither_team_changes_nothing_either(
    busy: Office, caplog: pytest.LogCaptureFixture
) -> None:
    busy.type(ALAN, "/sla status")
    busy.meet()
    assert changed_by(busy, ALAN, caplog) <= SEEN_ONLY


def test_by_the_same_ways_a_rep_does(busy: Office, caplog: pytest.LogCaptureFixture) -> None:
    assert changed_by(busy, REP1, caplog) >= {"event", "handoff", "lead", "tally"}


@pytest.mark.parametrize("facts", [{"is_deleted": True}, {"is_restricted": True}, {"team_id": "T9ELSE"}])
def test_a_right_ends_when_slack_says_so_also_for_a_form_that_is_open(
    tmp_path: Path, facts: Mapping[str, Any]
) -> None:
    with opened(tmp_path) as office:
        office.type(MAYA, "/sla log webinar June B=12")
        office.settle()
        office.press(REP1, office.card(), "card.take_other")
        view = office.view(REP1)
        office.slack.change_person(REP1, **facts)
        office.settle()
        before = office.rows()
        values = {**view["state"]["values"], "count": {"value": {"type": "number_input", "value": "2"}}}
        body = {**SUBMISSION, "view": {**view, "state": {"values": values}}}
        answer = office.dispatch(body)

        assert (answer.status, "errors" in answer.body) == (200, True)
        assert {name for name, rows in office.rows().items() if rows != before[name]} <= SEEN_ONLY
