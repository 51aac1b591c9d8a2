"""`/sla simulate`: the answer beside what was, all faults at once, by DM where there is much."""

from collections.abc import Iterator

import pytest

from bot.services import agreements, simulate, versions
from tests.slack.office import ALAN, CHANNEL, MAYA, REP1, SARA, Office, everything_said, opened


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """H-1 was taken, and its leads touched a day late; H-2 came later and waits."""
    with opened(tmp_path_factory.mktemp("office")) as office:
        office.meet()
        office.type(MAYA, "/sla log webinar June B=4")
        office.settle()
        office.type(REP1, "/sla take H-1 4")
        office.after(hours=30)
        office.type(REP1, "/sla touch H-1 1-4")
        office.after(days=40)
        office.type(MAYA, "/sla log fair Oslo B=2")
        office.after(days=1)
        yield office


def test_the_point_comes_first_then_what_would_be_otherwise(busy: Office) -> None:
    said = busy.type(MAYA, "/sla simulate touch.B=2 working days")
    assert said.index("would have been kept") < said.index("2 working days")
    assert "engaged leads touched in time 0% → *100%*" in said
    assert "4 leads counted" in said
    assert "H-2" in said


def test_without_terms_it_says_what_can_be_changed(busy: Office) -> None:
    said = busy.type(SARA, "/sla simulate")
    assert "`decide.B=4h`" in said
    assert "`hours.mon-fri=09:00-17:00`" in said


def test_every_fault_is_told_at_once_and_how_to_mend_it(busy: Office) -> None:
    said = busy.type(SARA, "/sla simulate decid.B=2h target.refusals=150% hours=9")
    assert "Did you mean `decide.B`" in said
    assert "target.refusals=150%" in said
    assert "hours=9" in said
    assert "Can be changed" in said


def test_a_text_that_is_being_written_is_simulated_or_missed(busy: Office) -> None:
    assert "no draft" in busy.type(MAYA, "/sla simulate draft")


def test_who_only_reads_gets_no_button(busy: Office) -> None:
    assert "Propose These Terms" not in busy.type(ALAN, "/sla simulate decide.B=2h")
    assert "Propose These Terms" in busy.type(MAYA, "/sla simulate decide.B=2h")


def test_many_leads_are_answered_by_a_dm(busy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "AT_ONCE", 3)
    assert "as a DM" in busy.type(SARA, "/sla simulate touch.B=2 working days")
    busy.settle()
    assert "4 leads counted" in everything_said(busy.dm(SARA))


def test_exactly_what_was_shown_is_proposed(busy: Office) -> None:
    shown = busy.slack.command(MAYA, CHANNEL, "/sla simulate touch.B=2 working days")["message"]
    hint = busy.press(MAYA, shown, "simulate.propose")
    assert "is proposed" in hint
    with busy.context.reading() as session:
        agreed = agreements.by_id(session, 1, 1)
        waiting = versions.proposal(session, agreed)
        assert waiting is not None
        assert "B: 2 working days" in waiting.text
