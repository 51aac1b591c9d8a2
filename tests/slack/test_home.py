"""Home and the Messages tab: drawn when opened, true after every act, and empty for guests."""

from typing import Any

from tests.slack.office import ALAN, GUEST, MAYA, REP1, Office, everything_said


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
    said = office.press(MAYA, answer, "status.share")
    office.dispatch(office.slack.calls("block_actions")[-1].body)
    office.settle()

    assert "The figures are in the channel" in said
    shared = [one for one in office.slack.messages("CSLA") if "shared by <@UMAYA>" in one["text"]]
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
