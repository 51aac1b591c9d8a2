"""That a workspace is served is believed for a minute; what another process wrote is heeded at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltContext, BoltResponse

from bot.services import installations
from bot.slack import installation, routes
from bot.slack.installation import BELIEVED_SECONDS, Admission
from tests.slack.neighbours import Neighbours, neighbours
from tests.slack.office import CHANNEL, MAYA, SARA, TEAM, Office
from tests.slack.test_errors import EVENT, SUBMISSION
from tests.slack.test_many import FIRST, VIEW, calls_of, press, rows_of

Body = Mapping[str, Any]
PASSED = 299
"""What comes of an input that was let pass."""
COMMAND: Body = {
    "command": "/sla",
    "text": "status",
    "team_id": TEAM,
    "user_id": MAYA,
    "channel_id": CHANNEL,
    "trigger_id": "1.2.x",
}
SHORTCUT: Body = {
    "type": "shortcut",
    "callback_id": "log",
    "team": {"id": TEAM},
    "user": {"id": MAYA, "team_id": TEAM},
    "trigger_id": "1.3.x",
}
TELLS = [name for name in routes.EVENTS if name not in installation.ABOUT_US]


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Neighbours]:
    with neighbours(tmp_path) as both:
        yield both


def left(both: Neighbours) -> None:
    """Take Baton out, as another process hears of it: what this one believes stays."""
    now = both.clock.now()
    with both.baton.context.transaction() as session:
        installations.leave(session, TEAM, now, now)


def every_input() -> Iterator[Body]:
    """List one input of each kind, and of each name that this has."""
    for word in routes.WORDS:
        yield {**COMMAND, "text": word}
        yield {**COMMAND, "text": f"{word} H-1 1 webinar"}
    for action in routes.ACTIONS:
        body = press("1", TEAM)
        yield {**body, "actions": [{**body["actions"][0], "action_id": action}]}
    for callback in routes.VIEWS:
        view = {**VIEW, "callback_id": callback, "app_installed_team_id": TEAM}
        yield {**SUBMISSION, "view": view, "team": {"id": TEAM}, "user": {"id": SARA, "team_id": TEAM}}
    yield SHORTCUT
    for name in TELLS:
        event = dict(EVENT["event"], type=name, channel=CHANNEL, channel_type="im", tab="home")
        yield {**EVENT, "event": event}


def test_within_the_minute_nothing_comes_of_what_is_sent_by_who_has_left(
    both: Neighbours, caplog: pytest.LogCaptureFixture
) -> None:
    both.first.type(MAYA, "/sla log 4 webinar June")
    both.first.settle()
    left(both)
    rows, calls = rows_of(both, FIRST), calls_of(both, both.first)
    answers = [(body, both.first.dispatch(body)) for body in every_input()]

    assert [body for body, answer in answers if answer.status != 200] == []
    assert [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []
    assert rows_of(both, FIRST) == rows
    assert calls_of(both, both.first) == calls
    assert len(answers) > 100


class Asked:
    """An admission of its own, whose minutes are moved by hand."""

    def __init__(self, both: Neighbours) -> None:
        self.seconds = 0.0
        self.admission = Admission(both.baton.context, lambda: self.seconds)

    def admits(self, body: Body = COMMAND) -> bool:
        answer = self.admission(body, BoltContext(), lambda: BoltResponse(status=PASSED))
        assert answer.status in (PASSED, 200)
        return answer.status == PASSED


def test_that_a_workspace_is_served_is_believed_for_a_minute(both: Neighbours) -> None:
    asked = Asked(both)
    assert asked.admits()
    left(both)
    asked.seconds += BELIEVED_SECONDS - 0.1
    assert asked.admits()
    asked.seconds += 0.2
    assert not asked.admits()


def test_who_hears_of_the_end_believes_nothing_any_more(both: Neighbours) -> None:
    asked = Asked(both)
    assert asked.admits()
    left(both)
    assert asked.admits({**EVENT, "event": {"type": "app_uninstalled", "event_ts": "1781510407.000000"}})
    assert not asked.admits()


def test_who_was_not_served_is_never_remembered(both: Neighbours) -> None:
    asked = Asked(both)
    left(both)
    assert not asked.admits()
    assert both.install().status_code == 200
    assert asked.admits()
    assert both.first.type(MAYA, "/sla status")


def test_of_many_workspaces_those_seen_first_are_looked_up_again(
    both: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "MOST_SERVED", 1)
    asked = Asked(both)
    assert asked.admits()
    assert asked.admits({**COMMAND, "team_id": "T1OTHER"})
    left(both)
    assert not asked.admits()


def test_an_end_that_is_told_late_does_not_end_what_was_installed_since(both: Neighbours) -> None:
    gone = {"type": "app_uninstalled", "event_ts": both.slack.parts.slack.next_ts()}
    both.clock.sleep(2)
    assert both.install().status_code == 200
    assert both.first.dispatch({**EVENT, "event": gone}).status == 200
    assert both.first.type(MAYA, "/sla status")
    both.clock.sleep(2)
    both.first.slack.uninstall()
    assert both.first.slack.command(MAYA, CHANNEL, "/sla status")["message"] is None


def test_an_end_that_does_not_say_when_is_one_now(both: Neighbours) -> None:
    assert both.first.dispatch({**EVENT, "event": {"type": "app_uninstalled"}}).status == 200
    assert both.first.slack.command(MAYA, CHANNEL, "/sla status")["message"] is None


# ---- one token, from the settings


def test_a_token_from_the_settings_that_is_taken_away_serves_nobody(office: Office) -> None:
    assert office.type(MAYA, "/sla status")
    office.slack.uninstall()
    assert office.slack.command(MAYA, CHANNEL, "/sla status")["message"] is None


@pytest.mark.parametrize("fault", ["", "close", "server_error"])
def test_one_that_is_newer_than_the_end_it_is_told_of_goes_on(office: Office, fault: str) -> None:
    if fault:
        office.slack.fail("auth.test", fault)
    gone = {"type": "app_uninstalled", "event_ts": office.slack.parts.slack.next_ts()}
    assert office.dispatch({**EVENT, "event": gone}).status == 200
    assert office.type(MAYA, "/sla status")
