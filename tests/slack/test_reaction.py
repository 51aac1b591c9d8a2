"""✅ on a card, by whom it may come, late, twice and in any order."""

from typing import Any

import pytest

from tests.slack.office import ALAN, CHANNEL, GUEST, MAYA, REP1, REP2, SARA, TEAM, Office, everything_said


@pytest.fixture
def logged(office: Office) -> Office:
    office.type(MAYA, "/sla log webinar June B=12")
    office.settle()
    return office


def taken(office: Office) -> str:
    office.settle()
    return next(
        (line for line in everything_said(office.card()).splitlines() if line.startswith("Taken")), ""
    )


def event(office: Office, kind: str, user: str, seconds: float, key: str) -> dict[str, Any]:
    """Word a reaction that happened so many seconds from now."""
    ts = f"{office.clock.at.timestamp() + seconds:.6f}"
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "event_id": key,
        "authorizations": [{"team_id": TEAM, "user_id": "U0BATON", "is_bot": True}],
        "event": {
            "type": kind,
            "user": user,
            "reaction": "white_check_mark",
            "item": {"type": "message", "channel": CHANNEL, "ts": office.card()["ts"]},
            "event_ts": ts,
        },
    }


def test_it_takes_the_share_and_taken_off_gives_exactly_that_back(logged: Office) -> None:
    assert "4 leads of H-1 are yours" in logged.react(REP1, logged.card())
    assert "4 leads of H-1 are yours" in logged.react(REP2, logged.card())
    assert "4 leads of H-1 are given back" in logged.react(REP1, logged.card(), is_on=False)

    assert taken(logged) == "Taken 4 (<@UREP2> 4)"


def test_other_reactions_and_other_messages_mean_nothing(logged: Office) -> None:
    assert logged.react(REP1, logged.card(), name="eyes") == ""
    signing = logged.slack.messages(CHANNEL)[0]
    assert logged.react(REP1, signing) == ""

    assert taken(logged) == ""


def test_with_nothing_left_it_is_a_standby(logged: Office) -> None:
    logged.type(REP1, "/sla take H-1 all")

    assert "You stand by for H-1" in logged.react(REP2, logged.card())
    logged.type(REP1, "/sla take H-1 back")
    assert taken(logged) == "Taken 12 (<@UREP2> 12)"


def test_it_cannot_be_taken_back_when_something_was_built_on_it(logged: Office) -> None:
    logged.react(REP1, logged.card())
    logged.type(REP1, "/sla touch H-1 1")

    assert "have a touch or an outcome already" in logged.react(REP1, logged.card(), is_on=False)
    assert taken(logged).startswith("Taken 4")


FOR_SALES, NO_GUESTS = "That is for Sales", "Guests see the cards and cannot act"


@pytest.mark.parametrize(("user", "why"), [(MAYA, FOR_SALES), (ALAN, FOR_SALES), (GUEST, NO_GUESTS)])
def test_who_may_not_take_is_told_why_once_a_day(logged: Office, user: str, why: str) -> None:
    logged.type(user, "/sla status")
    logged.meet()
    assert why in logged.react(user, logged.card())
    assert logged.react(user, logged.card(), is_on=False) == ""
    assert logged.react(user, logged.card()) == ""
    logged.clock.sleep(86_400)
    assert why in logged.react(user, logged.card(), is_on=False)

    assert taken(logged) == ""


def test_an_event_delivered_twice_counts_once(logged: Office) -> None:
    body = event(logged, "reaction_added", REP1, 0, "Ev1")

    assert [logged.dispatch(body).status for _ in range(3)] == [200, 200, 200]
    assert taken(logged) == "Taken 4 (<@UREP1> 4)"


def test_of_events_out_of_order_the_newest_counts(logged: Office) -> None:
    logged.clock.sleep(60)
    logged.dispatch(event(logged, "reaction_added", REP1, -30, "Ev1"))
    logged.dispatch(event(logged, "reaction_removed", REP1, -10, "Ev2"))
    logged.dispatch(event(logged, "reaction_added", REP1, -20, "Ev3"))

    assert taken(logged) == ""


def test_a_late_event_counts_from_when_it_happened(logged: Office) -> None:
    logged.clock.sleep(3_600 * 5)
    logged.dispatch(event(logged, "reaction_added", SARA, -3_600 * 4, "Ev1"))

    assert "4 in time" in logged.type(SARA, "/sla why H-1")


def test_what_happens_later_than_now_happened_now(logged: Office) -> None:
    assert logged.dispatch(event(logged, "reaction_added", REP1, 900_000, "Ev1")).status == 200

    assert taken(logged) == "Taken 4 (<@UREP1> 4)"
