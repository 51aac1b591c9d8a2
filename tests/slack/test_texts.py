"""The agreement read in Slack: an overview, its sections, all versions, and what differs between two."""

from typing import Any

import pytest

from bot.messages import agreement as message
from bot.services import agreements, versions
from sla_rules.amend import amended
from tests.slack.office import ALAN, CHANNEL, GUEST, MAYA, MIKE, REP1, SARA, Office, everything_said


def shown(office: Office, user: str, line: str) -> dict[str, Any]:
    """Type a command; gives the answer, to press what is in it."""
    answer = office.slack.command(user, CHANNEL, line)
    return dict(answer["message"])


def propose(office: Office, user: str, target: str) -> int:
    """Propose another number of leads; gives the version."""
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        text = amended(versions.text_to_edit(session, agreed), {("goals", 0, "target"): target})
        made = versions.propose_text(
            session, agreed, text, user, office.clock.now(), delivery=f"propose {target}"
        )
        return made.version


def sign(office: Office, version: int) -> None:
    for lead in (MAYA, SARA):
        with office.context.transaction() as session:
            agreed = agreements.by_id(session, 1, 1)
            text_hash = versions.named(session, agreed, version).sha256
            versions.sign(session, agreed, version, text_hash, lead, office.clock.now())


def test_the_agreement_is_shown_with_all_its_sections(office: Office) -> None:
    said = office.type(REP1, "/sla agreement")

    assert "*DACH, version 1: in force*" in said
    assert "Signed by <@UMAYA> for Marketing" in said
    assert "Next review " in said
    assert "15 Sep" in said
    for section in ("*1 Parties*", "*4 Rejection reasons*", "*10 Goals*", "*15 Retention*"):
        assert section in said


def test_a_section_opens_whole(office: Office) -> None:
    answer = shown(office, REP1, "/sla agreement")

    office.press(REP1, answer, message.SECTION, "1:1:10")

    said = everything_said(office.view(REP1))
    assert "§10.1 Marketing" in said
    assert "qualified leads: at least 240 a month" in said
    assert "§10.8 Sales" in said


def test_a_clause_is_told_by_its_number(office: Office) -> None:
    assert "role: Decides on the budget" in office.type(REP1, "/sla agreement 2.4")
    assert "There is no clause 2.9" in office.type(REP1, "/sla agreement 2.9")
    assert "There is no clause 16" in office.type(REP1, "/sla agreement 16")


def test_every_version_stays_readable_and_two_can_be_compared(office: Office) -> None:
    sign(office, propose(office, MIKE, "120"))
    propose(office, MIKE, "100")

    said = office.type(SARA, "/sla agreement history")
    assert "*DACH: 3 versions*" in said
    assert said.index("Version 3: waits for signatures") < said.index("Version 2: in force")
    assert "Version 1: superseded" in said
    assert "§10.1 Marketing: qualified leads a month: 240 → *120*" in office.type(
        SARA, "/sla agreement diff 1 2"
    )
    assert "240 → *100*" in office.type(SARA, "/sla agreement diff 1 3")
    assert "120 → *100*" in office.type(SARA, "/sla agreement diff 3")
    assert "say the same" in office.type(SARA, "/sla agreement diff 2 2")
    assert "Version 3 waits for signatures" in office.type(SARA, "/sla agreement")


def test_what_a_version_changed_is_one_press_away(office: Office) -> None:
    sign(office, propose(office, MIKE, "120"))
    overview = shown(office, SARA, "/sla agreement")

    assert "*DACH: 2 versions*" in office.press(SARA, overview, message.HISTORY, "1")
    versions_shown = shown(office, SARA, "/sla agreement history")
    assert "240 → *120*" in office.press(SARA, versions_shown, message.DIFF, "1:1:2")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("/sla agreement diff 1 9", "There is no version 9"),
        ("/sla agreement diff one two", "one is no version"),
        ("/sla agreement diff 1 2 3", "diff 2 3"),
    ],
)
def test_versions_that_are_none_are_named(office: Office, line: str, answer: str) -> None:
    assert answer in office.type(SARA, line)


def test_a_draft_is_read_by_those_who_may_write_on_it(office: Office) -> None:
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        text = amended(versions.text_to_edit(session, agreed), {("goals", 0, "target"): "99"})
        versions.save_draft(session, agreed, text, MIKE, office.clock.now())

    office.type(ALAN, "/sla agreement")
    office.meet()

    assert "Version 2: a draft" in office.type(MAYA, "/sla agreement history")
    assert "240 → *99*" in office.type(MAYA, "/sla agreement diff 2")
    assert "Version 2" not in office.type(ALAN, "/sla agreement history")
    assert "There is no version 2" in office.type(ALAN, "/sla agreement diff 1 2")


@pytest.mark.parametrize("line", ["/sla agreement", "/sla agreement history", "/sla agreement diff 1 1"])
def test_a_guest_reads_nothing(office: Office, line: str) -> None:
    assert "240" not in office.type(GUEST, line)
    assert "version" not in office.type(GUEST, line)
