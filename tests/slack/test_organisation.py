"""An organisation installs Baton once for all its workspaces, and adds and takes out workspaces of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.models import Installation, Workspace
from tests import twin
from tests.slack.neighbours import OTHER, Neighbours, neighbours
from tests.slack.office import CHANNEL, MAYA, TEAM, sign
from tests.slack.test_errors import EVENT
from tests.slack.test_many import calls_of, rows_of

ORGANISATION = "E1ORG"
NEW = "T2NEW"


@pytest.fixture
def wide(tmp_path: Path) -> Iterator[Neighbours]:
    """One workspace is served by its organisation's installation, the other by its own."""
    with neighbours(tmp_path, are_installed=False) as both:
        both.slack.parts.slack.enterprise_id = ORGANISATION
        assert both.install().status_code == 200
        assert "Nothing is agreed" in both.first.type(MAYA, "/sla status")
        sign(both.first)
        assert both.install(OTHER).status_code == 200
        sign(both.second, 2)
        yield both


def states(both: Neighbours) -> dict[str, str]:
    with both.baton.context.reading() as session:
        return {
            row.team_id: row.state for row in session.scalars(select(Workspace).where(twin.ours(Workspace)))
        }


def tell(both: Neighbours, kind: str, *teams: str, organisation: str = ORGANISATION) -> int:
    """Tell of workspaces as Slack tells an organisation's app."""
    event = {"type": kind, "team_ids": list(teams), "event_ts": "1781510407.000000"}
    told = {"type": "event_callback", "event_id": f"Ev{kind}", "enterprise_id": organisation, "event": event}
    return both.first.dispatch(told).status


def test_a_workspace_that_its_organisation_takes_out_is_served_no_more_at_once(wide: Neighbours) -> None:
    assert "H-1" in wide.first.type(MAYA, "/sla log 4 webinar June")
    wide.first.slack.withdraw()
    before = calls_of(wide, wide.first)
    wide.first.after(hours=60)
    for name, job in wide.baton.jobs.items():
        if name != "slack_time":
            job()

    assert calls_of(wide, wide.first) == before
    assert states(wide) == {TEAM: "withdrawn", OTHER: "active"}
    assert wide.second.type(MAYA, "/sla status")
    with wide.baton.context.reading() as session:
        assert session.get(Installation, ORGANISATION) is not None


def test_one_that_it_brings_in_again_goes_on_where_it_stopped(wide: Neighbours) -> None:
    assert "H-1" in wide.first.type(MAYA, "/sla log 4 webinar June")
    wide.first.slack.withdraw()
    wide.first.slack.grant()
    wide.first.settle()
    assert wide.first.card()
    assert "H-2" in wide.first.type(MAYA, "/sla log 6 webinar July")


def test_one_that_was_never_seen_is_served_from_when_it_is_brought_in(wide: Neighbours) -> None:
    assert tell(wide, "team_access_granted", NEW, OTHER) == 200
    with wide.baton.context.reading() as session:
        tenants = {
            row.team_id: row.tenant for row in session.scalars(select(Workspace).where(twin.ours(Workspace)))
        }
    assert tenants == {TEAM: ORGANISATION, OTHER: OTHER, NEW: ORGANISATION}


def test_what_was_told_late_does_not_bring_a_workspace_back(wide: Neighbours) -> None:
    wide.first.slack.withdraw()
    late = {
        **EVENT,
        "team_id": TEAM,
        "authorizations": [
            {"team_id": TEAM, "enterprise_id": ORGANISATION, "is_enterprise_install": True, "user_id": "U0"}
        ],
    }
    assert wide.first.dispatch(late).status == 200
    assert states(wide)[TEAM] == "withdrawn"
    # Had Slack's word that it is back been lost, what somebody types there says so as well.
    assert wide.first.type(MAYA, "/sla status")
    assert states(wide)[TEAM] == "active"


def test_an_organisation_installs_again_for_those_it_has_not_taken_out(wide: Neighbours) -> None:
    wide.first.slack.withdraw()
    assert wide.install().status_code == 200
    assert states(wide)[TEAM] == "withdrawn"


def test_what_was_taken_out_is_deleted_when_the_time_is_over(wide: Neighbours) -> None:
    wide.first.slack.withdraw()
    wide.clock.at += timedelta(days=29)
    assert wide.forget() == 0
    wide.clock.at += timedelta(days=2)
    assert wide.forget() == 1
    assert sum(rows_of(wide, 1).values()) == 0
    with wide.baton.context.reading() as session:
        assert session.get(Installation, ORGANISATION) is not None


@pytest.mark.parametrize("kind", ["team_access_granted", "team_access_revoked"])
def test_an_organisation_speaks_for_none_but_its_own(wide: Neighbours, kind: str) -> None:
    before = states(wide)
    assert tell(wide, kind, TEAM, OTHER, NEW, organisation="E9OTHER") == 200
    assert tell(wide, kind, OTHER) == 200
    assert tell(wide, kind, "", NEW * 99) == 200
    assert states(wide) == before


def test_a_whole_organisation_that_leaves_is_served_nowhere(wide: Neighbours) -> None:
    gone = {"type": "app_uninstalled", "event_ts": wide.slack.parts.slack.next_ts()}
    told = {
        "type": "event_callback",
        "event_id": "Ev1",
        "event": gone,
        "authorizations": [{"enterprise_id": ORGANISATION, "team_id": None, "is_enterprise_install": True}],
    }
    assert wide.first.dispatch(told).status == 200
    assert states(wide) == {TEAM: "left", OTHER: "active"}
    assert wide.slack.command(MAYA, CHANNEL, "/sla status")["message"] is None
