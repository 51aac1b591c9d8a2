"""`/sla export`: a table by DM, once, with what its reader may see and nothing to be run."""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from bot.services import export
from tests.slack.office import ALAN, GUEST, MAYA, MIKE, REP1, SARA, Office, everything_said, opened

LEADS = """tier,name,company,email,link,score
A,=HYPERLINK("http://x.example"),Acme,ada@acme.example,https://crm.example/1,87
B,Böse „Anführung“,"Two, Inc",bob@two.example,,-5
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """One handoff of Maya's with two named leads, and one of Mike's with three; a rep works some."""
    with opened(tmp_path_factory.mktemp("export")) as office:
        for user in (ALAN, GUEST):
            office.type(user, "/sla status")
        office.meet()
        office.type(MAYA, "/sla log")
        office.submit(
            MAYA,
            source="+1 webinar",
            campaign="June",
            link="https://crm.example/list",
            file=[office.slack.add_file(MAYA, "leads.csv", LEADS.encode())],
        )
        office.type(MIKE, '/sla log 3 fair "@May" C=3')
        office.settle()
        office.type(REP1, "/sla take H-1 1")
        office.type(REP1, "/sla touch H-1 1")
        office.type(REP1, "/sla outcome H-1 1 won 12000")
        office.settle()
        yield office


def newest(office: Office, user: str) -> tuple[str, str]:
    """Give the name and the text of the file that came last."""
    kept = office.slack.parts.slack.files
    [one] = office.dm(user).get("files", [])
    content = kept[one["id"]].content
    assert content.startswith(b"\xef\xbb\xbf")
    return one["name"], content.decode("utf-8-sig")


def exported(office: Office, user: str, line: str) -> list[dict[str, str]]:
    said = office.type(user, f"/sla export {line}")
    assert "is on its way to our DM" in said, said
    office.settle()
    _, text = newest(office, user)
    assert text.endswith("\r\n")
    return list(csv.DictReader(StringIO(text, newline="")))


def test_without_a_table_it_is_the_handoffs_of_this_month(office: Office) -> None:
    rows = exported(office, SARA, "")
    assert newest(office, SARA)[0] == "handoffs-2026-06.csv"
    assert [row["handoff"] for row in rows] == ["H-1", "H-2"]
    assert rows[0]["author"] == "maya"
    assert rows[0] | {"leads": "2", "accepted": "1", "won": "1", "undecided": "1", "trial": "no"} == rows[0]
    assert rows[0]["handed_over_at"].startswith("2026-06-15 10:00:"), "in the zone of the agreement"
    assert "DACH, handoffs, June 2026 so far, to Mon 15 Jun" in office.dm(SARA)["text"]


def test_what_a_spreadsheet_would_run_is_text(office: Office) -> None:
    first, second = exported(office, SARA, "leads")[:2]
    assert first["name"] == '\'=HYPERLINK("http://x.example")'
    assert first["source"] == "'+1 webinar"
    assert second["score"] == "'-5"
    assert (first["score"], first["amount"]) == ("87", "12000.0")
    assert second["name"] == "Böse „Anführung“"
    assert second["company"] == "Two, Inc"
    assert exported(office, SARA, "handoffs")[1]["campaign"] == "'@May"


def test_sales_sees_all_names_and_a_marketer_those_of_own_handoffs(office: Office) -> None:
    assert [bool(row["email"]) for row in exported(office, REP1, "leads")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert "names and addresses of leads" in office.dm(REP1)["text"]
    assert [bool(row["email"]) for row in exported(office, MAYA, "leads")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [row["name"] for row in exported(office, MIKE, "leads")] == [""] * 5
    assert "only in handoffs that you logged" in office.dm(MIKE)["text"]


def test_clocks_say_whose_they_are_and_how_they_ended(office: Office) -> None:
    rows = exported(office, MAYA, "clocks")
    assert {row["party"] for row in rows} <= {"marketing", "sales"}
    touched = next(row for row in rows if row["clock"] == "first_touch" and row["state"] == "met")
    assert (touched["owner"], touched["kept"], touched["late"]) == ("rep1", "1", "0")


def test_figures_are_by_month_and_week_and_by_source(office: Office) -> None:
    rows = exported(office, ALAN, "figures")
    assert {(row["period"], row["source"]) for row in rows} >= {
        ("2026-06", ""),
        ("2026-06", "fair"),
        ("2026-06", "'+1 webinar"),
        ("2026-W25", ""),
        ("2026-W25", "fair"),
    }
    month = next(row for row in rows if (row["period"], row["source"]) == ("2026-06", ""))
    assert (month["leads_delivered"], month["won"]) == ("5", "1")


@pytest.mark.parametrize("what", ["handoffs", "leads", "clocks"])
def test_a_colleague_gets_figures_alone(office: Office, what: str) -> None:
    assert "on its way" not in office.type(ALAN, f"/sla export {what}")


@pytest.mark.parametrize("what", export.WHAT)
def test_a_guest_gets_nothing(office: Office, what: str) -> None:
    assert "Guests" in office.type(GUEST, f"/sla export {what}")


def test_a_period_in_which_nothing_was_handed_over_is_told(office: Office) -> None:
    assert "was before DACH" in office.type(SARA, "/sla export leads last month")
    office.clock.at = office.clock.at.replace(month=8)
    assert "Nothing was handed over in July 2026" in office.type(SARA, "/sla export leads last month")
    office.clock.at = office.clock.at.replace(month=6)


def test_asked_twice_by_one_delivery_the_file_comes_once(office: Office) -> None:
    before = len(office.slack.dms(SARA))
    office.type(SARA, "/sla export clocks")
    body = office.slack.calls("/sla")[-1].body
    office.dispatch(body)
    office.settle()
    office.dispatch(body)
    office.settle()
    assert len(office.slack.dms(SARA)) == before + 1


def test_who_lost_the_right_meanwhile_gets_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    before = len(office.slack.dms(MIKE))
    office.type(MIKE, "/sla export leads")
    monkeypatch.setattr("bot.services.rights.may", lambda *_: False)
    office.settle()
    assert len(office.slack.dms(MIKE)) == before


def test_a_file_that_would_be_too_big_is_cut_and_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 3)
    assert len(exported(office, SARA, "leads")) == 3
    assert "Cut: a file here holds 3 rows" in office.dm(SARA)["text"]
    assert "`baton export leads --from 2026-06-01 --to 2026-07-01`" in office.dm(SARA)["text"]
    monkeypatch.setattr(export, "MOST_BYTES", 550)
    assert 0 < len(exported(office, SARA, "leads")) < 3


def test_without_the_scope_it_says_so_in_words(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        office.type(MAYA, "/sla log 3 fair May C=3")
        office.settle()
        office.slack.parts.slack.scopes -= {"files:write"}
        office.type(SARA, "/sla export leads")
        office.settle()
        said = everything_said(office.dm(SARA))
    assert "scope files:write" in said
    assert "`baton export leads --from 2026-06-01" in said


def test_a_file_whose_fate_is_unknown_is_told_and_not_sent_again(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        office.type(MAYA, "/sla log 3 fair May C=3")
        office.settle()
        office.slack.fail("files.completeUploadExternal", "accept_then_close")
        office.type(SARA, "/sla export leads")
        office.settle()
        assert len([one for one in office.slack.dms(SARA) if one.get("files")]) == 1
        assert "did not say whether the file arrived" in everything_said(office.dm(SARA))
