"""A text in pieces: found again though others moved or changed them."""

from typing import Any

import pytest

from sla_rules.pieces import ABOUT, Data, Piece, at, data_of, fingerprint, found_again, is_as_seen, piece_at

GOALS: list[Any] = [
    {"party": "marketing", "metric": "qualified_leads", "target": "240", "per": "month"},
    {"party": "sales", "metric": "touched_in_time", "tier": "A", "target": "85 %", "per": "month"},
    {"party": "sales", "metric": "touched_in_time", "tier": "B", "target": "80 %", "per": "month"},
]
DATA: Data = {"name": "DACH", "locale": "en", "clocks": {"answer": "4h"}, "goals": GOALS}


def goals(*found: Any) -> Data:
    return {**DATA, "goals": list(found)}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((ABOUT,), {"name": "DACH", "locale": "en"}),
        (("clocks", "answer"), "4h"),
        (("clocks", "decide", "B"), None),
        (("goals", 1, "tier"), "A"),
        (("goals", 7), None),
        (("goals", "x"), None),
        (("name", "x"), None),
    ],
)
def test_what_is_written_is_found_by_its_path(path: Any, found: Any) -> None:
    assert at(DATA, path) == found


@pytest.mark.parametrize(
    ("now", "place", "is_seen"),
    [
        (DATA, 2, True),
        (goals(GOALS[0], GOALS[2]), 1, True),
        (goals(GOALS[2], *GOALS[:2]), 0, True),
        (goals(*GOALS[:2], {**GOALS[2], "target": "70 %"}), 2, False),
        (goals(*GOALS[:2]), 2, False),
        (goals(*GOALS[:2], {**GOALS[2], "tier": "C"}), 3, False),
    ],
)
def test_an_item_is_found_by_what_it_was_else_by_what_it_is_about(
    now: Data, place: int, is_seen: Any
) -> None:
    again = found_again(now, piece_at(DATA, ("goals", 2)))

    assert again.base == ("goals", place)
    assert is_as_seen(now, again) is is_seen


def test_a_new_item_goes_to_the_end_of_the_list_as_it_is_then() -> None:
    new = Piece(("goals", 3), fingerprint(None))
    again = found_again(goals(*GOALS, GOALS[0]), new)

    assert again.base == ("goals", 4)
    assert is_as_seen(goals(*GOALS, GOALS[0]), again)


def test_a_section_is_as_seen_until_somebody_wrote_in_it() -> None:
    seen = piece_at(DATA, ("clocks",))

    assert is_as_seen(goals(), found_again(goals(), seen))
    assert not is_as_seen({**DATA, "clocks": {"answer": "2h"}}, seen)


def test_only_an_agreement_s_text_is_read() -> None:
    assert data_of("a: b") == {"a": "b"}
    with pytest.raises(TypeError):
        data_of("- a")
