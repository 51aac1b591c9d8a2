"""Home and the Messages tab: drawn when opened, true after every act, and empty for guests."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import life
from bot.services import agreements, gates, versions
from sla_rules.starter import starter
from tests.slack.office import (
    ALAN,
    CHANNEL,
    GUEST,
    MAYA,
    MIKE,
    REP1,
    REP2,
    SARA,
    VALUES,
    Office,
    everything_said,
)
from tests.slack.several import two_opened

UPDATED = re.compile(r"Updated .*")


def home(office: Office, user: str) -> dict[str, Any]:
    office.settle()
    view = office.slack.home(user)
    assert view is not None
    return view


def opened(office: Office, user: str) -> str:
    assert office.slack.open_home(user)["acked"]
    return everything_said(home(office, user))


def test_home_shows_my_leads_and_follows_what_i_do(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June A=2 B=4")
    office.type(REP1, "/sla take H-1 2")
    assert "H-1* · 2 leads of yours" in opened(office, REP1)

    assert office.slack.press(REP1, home(office, REP1), "lead.touched", "1:1")["ok"]
    assert "contacted" in everything_said(home(office, REP1))


def test_a_guest_and_somebody_unknown_see_no_figures(office: Office) -> None:
    for user in (GUEST, ALAN):
        assert "Qualified" not in opened(office, user)
    office.meet()

    assert "Guests see the cards" in everything_said(home(office, GUEST))
    assert "Qualified" in everything_said(home(office, ALAN))


def test_home_opens_the_form_and_ends_an_absence(office: Office) -> None:
    opened(office, MAYA)
    office.slack.press(MAYA, home(office, MAYA), "home.log")
    assert office.view(MAYA)["callback_id"] == "log.submit"

    office.type(REP1, "/sla away until 1 Jul")
    assert "You are away until" in opened(office, REP1)
    office.slack.press(REP1, home(office, REP1), "home.away_end")
    assert "Nobody is away" in office.type(MAYA, "/sla away")


def test_a_refusal_in_home_is_told_in_a_modal(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=4")
    office.type(REP1, "/sla take H-1 1")
    opened(office, REP1)
    office.type(REP1, "/sla touch H-1")
    office.slack.press(REP1, office.slack.home(REP1) or {}, "lead.touched", "1:1")

    assert "not wait for your first touch" in everything_said(office.view(REP1))


def test_a_message_to_the_bot_is_answered_with_help_or_status(office: Office) -> None:
    dm = office.slack.parts.slack.dm("U0BATON", MAYA).id
    office.slack.say(MAYA, dm, "what can you do?")
    office.slack.say(MAYA, dm, "status?")
    office.slack.say(MAYA, "CSLA", "status?")

    first, second = office.hints(MAYA)
    assert "What `/sla` understands" in first
    assert "Qualified" in second


def test_figures_are_shared_once_to_the_channel_of_the_agreement(office: Office) -> None:
    answer = office.slack.command(MAYA, "CELSE", "/sla")["message"]
    said = office.press(MAYA, answer, "share.post")
    office.dispatch(office.slack.calls("block_actions")[-1].body)
    office.settle()

    assert "The figures are in the channel" in said
    shared = [one for one in office.slack.messages("CSLA") if "Shared by <@UMAYA>" in everything_said(one)]
    assert len(shared) == 1


def test_the_status_leads_to_goals_and_reasons(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=4")
    office.settle()
    answer = office.slack.command(REP1, "CSLA", "/sla")["message"]

    assert "§10.1" in office.press(REP1, answer, "status.goals")
    assert "H-1 is open" in office.press(REP1, answer, "why.open")


def test_people_who_change_are_kept_fresh_and_of_others_nothing_is_kept(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=4")
    office.settle()
    office.slack.change_person(REP1, is_restricted=True)
    office.slack.change_person(ALAN, tz="Asia/Tokyo")

    assert "Guests see the cards" in office.press(REP1, office.card(), "card.take")
    assert "I do not know you yet" in office.type(ALAN, "/sla status")


# ---- what each role finds


def control(view: dict[str, Any], action: str) -> dict[str, Any]:
    """Find a control of a view by what it does."""
    rows = [block.get("elements", [block.get("accessory")]) for block in view["blocks"]]
    return next(one for row in rows for one in row if one and one.get("action_id") == action)


def actions(view: dict[str, Any]) -> set[str]:
    rows = [block.get("elements", [block.get("accessory")]) for block in view["blocks"]]
    return {one["action_id"] for row in rows for one in row if one and "action_id" in one}


def test_a_question_is_answered_from_home(office: Office) -> None:
    office.type(MIKE, "/sla log webinar June B=4")
    office.type(REP1, "/sla take H-1 2")
    office.type(REP1, "/sla ask H-1 is the budget real?")
    said = opened(office, MIKE)

    assert "*1 question waits for an answer*" in said
    assert "<@UREP1> asks: is the budget real?" in said
    office.slack.press(MIKE, home(office, MIKE), "ask.answer")
    office.submit(MIKE, answer="Yes, it is.")
    assert "Nothing waits on you" in everything_said(home(office, MIKE))


def test_a_marketer_finds_the_own_handoffs_and_plans_from_home(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=4")
    office.type(MIKE, "/sla log fair Oslo B=9")
    said = opened(office, MIKE)
    assert "Your open handoffs" in said
    assert "9 fair" in said
    assert "4 webinar" not in said

    office.slack.press(MIKE, home(office, MIKE), "home.plan")
    office.submit(MIKE, count="40", source="trade fair", on="2026-06-17")
    assert "40 planned" in everything_said(home(office, MIKE))


def test_the_duty_rep_takes_what_nobody_decided_from_home(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=4")
    office.settle()
    duty = next(rep for rep in (REP1, REP2) if "need a decision" in opened(office, rep))

    office.slack.press(duty, home(office, duty), "card.take_other")
    office.submit(duty, count="4")
    assert "4 leads of yours" in everything_said(home(office, duty))


def test_a_hand_raiser_nobody_took_is_a_move_of_the_duty_rep(office: Office) -> None:
    office.type(MAYA, "/sla log demo June A=1")
    office.settle()
    views = {rep: (opened(office, rep), home(office, rep))[1] for rep in (REP1, REP2)}
    duty = next(rep for rep, view in views.items() if "first touch" in everything_said(view))
    office.slack.press(duty, views[duty], "nudge.touched_all")

    assert "first touch" not in everything_said(home(office, duty)).partition("DACH")[0]


def test_both_leads_sign_an_amendment_in_home(office: Office) -> None:
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        text = starter(replace(VALUES, leads_a_month=200))
        versions.write_draft(session, agreed, text, MIKE, office.clock.now())
        versions.propose(session, agreed, MIKE, office.clock.now(), delivery="amended")
    assert "agreement.sign" not in actions_of(office, REP1)
    for lead in (MAYA, SARA):
        assert "*1 text waits for your signature" in opened(office, lead)
        assert "What changes from version 1" in everything_said(home(office, lead))
        office.slack.press(lead, home(office, lead), "agreement.sign")
        assert "waits for your signature" not in everything_said(home(office, lead))

    assert "version 2, in force since" in everything_said(home(office, SARA))


def test_a_draft_is_proposed_from_home_by_whom_the_text_names(office: Office) -> None:
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        text = starter(replace(VALUES, leads_a_month=200))
        versions.write_draft(session, agreed, text, MIKE, office.clock.now())
    opened(office, ALAN)
    office.meet()
    assert "agreement.edit_propose" not in actions(home(office, ALAN))
    assert "agreement.edit_propose" in actions_of(office, REP1)

    office.slack.press(REP1, home(office, REP1), "agreement.edit_propose")
    office.submit(REP1)
    assert "*1 text waits for your signature" in opened(office, SARA)


def test_a_duty_is_done_from_home(office: Office) -> None:
    office.clock.at += timedelta(days=10)
    life.run(office.context)
    owner = next(user for user in (MAYA, SARA) if "duty.done" in actions_of(office, user))
    office.slack.press(owner, home(office, owner), "duty.done")

    assert "duty.done" not in actions(home(office, owner))


def actions_of(office: Office, user: str) -> set[str]:
    opened(office, user)
    return actions(home(office, user))


def test_what_is_to_be_read_opens_over_home(office: Office) -> None:
    opened(office, ALAN)
    office.meet()
    for action, said in (("home.goals", "Qualified"), ("home.agreement", "Parties")):
        office.slack.press(ALAN, home(office, ALAN), action)
        assert said in everything_said(office.view(ALAN))
        office.slack.dismiss(ALAN)


def test_a_section_opens_over_the_agreement(office: Office) -> None:
    opened(office, REP1)
    office.slack.press(REP1, home(office, REP1), "home.agreement")
    office.slack.press(REP1, office.view(REP1), "agreement.section", "1:1:11")

    assert "First touch" in everything_said(office.view(REP1))


def test_who_may_not_plan_is_refused_whatever_the_button_says(office: Office) -> None:
    opened(office, MAYA)
    assert "home.plan" in actions(home(office, MAYA))
    assert "home.plan" not in actions_of(office, REP1)
    office.slack.press(MAYA, home(office, MAYA), "home.plan")
    body = office.slack.calls("block_actions")[-1].body
    office.dispatch({**body, "user": {**body["user"], "id": REP1}, "trigger_id": "9.9.9"})

    assert not office.slack.views(REP1) or "Plan a handoff" not in str(office.view(REP1)["title"])


def test_nobody_set_up_yet_shows_the_first_steps(new_office: Office) -> None:
    said = opened(new_office, MAYA)

    assert "Nothing is agreed here yet" in said
    assert "/sla setup" in said


def test_a_page_of_leads_is_turned_and_stays_when_something_changes(office: Office) -> None:
    office.type(MAYA, "/sla log list June A=60")
    office.type(REP1, "/sla take H-1 60")
    assert "1 to 40 of 60 leads" in opened(office, REP1)

    office.slack.press(REP1, home(office, REP1), "home.from")
    assert "41 to 60 of 60 leads" in everything_said(home(office, REP1))
    office.type(REP1, "/sla touch H-1 50")
    assert "41 to 60 of 60 leads" in everything_said(home(office, REP1))
    office.slack.press(REP1, home(office, REP1), "home.back")
    assert "1 to 40 of 60 leads" in everything_said(home(office, REP1))
    assert "1 to 40 of 60 leads" in opened(office, REP1)


# ---- whom a change reaches, and how often


def published(office: Office) -> list[str]:
    return [call.body["user_id"] for call in office.slack.calls("views.publish")]


def reached(office: Office, line: str, by: str) -> list[str]:
    """Type a line and let a minute pass; gives whose Home was drawn."""
    before = len(published(office))
    office.type(by, line)
    office.after(minutes=1)
    return published(office)[before:]


def test_a_lead_touched_in_the_dm_changes_home(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=4")
    office.type(REP1, "/sla take H-1 2")
    opened(office, REP1)
    office.press(REP1, office.dm(REP1), "lead.touched", "1:1")

    assert "contacted" in everything_said(home(office, REP1))


def test_a_batch_reaches_whoever_looked_today_and_nobody_else(office: Office) -> None:
    for user in (REP1, MIKE, ALAN):
        opened(office, user)
    office.meet()
    office.settle()

    assert sorted(reached(office, "/sla log webinar June B=4", MAYA)) == [MIKE, REP1]
    assert "4 webinar" in everything_said(office.slack.home(REP1) or {})
    assert "H-1" not in everything_said(office.slack.home(ALAN) or {})


def test_who_looked_yesterday_is_not_followed_until_they_look_again(office: Office) -> None:
    opened(office, REP1)
    office.clock.at += timedelta(days=1)

    assert reached(office, "/sla log webinar June B=4", MAYA) == []
    assert "4 webinar" in opened(office, REP1)
    assert reached(office, "/sla log fair June B=2", MAYA) == [REP1]


def test_who_acts_sees_it_at_once_and_others_in_half_a_minute(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=6")
    for user in (REP1, REP2):
        opened(office, user)
    before = len(published(office))
    office.type(REP1, "/sla take H-1 2")
    office.settle()
    assert published(office)[before:] == [REP1]

    office.after(seconds=30)
    assert sorted(published(office)[before:]) == [REP1, REP2]


@pytest.mark.parametrize("lookers", [1, 4])
def test_a_hundred_changes_in_a_minute_stay_below_the_gate(office: Office, lookers: int) -> None:
    users = (REP1, REP2, SARA, MIKE)[:lookers]
    office.type(MAYA, "/sla log list June A=60")
    office.type(REP1, "/sla take H-1 60")
    for user in users:
        opened(office, user)
    office.after(minutes=2)
    before = len(published(office))
    for n in range(100):
        office.type(REP1, f"/sla {'touch' if n < 50 else 'outcome'} H-1 {n % 50 + 1}{' sql' * (n >= 50)}")
        office.clock.at += timedelta(seconds=0.6)
        office.deliver()
    calls = published(office)[before:]
    spacing, ahead = gates.PACES[gates.PUBLISH]

    assert 1 < len(calls) <= ahead + 1 + timedelta(minutes=1) / spacing
    assert all(calls.count(user) <= 3 for user in users[1:])
    office.after(minutes=1)
    for user in users:
        followed = UPDATED.sub("", everything_said(office.slack.home(user) or {}))
        assert followed == UPDATED.sub("", opened(office, user))


def test_whoever_opens_home_goes_before_a_queue(office: Office) -> None:
    for user in (REP1, REP2, MIKE, SARA):
        opened(office, user)
    office.type(MAYA, "/sla log fair June B=6")
    office.deliver()
    office.clock.at += timedelta(seconds=40)
    before = len(published(office))
    office.slack.open_home(SARA)
    office.deliver()

    assert published(office)[before] == SARA


def test_who_works_in_two_agreements_finds_both_and_others_their_own_alone(tmp_path: Path) -> None:
    with two_opened(tmp_path) as two:
        assert {"DACH", "Nordics"} <= set(opened(two, REP1).splitlines())
        assert "Nordics" not in opened(two, REP2)
        assert {"DACH", "Nordics"} <= set(opened(two, ALAN).splitlines())


# ---- the leads alone, from `/sla status`


def test_status_opens_my_leads_and_each_press_is_seen_there(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June A=2 B=4")
    office.type(REP1, "/sla take H-1 2")
    office.slack.press(REP1, status_of(office, REP1), "home.mine")
    before = office.view(REP1)
    assert "2 leads need a first touch" in everything_said(before)
    assert "H-1* · 2 leads of yours" in everything_said(before)

    office.press(REP1, before, "lead.touched", "1:1")
    drawn = office.view(REP1)
    assert drawn["id"] == before["id"]
    assert "1 lead needs a first touch" in everything_said(drawn)

    office.press(REP1, drawn, "lead.outcome", "1:1:sql")
    office.press(REP1, drawn, "lead.touched_all", "1")
    said = everything_said(office.view(REP1))
    assert "1 lead needs an outcome" in said
    assert "first touch" not in said


def test_what_is_refused_among_my_leads_is_told_above_them(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=4")
    office.type(REP1, "/sla take H-1 1")
    office.slack.press(REP1, status_of(office, REP1), "home.mine")
    office.type(REP1, "/sla touch H-1")
    office.press(REP1, office.view(REP1), "lead.touched", "1:1")

    assert len(office.slack.views(REP1)) == 2
    assert "not wait for your first touch" in everything_said(office.view(REP1))


def test_a_form_for_my_leads_lies_above_them(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=4")
    office.settle()
    office.slack.press(REP1, status_of(office, REP1), "home.mine")
    office.press(REP1, office.view(REP1), "card.take_other")
    assert [view["callback_id"] for view in office.slack.views(REP1)] == ["told", "take.submit"]

    assert office.submit(REP1, count="2")["ok"]
    assert office.slack.views(REP1) == []
    assert "2 leads of yours" in opened(office, REP1)


def test_my_leads_turn_their_pages_where_they_are(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June A=60")
    office.type(REP1, "/sla take H-1 all")
    office.slack.press(REP1, status_of(office, REP1), "home.mine")
    office.press(REP1, office.view(REP1), "home.from")
    assert "41 to 60 of 60 leads" in everything_said(office.view(REP1))

    office.press(REP1, office.view(REP1), "lead.touched", "1:41")
    assert "41 to 60 of 60 leads" in everything_said(office.view(REP1))


def test_who_has_no_lead_waiting_is_offered_none(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=4")
    office.settle()

    assert "home.mine" in str(status_of(office, REP1))
    for user in (MAYA, REP2, SARA):
        assert "home.mine" not in str(status_of(office, user))


def status_of(office: Office, user: str) -> dict[str, Any]:
    answer: dict[str, Any] = office.slack.command(user, CHANNEL, "/sla")["message"]
    return answer
