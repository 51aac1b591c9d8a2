"""Clauses speak: their words are one press away, in the version that the message names."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.errors import UserError
from bot.services import agreements, versions
from bot.slack import clause
from bot.slack.form import Unexpected
from bot.slack.request import Asked
from tests.slack.office import ALAN, CHANNEL, GUEST, MAYA, REP1, SARA, TEAM, Office, everything_said


@pytest.fixture
def logged(office: Office) -> Office:
    office.type(MAYA, "/sla log webinar June B=12")
    office.settle()
    return office


def clause_of(office: Office, path: str) -> str:
    with office.context.reading() as session:
        found = agreements.by_id(session, 1, 1).document.clause_of(path)
    assert found is not None
    return found


def amended(office: Office, change: Callable[[str], str]) -> None:
    """Sign a change of the text as both leads."""
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        now = office.clock.now()
        text = change(versions.text_to_edit(session, agreed))
        proposed = versions.propose_text(session, agreed, text, MAYA, now, delivery=f"amend {now}")
        for lead in (MAYA, SARA):
            agreed = versions.sign(session, agreed, proposed.version, proposed.sha256, lead, now)


def buttons(message: dict[str, Any]) -> list[str]:
    """List the clauses whose words a message offers."""
    parts = [
        one for block in message["blocks"] for one in (block.get("accessory"), *block.get("elements", ()))
    ]
    found = [one["value"] for one in parts if one and one.get("action_id") == "agreement.clause"]
    return [value.rpartition(":")[2] for value in found]


def asked(office: Office, user: str, line: str) -> dict[str, Any]:
    return dict(office.slack.command(user, CHANNEL, line)["message"])


def press(office: Office, user: str, message: dict[str, Any], clause: str) -> str:
    """Press the button of a clause; gives the hint that follows."""
    block, value = next(
        (block, one["value"])
        for block in message["blocks"]
        for one in (block.get("accessory"), *block.get("elements", ()))
        if one and one.get("action_id") == "agreement.clause" and one["value"].endswith(f":{clause}")
    )
    before = len(office.hints(user))
    answer = office.slack.press(user, message, "agreement.clause", value, block_id=block["block_id"])
    assert answer["ok"], answer
    return "\n".join(office.hints(user)[before:])


def test_a_clause_is_read_by_its_number(office: Office) -> None:
    number = clause_of(office, "definitions.MQL")
    assert "Fits every criterion of the ICP" in office.type(MAYA, f"/sla agreement {number}")
    assert "Fits every criterion of the ICP" in office.type(REP1, f"/sla agreement §{number}")
    assert "There is no clause 99" in office.type(MAYA, "/sla agreement 99.1")


def test_whoever_may_not_read_the_figures_may_not_read_a_clause(office: Office) -> None:
    assert "I do not know you yet" in office.type(ALAN, "/sla agreement 2.1")
    assert "I do not know you yet" in office.type(GUEST, "/sla agreement 2.1")
    office.meet()
    assert "Guests" in office.type(GUEST, "/sla agreement 2.1")
    assert "Fits every criterion" in office.type(ALAN, "/sla agreement 2.1")


def test_why_this_gives_the_words_of_each_clock(logged: Office) -> None:
    logged.type(REP1, "/sla take H-1 2")
    message = asked(logged, REP1, "/sla why H-1")
    number = clause_of(logged, "clocks.first_touch")

    assert number in buttons(message)
    said = press(logged, REP1, message, number)
    assert "1 working day" in said
    assert f"{number}" in said


def test_why_this_tells_to_which_definition_a_rejection_appeals(logged: Office) -> None:
    logged.type(REP1, "/sla reject H-1 no_intent 1-2")
    message = asked(logged, MAYA, "/sla why H-1")
    said = everything_said(message)

    assert "Rejected 2: no intent" in said
    assert "Appeals to MQL: Fits every criterion of the ICP" in said
    assert "appeals to MQL" in press(logged, MAYA, message, clause_of(logged, "rejection_reasons.no_intent"))


def test_a_clause_is_told_as_it_stood_when_the_clock_started(logged: Office) -> None:
    logged.type(REP1, "/sla take H-1 2")
    number = clause_of(logged, "clocks.first_touch")

    def slower(text: str) -> str:
        at = text.index("first_touch:", text.index("\nclocks:"))
        return text[:at] + text[at:].replace("1 working day", "2 working days", 1)

    amended(logged, slower)
    message = asked(logged, REP1, "/sla why H-1")
    assert "version 1: 1 working day from" in everything_said(message)
    assert "2 working days" not in press(logged, REP1, message, number)
    assert "2 working days" in logged.type(REP1, f"/sla agreement {number}")


def test_in_a_dm_and_in_a_modal_the_words_stand_in_a_modal(logged: Office) -> None:
    logged.type(REP1, "/sla take H-1 2")
    dm = logged.slack.parts.slack.dm("U0BATON", REP1).id
    message = dict(logged.slack.command(REP1, dm, "/sla why H-1")["message"])
    number = clause_of(logged, "clocks.first_touch")

    assert press(logged, REP1, message, number) == ""
    assert "1 working day" in everything_said(logged.view(REP1))


def test_the_form_that_rejects_names_the_definition_of_each_reason(logged: Office) -> None:
    logged.press(REP1, logged.card(), "card.reject")
    options = next(block for block in logged.view(REP1)["blocks"] if block.get("block_id") == "reason")
    meanings = {one["value"]: one["description"]["text"] for one in options["element"]["options"]}

    assert "appeals to ICP.role: Decides on the budget" in meanings["wrong_role"]
    assert "appeals to MQL" in meanings["no_intent"]
    assert "counts against nobody" in meanings["duplicate"]


def test_the_card_names_the_definition_a_rejection_appeals_to(logged: Office) -> None:
    logged.type(REP1, "/sla reject H-1 wrong_role 1-2")
    logged.type(REP1, "/sla reject H-1 duplicate 3")
    logged.settle()

    said = everything_said(logged.card())
    assert "2 wrong role (§4.2: ICP.role)" in said
    assert "1 duplicate (§4.5)" in said


def test_a_refusal_that_names_a_clause_offers_its_words(office: Office) -> None:
    amended(office, lambda text: text.replace("fields: [source", "fields: [campaign, source"))
    message = asked(office, MAYA, "/sla log 5 webinar")

    number = clause_of(office, "services.fields")
    assert f"§{number}" in everything_said(message)
    assert "campaign" in press(office, MAYA, message, number)


def test_the_goals_offer_the_words_of_their_section(office: Office) -> None:
    message = asked(office, SARA, "/sla goals")

    assert "Marketing" in press(office, SARA, message, "10")


@pytest.mark.parametrize(
    ("value", "code"),
    [("1:99:2.1", "no_such_version"), ("1:1:99.9", "no_such_clause"), ("7:1:2.1", "no_such_agreement")],
)
def test_a_button_for_what_is_not_there_is_refused(office: Office, value: str, code: str) -> None:
    pressed = Asked(team_id=TEAM, user_id=SARA, key="k", channel_id=CHANNEL, value=value)

    with pytest.raises(UserError) as refused:
        clause.press(office.context, pressed)
    assert refused.value.code == code


@pytest.mark.parametrize("value", ["", "1", "1:1", "x:1:2.1", "1:x:2.1", "1:-1:2.1", "1:1:<!here>"])
def test_a_button_with_nonsense_in_it_does_nothing(office: Office, value: str) -> None:
    pressed = Asked(team_id=TEAM, user_id=SARA, key="k", channel_id=CHANNEL, value=value)

    with pytest.raises((Unexpected, UserError)):
        clause.press(office.context, pressed)
