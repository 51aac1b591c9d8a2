"""Sales asks back: the sales clock stands still, Marketing's runs, and the thread tells it."""

from typing import Any

import pytest

from tests.slack.office import CHANNEL, MAYA, MIKE, REP1, REP2, Office, everything_said


@pytest.fixture
def logged(office: Office) -> Office:
    office.type(MIKE, "/sla log webinar June B=6")
    office.settle()
    return office


def thread(office: Office) -> list[dict[str, Any]]:
    office.settle()
    card = office.card()["ts"]
    return [
        one for one in office.slack.messages(CHANNEL) if one.get("thread_ts") == card and one["ts"] != card
    ]


def test_a_question_stands_in_the_thread_and_pauses_the_clock_until_it_is_answered(logged: Office) -> None:
    logged.press(REP1, logged.card(), "ask.open")
    assert logged.submit(REP1, question="")["errors"].keys() == {"question"}
    assert "no lead 9" in logged.submit(REP1, question="Is it real?", numbers="9")["errors"]["numbers"]
    asked = logged.submit(REP1, question="Is the budget <!channel> real?", numbers="")
    assert asked["response_action"] == "clear"

    (question,) = thread(logged)
    said = everything_said(question)
    assert f"<@{REP1}> asks <@{MIKE}>, answer by" in said
    assert "&lt;!channel&gt; real?" in said
    assert "paused" in everything_said(logged.card())

    logged.after(hours=2)
    assert "Marketing" in logged.press(REP2, question, "ask.answer")
    logged.press(MAYA, question, "ask.answer")
    assert logged.submit(MAYA, answer="Yes, 40k.")["response_action"] == "clear"
    (answered,) = thread(logged)
    assert "Answered by <@UMAYA>" in everything_said(answered)
    assert "Yes, 40k." in everything_said(answered)
    assert "paused" not in everything_said(logged.card())
    assert "paused 2h" in logged.type(REP1, "/sla why H-1")


def test_a_question_is_answered_once(logged: Office) -> None:
    assert "is asked about H-1" in logged.type(REP1, "/sla ask H-1 1-2 who are these?")
    (question,) = thread(logged)
    logged.press(MIKE, question, "ask.answer")
    logged.press(MAYA, question, "ask.answer")
    assert logged.submit(MIKE, answer="From Bonn.")["response_action"] == "clear"
    assert "answered already" in str(logged.submit(MAYA, answer="From Cologne."))


def test_only_sales_asks(logged: Office) -> None:
    before = logged.rows()
    assert "Sales" in logged.type(MIKE, "/sla ask H-1 what now?")
    assert "Write what you want to know" in logged.type(REP1, "/sla ask H-1 3")
    assert logged.rows() == before


def test_why_says_who_asked_and_that_the_clock_waits_for_marketing(logged: Office) -> None:
    logged.type(REP1, "/sla ask H-1 is the budget real?")
    logged.after(hours=1)
    why = logged.type(REP2, "/sla why H-1")
    assert f"until Marketing answers, question by <@{REP1}>: is the budget real?" in why
    assert "Answer: running" in why
    assert "1 question waits" in why
    assert "clocks.answer.A" not in why
