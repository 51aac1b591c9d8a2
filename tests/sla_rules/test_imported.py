"""Imported leads under terms that were not in force: each as if a card had brought it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules import imported
from sla_rules.agreement import Agreement
from sla_rules.fold import Act, Key, figures, fold
from sla_rules.kinds import ActKind, ClockKind, Outcome
from tests.sla_rules.berlin import TEXT

HOUR = 3600
MONDAY = 1_517_821_200  # 5 February 2018, 10:00 in Berlin
AGREEMENT = Agreement.parse(TEXT)
ALWAYS = ((0, AGREEMENT.terms(1, AGREEMENT.expand_days_off(date(2018, 2, 5)))),)
UNTIL = MONDAY + 30 * 24 * HOUR
DATA = {"day": "2018-02-05", "source": "fair", "campaign": ""}


class Told(NamedTuple):
    """What a file says of a lead: hours from its handover, None where a cell is empty."""

    tier: str
    handed_h: int
    arrived_h: int | None
    taken_h: int | None
    touched_h: int | None
    rejected_h: int | None
    lost_h: int | None


HOURS = st.none() | st.integers(0, 100)
LEADS = st.lists(
    st.builds(
        Told, st.sampled_from("ABC"), st.integers(0, 8), *[st.none() | st.integers(0, 40)], *[HOURS] * 4
    ),
    min_size=1,
    max_size=6,
)


def later(leads: Sequence[Told]) -> list[Act]:
    """List what became of leads, as an import tells it."""
    found: list[Act] = []
    for n, lead in enumerate(leads, start=1):
        for kind, hours, data in (
            (ActKind.TAKEN, lead.taken_h, {"owner": "Rita"}),
            (ActKind.TOUCHED, lead.touched_h, {"owner": "Rita"}),
            (ActKind.REJECTED, lead.rejected_h, {"reason": "wrong_role", "kind": "quality"}),
            (ActKind.OUTCOME, lead.lost_h, {"outcome": "lost"}),
        ):
            if hours is not None:
                at = MONDAY + (lead.handed_h + hours) * HOUR
                found.append(Act(len(found) + 10, kind, at, (n,), None, data))
    return found


def handed_over(leads: Sequence[tuple[int, Told]], *, is_imported: bool) -> Act:
    leads = sorted(leads, key=lambda one: one[1].tier)
    handed = [MONDAY + lead.handed_h * HOUR for _, lead in leads]
    arrived = [
        None if lead.arrived_h is None else at - lead.arrived_h * HOUR
        for at, (_, lead) in zip(handed, leads, strict=True)
    ]
    data = {
        **DATA,
        "tiers": list(Counter(lead.tier for _, lead in leads).items()),
        "arrived_at": arrived,
        "handed_over_at": handed,
        "imported": is_imported,
    }
    return Act(1, ActKind.HANDED_OVER, min(handed), tuple(n for n, _ in leads), "import", data)


def counted(ledgers: Sequence[Sequence[Act]]) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for acts in ledgers:
        found += figures(fold(acts, ALWAYS, UNTIL))
    return found


@given(LEADS)
def test_an_imported_batch_counts_as_if_each_lead_had_been_handed_over_on_a_card(leads: list[Told]) -> None:
    acts = later(leads)
    numbered = list(enumerate(leads, start=1))
    cards = []
    for n, lead in numbered:
        first = handed_over([(n, lead)], is_imported=False)
        posted = Act(2, ActKind.POSTED, first.at, (), "import")
        cards.append([first, posted, *(act for act in acts if act.leads == (n,))])
    batch = [handed_over(numbered, is_imported=True), *acts]
    assert counted(imported.as_handed_over(batch)) == counted(cards)


def test_what_was_not_imported_or_was_voided_is_left_alone() -> None:
    lead = [(1, Told("B", 0, None, 1, 2, None, None))]
    assert imported.as_handed_over([handed_over(lead, is_imported=False)]) == []
    voided = Act(9, ActKind.VOIDED, MONDAY + HOUR)
    assert imported.as_handed_over([handed_over(lead, is_imported=True), voided]) == []


@pytest.mark.parametrize(
    ("lead", "told"),
    [
        (Told("B", 0, None, None, None, None, None), set()),
        (Told("B", 0, 2, None, None, None, None), {ClockKind.HANDOVER}),
        (Told("B", 0, None, 1, None, None, None), {ClockKind.DECIDE}),
        (Told("B", 0, None, None, 3, 2, None), set()),
        (Told("B", 0, None, 1, 3, None, None), {ClockKind.DECIDE, ClockKind.FIRST_TOUCH}),
        (Told("B", 0, None, None, None, None, 9), {ClockKind.OUTCOME}),
    ],
)
def test_only_clocks_of_whose_end_a_file_tells_are_told(lead: Told, told: set[ClockKind]) -> None:
    acts = [handed_over([(1, lead)], is_imported=True), *later([lead])]
    assert imported.told(imported.seen(acts)) == told


def test_wins_alone_tell_of_no_end() -> None:
    won = Act(2, ActKind.OUTCOME, MONDAY, (1,), None, {"outcome": Outcome.WON.value})
    assert ClockKind.OUTCOME not in imported.told(imported.seen([won]))
