"""A nudge about several handoffs offers for each what can be done with it."""

from typing import Any

import pytest

from tests.slack.office import MAYA, REP1, REP2, Office, everything_said


@pytest.fixture
def nudged(office: Office) -> Office:
    """An office in which one rep is told of two handoffs at once."""
    for source in ("demo", "trial"):
        office.type(MAYA, f"/sla log {source} A=1")
        office.settle()
    for number in (1, 2):
        office.type(REP1, f"/sla take H-{number} all")
    office.after(minutes=50)
    return office


def nudge(office: Office) -> dict[str, Any]:
    return next(one for one in office.slack.dms(REP1) if "2 leads wait on you" in one["text"])


def values(office: Office, act: str) -> list[str]:
    """List what the rows' overflows carry for an act."""
    menus = [block["accessory"]["options"] for block in nudge(office)["blocks"] if "accessory" in block]
    return [one["value"] for options in menus for one in options if one["value"].startswith(f"{act}:")]


def test_one_of_several_is_contacted(nudged: Office) -> None:
    first, second = values(nudged, "touched")
    assert "1 lead contacted" in nudged.press(REP1, nudge(nudged), "nudge.more", first)
    nudged.settle()
    assert any("1 lead waits on you: H-2" in one["text"] for one in nudged.slack.dms(REP1))
    assert second


def test_one_of_several_is_handed_on(nudged: Office) -> None:
    nudged.press(REP1, nudge(nudged), "nudge.more", values(nudged, "hand")[0])
    assert nudged.submit(REP1, to=REP2)["response_action"] == "clear"
    nudged.settle()
    assert f"<@{REP2}> 1" in everything_said(nudged.card(1))


def test_one_of_several_is_asked_about_snoozed_and_explained(nudged: Office) -> None:
    assert "Used 50min of 1h" in nudged.press(REP1, nudge(nudged), "nudge.more", values(nudged, "why")[0])
    nudged.press(REP1, nudge(nudged), "nudge.more", values(nudged, "snooze")[0])
    until = nudged.clock.at.timestamp() + 3600
    assert nudged.submit(REP1, until=int(until), reason="On the phone")["response_action"] == "clear"
    assert "snoozed" in nudged.type(REP1, "/sla why H-1")
    nudged.settle()
    nudged.press(REP1, nudge(nudged), "nudge.more", values(nudged, "ask")[0])
    assert nudged.submit(REP1, question="Who is it?")["response_action"] == "clear"
