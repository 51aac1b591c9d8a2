"""A handoff logged by command, form, list and shortcut, and the questions that follow."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError, UserErrors
from bot.services.log import Batch
from bot.slack import draft, lead_list, typed
from sla_rules.kinds import Tier
from tests.slack.office import ELSEWHERE, MAYA, MIKE, REP1, SARA, Office, everything_said

NOW = datetime(2026, 6, 18, 15, 0, tzinfo=ZoneInfo("Europe/Berlin"))
LIST = b"Tier;Full name;Company;E-Mail\nB;Bo Berg;;bo@b.example\nA;Ada;Acme;ada@acme.example\n"


@pytest.mark.parametrize(
    ("line", "batch"),
    [
        ("25 webinar", Batch("webinar", {Tier.B: 25})),
        ('25 webinar "June webinar" A=6 B=19', Batch("webinar", {Tier.A: 6, Tier.B: 19}, "June webinar")),
        ("webinar a=6 c=1", Batch("webinar", {Tier.A: 6, Tier.C: 1})),
        ('"trade fair" C=3 C=2', Batch("trade fair", {Tier.C: 5})),
        (
            "4 demo Site arrived 09:50 <https://x.example/a> note call *before* 5",
            Batch(
                "demo",
                {Tier.B: 4},
                "Site",
                datetime(2026, 6, 18, 7, 50, tzinfo=UTC),
                "https://x.example/a",
                "call *before* 5",
            ),
        ),
        (
            "4 demo arrived 17 Jun 16:50",
            Batch("demo", {Tier.B: 4}, "", datetime(2026, 6, 17, 14, 50, tzinfo=UTC)),
        ),
    ],
)
def test_a_command_is_read_as_a_batch(line: str, batch: Batch) -> None:
    assert draft.parse(typed.split(line), NOW).batch == batch


def test_again_at_the_end_means_once_more() -> None:
    assert draft.parse(typed.split("5 webinar x again"), NOW).again


@given(st.text(max_size=120))
def test_any_command_is_read_or_refused(line: str) -> None:
    with suppress(UserError, UserErrors):
        draft.parse(typed.split(line), NOW)


def test_a_draft_survives_being_carried_by_a_modal() -> None:
    read = draft.parse(typed.split('4 demo "Site" A=4 arrived 09:50 <https://x.example> note hi'), NOW)
    carried = draft.carried(draft.carrying(read, "C1"))

    assert carried == read


def test_the_leads_of_a_file_are_read_by_their_headings() -> None:
    bo, ada = lead_list.read(LIST)

    assert (bo.tier, bo.name, bo.email) == (Tier.B, "Bo Berg", "bo@b.example")
    assert (ada.tier, ada.company) == (Tier.A, "Acme")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"tier,name\n", "file_empty"),
        (b"name\nAda\n", "file_tier_missing"),
        (b"tier,name\nA,\xff\xfe\n", "file_unreadable"),
        (b"tier,name\nA,a\0b\n", "file_unreadable"),
        (b'tier,name\nA,"open\n', "file_unreadable"),
        (b"tier\n" + b"A\n" * 2_001, "too_many_leads"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(UserError, match=code):
        lead_list.read(content)


def test_all_faulty_lines_of_a_file_are_told() -> None:
    with pytest.raises(UserErrors) as refused:
        lead_list.read(b"tier,name,email\nX,Ada,ada\nB," + b"n" * 201 + b",b@b.example\n,Cy,\n")

    assert [(fault.values["line"], fault.code) for fault in refused.value.faults] == [
        (2, "file_line"),
        (2, "file_line"),
        (3, "file_line"),
        (4, "file_line"),
    ]


@given(st.binary(max_size=300))
def test_any_file_is_read_or_refused(content: bytes) -> None:
    with suppress(UserError, UserErrors):
        lead_list.read(content)


def test_what_is_logged_by_command_stands_on_a_card(office: Office) -> None:
    said = office.type(MAYA, '/sla log 25 webinar "June webinar" A=6 B=19 note &lt;!channel&gt; look')
    office.settle()

    assert "H-1: 25 webinar leads are handed over" in said
    card = everything_said(office.card())
    assert "A 6 · B 19" in card
    assert "<!channel>" not in card


def test_the_form_logs_and_tells_what_it_logged(office: Office) -> None:
    assert office.type(MAYA, "/sla log") == ""
    answer = office.submit(MAYA, source="fair", campaign="May", tier_b=3, link="https://x.example/list")

    assert answer["response_action"] == "update"
    assert "H-1: 3 fair leads are handed over" in everything_said(answer["view"])


def test_faults_of_the_form_stand_under_their_fields(office: Office) -> None:
    office.type(MAYA, "/sla log")
    later = int(office.clock.at.timestamp()) + 3_600
    answer = office.submit(MAYA, source="fair", arrived_at=later, link='https://x" .example')

    assert answer["errors"].keys() == {"link"}
    answer = office.submit(MAYA, source="fair", arrived_at=later, link="")
    assert answer["errors"].keys() == {"tier_b", "arrived_at"}
    assert office.rows()["handoff"] == []


def test_the_same_list_twice_is_asked_about(office: Office) -> None:
    office.type(MAYA, "/sla log 5 fair May")

    assert office.type(MAYA, "/sla log 5 fair May") == ""
    assert "This list was logged already: H-1" in everything_said(office.view(MAYA))
    answer = office.submit(MAYA)
    assert "H-2: 5 fair leads" in everything_said(answer["view"])


@pytest.mark.parametrize("sign", ['"', "\\", "щ", "漢"])
def test_the_longest_texts_are_carried_by_the_question(office: Office, sign: str) -> None:
    line = (
        f"/sla log 5 {sign.replace(chr(34), 'x') * 80} {sign.replace(chr(34), 'x') * 120} note {sign * 800}"
    )
    for _ in range(2):
        office.type(MAYA, line)

    assert "H-2: 5" in everything_said(office.submit(MAYA)["view"])


def test_again_typed_needs_no_question(office: Office) -> None:
    office.type(MAYA, "/sla log 5 fair May")

    assert "H-2: 5 fair leads" in office.type(MAYA, "/sla log 5 fair May again")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("leave_out", ["H-2: 1 fair lead is handed over", "1 known lead was left out"]),
        ("send_anyway", ["H-2: 2 fair leads"]),
    ],
)
def test_known_leads_are_asked_about(office: Office, answer: str, said: list[str]) -> None:
    _log_list(office, LIST, campaign="May")
    asked = _log_list(office, LIST.replace(b"bo@", b"cy@"), campaign="June")

    assert "1 of 2 leads are known already" in everything_said(asked["view"])
    told = everything_said(office.submit(MAYA, known=answer)["view"])
    assert all(line in told for line in said)


def test_names_from_a_list_go_to_who_works_them_and_to_no_channel(office: Office) -> None:
    _log_list(office, LIST, campaign="May")
    office.settle()
    office.press(SARA, office.card(), "card.take")
    office.settle()

    assert "Ada" in everything_said(office.dm(SARA))
    assert not any("Ada" in everything_said(message) for message in office.slack.messages("CSLA"))


def test_faults_of_a_list_stand_under_the_file(office: Office) -> None:
    answer = _log_list(office, b"tier,email\nX,ada\n", campaign="May")

    assert "Line 2" in answer["errors"]["file"]
    assert office.rows()["handoff"] == []


def test_the_shortcut_opens_the_form_for_marketing_and_refuses_sales(office: Office) -> None:
    office.slack.shortcut(MIKE, "log")
    office.slack.shortcut(REP1, "log")

    assert office.view(MIKE)["callback_id"] == "log.submit"
    assert "That is for Marketing" in everything_said(office.view(REP1))


def test_a_submission_delivered_twice_is_logged_once(office: Office) -> None:
    office.type(MAYA, "/sla log", channel=ELSEWHERE)
    office.submit(MAYA, source="fair", campaign="May", tier_b=3)
    body = office.slack.calls("view_submission")[-1].body

    office.dispatch(body)
    assert len(office.rows()["handoff"]) == 1


def _log_list(office: Office, content: bytes, *, campaign: str) -> dict[str, Any]:
    office.slack.dismiss(MAYA)
    office.type(MAYA, "/sla log")
    file = office.slack.add_file(MAYA, "leads.csv", content)
    return office.submit(MAYA, source="fair", campaign=campaign, file=[file])
