import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement import Agreement
from sla_rules.amend import Amendment, amended, with_changes
from sla_rules.strict_yaml import Path, Plain, load
from tests.sla_rules.berlin import TEXT

DATA = load(TEXT).data


def leaves(node: Any, path: Path = ()) -> list[Path]:
    parts = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for name, below in parts for found in leaves(below, (*path, name)))]


PLACES = [path for path in leaves(DATA) if path]


def comments(text: str) -> list[str]:
    return [line.partition("#")[2].strip() for line in text.splitlines() if "#" in line]


GOALS = [line for line in TEXT.splitlines(keepends=True) if "metric: " in line]
SQL_RATE: Plain = {"party": "sales", "metric": "sql_rate", "target": "10 %", "per": "quarter"}
SQL_RATE_LINE = "  - {party: sales, metric: sql_rate, target: 10 %, per: quarter}\n"
CAPPED = "    A: no cap\n    B and C: 10      # together\n"
AMENDED: list[tuple[Amendment, str, str]] = [
    # what is changed, what stood there, what stands there now
    ({("clocks", "first_touch", "B"): "4h"}, "B: 1 working day, C: 3", "B: 4h, C: 3"),
    ({("clocks", "answer"): "1h 30min"}, "answer: 4h", "answer: 1h 30min"),
    ({("clocks", "answer"): None}, "  answer: 4h\n", ""),
    ({("clocks", "attempts", "C"): None}, ", C: 3 in 15 working days}", "}"),
    ({("clocks", "attempts", "A"): None}, "{A: 6 in 10 working days, B", "{B"),
    ({("name",): "Berlin: new # one"}, "name: Berlin", 'name: "Berlin: new # one"'),
    ({("goals", 0, "target"): "120"}, "target: 240,", "target: 120,"),
    ({("goals", 1): None}, GOALS[1], ""),
    ({("goals", 8): SQL_RATE}, GOALS[7], GOALS[7] + SQL_RATE_LINE),
    (
        {("goals", 0): None, ("goals", 8): SQL_RATE, ("goals", 2): None},
        "".join(GOALS),
        "".join([GOALS[1], *GOALS[3:], SQL_RATE_LINE]),
    ),
    ({("limits", "volume", "day"): "70"}, "volume: {}      # for", "volume: {day: 70}      # for"),
    ({("limits", "capacity", "A"): None}, "    A: no cap\n", ""),
    (
        {("limits", "capacity"): {}},
        f"  capacity:      # leads a rep a day\n{CAPPED}",
        "  capacity: {}      # leads a rep a day      # together\n",
    ),
    ({("calendar", "holidays"): "none"}, "holidays: {country: DE, subdivision: BE}", "holidays: none"),
    ({("calendar", "days_off", 0): "2018-12-24"}, "days_off: []", "days_off: [2018-12-24]"),
    ({("duties", 0, "who"): "UMIA"}, "due: 25th}", "due: 25th, who: UMIA}"),
    ({("parties", "sales", "rota"): ["USIA"]}, "rota: [USOL, USIA]", "rota: [USIA]"),
    (
        {("parties", "marketing", "members"): None, ("parties", "marketing", "group"): "S1"},
        "    members: [UMARA, UMIA]      # or  group: S0123ABC  in place of members\n",
        "    group: S1\n",
    ),
    (
        {("definitions", "ICP", "budget"): "Has one, this year"},
        "reaches the person\n",
        "reaches the person\n    budget: Has one, this year\n",
    ),
    (
        {("definitions", "SAL"): "Two\nlines"},
        "SAL: An MQL that a rep has looked at and taken to work on.",
        r'SAL: "Two\nlines"',
    ),
    (
        {("rejection_reasons", "too_far"): {"label": "Too far", "kind": "neutral"}},
        "  other: {label: Something else, kind: neutral}\n",
        "  other: {label: Something else, kind: neutral}\n  too_far: {label: Too far, kind: neutral}\n",
    ),
    ({("locale",): None}, "locale: en\n", ""),
]


@pytest.mark.parametrize(("changes", "old", "new"), AMENDED, ids=lambda value: repr(value)[:60])
def test_a_text_is_amended_at_its_place_alone(changes: Amendment, old: str, new: str) -> None:
    assert old in TEXT
    assert amended(TEXT, changes) == TEXT.replace(old, new, 1)


WORDS = st.sampled_from(
    [
        "4h",
        "75 %",
        "no",
        "",
        "a: b",
        "x # y",
        "- z",
        "{",
        "'",
        '"',
        "%",
        "é, ü",
        "two\nlines",
        "&a",
        "|",
        " lead ",
    ]
) | st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029"), max_size=20)
VALUES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(PLACES), st.none() | VALUES, min_size=1, max_size=4))
def test_any_change_of_any_place_reads_again_as_it_was_wanted(changes: dict[Path, Plain | None]) -> None:
    text = amended(TEXT, changes)

    read = load(text)
    # What cannot be seen may stand in no text, however it is written.
    if not any(fault.code == "yaml_unseen_character" for fault in read.faults):
        assert read.data == with_changes(DATA or "", changes)
        assert not read.faults


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_every_value_of_the_starter_can_be_replaced_and_taken_out_with_its_comments_kept(path: Path) -> None:
    for value in ("4h", None):
        text = amended(TEXT, {path: value})

        assert load(text).data == with_changes(DATA or "", {path: value})
        assert len(comments(text)) >= len(comments(TEXT)) - 4


def test_what_is_almost_all_new_is_written_anew_and_quickly() -> None:
    goals: list[Plain] = [f"{n}" for n in range(3_000)]
    began = time.process_time()

    text = amended(TEXT, {("calendar", "days_off"): goals, ("rejection_reasons",): dict.fromkeys(["a"], "b")})
    more = amended(text, {("rejection_reasons", f"r{n}"): {"label": "x", "kind": "y"} for n in range(500)})

    assert time.process_time() - began < 2
    assert len(comments(more)) >= len(comments(TEXT)) - 2
    reasons = with_changes(load(more).data or "", {})
    assert isinstance(reasons, dict)
    assert len(reasons["rejection_reasons"]) == 501


def test_what_was_changed_back_is_the_old_text() -> None:
    there = amended(TEXT, {("clocks", "first_touch", "B"): "4h", ("clocks", "answer"): None})
    back = amended(there, {("clocks", "first_touch", "B"): "1 working day", ("clocks", "answer"): "4h"})

    assert back == TEXT


def test_nothing_to_change_changes_nothing() -> None:
    assert amended(TEXT, {}) == TEXT
    assert amended(TEXT, {("clocks", "answer"): "4h", ("nothing", "here"): None}) == TEXT


def test_a_section_that_was_left_out_comes_where_the_starter_has_it() -> None:
    short = amended(TEXT, {("responsibilities",): None})
    work: Plain = {
        "begins": "When a lead arrives",
        "ends": "When it is handed over",
        "does": ["Checks leads"],
    }

    text = amended(short, {("responsibilities",): {"marketing": work, "sales": work}})

    assert list(load(text).data or ()) == list(DATA or ())
    assert Agreement.parse(text).clause_of("responsibilities.sales") == "8.2"


def test_an_amended_starter_is_an_agreement() -> None:
    text = amended(TEXT, {("goals", 0, "target"): "100", ("clocks", "handover", "B"): "6h"})

    assert Agreement.parse(text).goals[0].target == 100


@pytest.mark.parametrize("text", ["", "a: [", "\x00"])
def test_what_cannot_be_read_cannot_be_amended(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        amended(text, {("name",): "x"})


LAYOUTS = [
    # a text of another layout, a change, the text after it
    ("a:\n- x\n- y   # why\n", {("a", 1): None}, "a:\n- x\n"),
    ("a:\n  - b: 1\n    c: 2\n  - b: 3\n", {("a", 0, "b"): None}, "a:\n  - c: 2\n  - b: 3\n"),
    ("a:\n  - b: 1\n    c: 2\n", {("a", 0, "c"): "5"}, "a:\n  - b: 1\n    c: 5\n"),
    ("a:   # none yet\nb: 1", {("a",): "2"}, "a: 2   # none yet\nb: 1"),
    ("a: |\n  two\n  lines\nb: 1\n", {("a",): "one"}, "a: one\nb: 1\n"),
    ("a: >-\n  two\n  lines\n\n# about b\nb: 1\n", {("a",): None}, "\n# about b\nb: 1\n"),
    ("a: {\n  b: 1,   # one\n  c: 2\n}\n", {("a", "c"): "3"}, "a: {\n  b: 1,   # one\n  c: 3\n}\n"),
    ("a: 1", {("b",): "2"}, "a: 1\nb: 2\n"),
    ("\ufeffa: 1\n", {("a",): "2"}, "a: 2\n"),
    ("é: ü\nö: 'ß'\n", {("ö",): "x"}, "é: ü\nö: x\n"),
    ("'a': 1\r\nb: 2\r\n", {("b",): "3"}, "'a': 1\r\nb: 3\r\n"),
]


@pytest.mark.parametrize(
    ("text", "changes", "after"), LAYOUTS, ids=[repr(text)[:40] for text, _, _ in LAYOUTS]
)
def test_other_layouts_are_kept_too(text: str, changes: Amendment, after: str) -> None:
    assert amended(text, changes) == after
