"""Two workspaces with the same ids in one store: nothing crosses, and each may leave and come back."""

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from bot import app
from bot.answers import Refused
from bot.database import transaction
from bot.jobs import life, people, posts, reactions, release, tick
from bot.messages import card as card_message
from bot.models import Agreement, Away, Clock, Handoff, Installation, Notice, Workspace
from bot.services import forget, verify, workspaces
from bot.settings import Settings
from bot.slack import routes
from tests import stores
from tests.slack.neighbours import OTHER, Neighbours, neighbours, words_to
from tests.slack.office import CHANNEL, MAYA, MIKE, REP1, SARA, TEAM, HandClock, Office, new_slack
from tests.slack.test_errors import EVENT, PRESS, SUBMISSION
from tests.twin import ours

FIRST, SECOND = 1, 2
VIEW: Any = SUBMISSION["view"]
CALLS = {
    "chat.postMessage",
    "chat.update",
    "views.publish",
    "users.info",
    "reactions.get",
    "chat.postEphemeral",
}


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Neighbours]:
    with neighbours(tmp_path) as both:
        yield both


def a_day(office: Office, campaign: str) -> None:
    """Live through what a day has, from the card to the outcome."""
    assert "H-1" in office.type(MAYA, f"/sla log 6 webinar {campaign}")
    office.settle()
    office.react(REP1, office.card())
    office.settle()
    assert office.slack.open_home(REP1)["acked"]
    office.type(REP1, "/sla touch H-1 1-2")
    office.type(REP1, "/sla outcome H-1 1 won 12000")
    office.press(REP1, office.card(), card_message.TAKE)
    office.type(SARA, f"/sla ask H-1 2 what about {campaign}?")
    office.after(hours=30)
    for job in (life, posts, release, reactions, people):
        job.run(office.context)
    office.settle()


def rows_of(both: Neighbours, workspace_id: int) -> dict[str, int]:
    """Count the rows that name a workspace, table by table."""
    with both.baton.context.reading() as session:
        counts = {}
        for table in SQLModel.metadata.sorted_tables:
            if "workspace_id" in table.c:
                query = select(func.count()).select_from(table).where(table.c.workspace_id == workspace_id)
                counts[table.name] = session.scalar(query) or 0
    return counts


def calls_of(both: Neighbours, office: Office) -> int:
    return len([call for call in office.slack.traffic if call.direction == "to_slack"])


# ---- nothing crosses


def test_between_two_workspaces_with_the_same_ids_nothing_crosses(both: Neighbours) -> None:
    a_day(both.first, "Firstborn")
    a_day(both.second, "Seconds")

    for office, own, others in ((both.first, "Firstborn", "Seconds"), (both.second, "Seconds", "Firstborn")):
        sent = words_to(office.slack)
        assert own in sent
        assert others not in sent
        assert {call.what for call in office.slack.traffic if call.ok} >= CALLS
        assert not [call for call in office.slack.traffic if str(call.answer).find("invalid_auth") >= 0]
    with both.baton.context.reading() as session:
        assert session.execute(
            select(col(Handoff.workspace_id), col(Handoff.number), col(Handoff.campaign))
            .where(ours(Handoff))
            .order_by(col(Handoff.id))
        ).all() == [(FIRST, 1, "Firstborn"), (SECOND, 1, "Seconds")]
        assert list(verify.differences(session)) == []
    assert rows_of(both, FIRST)["event"] == rows_of(both, SECOND)["event"] > 5


def test_what_one_workspace_shows_is_unknown_in_the_other(both: Neighbours) -> None:
    for office in (both.first, both.second):
        assert "H-1" in office.type(MAYA, "/sla log 6 webinar June")
    both.first.settle()
    both.second.settle()
    with both.baton.context.reading() as session:
        foreign = session.scalars(select(Handoff).where(col(Handoff.workspace_id) == FIRST)).one()
    before = rows_of(both, FIRST), rows_of(both, SECOND)

    forged = both.second.dispatch(press(str(foreign.id), OTHER))
    made_up = both.second.dispatch(press("999999", OTHER))
    assert (forged.status, forged.body) == (made_up.status, made_up.body)
    of_another, of_nobody = both.second.hints(REP1)
    assert of_another == of_nobody
    assert (rows_of(both, FIRST), rows_of(both, SECOND)) == before


def press(value: str, team: str, **more: Any) -> dict[str, Any]:
    action = {"type": "button", "action_id": card_message.TAKE, "block_id": "b", "value": value}
    user = {"id": REP1, "team_id": more.pop("home", team)}
    return {
        **PRESS,
        "team": {"id": team},
        "user": user,
        "channel": {"id": CHANNEL},
        "actions": [action],
        "trigger_id": f"press.{value}.{team}",
        "view": None,
        **more,
    }


def test_a_request_costs_no_call_to_slack(both: Neighbours) -> None:
    before = calls_of(both, both.first)
    both.first.type(MAYA, "/sla status")
    assert calls_of(both, both.first) == before


# ---- whose request it is


@pytest.mark.parametrize(
    "body",
    [
        {**PRESS, "team": {"id": "TNOBODY"}, "user": {"id": REP1}},
        {
            **SUBMISSION,
            "team": {"id": TEAM},
            "view": {**VIEW, "app_installed_team_id": "TNOBODY"},
        },
        {**EVENT, "team_id": TEAM, "authorizations": [{"team_id": "TNOBODY"}]},
        {**EVENT, "team_id": "TNOBODY", "authorizations": None},
        {**PRESS, "team": None, "user": {"id": REP1, "team_id": TEAM}},
        {
            **PRESS,
            "team": None,
            "is_enterprise_install": True,
            "enterprise": {"id": "E1"},
            "user": {"id": REP1},
        },
        {},
        {"command": "/sla", "team_id": ["T"]},
    ],
)
def test_what_is_of_nobody_we_serve_is_dropped(both: Neighbours, body: Mapping[str, Any]) -> None:
    before = rows_of(both, FIRST), rows_of(both, SECOND)
    answer = both.first.dispatch(body)
    assert (answer.status, answer.body) == (200, "")
    assert (rows_of(both, FIRST), rows_of(both, SECOND)) == before


def test_a_modal_is_of_the_workspace_in_which_baton_opened_it(both: Neighbours) -> None:
    both.first.slack.command(MAYA, CHANNEL, "/sla log")
    view = both.first.view(MAYA)
    values = {
        "source": {"source": {"type": "plain_text_input", "value": "webinar"}},
        "counts": {"counts": {"type": "plain_text_input", "value": "3"}},
    }
    body = {
        **SUBMISSION,
        "team": {"id": OTHER},
        "user": {"id": MAYA},
        "view": {**view, "app_installed_team_id": TEAM, "state": {"values": values}},
    }
    both.second.dispatch(body)
    assert rows_of(both, SECOND)["handoff"] == 0


def test_who_is_of_another_company_is_refused_before_anything_is_read(both: Neighbours) -> None:
    both.first.type(MAYA, "/sla log 6 webinar June")
    both.first.settle()
    before = rows_of(both, FIRST)
    assert both.first.dispatch(press("1", TEAM, home="TELSEWHERE")).status == 200
    (hint,) = both.first.hints(REP1)
    assert "People of other companies see the cards and cannot act on them" in hint
    assert rows_of(both, FIRST) == before


# ---- leaving and coming back


def test_who_takes_baton_out_is_served_no_more_at_once(both: Neighbours) -> None:
    both.first.type(MAYA, "/sla log 6 webinar June")
    both.first.slack.uninstall()
    before = calls_of(both, both.first)
    both.first.after(hours=60)
    for job in (tick, life, posts, release, reactions, people):
        job.run(both.baton.context)
    both.first.settle()

    assert calls_of(both, both.first) == before
    assert both.first.slack.command(MAYA, CHANNEL, "/sla status")["message"] is None
    with pytest.raises(Refused):
        both.baton.context.at(FIRST).gateway.auth_test()
    with both.baton.context.reading() as session:
        assert session.get(Installation, TEAM) is None
        assert session.get_one(Workspace, FIRST).state == "left"
    assert "H-1" in both.second.type(MAYA, "/sla log 6 webinar June")


def test_who_installs_it_again_goes_on_where_it_stopped(both: Neighbours) -> None:
    both.first.type(MAYA, "/sla log 6 webinar June")
    both.first.slack.uninstall()
    both.first.after(hours=2)
    assert both.first.slack.messages(CHANNEL)[-1]["text"].count("H-1") == 0
    assert both.install().status_code == 200
    both.first.settle()
    assert both.first.card()
    assert "H-2" in both.first.type(MAYA, "/sla log 6 webinar July")


def test_a_persons_own_token_that_is_revoked_changes_nothing(both: Neighbours) -> None:
    event = {
        "type": "tokens_revoked",
        "tokens": {"oauth": [MIKE], "bot": []},
        "event_ts": "1780300800.000100",
    }
    both.first.slack.run(both.first.slack.parts.delivery.event(event))
    assert both.first.type(MAYA, "/sla status")


def test_a_dead_token_is_used_once(both: Neighbours, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    both.first.slack.revoke_tokens()
    both.first.type(MAYA, "/sla log 6 webinar June")
    both.first.settle()
    both.first.after(hours=40)
    dead = [
        call
        for call in both.first.slack.traffic
        if call.answer and call.answer.get("error") == "token_revoked"
    ]
    assert len(dead) == 1
    assert "it takes another installation" in caplog.text
    with both.baton.context.reading() as session:
        assert session.get_one(Workspace, FIRST).state == "stopped"

    assert both.install().status_code == 200
    both.first.settle()
    assert both.first.card()


def test_a_token_that_dies_after_it_was_renewed_stops_nothing(both: Neighbours) -> None:
    old = both.baton.context.at(FIRST).gateway
    assert both.install().status_code == 200
    with pytest.raises(Refused):
        old.auth_test()
    assert both.first.type(MAYA, "/sla status")


# ---- deletion


def test_thirty_days_after_leaving_no_row_names_the_workspace(both: Neighbours, monkeypatch: Any) -> None:
    monkeypatch.setattr(forget, "PIECE", 7)
    for office in (both.first, both.second):
        a_day(office, "June")
    other = rows_of(both, SECOND)
    both.first.slack.uninstall()
    both.clock.at += timedelta(days=29, hours=23)
    assert both.forget() == 0
    assert sum(rows_of(both, FIRST).values()) > 50
    both.clock.at += timedelta(hours=2)
    assert both.forget() == 1

    assert sum(rows_of(both, FIRST).values()) == 0
    assert rows_of(both, SECOND) == other
    with both.baton.context.reading() as session:
        assert session.get(Workspace, FIRST) is None
        everything = [
            str(row) for table in SQLModel.metadata.tables.values() for row in session.execute(select(table))
        ]
    assert TEAM not in "\n".join(everything)
    assert both.forget() == 0


def test_who_comes_back_while_it_is_deleted_begins_anew(both: Neighbours) -> None:
    both.first.slack.uninstall()
    both.clock.at += timedelta(days=31)
    with both.baton.context.transaction() as session:
        assert list(forget.part_with(session, both.clock.now())) == [FIRST]
    assert both.install().status_code == 200
    assert both.forget() == 1

    with both.baton.context.reading() as session:
        (row,) = session.scalars(select(Workspace).where(col(Workspace.team_id) == TEAM)).all()
        assert session.get(Installation, TEAM) is not None
    assert (row.state, row.id) == ("active", 3)
    assert "Nothing is agreed" in both.first.type(MAYA, "/sla status")


def test_whose_token_died_is_deleted_with_the_token(both: Neighbours) -> None:
    both.first.slack.revoke_tokens()
    with pytest.raises(Refused):
        both.baton.context.at(FIRST).gateway.auth_test()
    both.clock.at += timedelta(days=31)
    assert both.forget() == 1
    with both.baton.context.reading() as session:
        assert session.get(Installation, TEAM) is None


def test_a_deletion_that_was_interrupted_is_finished(both: Neighbours) -> None:
    both.first.slack.uninstall()
    both.clock.at += timedelta(days=31)
    with both.baton.context.transaction() as session:
        forget.part_with(session, both.clock.now())
        assert forget.piece(session, FIRST) > 0
    assert both.forget() == 1
    assert sum(rows_of(both, FIRST).values()) == 0


def test_every_table_belongs_to_workspaces_or_says_why_not() -> None:
    of_none = {table.name for table in SQLModel.metadata.sorted_tables if "workspace_id" not in table.c}
    assert of_none == {"workspace", "installation", "oauth_state"}


# ---- ids of the one, brought into the other

SPOKEN_ONLY_HERE = "Firstborn"


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neighbours]:
    """The first workspace has lived a day; the second has its agreement and nothing else."""
    with neighbours(tmp_path_factory.mktemp("busy")) as both:
        a_day(both.first, SPOKEN_ONLY_HERE)
        yield both


def ids_of(both: Neighbours) -> set[int]:
    """List ids of rows of the first workspace that the second has none of."""
    with both.baton.context.reading() as session:
        found = {}
        for workspace_id in (FIRST, SECOND):
            found[workspace_id] = {
                row_id
                for model in (Agreement, Away, Clock, Handoff, Notice)
                for row_id in session.scalars(
                    select(col(model.id)).where(col(model.workspace_id) == workspace_id)
                )
                if row_id
            }
    return found[FIRST] - found[SECOND]


def nothing_came_of_it(both: Neighbours, bodies: Iterator[Mapping[str, Any]], user: str) -> None:
    office = both.second
    before = rows_of(both, FIRST), rows_of(both, SECOND)
    calls = len(office.slack.traffic)
    for body in bodies:
        assert office.dispatch(body).status == 200
        office.slack.dismiss(user)
    said = "\n".join(str(call.body) for call in list(office.slack.traffic)[calls:])
    assert SPOKEN_ONLY_HERE not in said
    assert rows_of(both, FIRST) == before[0]
    after = rows_of(both, SECOND)
    assert {name for name in after if after[name] != before[1][name]} <= {"person", "delivery", "notice"}


@pytest.mark.parametrize("action", [*routes.ACTIONS, *map(str, routes.MORE), *map(str, routes.OF_CLOCK)])
def test_no_button_reaches_into_another_workspace(busy: Neighbours, action: str) -> None:
    def pressed() -> Iterator[dict[str, Any]]:
        for number in sorted(ids_of(busy))[:12]:
            for value in (f"{number}", f"{number}:1", f"{number}:1:1", f"{action}:{number}"):
                body = press(value, OTHER)
                body["actions"] = [
                    {
                        "type": "button",
                        "action_id": action if action in routes.ACTIONS else card_message.MORE,
                        "block_id": "b",
                        "value": value,
                        "selected_option": {"value": value},
                    }
                ]
                body["trigger_id"] = busy.second.slack.parts.slack.triggers.issue(SARA)
                yield body | {"user": {"id": SARA, "team_id": OTHER}}

    nothing_came_of_it(busy, pressed(), SARA)


@pytest.mark.parametrize("callback", routes.VIEWS)
def test_no_modal_reaches_into_another_workspace(busy: Neighbours, callback: str) -> None:
    def submitted() -> Iterator[dict[str, Any]]:
        for number in sorted(ids_of(busy))[:12]:
            carried = dict.fromkeys(("handoff", "clock", "agreement", "notice", "duty", "proposal"), number)
            view = {
                **VIEW,
                "id": f"V{callback}{number}",
                "callback_id": callback,
                "private_metadata": json.dumps({**carried, "channel": CHANNEL}),
                "app_installed_team_id": OTHER,
            }
            yield {**SUBMISSION, "team": {"id": OTHER}, "user": {"id": SARA, "team_id": OTHER}, "view": view}

    nothing_came_of_it(busy, submitted(), SARA)


def test_by_a_token_that_is_set_no_other_workspace_of_the_store_is_called(tmp_path: Path) -> None:
    clock, file = HandClock(), tmp_path / "baton.db"
    with transaction(stores.engine(file)) as session:
        other = workspaces.remember(session, OTHER, "Neighbours", "U0BATON", clock.now())
        not_served = (other.id or 0, OTHER)
    with new_slack(clock) as slack:
        baton = app.build(
            Settings(
                database_url=stores.url(file),
                slack_bot_token=SecretStr(slack.bot_token),
                slack_api_url=slack.api_url,
            ),
            clock,
        )
        assert baton.context.at(TEAM).gateway.auth_test()["team_id"] == TEAM
        before = len(slack.traffic)
        for workspace in not_served:
            with pytest.raises(Refused, match="account_inactive"):
                _ = baton.context.at(workspace).gateway
        assert len(slack.traffic) == before
        baton.context.engine.dispose()
