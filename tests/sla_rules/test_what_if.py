"""Changed terms in words: what each name stands for, and every word that means nothing told at once."""

import pytest

from sla_rules.agreement import Agreement
from sla_rules.amend import amended
from sla_rules.kinds import ClockKind, Tier
from sla_rules.pieces import data_of
from sla_rules.what_if import EMPTY, LOOSE, TWICE, UNCLEAR, UNKNOWN, read, terms_of
from tests.sla_rules.berlin import TEXT

DATA = data_of(TEXT)


def changed(words: str) -> dict[str, str]:
    found = read(DATA, words)
    assert found.misread == []
    return {".".join(map(str, path)): value for path, value in found.changes.items()}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("decide.B=2h", {"clocks.decide.B": "2h"}),
        ("DECIDE.b = 2h", {"clocks.decide.B": "2h"}),
        ("decide=2h", {"clocks.decide.B": "2h", "clocks.decide.C": "2h"}),
        ("decide.A=2h", {"clocks.decide.A": "2h"}),
        ("first_touch.A=30 min", {"clocks.first_touch.A": "30 min from arrival"}),
        ("touch.A=30min after taking", {"clocks.first_touch.A": "30min after taking"}),
        (
            "touch.B=2 working days, answer=8h",
            {"clocks.first_touch.B": "2 working days", "clocks.answer": "8h"},
        ),
        ("target.qualified=200", {"goals.0.target": "200"}),
        ("target.refusals=20", {"goals.1.target": "20 %"}),
        ("target.touched.A=95%", {"goals.4.target": "95%"}),
        (
            "target.touched=90 %",
            {"goals.4.target": "90 %", "goals.5.target": "90 %", "goals.6.target": "90 %"},
        ),
        ("hours=08:00-17:00", {"calendar.hours.mon-fri": "08:00-17:00"}),
        ("hours.sat=09:00-12:00", {"calendar.hours.sat": "09:00-12:00"}),
        ("", {}),
    ],
)
def test_a_name_stands_for_what_is_written_under_it(words: str, expected: dict[str, str]) -> None:
    assert changed(words) == expected


def test_what_was_asked_for_is_an_agreement() -> None:
    words = "decide.B=2h target.qualified=200 hours=08:00-17:00 touch.A=30 min hours.sat=09:00-12:00"
    document = Agreement.parse(amended(TEXT, dict(read(DATA, words).changes)))
    assert document.target_text(ClockKind.DECIDE, Tier.B) == "2h"
    assert document.clocks.first_touch[Tier.A].is_from_arrival


def test_all_words_that_mean_nothing_are_told_at_once() -> None:
    found = read(DATA, "please decid.B=2h target.rate=3 answer= decide.B=2h decide=3h")
    assert [(one.code, one.text) for one in found.misread] == [
        (LOOSE, "please"),
        (UNKNOWN, "decid.B"),
        (UNKNOWN, "target.rate"),
        (EMPTY, "answer="),
        (TWICE, "decide=3h"),
    ]
    assert found.misread[1].names[0] == "decide.B"


def test_a_name_that_may_mean_two_things_is_asked_back() -> None:
    (fault,) = read(DATA, "target.time=90 %").misread
    assert fault.code == UNCLEAR
    assert "target.answered_in_time" in fault.names


def test_everything_that_can_be_changed_is_listed_with_what_it_says() -> None:
    listed = {term.name: term.value for term in terms_of(DATA)}
    assert listed["decide.B"] == "4h"
    assert listed["answer"] == "4h"
    assert listed["hours.mon-fri"] == "09:00-17:00"
    assert listed["target.touched_in_time.A"] == "85 %"
