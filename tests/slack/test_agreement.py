"""The life of an agreement's versions, by what people type and press in Slack."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.jobs import life, posts
from bot.models import Clock
from bot.services import agreements, setup, verify, versions
from sla_rules.starter import starter
from tests.slack.office import (
    ALAN,
    CHANNEL,
    ELSEWHERE,
    GUEST,
    MAYA,
    MIKE,
    REP1,
    REP2,
    SARA,
    VALUES,
    Office,
    everything_said,
    opened,
)
from tests.twin import ours

TARGET = "target: 120"
SLOWER = ("B: 1 working day, C: 3 working days", "B: 3 working days, C: 3 working days")
"""The first touch of B leads."""
STRANGER, ROBOT = "USTRANGER", "UROBOT"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office in which 120 qualified leads a month are in force."""
    with opened(tmp_path, is_signed=False) as office:
        text = starter(replace(VALUES, leads_a_month=120))
        with office.context.transaction() as session:
            setup.create(session, 1, setup.Proposal(text, CHANNEL, MAYA), office.clock.now(), "setup")
        office.meet()
        office.settle()
        for lead in (MAYA, SARA):
            press(office, lead, 1, "agreement.sign")
        yield office


def amended(office: Office, *changes: tuple[str, str], user: str = MAYA) -> str:
    """Write a draft in which so much reads otherwise."""
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        text = versions.named(session, agreed, agreed.row.version).text
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        versions.save_draft(session, agreed, text, user, office.clock.now())
        return text


def proposed(office: Office, *changes: tuple[str, str], user: str = MAYA, words: str = "") -> str:
    """Draft and propose; gives what is answered."""
    amended(office, *changes, user=user)
    said = office.type(user, f"/sla propose {words}".strip())
    office.settle()
    return said


def card(office: Office, version: int) -> dict[str, Any]:
    """Find the card of a version, as it stands in the channel."""
    with office.context.engine.connect() as connection:
        notice = text("SELECT ts FROM notice WHERE key = :key AND workspace_id = 1")
        ts = connection.execute(notice, {"key": f"signing:1:{version}"}).scalar_one()
    return next(one for one in office.slack.messages(CHANNEL) if one["ts"] == ts)


def said_on(office: Office, version: int) -> str:
    office.settle()
    return everything_said(card(office, version))


def press(office: Office, user: str, version: int, action: str) -> str:
    """Press a button of a version's card, the first of its kind; gives the hint that follows."""
    office.settle()
    shown = card(office, version)
    block = next(
        one["block_id"]
        for one in shown["blocks"]
        if any(
            part.get("action_id") == action for part in [one.get("accessory") or {}, *one.get("elements", [])]
        )
    )
    before = office.hints(user)
    assert office.slack.press(user, shown, action, block_id=block)["ok"]
    return "\n".join(office.hints(user)[len(before) :])


def ids_on(office: Office, version: int) -> list[str]:
    office.settle()
    blocks = card(office, version)["blocks"]
    parts = [part for block in blocks for part in [block.get("accessory"), *block.get("elements", [])]]
    return [part["action_id"] for part in parts if part and "action_id" in part]


def lived(office: Office, until: datetime) -> None:
    """Move the clock, and let the agreement's own life go on."""
    office.clock.at = until
    life.run(office.context)
    posts.run(office.context)
    office.settle()


# ---- propose, decline, sign


def test_two_leads_negotiate_a_target_down_and_one_declines_once(office: Office) -> None:
    said = proposed(office, (TARGET, "target: 90"))
    assert said.startswith("Version 2 stands in <#CSLA> for both leads to sign.")
    shown = said_on(office, 2)
    assert "*DACH, version 2, waits for both signatures.*" in shown
    assert "§10.1 Marketing: qualified leads a month: 120 → *90*" in shown
    assert "Until then version 1 holds." in shown

    press(office, SARA, 2, "agreement.decline")
    assert office.submit(SARA, because="90 starves the reps")["ok"]
    assert "is declined by <@USARA>:* 90 starves the reps" in said_on(office, 2)
    assert ids_on(office, 2) == []

    proposed(office, (TARGET, "target: 100"))
    assert "The other signature is <@USARA>'s to give" in press(office, MAYA, 3, "agreement.sign")
    assert "waits for the other signature" in said_on(office, 3)
    assert "of 120" in office.type(MAYA, "/sla goals")
    assert "version 3, is signed by both and in force" in press(office, SARA, 3, "agreement.sign")

    assert "*DACH, version 3, is signed and in force.*" in said_on(office, 3)
    assert "was in force until a later version took its place" in said_on(office, 1)
    assert "of 100" in office.type(MAYA, "/sla goals")


def test_a_signature_is_asked_about_before_it_is_given(office: Office) -> None:
    proposed(office, (TARGET, "target: 100"))
    buttons = [block["accessory"] for block in card(office, 2)["blocks"] if "accessory" in block]

    assert [button["text"]["text"] for button in buttons] == ["Sign for Marketing", "Sign for Sales"]
    asked = buttons[1]["confirm"]
    assert asked["title"]["text"] == "Sign version 2?"
    assert "You sign exactly the text" in asked["text"]["text"]
    assert asked["confirm"]["text"] == "Sign for Sales"


def test_a_clock_that_started_before_keeps_its_old_target(office: Office) -> None:
    office.type(MAYA, "/sla log 5 webinar June B=5")
    office.settle()
    office.type(REP1, "/sla take H-1 1")
    before = clocks(office)
    proposed(office, SLOWER)
    press(office, MAYA, 2, "agreement.sign")
    press(office, SARA, 2, "agreement.sign")
    office.after(minutes=5)
    office.type(REP1, "/sla take H-1 1")

    after = clocks(office)
    old = [clock for clock in after if clock.version == 1 and clock.kind == "first_touch"]
    new = [clock for clock in after if clock.version == 2 and clock.kind == "first_touch"]
    assert [clock.due_at for clock in old] == [c.due_at for c in before if c.kind == "first_touch"]
    assert [clock.due_at for clock in new] != [clock.due_at for clock in old]
    assert "1 working day" in office.type(REP1, "/sla why H-1")
    with office.context.reading() as session:
        assert not list(verify.differences(session))


def clocks(office: Office) -> list[Clock]:
    from sqlmodel import Session

    with Session(office.context.engine) as session:
        return list(session.scalars(select(Clock).where(ours(Clock)).order_by("started_at")))


def test_a_version_may_begin_on_a_later_day(office: Office) -> None:
    said = proposed(office, (TARGET, "target: 100"), words="from 1 Jul")
    assert "It begins Tue 30 Jun 22:00 UTC" in said or "It begins <!date" in said
    press(office, MAYA, 2, "agreement.sign")
    assert "is signed by both and begins" in press(office, SARA, 2, "agreement.sign")
    assert "is signed by both and begins" in said_on(office, 2)
    assert ids_on(office, 2) == []
    lived(office, datetime(2026, 6, 30, 21, 59, tzinfo=UTC))
    assert "of 120" in office.type(MAYA, "/sla goals")

    lived(office, datetime(2026, 6, 30, 22, 0, 20, tzinfo=UTC))
    assert "of 100" in office.type(MAYA, "/sla goals")
    assert "is signed and in force" in said_on(office, 2)
    with office.context.reading() as session:
        found = versions.named(session, agreements.by_id(session, 1, 1), 2)
    assert found.in_force_at == datetime(2026, 6, 30, 22, 0, tzinfo=UTC)


def test_what_both_signed_for_later_is_not_undone_by_one_side(office: Office) -> None:
    proposed(office, (TARGET, "target: 100"), words="from 1 Jul")
    press(office, MAYA, 2, "agreement.sign")
    press(office, SARA, 2, "agreement.sign")

    assert "is signed by both and begins" in proposed(office, (TARGET, "target: 90"))
    assert "one side alone cannot undo that" in office.type(MAYA, "/sla agreement withdraw")
    assert "one side alone cannot undo that" in office.type(SARA, "/sla agreement end")


@pytest.mark.parametrize("words", ["from 1 Jan 2020", "from 1 Jul 2031", "someday", "from"])
def test_a_beginning_is_a_day_to_come_within_a_year(office: Office, words: str) -> None:
    amended(office, (TARGET, "target: 100"))
    before = office.rows()

    said = office.type(MAYA, f"/sla propose {words}")
    assert "cannot be its beginning" in said or "I do not understand" in said
    assert office.rows() == before


def test_a_new_proposal_voids_the_signatures_on_the_former(office: Office) -> None:
    proposed(office, (TARGET, "target: 100"))
    press(office, MAYA, 2, "agreement.sign")
    old = card(office, 2)
    proposed(office, (TARGET, "target: 110"), user=REP1)

    assert "version 3 takes its place, and what was signed here is void" in said_on(office, 2)
    assert ids_on(office, 2) == []
    late_press(office, SARA, 2)
    assert "Version 2 was withdrawn" in office.hints(SARA)[-1]
    assert old["ts"] == card(office, 2)["ts"]
    assert versioned(office, 3).state == "proposed"
    press(office, SARA, 3, "agreement.sign")
    assert versioned(office, 3).state == "proposed"


def late_press(office: Office, user: str, version: int) -> None:
    """Press to sign on a card that somebody still had before them as it was."""
    body = office.slack.calls("block_actions")[-1].body
    action = body["actions"][0] | {
        "value": f"1:{version}:{versioned(office, version).sha256}",
        "action_id": "agreement.sign",
    }
    late = {"actions": [action], "trigger_id": "9.9.late", "user": body["user"] | {"id": user}}
    office.dispatch(body | late)


def versioned(office: Office, number: int) -> Any:
    with office.context.reading() as session:
        return versions.named(session, agreements.by_id(session, 1, 1), number)


def signed(office: Office, number: int) -> list[str]:
    with office.context.reading() as session:
        text = versions.named(session, agreements.by_id(session, 1, 1), number)
        return [row.user_id for row in versions.signatures(session, text).values()]


def test_who_proposed_withdraws_by_button_or_by_word_and_so_does_their_lead(office: Office) -> None:
    proposed(office, (TARGET, "target: 100"), user=REP1)
    assert "Only who proposed it" in press(office, MAYA, 2, "agreement.withdraw")
    assert "Version 2 is withdrawn" in press(office, REP1, 2, "agreement.withdraw")
    assert "is withdrawn by <@UREP1>" in said_on(office, 2)

    proposed(office, (TARGET, "target: 100"), user=REP1)
    assert "Version 3 is withdrawn" in office.type(SARA, "/sla agreement withdraw")
    assert "Nothing waits for signatures" in office.type(SARA, "/sla agreement withdraw")


def test_it_is_signed_and_declined_by_what_is_typed_too(office: Office) -> None:
    proposed(office, (TARGET, "target: 100"))
    shown = office.type(MAYA, "/sla sign")
    assert "waits for both signatures" in shown
    text_hash = versioned(office, 2).sha256
    assert text_hash[:12] in shown

    assert "The text has changed" in office.type(MAYA, "/sla sign 0123456789ab")
    assert "The text has changed" in office.type(MAYA, f"/sla sign {text_hash[:4]}")
    assert "You signed for Marketing" in office.type(MAYA, f"/sla sign {text_hash[:12]}")
    assert "Version 2 is declined" in office.type(SARA, "/sla decline too little for four reps")
    assert "too little for four reps" in said_on(office, 2)


def test_a_first_text_that_was_declined_is_proposed_again_as_it_is(tmp_path: Path) -> None:
    with opened(tmp_path, is_signed=False) as office:
        with office.context.transaction() as session:
            proposal = setup.Proposal(starter(VALUES), CHANNEL, MAYA)
            setup.create(session, 1, proposal, office.clock.now(), "setup")
        office.meet()
        office.settle()
        assert "Share the campaign calendar" in office.type(MAYA, "/sla agreement duties")
        office.type(SARA, "/sla decline not before the summer")

        amended(office)
        assert "Version 2 stands in <#CSLA>" in office.type(MAYA, "/sla propose")
        press(office, MAYA, 2, "agreement.sign")
        assert "version 2, is signed by both and in force" in press(office, SARA, 2, "agreement.sign")


def test_an_amendment_does_not_tell_what_no_lead_can_tell(office: Office) -> None:
    proposed(office, (TARGET, "target: 90"), SLOWER)
    assert "What it would have meant" not in said_on(office, 2)


def test_a_reason_is_needed_to_decline(office: Office) -> None:
    proposed(office, (TARGET, "target: 100"))
    assert office.type(SARA, "/sla decline") == ""
    assert office.view(SARA)["callback_id"] == "decline.submit"

    assert "Say why" in office.submit(SARA, because="  ")["errors"]["because"]
    assert office.submit(SARA, because="too low")["ok"]
    assert versioned(office, 2).state == "declined"


@pytest.mark.parametrize("act", ["press", "submit", "propose", "withdraw", "end"])
def test_the_same_delivery_twice_does_nothing_twice(office: Office, act: str) -> None:
    if act == "end":
        office.type(MAYA, "/sla agreement end")
    else:
        proposed(office, (TARGET, "target: 100"))
    if act == "press":
        press(office, MAYA, 2, "agreement.sign")
    if act == "submit":
        press(office, SARA, 2, "agreement.decline")
        office.submit(SARA, because="no")
    if act == "withdraw":
        office.type(MAYA, "/sla agreement withdraw")
    call = {"press": "block_actions", "submit": "view_submission"}.get(act, "/sla")
    body = office.slack.calls(call)[-1].body
    office.settle()
    before = office.rows()

    answer = office.dispatch(body)
    assert answer.status == 200
    assert office.rows() == before
    if call == "/sla":
        assert "cannot" not in str(answer.body)


# ---- who may


def test_each_is_refused_with_their_own_reason(office: Office) -> None:
    office.slack.add_person("stranger", id=STRANGER, team_id="T0OTHER")
    office.slack.add_person("robot", id=ROBOT, is_bot=True)
    for user in (STRANGER, ROBOT):
        office.slack.invite(CHANNEL, user)
    proposed(office, (TARGET, "target: 100"))
    for user in (STRANGER, ROBOT, ALAN, GUEST):
        assert press(office, user, 2, "agreement.sign")
    office.meet()
    press(office, MAYA, 2, "agreement.sign")
    office.settle()
    before = {name: rows for name, rows in office.rows().items() if name != "delivery"}

    for user, reason in (
        (MIKE, "Only the two leads sign"),
        (REP2, "Only the two leads sign"),
        (ALAN, "That is for the two teams"),
        (GUEST, "Guests see the cards"),
        (STRANGER, "People of other companies"),
        (ROBOT, "Bots cannot act here"),
        (MAYA, "This is signed already"),
    ):
        assert reason in press(office, user, 2, "agreement.sign"), user
    for user, reason in (
        (MIKE, "Only the two leads sign"),
        (ALAN, "That is for the two teams"),
        (GUEST, "Guests see the cards"),
    ):
        assert reason in press(office, user, 2, "agreement.decline"), user
        assert reason in office.type(user, "/sla decline because I say so"), user
    for user, reason in ((ALAN, "That is for the two teams"), (GUEST, "Guests see the cards")):
        assert reason in office.type(user, "/sla propose"), user
        assert reason in office.type(user, "/sla agreement end"), user
    assert {name: rows for name, rows in office.rows().items() if name != "delivery"} == before


def test_a_new_lead_signs_from_their_version_on_and_the_former_one_no_more(office: Office) -> None:
    proposed(office, ("lead: USARA", "lead: UREP1"))
    assert "only once this version is in force" in press(office, REP1, 2, "agreement.sign")
    press(office, MAYA, 2, "agreement.sign")
    assert "in force" in press(office, SARA, 2, "agreement.sign")

    proposed(office, (TARGET, "target: 100"))
    assert "You led Sales once" in press(office, SARA, 3, "agreement.sign")
    press(office, MAYA, 3, "agreement.sign")
    assert "in force" in press(office, REP1, 3, "agreement.sign")


def test_for_a_lead_who_left_the_manager_signs_but_not_what_the_manager_proposed(office: Office) -> None:
    proposed(office, ("manager: USARA", "manager: UMIKE"))
    press(office, MAYA, 2, "agreement.sign")
    press(office, SARA, 2, "agreement.sign")
    office.slack.change_person(SARA, is_deleted=True)
    proposed(office, (TARGET, "target: 100"), user=MIKE)
    press(office, MAYA, 3, "agreement.sign")

    assert "Nobody signs for both sides" in press(office, MIKE, 3, "agreement.sign")
    late_press(office, SARA, 3)
    assert set(signed(office, 3)) == {MAYA}
    proposed(office, (TARGET, "target: 100"), user=REP1)
    press(office, MAYA, 4, "agreement.sign")
    assert "in force" in press(office, MIKE, 4, "agreement.sign")


def test_for_a_lead_who_turned_out_to_be_a_guest_the_manager_signs(office: Office) -> None:
    proposed(office, ("lead: USARA", f"lead: {GUEST}"), ("[USARA, UREP1, UREP2]", f"[{GUEST}, UREP1, UREP2]"))
    press(office, MAYA, 2, "agreement.sign")
    press(office, SARA, 2, "agreement.sign")
    office.meet()

    proposed(office, (f"lead: {GUEST}", "lead: UREP1"))
    assert "Guests see the cards" in press(office, GUEST, 3, "agreement.sign")
    assert "You signed for Sales" in press(office, SARA, 3, "agreement.sign")
    assert "version 3, is signed by both" in press(office, MAYA, 3, "agreement.sign")


def test_one_person_never_signs_for_both_sides(office: Office) -> None:
    proposed(office, ("manager: USARA", "manager: UMAYA"))
    press(office, MAYA, 2, "agreement.sign")
    press(office, SARA, 2, "agreement.sign")
    office.slack.change_person(SARA, is_deleted=True)
    proposed(office, (TARGET, "target: 100"), user=REP1)
    press(office, MAYA, 3, "agreement.sign")

    assert "Nobody signs for both sides" in press(office, MAYA, 3, "agreement.sign")
    assert versioned(office, 3).state == "proposed"


def test_a_one_sided_text_is_refused(office: Office) -> None:
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        text = versions.named(session, agreed, 1).text
        one_sided = "\n".join(line for line in text.splitlines() if "{party: sales, metric" not in line)
        with pytest.raises(Exception, match="one_sided"):
            versions.save_draft(session, agreed, one_sided, MAYA, office.clock.now())


def test_a_change_far_inside_a_long_text_is_shown(office: Office) -> None:
    fits, many = "Fits every criterion of the ICP", [f"UM{n:06}" for n in range(30)]
    members = f"[USARA, UREP1, UREP2, {', '.join(many)}]"
    proposed(office, (fits, fits * 10 + " at least"), ("[USARA, UREP1, UREP2]", members))
    press(office, MAYA, 2, "agreement.sign")
    press(office, SARA, 2, "agreement.sign")

    proposed(office, (" at least", " at most"), (many[-1], "UNEW"))
    shown = said_on(office, 3)
    assert "the ICP at least, and did" in shown
    assert "the ICP at most, and did" in shown
    assert f"<@{many[-1]}>, and 32 as before → *<@UNEW>, and 32 as before*" in shown


def test_a_tier_that_was_taken_out_is_not_handed_over_any_more(office: Office) -> None:
    with office.context.reading() as session:
        text = versions.named(session, agreements.by_id(session, 1, 1), 1).text
    definition = text[text.index("  C:\n    name: List") : text.index("# 4 ·")]
    targets = ["2 working days", "1 working day", "3 working days", "3 in 15 working days"]
    clocks = [(f", C: {target}}}", "}") for target in [*targets, "15 working days", "4h"]]
    goal = next(line for line in text.splitlines() if "tier: C" in line)
    proposed(office, (definition, ""), (goal, ""), ("B and C: 10", "B: 10"), *clocks)
    press(office, MAYA, 2, "agreement.sign")
    press(office, SARA, 2, "agreement.sign")

    refused = office.type(MAYA, "/sla log 4 list June B=2 C=2")
    assert "Tier C is not in the agreement, which has A, B (§3)." in refused
    assert office.rows()["handoff"] == []


def test_without_a_change_there_is_nothing_to_propose(office: Office) -> None:
    assert "There is no draft to propose" in office.type(MAYA, "/sla propose")
    assert "Nothing waits for signatures" in office.type(MAYA, "/sla sign")
    assert "Nothing waits for signatures" in office.type(MAYA, "/sla decline no")


# ---- the end, and a new beginning


def test_both_end_it_and_both_may_begin_it_anew(office: Office) -> None:
    office.type(MAYA, "/sla log 5 webinar June B=5")
    office.settle()
    assert "The end is proposed in <#CSLA>" in office.type(MAYA, "/sla agreement end")
    assert "is to end; that waits for both signatures" in said_on(office, 2)
    press(office, MAYA, 2, "agreement.sign")
    assert "has ended" in press(office, SARA, 2, "agreement.sign")

    assert "has ended" in said_on(office, 2)
    assert "until the agreement ended" in said_on(office, 1)
    assert "has ended, so nothing new begins" in office.type(MAYA, "/sla log 5 webinar July B=5")
    assert "yours" in office.type(REP1, "/sla take H-1 1")
    posted = len(office.slack.messages(CHANNEL))
    lived(office, datetime(2026, 6, 26, 16, 0, tzinfo=UTC))
    assert len(office.slack.messages(CHANNEL)) == posted

    with office.context.transaction() as session:
        text = starter(replace(VALUES, leads_a_month=80))
        setup.create(session, 1, setup.Proposal(text, CHANNEL, MAYA), office.clock.now(), "anew")
    press(office, MAYA, 3, "agreement.sign")
    press(office, SARA, 3, "agreement.sign")
    assert "DACH, version 3, is signed and in force" in said_on(office, 3)
    assert "handed over" in office.type(MAYA, "/sla log 5 webinar July B=5")


def test_after_the_end_clocks_run_out_and_nobody_is_told(office: Office) -> None:
    office.type(MAYA, "/sla log 5 webinar June A=2 B=3")
    office.settle()
    office.type(MAYA, "/sla agreement end")
    press(office, MAYA, 2, "agreement.sign")
    press(office, SARA, 2, "agreement.sign")
    office.settle()

    said = len([call for call in office.slack.calls("chat.postMessage") if call.ok])
    for _ in range(12):
        office.after(hours=2)
    assert len([call for call in office.slack.calls("chat.postMessage") if call.ok]) == said
    why = office.type(SARA, "/sla why H-1")
    assert "*First touch, A: past its time*" in why
    assert "Next, if it stays open" not in why
    with office.context.reading() as session:
        assert list(verify.differences(session)) == []

    assert "DACH has ended. What is open can be worked to its end." in office.type(MAYA, "/sla status")
    assert "has ended, so nothing new begins" in office.type(MAYA, "/sla agreement duties")


def test_it_may_end_on_a_later_day(office: Office) -> None:
    office.type(MAYA, "/sla agreement end from 1 Jul")
    press(office, MAYA, 2, "agreement.sign")
    assert "DACH ends <!date" in press(office, SARA, 2, "agreement.sign")
    assert "ends the agreement" in said_on(office, 2)
    assert "and ends the agreement <!date" in office.type(MAYA, "/sla agreement withdraw")
    assert "handed over" in office.type(MAYA, "/sla log 5 webinar June B=5")

    lived(office, datetime(2026, 7, 1, 8, 0, tzinfo=UTC))
    assert "has ended" in office.type(MAYA, "/sla log 6 webinar July B=6")


def test_the_words_after_agreement_are_named_where_one_is_unknown(office: Office) -> None:
    assert "I do not understand" in office.type(MAYA, "/sla agreement frobnicate", channel=ELSEWHERE)
