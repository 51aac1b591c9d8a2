"""Who belongs to a side: by name or by user group, until they leave; whoever can mend it is told once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot.errors import UserError
from bot.jobs import life
from bot.services import agreements, people, rights, verify, versions
from bot.services.agreements import Agreed
from bot.services.rights import Role
from sla_rules.agreement import Agreement
from sla_rules.faults import AgreementFaults
from sla_rules.starter import starter
from tests.slack.office import (
    ALAN,
    CHANNEL,
    MAYA,
    MIKE,
    REP1,
    REP2,
    SARA,
    TEAM,
    VALUES,
    Office,
    everything_said,
    opened,
)
from tests.slack.several import sign
from tests.slack.test_errors import WRONG_TEXT, variants

MARKETERS, REPS = "S0MARKETERS", "S0REPS"
INES = "UINES"
"""The manager of both sides."""


def grouped(marketing: str = MARKETERS, sales: str = REPS) -> str:
    """Write an agreement whose sides are user groups."""
    text = starter(replace(VALUES, marketing_manager=INES, sales_manager=INES))
    for members, group in ((f"[{MAYA}, {MIKE}]", marketing), (f"[{SARA}, {REP1}, {REP2}]", sales)):
        written = next(
            line for line in text.splitlines() if line.strip().startswith("members:") and members in line
        )
        text = text.replace(written, f"    group: {group}", 1)
    return text


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office in which a manager manages both sides, and both sides are user groups."""
    with opened(tmp_path, is_signed=False) as office:
        office.slack.add_person("ines", id=INES, tz="Europe/Berlin")
        office.slack.add_usergroup(MARKETERS, [MAYA, MIKE])
        office.slack.add_usergroup(REPS, [SARA, REP1, REP2])
        sign(office, VALUES, CHANNEL, grouped())
        yield office


def look(office: Office) -> None:
    """Ask Slack, let the agreement's life go on, and deliver."""
    office.meet()
    life.run(office.context)
    office.settle()


def told(office: Office, user: str) -> list[str]:
    """List what the bot wrote to a person about people."""
    said = [everything_said(one) for one in office.slack.dms(user) if "bot_id" in one]
    return [text for text in said if "DACH:" in text]


@contextmanager
def reading(office: Office) -> Iterator[tuple[Session, Agreed]]:
    with office.context.reading() as session:
        yield session, agreements.by_id(session, 1, 1)


# ---- user groups


def test_members_of_a_user_group_act_for_their_side(office: Office) -> None:
    assert "H-1" in office.type(MIKE, "/sla log 4 webinar June")
    office.settle()
    assert "2 leads of H-1 are yours" in office.type(REP1, "/sla take H-1 2")
    assert "That is for Sales" in office.type(MIKE, "/sla take H-1 1")
    assert "That is for Marketing" in office.type(REP1, "/sla log 4 webinar June")
    assert "That is for Sales" in office.type(ALAN, "/sla take H-1 1")


def test_a_share_is_of_those_in_the_group(office: Office) -> None:
    office.type(MIKE, "/sla log 8 webinar June")
    office.settle()
    assert "Take My 3" in everything_said(office.card())

    office.slack.change_usergroup(REPS, [SARA, REP1, REP2, ALAN])
    look(office)
    assert "Take My 2" in everything_said(office.card())
    office.slack.change_usergroup(REPS, [SARA, REP1])
    look(office)
    with reading(office) as (session, agreed):
        assert people.reps(agreed) == [SARA, REP1, REP2]  # the rota still names the second rep
        assert list(verify.differences(session)) == []


def test_who_joins_a_group_may_act_within_a_minute_and_who_leaves_may_not(office: Office) -> None:
    office.type(MAYA, "/sla log 4 webinar June")
    office.settle()
    office.slack.change_usergroup(MARKETERS, [MAYA, ALAN])
    look(office)

    assert "H-2" in office.type(ALAN, "/sla log 4 fair May")
    assert "That is for Marketing" in office.type(MIKE, "/sla log 4 fair Rome")


def test_a_change_of_which_no_event_came_is_found_within_the_hour(office: Office) -> None:
    office.slack.fail("event.subteam_members_changed", "lost")
    office.slack.change_usergroup(MARKETERS, [MAYA, ALAN])
    look(office)
    assert "That is for Marketing" in office.type(ALAN, "/sla log 4 fair May")

    office.after(hours=1)
    look(office)
    assert "H-1" in office.type(ALAN, "/sla log 4 fair May")


def test_who_leaves_the_group_of_sales_leaves_their_leads(office: Office) -> None:
    office.slack.change_usergroup(REPS, [SARA, REP1, REP2, ALAN])
    look(office)
    office.type(MAYA, "/sla log 6 webinar June")
    office.settle()
    office.type(ALAN, "/sla take H-1 3")
    office.type(ALAN, "/sla touch H-1 1")
    office.slack.change_usergroup(REPS, [SARA, REP1, REP2])
    look(office)

    assert f"<@{ALAN}>" not in everything_said(office.card()).partition("Taken")[2].partition("\n")[0]
    (said,) = told(office, SARA)
    assert f"DACH: <@{ALAN}> is not in Sales any more.\n3 open leads went to <@" in said.replace("*", "")
    look(office)
    assert len(told(office, SARA)) == 1
    with reading(office) as (session, _):
        assert list(verify.differences(session)) == []


def test_who_is_in_both_groups_acts_for_neither_and_both_leads_are_told(office: Office) -> None:
    office.slack.change_usergroup(MARKETERS, [MAYA, MIKE, REP1])
    look(office)

    assert "You are in both teams of DACH" in office.type(REP1, "/sla log 4 webinar June")
    assert "H-1" in office.type(MIKE, "/sla log 4 webinar June")
    assert "You are in both teams of DACH" in office.type(REP1, "/sla take H-1 1")
    for lead in (MAYA, SARA):
        (said,) = told(office, lead)
        assert "is in both teams" in said


def test_a_group_that_cannot_be_read_keeps_its_members_and_the_lead_is_told(office: Office) -> None:
    office.slack.fail("usergroups.users.list", "error", times=None, error="missing_scope")
    office.after(hours=1)
    look(office)
    office.after(hours=1)
    look(office)

    assert "H-1" in office.type(MIKE, "/sla log 4 webinar June")
    (said,) = told(office, MAYA)
    assert "usergroups:read" in said
    office.slack.heal()
    office.slack.fail("usergroups.users.list", "error", times=None, error="no_such_subteam")
    office.after(hours=1)
    look(office)
    assert "is gone from Slack" in told(office, MAYA)[1]


def test_a_group_that_slack_cannot_tell_now_is_asked_the_next_time(office: Office) -> None:
    office.slack.change_usergroup(MARKETERS, [MAYA, ALAN])
    office.slack.fail("usergroups.users.list", "rate_limited")
    look(office)
    look(office)

    assert "H-1" in office.type(ALAN, "/sla log 4 fair May")


GROUP_EVENT: dict[str, Any] = {
    "type": "event_callback",
    "team_id": TEAM,
    "event_id": "Ev1",
    "authorizations": [{"team_id": TEAM, "user_id": "U0BATON", "is_bot": True}],
    "event": {
        "type": "subteam_members_changed",
        "subteam_id": MARKETERS,
        "team_id": TEAM,
        "added_users": [ALAN],
        "removed_users": [],
        "event_ts": "1781510407.000000",
    },
}


def test_an_event_of_a_group_that_is_not_as_documented_is_dropped(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    assert office.dispatch(GROUP_EVENT).status == 200
    for wrong in variants(GROUP_EVENT, WRONG_TEXT, str):
        assert office.dispatch(wrong).status in (200, 404), wrong
    assert (
        office.dispatch(GROUP_EVENT | {"event": GROUP_EVENT["event"] | {"subteam_id": "S0ELSE"}}).status
        == 200
    )
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


# ---- who leaves


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Office]:
    """An office whose sides are named person by person, with one manager of both."""
    with opened(tmp_path, is_signed=False) as office:
        office.slack.add_person("ines", id=INES, tz="Europe/Berlin")
        values = replace(VALUES, marketing_manager=INES, sales_manager=INES)
        sign(office, values, CHANNEL)
        yield office


def test_the_leads_of_a_rep_who_left_go_on_and_the_lead_is_told_once(named: Office) -> None:
    named.type(MAYA, "/sla log 6 webinar June")
    named.settle()
    named.type(REP1, "/sla take H-1 3")
    named.slack.change_person(REP1, is_deleted=True)
    look(named)

    taken = everything_said(named.card()).partition("Taken")[2].partition("\n")[0]
    assert f"<@{REP2}> 3" in taken
    (said,) = told(named, SARA)
    assert f"the account of <@{REP1}> is closed.*\n3 open leads went to <@{REP2}> with a fresh start" in said
    assert "/sla agreement edit" in said
    assert told(named, INES) == []
    for _ in range(3):
        named.after(hours=25)
        look(named)
    assert len(told(named, SARA)) == 1
    assert "3 open leads went" in told(named, SARA)[0]


def test_who_left_without_a_lead_leaves_the_shares_too(named: Office) -> None:
    named.type(MAYA, "/sla log 6 webinar June")
    named.settle()
    assert "Take My 2" in everything_said(named.card())
    named.slack.change_person(REP1, is_deleted=True)
    named.settle()
    assert "Take My 3" in everything_said(named.card())


def test_the_leads_of_a_rep_who_left_while_away_go_to_the_cover(named: Office) -> None:
    named.type(MAYA, "/sla log 6 webinar June")
    named.settle()
    named.type(REP2, "/sla take H-1 3")
    named.type(REP2, "/sla touch H-1 1")
    named.type(REP2, f"/sla away until 1 Jul cover <@{SARA}>")
    named.slack.change_person(REP2, is_deleted=True)
    look(named)

    taken = everything_said(named.card()).partition("Taken")[2].partition("\n")[0]
    assert f"<@{SARA}> 3" in taken


WHO_IS_TOLD: list[tuple[str, set[str], str]] = [
    (MIKE, {MAYA}, "Take them out with"),
    (SARA, {MAYA, INES}, "the manager of Sales signs"),
    (MAYA, {SARA, INES}, "the manager of Marketing signs"),
    (INES, {MAYA, SARA}, "has no manager"),
]


@pytest.mark.parametrize(("who", "recipients", "advice"), WHO_IS_TOLD)
def test_whoever_can_mend_it_is_told_that_somebody_left(
    named: Office, who: str, recipients: set[str], advice: str
) -> None:
    named.slack.change_person(who, is_deleted=True)
    look(named)
    look(named)

    heard = {user: told(named, user) for user in (MAYA, MIKE, SARA, REP1, REP2, INES)}
    assert {user for user, said in heard.items() if said} == recipients
    for user in recipients:
        (said,) = heard[user]
        assert advice in said


def test_who_stands_in_for_somebody_who_left_answers_for_their_clocks(named: Office) -> None:
    for who in (MIKE, REP1):
        named.slack.change_person(who, is_deleted=True)
    with reading(named) as (session, agreed):
        now = named.clock.now()
        assert people.answers_for(session, agreed, MIKE, now) == MAYA
        assert people.answers_for(session, agreed, REP1, now) == REP2
        assert people.answers_for(session, agreed, "UGONE", now) == REP2
        assert people.answers_for(session, agreed, MAYA, now) == MAYA


def test_at_night_it_waits_for_the_opening(named: Office) -> None:
    named.after(hours=10)
    named.slack.change_person(MIKE, is_deleted=True)
    look(named)
    assert told(named, MAYA) == []

    named.after(hours=14)
    assert len(told(named, MAYA)) == 1


def test_a_rota_of_which_nobody_is_there_is_told_once_for_a_stretch(named: Office) -> None:
    named.type(REP1, "/sla away until 19 Jun")
    look(named)
    assert told(named, SARA) == []
    named.type(REP2, "/sla away until 19 Jun")
    look(named)
    look(named)

    (said,) = told(named, SARA)
    assert "nobody of the rota is there" in said
    assert f"<@{SARA}> has the duty" in said
    named.type(REP2, "/sla away back")
    named.type(REP2, "/sla away until 26 Jun")
    look(named)
    assert len(told(named, SARA)) == 2


def test_where_all_of_sales_has_left_nothing_is_given_to_nobody(named: Office) -> None:
    named.type(MAYA, "/sla log 6 webinar June")
    named.settle()
    named.type(REP1, "/sla take H-1 3")
    for who in (REP1, REP2, SARA):
        named.slack.change_person(who, is_deleted=True)
    look(named)

    assert any("account" in said for said in told(named, INES))
    with reading(named) as (session, _):
        assert list(verify.differences(session)) == []


# ---- a new lead by amendment


def amend(office: Office, change: Callable[[str], str]) -> None:
    """Sign a change of the text as both leads."""
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        now = office.clock.now()
        text = change(versions.text_to_edit(session, agreed))
        proposed = versions.propose_text(session, agreed, text, MAYA, now, delivery=f"amend {now}")
        for lead in (MAYA, SARA):
            agreed = versions.sign(session, agreed, proposed.version, proposed.sha256, lead, now)
    look(office)


def test_the_rights_of_a_former_lead_end_with_the_version(named: Office) -> None:
    amend(named, lambda text: text.replace(f"    lead: {SARA}", f"    lead: {REP1}", 1))
    with named.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        now = named.clock.now()
        assert rights.role_of(session, agreed, SARA) is Role.REP
        assert rights.role_of(session, agreed, REP1) is Role.SALES_LEAD
        text = versions.text_to_edit(session, agreed).replace("name: DACH", "name: DACH and CH")
        proposed = versions.propose_text(session, agreed, text, MAYA, now, delivery="again")
        version = (proposed.version, proposed.sha256)

    for act in (versions.sign, partial(versions.decline, because="too much")):
        with named.context.transaction() as session, pytest.raises(UserError) as refused:
            act(session, agreements.by_id(session, 1, 1), *version, user=SARA, now=now)
        assert refused.value.code == "former_lead"
    with named.context.transaction() as session:
        versions.sign(session, agreements.by_id(session, 1, 1), *version, user=REP1, now=now)


def test_who_is_taken_out_of_sales_by_an_amendment_leaves_their_leads(named: Office) -> None:
    named.type(MAYA, "/sla log 6 webinar June")
    named.settle()
    named.type(REP1, "/sla take H-1 3")

    def without(text: str) -> str:
        lines = [line for line in text.splitlines() if line.strip() not in (f"- {REP1}", f'- "{REP1}"')]
        return "\n".join(lines).replace(f", {REP1}", "").replace(f"{REP1}, ", "") + "\n"

    amend(named, without)
    assert "That is for Sales" in named.type(REP1, "/sla take H-1 1")
    taken = everything_said(named.card()).partition("Taken")[2].partition("\n")[0]
    assert f"<@{REP2}> 3" in taken
    (said,) = told(named, SARA)
    assert "is not in Sales any more" in said


def test_a_person_in_both_lists_is_refused_in_the_text() -> None:
    text = starter(replace(VALUES, marketing_members=(MAYA, MIKE, REP1)))
    with pytest.raises(AgreementFaults) as faulty:
        Agreement.parse(text)
    assert "member_of_both" in {fault.code for fault in faulty.value.faults}
