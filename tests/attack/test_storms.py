"""Too much at once: reactions on and off, many presses at one moment, bots in a loop, a noisy workspace."""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import col

from bot.app import bolt
from bot.jobs import reactions
from bot.models import Event, Handoff, Lead
from bot.settings import Settings
from bot.slack import allowance
from bot.slack.allowance import Allowance
from sla_rules.kinds import ActKind
from tests.slack.neighbours import neighbours
from tests.slack.office import CHANNEL, MAYA, MONDAY, REP1, REP2, SARA, TEAM, Office, everything_said
from tests.slack.test_errors import COMMAND, PRESS, SUBMISSION
from tests.slack.test_reaction import event
from tests.twin import ours

A_MINUTE = 60


@pytest.fixture
def paced(logged: Office) -> Office:
    """An office whose bot listens to sixty inputs of one person in a minute."""
    logged.app = bolt(Settings(inputs_a_minute=A_MINUTE), logged.context)
    return logged


def acts_of(office: Office, kind: ActKind) -> int:
    with office.context.reading() as session:
        count = select(func.count()).select_from(Event).where(ours(Event)).where(col(Event.kind) == kind)
        return session.scalar(count) or 0


def press(user: str, n: int, **action: str) -> dict[str, Any]:
    used = {"type": "button", "action_id": "card.take", "block_id": "b", "value": "1", **action}
    return {
        **PRESS,
        "user": {"id": user, "team_id": TEAM},
        "trigger_id": f"press.{user}.{n}",
        "actions": [used],
    }


# ---- one person


def test_a_thousand_reactions_put_on_and_off_are_one_handoff_and_few_acts(paced: Office) -> None:
    kinds = ("reaction_added", "reaction_removed")
    for n in range(1_001):
        body = event(paced, kinds[n % 2], REP1, n / 1_000, f"EvStorm{n}")
        assert paced.dispatch(body).status == 200
    calls = len(paced.slack.traffic)

    assert acts_of(paced, ActKind.HANDED_OVER) == 1
    assert acts_of(paced, ActKind.TAKEN) == acts_of(paced, ActKind.UNDONE) == A_MINUTE / 2
    assert calls < 200

    paced.slack.fail("event", "lost")
    paced.slack.react(REP1, CHANNEL, paced.card()["ts"], "white_check_mark")
    reactions.run(paced.context)
    paced.settle()
    assert "Taken 4 (<@UREP1> 4)" in everything_said(paced.card())


def test_whoever_sends_more_than_a_hand_can_is_refused_in_words_and_others_are_not(paced: Office) -> None:
    for n in range(A_MINUTE):
        assert "faster" not in paced.dispatch({**COMMAND, "trigger_id": f"c.{n}"}).body

    assert "faster than I can follow" in paced.dispatch(COMMAND).body
    form = {**SUBMISSION, "user": {"id": MAYA, "team_id": TEAM}}
    assert "faster than I can follow" in paced.dispatch(form).body
    hints = len(paced.hints(MAYA))
    assert paced.dispatch(press(MAYA, 1)).status == 200
    assert len(paced.hints(MAYA)) == hints, "no call of ours for each of theirs"
    assert "faster" not in paced.dispatch({**COMMAND, "user_id": SARA, "trigger_id": "c.s"}).body

    paced.clock.at += timedelta(minutes=1)
    assert "faster" not in paced.dispatch({**COMMAND, "trigger_id": "c.later"}).body


@given(
    st.lists(st.floats(-10, 90, allow_nan=False), min_size=1, max_size=200),
    st.integers(1, 30),
)
def test_in_no_minute_more_than_twice_the_allowance_passes(steps: list[float], a_minute: int) -> None:
    mine, at, passed = Allowance(a_minute), MONDAY, []
    for step in steps:
        at += timedelta(seconds=step)
        if mine.spend(TEAM, MAYA, at):
            passed.append(at)
    if min(steps) >= 0:
        for first in passed:
            within = [one for one in passed if first <= one < first + timedelta(minutes=1)]
            assert len(within) <= 2 * a_minute
    assert mine.spend(TEAM, MAYA, at + timedelta(minutes=2)), "whatever the clock did, a minute mends it"
    assert mine.spend(TEAM, REP1, at)


def test_only_so_many_people_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowance, "MOST_PEOPLE", 10)
    mine = Allowance(1)
    for n in range(50):
        assert mine.spend(TEAM, f"U{n}", MONDAY)
    assert not mine.spend(TEAM, "U49", MONDAY)
    assert mine.spend(TEAM, "U1", MONDAY)


# ---- many at the same moment


def at_once(office: Office, bodies: list[dict[str, Any]]) -> None:
    with ThreadPoolExecutor(len(bodies)) as pool:
        assert {answer.status for answer in pool.map(office.dispatch, bodies)} == {200}
    office.settle()


def owners(office: Office) -> list[str | None]:
    with office.context.reading() as session:
        return list(session.scalars(select(col(Lead.owner)).where(ours(Lead)).order_by(col(Lead.n))))


def test_of_fifty_presses_at_once_each_lead_gets_exactly_one_owner(logged: Office) -> None:
    people = (REP1, REP2, SARA)
    at_once(logged, [press(people[n % 3], n) for n in range(50)])

    taken = [lead for act in taken_acts(logged) for lead in act]
    assert sorted(taken) == [*range(1, 13)], "each lead in one act of taking"
    assert set(owners(logged)) <= set(people)
    with logged.context.reading() as session:
        assert session.scalars(select(col(Handoff.undecided)).where(ours(Handoff))).one() == 0
    said = "\n".join(hint for who in people for hint in logged.hints(who))
    assert "nothing" in said.lower(), "who came too late is told"


def taken_acts(office: Office) -> list[list[int]]:
    with office.context.reading() as session:
        rows = session.scalars(select(Event).where(ours(Event)).where(col(Event.kind) == ActKind.TAKEN)).all()
        return [[*row.leads] for row in rows]


def test_of_fifty_commands_for_one_lead_one_is_served_and_the_others_hear_so(logged: Office) -> None:
    people = (REP1, REP2, SARA)

    def typed(n: int) -> str:
        body = {**COMMAND, "user_id": people[n % 3], "text": "take H-1 3-3", "trigger_id": f"t.{n}"}
        return logged.dispatch(body).body

    with ThreadPoolExecutor(50) as pool:
        answers = Counter("yours" in answer for answer in pool.map(typed, range(50)))
    assert answers == {True: 1, False: 49}
    assert [act for act in taken_acts(logged) if 3 in act] == [[3]]


def test_of_fifty_deliveries_of_one_press_one_acts(logged: Office) -> None:
    at_once(logged, [press(REP1, 1) for _ in range(50)])
    assert len(taken_acts(logged)) == 1


# ---- a workspace


def test_a_workspace_that_floods_keeps_another_waiting_for_nothing(tmp_path: Path) -> None:
    with neighbours(tmp_path) as both:
        noisy, quiet = both.first, both.second
        for n in range(40):
            noisy.type(MAYA, f"/sla log 3 fair Flood{n}")
        quiet.type(MAYA, "/sla log 3 fair Quiet")
        both.clock.at += timedelta(seconds=2)
        quiet.deliver()

        assert "Quiet" in everything_said(quiet.card())
        assert "429" not in {str(call.status) for call in noisy.slack.traffic}
        noisy.settle()
        assert 20 < len(noisy.slack.messages(CHANNEL)) < 45, "one a second, in order"


# ---- bots


def by_bots(office: Office, n: int) -> Mapping[str, Any]:
    """Word what Baton itself, another bot, or a workflow did."""
    reaction = event(office, "reaction_added", "U0BATON" if n % 4 == 0 else "UROBOT", n / 1_000, f"EvB{n}")
    if n % 4 < 2:
        return reaction
    told = {
        "type": "message",
        "channel": "D0BATON",
        "channel_type": "im",
        "text": "status",
        "bot_id": "B0BATON" if n % 4 == 2 else "B0WORKFLOW",
        "user": "UROBOT",
        "event_ts": f"{office.clock.at.timestamp():.6f}",
        **({"subtype": "bot_message"} if n % 8 < 4 else {}),
    }
    return {**reaction, "event": told}


def test_a_thousand_events_of_bots_bring_about_no_post_and_no_act(logged: Office) -> None:
    logged.slack.add_person("robot", id="UROBOT", is_bot=True)
    before, calls = logged.rows(), len(logged.slack.traffic)
    for n in range(1_000):
        assert logged.dispatch(by_bots(logged, n)).status == 200
    assert {name for name, rows in logged.rows().items() if rows != before[name]} <= {"delivery"}

    logged.meet()
    assert logged.dispatch(event(logged, "reaction_added", "UROBOT", 9, "EvMet")).status == 200
    logged.settle()
    assert [one.what for one in logged.slack.traffic[calls:] if one.what.startswith("chat.")] == []
