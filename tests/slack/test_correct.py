"""A handoff corrected by its author: what it says, how many it has, and what follows from it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from bot.models import Tally
from bot.services import verify
from tests import twin
from tests.slack.office import CHANNEL, MAYA, MIKE, REP1, Office, everything_said
from tests.slack.test_errors import COMMAND, SUBMISSION


@pytest.fixture
def logged(office: Office) -> Office:
    """An office where H-1 with 12 leads stands on its card."""
    office.type(MAYA, "/sla log webinar June A=3 B=9 https://x.example/list note call early")
    office.settle()
    return office


def correct(office: Office, user: str = MAYA, **fields: Any) -> str:
    """Open the form, change these fields and submit; gives what is answered."""
    assert office.type(user, "/sla correct H-1") == ""
    answer = office.submit(user, **fields)
    assert answer["response_action"] == "update", answer
    office.slack.dismiss(user)
    office.settle()
    return everything_said(answer["view"])


def submission(office: Office, source: str) -> dict[str, Any]:
    """Give what Slack sends when the form says another source."""
    office.type(MAYA, "/sla correct H-1")
    view = office.view(MAYA)
    office.slack.dismiss(MAYA)
    values = {"source": {"value": {"type": "plain_text_input", "value": source}}}
    return {**SUBMISSION, "user": {"id": MAYA}, "view": {**view, "state": {"values": values}}}


def said(office: Office) -> list[str]:
    return everything_said(office.card()).splitlines()


def counted(office: Office, measure: str, by: str = "all", value: str = "") -> int:
    with office.context.transaction() as session:
        found = select(func.sum(col(Tally.n))).where(
            twin.ours(Tally), col(Tally.measure) == measure, col(Tally.by) == by, col(Tally.value) == value
        )
        return session.scalar(found) or 0


def differences(office: Office) -> list[str]:
    with office.context.transaction() as session:
        return [str(one) for one in verify.differences(session)]


def test_the_form_holds_what_was_said(logged: Office) -> None:
    assert logged.press(MAYA, logged.card(), "card.more", "correct:1") == ""
    filled = {
        block["block_id"]: block["element"].get("initial_value")
        for block in logged.view(MAYA)["blocks"]
        if block["type"] == "input"
    }
    assert filled == {
        "source": "webinar",
        "campaign": "June",
        "tier_a": "3",
        "tier_b": "9",
        "tier_c": None,
        "arrived_at": None,
        "link": "https://x.example/list",
        "note": "call early",
    }


def test_a_correction_stands_on_the_card_and_in_the_figures(logged: Office) -> None:
    assert "H-1 is corrected" in correct(logged, source="fair", campaign="", note="call late", link="")

    card = "\n".join(said(logged))
    assert "H-1 · 12 fair leads · 12 to take now" in card
    assert "Corrected" in card
    assert "by <@UMAYA>" in card
    assert "call late" in card
    assert "June" not in card
    assert "x.example" not in card
    assert [counted(logged, "delivered", "source", source) for source in ("fair", "webinar")] == [12, 0]
    assert differences(logged) == []


def test_saying_the_same_again_changes_nothing(logged: Office) -> None:
    before = logged.rows()

    assert "nothing changed" in correct(logged)
    assert logged.rows()["event"] == before["event"]
    assert not any("Corrected" in line for line in said(logged))


@pytest.mark.parametrize("tiers", [(3, 4, 0), (3, 20, 0), (0, 9, 3), (12, 0, 0), (1, 1, 1)])
def test_how_many_there_are_is_corrected(logged: Office, tiers: tuple[int, int, int]) -> None:
    correct(logged, tier_a=tiers[0], tier_b=tiers[1], tier_c=tiers[2])

    assert f"H-1 · {sum(tiers)} webinar leads · {sum(tiers)} to take now" in "\n".join(said(logged))
    assert [counted(logged, "delivered", "tier", tier) for tier in "ABC"] == list(tiers)
    assert differences(logged) == []
    assert f"{sum(tiers)} leads of H-1 are yours" in logged.type(REP1, "/sla take H-1 all")
    assert differences(logged) == []


def test_who_has_to_decide_gets_the_whole_time_for_what_was_told_anew(logged: Office) -> None:
    logged.after(hours=3)
    correct(logged, tier_b=10)
    logged.after(hours=2)
    assert "was due" not in next(line for line in said(logged) if line.startswith("*Decision"))

    logged.after(days=1)
    assert "was due" in next(line for line in said(logged) if line.startswith("*Decision"))
    assert differences(logged) == []


def test_an_arrival_told_later_is_held_to_the_promise_of_marketing(office: Office) -> None:
    office.after(hours=2)
    office.type(MAYA, "/sla log webinar June A=3 B=9")
    office.settle()
    correct(office, arrived_at=int(office.clock.at.timestamp()) - 3_600)

    assert counted(office, "handover.late") == 3, "the three hand-raisers"
    assert counted(office, "handover.kept") == 9
    assert "nothing changed" in correct(office)
    assert differences(office) == []


def test_all_faults_are_told_at_once(logged: Office) -> None:
    logged.type(MAYA, "/sla correct H-1")
    later = int(logged.clock.at.timestamp()) + 3_600
    answer = logged.submit(MAYA, tier_a="", tier_b="", arrived_at=later, link="ftp://x.example")

    assert answer["errors"].keys() == {"tier_b", "arrived_at", "link"}
    assert "is corrected" in correct(logged, source="fair")


def test_only_its_author_corrects_it(logged: Office) -> None:
    assert "Only who logged it can correct it. That is <@UMAYA>" in logged.type(MIKE, "/sla correct H-1")
    assert "for Marketing" in logged.press(REP1, logged.card(), "card.more", "correct:1")


def test_after_sales_has_acted_it_says_what_to_do_instead(logged: Office) -> None:
    logged.type(MAYA, "/sla correct H-1")
    logged.type(REP1, "/sla take H-1 1")

    refused = logged.submit(MAYA, source="fair")["errors"]
    assert "Sales can reject what does not fit" in str(refused)
    assert "cannot be corrected any more" in logged.type(MAYA, "/sla correct H-1")
    logged.type(REP1, "/sla take H-1 back")
    assert "is corrected" in correct(logged, source="fair")


def test_a_submission_delivered_twice_corrects_once(logged: Office) -> None:
    body = submission(logged, "fair")
    assert "is corrected" in str(logged.dispatch(body).body)
    before = logged.rows()["event"]

    assert "was done already" in str(logged.dispatch(body).body)
    assert logged.rows()["event"] == before


def test_a_correction_and_a_take_at_once_are_one_after_the_other(logged: Office) -> None:
    taking = {**COMMAND, "user_id": REP1, "text": "take H-1 4", "trigger_id": "t.at.once"}
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(logged.dispatch, body) for body in (submission(logged, "fair"), taking)]
        corrected, taken = (str(one.result(timeout=30).body) for one in both)
    logged.settle()

    assert "4 leads of H-1 are yours" in taken
    assert ("is corrected" in corrected) == ("12 fair leads" in "\n".join(said(logged)))
    assert ("cannot be corrected" in corrected) == ("12 webinar leads" in "\n".join(said(logged)))
    assert differences(logged) == []


def test_the_number_of_another_day_stands(logged: Office) -> None:
    logged.type(MAYA, "/sla correct H-1")
    logged.after(days=1)
    refused = logged.submit(MAYA, tier_b=30)["errors"]
    assert "only on the day" in refused["tier_b"]
    logged.slack.dismiss(MAYA)

    logged.type(MAYA, "/sla correct H-1")
    assert "tier_b" not in {block.get("block_id") for block in logged.view(MAYA)["blocks"]}
    assert "is corrected" in everything_said(logged.submit(MAYA, source="fair")["view"])
    assert counted(logged, "delivered") == 12


def test_what_is_corrected_is_known_again(logged: Office) -> None:
    correct(logged, tier_b=5, link="", note="")

    assert logged.type(MAYA, "/sla log webinar June A=3 B=5") == ""
    assert "logged already" in everything_said(logged.view(MAYA))


def test_leads_of_another_tier_come_in_the_place_of_those_they_were(office: Office) -> None:
    office.type(MAYA, "/sla log webinar June B=25")
    office.settle()
    correct(office, tier_b="", tier_c=25)
    assert "H-1 · 25 webinar leads · 25 to take now" in "\n".join(said(office))

    correct(office, tier_c=40)
    assert "40 webinar leads · 30 to take now" in "\n".join(said(office))
    assert any("more follow" in line and "over what was signed for" in line for line in said(office))
    correct(office, tier_c=8)
    assert "8 webinar leads · 8 to take now" in "\n".join(said(office))
    assert not any("follow" in line for line in said(office))
    assert differences(office) == []


def test_leads_with_names_stay_those_they_are(office: Office) -> None:
    office.type(MAYA, "/sla log")
    file = office.slack.add_file(
        MAYA, "leads.csv", b"tier,name,email\nA,Ada,ada@x.example\nB,Bo,bo@x.example\n"
    )
    office.submit(MAYA, source="fair", campaign="May", file=[file])
    office.slack.dismiss(MAYA)
    office.settle()
    office.type(MAYA, "/sla correct H-1")
    assert "How many leads there are stands" in everything_said(office.view(MAYA))
    assert "tier_a" not in {block.get("block_id") for block in office.view(MAYA)["blocks"]}
    office.slack.dismiss(MAYA)

    assert "is corrected" in correct(office, campaign="June")
    assert [counted(office, "delivered", "campaign", campaign) for campaign in ("June", "May")] == [2, 0]
    office.press(REP1, office.card(), "card.take")
    office.settle()
    assert "Ada" in everything_said(office.dm(REP1))
    assert differences(office) == []


def test_one_card_tells_it_all_the_time(logged: Office) -> None:
    before = [message["ts"] for message in logged.slack.messages(CHANNEL)]
    correct(logged, tier_b=10, source="fair")

    assert [message["ts"] for message in logged.slack.messages(CHANNEL)] == before
