"""A rejection is told to Marketing, disputed once within its time, and settled by the two leads."""

import pytest

from tests.slack.office import MAYA, MIKE, REP1, SARA, Office, everything_said


@pytest.fixture
def refused(office: Office) -> Office:
    """An office in which two leads of six are refused."""
    office.type(MIKE, "/sla log webinar June B=6")
    office.settle()
    office.type(REP1, "/sla reject H-1 outside_icp 1-2 both have ten employees")
    office.settle()
    return office


def test_marketing_is_told_of_a_rejection_at_once(refused: Office) -> None:
    said = everything_said(refused.dm(MIKE))
    assert "2 of the 6 leads of H-1 refused by <@UREP1>: outside our ICP" in said
    assert "§4.1" in said
    assert "20 to 500 employees" in said
    assert "both have ten employees" in said


def test_the_sales_lead_gives_back_what_was_disputed(refused: Office) -> None:
    refused.press(MIKE, refused.dm(MIKE), "dispute.open")
    assert refused.submit(MIKE, because="They have 200.")["response_action"] == "clear"
    refused.settle()
    assert "Disputed: the two leads settle it" in everything_said(refused.dm(MIKE))
    for lead in (MAYA, SARA):
        assert "<@UMIKE> disputes 2 refusals of H-1" in everything_said(refused.dm(lead))

    assert "the leads are back in the pool" in refused.press(SARA, refused.dm(SARA), "dispute.settle")
    refused.settle()
    assert "6 to take now" in everything_said(refused.card())
    assert "in the pool again" in everything_said(refused.dm(MIKE))
    assert "settled by <@USARA>" in everything_said(refused.dm(MAYA))

    assert "You refused 2 of them before" in refused.type(REP1, "/sla take H-1 all")


def test_the_marketing_lead_lets_it_stand(refused: Office) -> None:
    assert "is disputed" in refused.type(MIKE, "/sla dispute H-1 they have 200")
    refused.settle()
    assert "the refusal stands" in refused.press(MAYA, refused.dm(MAYA), "dispute.settle")
    assert "can be disputed" in refused.type(MIKE, "/sla dispute H-1 once more")


def test_a_dispute_comes_in_time_or_not_at_all(refused: Office) -> None:
    refused.after(days=2, hours=1)
    assert "that is over" in refused.type(MIKE, "/sla dispute H-1 they have 200")


def test_sales_disputes_nothing(refused: Office) -> None:
    assert "That is for Marketing" in refused.type(REP1, "/sla dispute H-1 they have 200")


def test_a_neutral_refusal_is_told_and_cannot_be_disputed(office: Office) -> None:
    office.type(MIKE, "/sla log webinar June B=6")
    office.settle()
    office.type(REP1, "/sla reject H-1 duplicate 1-2")
    office.settle()
    assert "counts against nobody" in everything_said(office.dm(MIKE))
    assert "Nothing of H-1 can be disputed" in office.type(MIKE, "/sla dispute H-1 they are not")
