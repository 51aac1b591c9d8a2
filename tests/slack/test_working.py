"""Leads taken, given back, rejected, contacted and closed, by every surface there is for it."""

import pytest

from tests.slack.office import ALAN, GUEST, MAYA, MIKE, REP1, REP2, SARA, Office, everything_said


@pytest.fixture
def logged(office: Office) -> Office:
    """An office where H-1 with 12 leads stands on its card."""
    office.type(MAYA, "/sla log webinar June A=3 B=9")
    office.settle()
    return office


def owners(office: Office, number: int = 1) -> list[str | None]:
    office.settle()
    said = everything_said(office.card(number))
    return [line for line in said.splitlines() if line.startswith("Taken")]


def test_a_press_takes_the_share_and_says_so_to_who_pressed(logged: Office) -> None:
    assert "4 leads of H-1 are yours" in logged.press(REP1, logged.card(), "card.take")
    assert owners(logged) == ["Taken 4 (<@UREP1> 4)"]


def test_take_back_gives_back_what_the_button_took(logged: Office) -> None:
    logged.press(REP1, logged.card(), "card.take")
    logged.settle()

    assert "4 leads of H-1 are given back" in logged.press(REP1, logged.dm(REP1), "lead.take_back")
    assert owners(logged) == []


def test_the_overflow_gives_back_explains_and_voids(logged: Office) -> None:
    logged.press(REP1, logged.card(), "card.take")
    card = logged.card()

    assert "H-1 is open" in logged.press(REP2, card, "card.more", "why:1")
    assert "Sales has acted on H-1" in logged.press(MAYA, card, "card.more", "void:1")
    assert "given back" in logged.press(REP1, card, "card.more", "undo:1")
    assert "H-1 is voided" in logged.press(MAYA, card, "card.more", "void:1")
    logged.settle()
    assert "H-1 is voided" in everything_said(logged.card())


def test_nothing_can_be_done_with_a_voided_handoff(logged: Office) -> None:
    card = logged.card()
    logged.type(MAYA, "/sla void H-1")

    for line in ("take H-1", "reject H-1 other x", "touch H-1", "outcome H-1 won"):
        assert "H-1 is voided" in logged.type(REP1, f"/sla {line}"), line
    assert "H-1 is voided" in logged.press(REP1, card, "card.take")
    assert "H-1 is voided" in logged.react(REP1, card)
    assert "H-1 is voided" in logged.type(REP1, "/sla why H-1")


def test_some_are_taken_by_form(logged: Office) -> None:
    logged.press(SARA, logged.card(), "card.take_other")
    assert logged.submit(SARA, count="", numbers="")["errors"].keys() == {"count"}
    assert "20 of H-1" not in str(logged.submit(SARA, count=20)["errors"])
    assert logged.submit(SARA, count="", numbers="4-5, 12")["response_action"] == "clear"

    assert owners(logged) == ["Taken 3 (<@USARA> 3)"]


def test_some_are_taken_by_tier_and_number(logged: Office) -> None:
    assert "2 leads" in logged.type(REP1, "/sla take H-1 A=2")
    assert "3 leads" in logged.type(REP2, "/sla take 1 4-5,12")
    assert "1 lead of H-1 is yours" in logged.type(REP2, "/sla take h1 A")
    assert "6 leads" in logged.type(SARA, "/sla take H-1 all")
    assert "Nothing of H-1 is undecided" in logged.type(SARA, "/sla take H-1")


def test_leads_are_rejected_by_form_with_the_reason_of_a_clause(logged: Office) -> None:
    logged.press(REP1, logged.card(), "card.reject")
    assert "needs a note" in logged.submit(REP1, reason="other")["errors"]["note"]
    assert "more than a fifth" in logged.submit(REP1, reason="no_intent")["errors"]["note"]
    assert logged.submit(REP1, reason="no_intent", numbers="11-12")["response_action"] == "clear"

    logged.settle()
    assert "Rejected 2: 2 no intent (§4.4: MQL)" in everything_said(logged.card())


def test_a_reason_is_typed_by_its_key_or_its_words(logged: Office) -> None:
    assert "1 lead of H-1 rejected" in logged.type(REP1, "/sla reject H-1 wrong role 11")
    assert "1 lead of H-1 rejected" in logged.type(REP1, "/sla reject H-1 duplicate 12 was here in May")
    assert logged.type(REP1, "/sla reject H-1") == ""
    assert logged.view(REP1)["callback_id"] == "reject.submit"


def test_contacts_are_reported_one_by_one_and_all_at_once(logged: Office) -> None:
    logged.press(REP1, logged.card(), "card.take")
    logged.settle()
    dm = logged.dm(REP1)

    assert "1 lead contacted. 3 still wait" in logged.press(REP1, dm, "lead.touched", "1:1")
    assert "not wait for your first touch" in logged.press(REP1, dm, "lead.touched", "1:1")
    assert "3 leads contacted" in logged.press(REP1, dm, "lead.touched_all")
    assert "waits for your first touch" in logged.press(REP1, dm, "lead.touched_all")


def test_further_attempts_are_counted(logged: Office) -> None:
    logged.type(REP1, "/sla take H-1 1")
    logged.type(REP1, "/sla touch H-1")
    logged.settle()
    assert "1 lead contacted" in logged.press(REP1, logged.dm(REP1), "lead.outcome", "1:1:tried")
    assert "1 lead contacted" in logged.type(REP1, "/sla touch H-1 1")
    logged.settle()
    assert "tried 3 times" in everything_said(logged.dm(REP1))


def test_a_contact_is_reported_for_earlier(logged: Office) -> None:
    logged.press(REP1, logged.card(), "card.take")
    logged.after(minutes=30)
    logged.press(REP1, logged.dm(REP1), "lead.touched_at")
    at = int(logged.clock.at.timestamp())

    assert "later than now" in logged.submit(REP1, at=at + 60)["errors"]["at"]
    assert "one working day back" in logged.submit(REP1, at=at - 86_400 * 7)["errors"]["at"]
    assert logged.submit(REP1, at=at - 600, numbers="1-2")["response_action"] == "clear"
    assert "2 leads contacted" in logged.type(REP1, "/sla touch H-1 at 10:20")


def test_a_nudge_is_answered_with_one_press(logged: Office) -> None:
    logged.press(REP1, logged.card(), "card.take")
    logged.after(minutes=50)
    nudge = logged.dm(REP1)

    assert "need a first touch" in everything_said(nudge)
    assert logged.press(REP1, nudge, "nudge.touched_at") == ""
    assert "3 leads wait for a first touch" in everything_said(logged.view(REP1))
    logged.slack.dismiss(REP1)
    assert "3 leads contacted" in logged.press(REP1, nudge, "nudge.touched_all")
    assert "Nothing of this waits on you" in logged.press(REP1, nudge, "nudge.touched_all")
    assert "Nothing of this waits on you" in logged.press(REP1, nudge, "nudge.touched_at")


def test_an_outcome_is_chosen_in_the_list(logged: Office) -> None:
    logged.press(REP1, logged.card(), "card.take")
    logged.settle()
    logged.press(REP1, logged.dm(REP1), "lead.touched_all")
    logged.settle()

    assert "SQL: 1 lead of H-1" in logged.press(REP1, logged.dm(REP1), "lead.outcome", "1:1:sql")


def test_an_outcome_is_filled_in_with_its_amount(logged: Office) -> None:
    logged.type(REP1, "/sla take H-1 2")
    assert logged.type(REP1, "/sla outcome H-1") == ""
    assert "you work 2 leads" in everything_said(logged.view(REP1))
    refused = logged.submit(REP1, outcome="lost", numbers="1", amount=500)
    assert "Only a won lead has an amount" in refused["errors"]["amount"]
    assert logged.submit(REP1, outcome="won", numbers="1", amount="1200.50")["response_action"] == "clear"

    assert [row for row in logged.rows()["lead"] if 120_050 in row]


def test_an_outcome_is_typed(logged: Office) -> None:
    logged.type(REP1, "/sla take H-1 3")

    assert "Won: 1 lead of H-1" in logged.type(REP1, "/sla outcome H-1 1 won 12,000")
    assert "Lost: 2 leads of H-1" in logged.type(REP1, "/sla outcome H-1 lost")


@pytest.mark.parametrize("user", [MAYA, ALAN, GUEST])
def test_who_may_not_act_is_told_why_and_gets_no_form(logged: Office, user: str) -> None:
    card = logged.card()
    before = logged.rows()

    for action in ("card.take", "card.take_other", "card.reject"):
        assert "That is for Sales" in logged.press(user, card, action)
    assert logged.slack.views(user) == []
    assert logged.rows() == before


def test_a_second_delivery_of_a_press_changes_nothing(logged: Office) -> None:
    logged.press(REP1, logged.card(), "card.take")
    before = logged.rows()

    assert logged.dispatch(logged.slack.calls("block_actions")[-1].body).status == 200
    assert logged.rows() == before


def test_a_second_delivery_of_a_command_says_that_it_was_done(logged: Office) -> None:
    logged.type(REP1, "/sla take H-1 2")
    before = logged.rows()

    answer = logged.dispatch(logged.slack.calls("/sla")[-1].body)
    assert "done already" in answer.body
    assert logged.rows() == before


def test_away_moves_what_waits_to_the_cover(logged: Office) -> None:
    logged.type(REP1, "/sla take H-1 3")

    said = logged.type(REP1, "/sla away until 1 Jul cover @rep2")
    assert "<@UREP2> covers" in said
    assert "3 leads go there" in said
    assert "1 person is away" in logged.type(MIKE, "/sla away")
    assert "Welcome back" in logged.type(REP1, "/sla away back")


def test_the_plan_is_announced_and_withdrawn(office: Office) -> None:
    assert "Planned: 90 trade fair leads on Thu 18 Jun" in office.type(MAYA, "/sla plan 90 trade fair 18 Jun")
    assert "90 leads planned" in office.type(SARA, "/sla plan")
    assert "Nothing is planned" in office.type(MAYA, "/sla plan withdraw trade fair 18 Jun")
