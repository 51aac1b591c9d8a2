"""The agreement as a file: sent by DM, changed, and sent back as the draft."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.services import agreements, versions
from sla_rules.starter import starter
from tests.slack.office import ALAN, CHANNEL, GUEST, MAYA, REP1, SARA, VALUES, Office, everything_said

TEXT = starter(VALUES)
"""In force in the office."""
LESS = TEXT.replace("target: 240", "target: 200")


def files(office: Office, user: str) -> dict[str, str]:
    """Read the files of the newest message to a person."""
    kept = office.slack.parts.slack.files
    return {one["name"]: kept[one["id"]].content.decode() for one in office.dm(user).get("files", [])}


def exported(office: Office, user: str = MAYA, more: str = "") -> str:
    office.type(user, f"/sla agreement export{more}")
    office.settle()
    return next(text for name, text in files(office, user).items() if name.endswith(".yml"))


def sent_back(office: Office, text: str | bytes, user: str = MAYA) -> Mapping[str, Any]:
    content = text.encode() if isinstance(text, str) else text
    assert office.type(user, "/sla agreement upload") == ""
    return office.submit(user, file=[office.slack.add_file(user, "DACH-v2.yml", content)])


def draft(office: Office) -> str | None:
    with office.context.reading() as session:
        found = versions.open_draft(session, agreements.by_id(session, 1, 1))
        return found.text if found else None


def test_the_text_comes_by_dm_as_files_after_a_private_answer(office: Office) -> None:
    said = office.type(SARA, "/sla agreement export")
    assert "version 1*, in force: the files are on their way to our DM" in said
    assert office.slack.calls("files.getUploadURLExternal") == [], "nothing is sent before the answer"
    office.settle()
    assert "DACH, version 1*: in force" in office.dm(SARA)["text"]
    sent = files(office, SARA)
    assert sent["DACH-v1.yml"] == TEXT
    assert sent["DACH-v1.md"].startswith("# DACH\n")


def test_asked_twice_by_one_delivery_the_files_come_once(office: Office) -> None:
    office.type(SARA, "/sla agreement export")
    body = office.slack.calls("/sla")[-1].body
    office.dispatch(body)
    office.settle()
    office.dispatch(body)
    office.settle()
    assert len([one for one in office.slack.dms(SARA) if one.get("files")]) == 1


def test_a_guest_gets_no_file_and_a_colleague_the_text_in_force(office: Office) -> None:
    for stranger in (GUEST, ALAN):
        assert "on its way" not in office.type(stranger, "/sla agreement export")
    office.meet()
    assert "Guests" in office.type(GUEST, "/sla agreement export")
    sent_back(office, LESS)
    office.type(ALAN, "/sla agreement export 2")
    office.settle()
    assert not [one for one in office.slack.dms(ALAN) if one.get("files")], "a draft is for the parties"
    assert exported(office, ALAN) == TEXT


def test_a_draft_thrown_away_meanwhile_is_not_sent(office: Office) -> None:
    sent_back(office, LESS)
    office.type(MAYA, "/sla agreement export")
    with office.context.transaction() as session:
        session.delete(versions.open_draft(session, agreements.by_id(session, 1, 1)))
    office.settle()
    assert not [one for one in office.slack.dms(MAYA) if one.get("files")]
    assert "no version" in office.type(MAYA, "/sla agreement export 2").lower()
    assert "is no version" in office.type(MAYA, "/sla agreement export yesterday")


def test_without_the_scope_it_says_so_in_the_dm(office: Office) -> None:
    office.slack.parts.slack.scopes -= {"files:write"}
    office.type(SARA, "/sla agreement export")
    office.settle()
    assert "scope files:write" in everything_said(office.dm(SARA))


def test_a_file_whose_fate_is_unknown_is_told_and_not_sent_again(office: Office) -> None:
    office.slack.fail("files.completeUploadExternal", "accept_then_close")
    office.type(SARA, "/sla agreement export")
    office.settle()
    assert len([one for one in office.slack.dms(SARA) if one.get("files")]) == 1
    assert "did not say whether DACH, version 1, arrived" in everything_said(office.dm(SARA))


def test_a_changed_file_becomes_the_draft_and_says_what_changes(office: Office) -> None:
    text = exported(office).replace("target: 240", "target: 200")
    answer = sent_back(office, text.replace("\n", "\r\n"))

    said = everything_said(answer["view"])
    assert "DACH, version 2, is kept as the draft" in said
    assert "240 → *200*" in said
    assert draft(office) == text
    assert exported(office, SARA) == text, "the other side gets the draft too"
    assert "the draft, not proposed yet" in office.dm(SARA)["text"]
    assert exported(office, SARA, " 1") == TEXT


def test_what_was_saved_is_proposed_by_one_press(office: Office) -> None:
    sent_back(office, LESS)
    told = office.submit(MAYA)
    office.settle()

    assert "Version 2 stands in" in everything_said(told["view"])
    assert draft(office) is None
    card = office.slack.messages(CHANNEL)[-1]
    assert "240 → *200*" in everything_said(card)
    exported(office, REP1)
    assert "waits for signatures" in office.dm(REP1)["text"]


def test_another_text_than_the_one_shown_is_not_proposed(office: Office) -> None:
    sent_back(office, LESS)
    sent_back(office, TEXT.replace("target: 240", "target: 220"), SARA)
    told = office.submit(MAYA)
    assert "240 → *220*" in everything_said(told["view"])
    assert draft(office) is not None


def test_all_faults_stand_above_the_form_with_line_and_clause(office: Office) -> None:
    text = TEXT.replace("target: 240", "target: many").replace("zone: Europe/Berlin", "zone: Mars")
    answer = sent_back(office, text)

    said = everything_said(answer["view"])
    assert answer["view"]["callback_id"] == "agreement_files.submit"
    assert "`many` is not a whole number above zero" in said
    assert "Mars" in said
    assert f"Line {text[: text.index('zone: Mars')].count(chr(10)) + 1} (§" in said
    assert "nothing was saved" in said
    assert draft(office) is None
    assert "is kept as the draft" in everything_said(
        office.submit(MAYA, file=[office.slack.add_file(MAYA, "x.yml", TEXT.encode() + b"# x\n")])["view"]
    )


def test_a_hundred_faults_are_told_in_one_modal(office: Office) -> None:
    answer = sent_back(office, TEXT + "".join(f"odd_{n}: x\n" for n in range(100)))
    said = everything_said(answer["view"])
    assert "odd_0" in said
    assert "more. Mend these first" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"x" * 70_000, "an agreement may have 64"),
        (b"", "no agreement in this text"),
        (b"a: &x [*x, *x]", "YAML anchor"),
        (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8"),
        (b"name: x\0", "character here that nobody can see"),
    ],
)
def test_what_is_no_agreement_is_told_and_changes_nothing(office: Office, content: bytes, said: str) -> None:
    before = office.rows()
    assert said in everything_said(sent_back(office, content)["view"])
    assert office.rows() == before


def test_a_section_is_pasted_over_the_text_as_it_stands(office: Office) -> None:
    sent_back(office, LESS)
    office.slack.dismiss(MAYA)
    office.type(MAYA, "/sla agreement upload")
    answer = office.submit(MAYA, paste="name: DACH and CH\n")

    said = everything_said(answer["view"])
    assert "240 → *200*" in said
    assert "DACH and CH" in said
    assert draft(office) == LESS.replace("name: DACH", "name: DACH and CH")


def test_faults_of_what_was_pasted_are_counted_in_its_lines(office: Office) -> None:
    office.type(MAYA, "/sla agreement upload")
    pasted = "# ours\n\nretention:\n  lead_details: for ever\n  after_uninstall: 30 days\n"
    view = office.submit(MAYA, paste=pasted)["view"]

    assert "Line 4 (§" in everything_said(view)
    [field] = [block for block in view["blocks"] if block.get("block_id") == "paste"]
    assert field["element"]["initial_value"] == pasted


def test_nothing_both_and_the_same_again_are_refused_under_the_field(office: Office) -> None:
    office.type(MAYA, "/sla agreement upload")
    file = [office.slack.add_file(MAYA, "x.yml", TEXT.encode())]
    assert "Choose a file" in office.submit(MAYA)["errors"]["file"]
    assert "either a file or" in office.submit(MAYA, file=file, paste="name: x")["errors"]["file"]
    assert office.submit(MAYA, file=file, paste="")["errors"].keys() == {"file"}
    assert draft(office) is None


def test_only_the_parties_send_a_text_back(office: Office) -> None:
    office.meet()
    office.type(ALAN, "/sla agreement upload")
    assert office.slack.views(ALAN) == []


def test_files_that_cannot_be_fetched_are_told(office: Office) -> None:
    office.slack.parts.slack.scopes -= {"files:read"}
    assert "files:read" in sent_back(office, TEXT)["errors"]["file"]
