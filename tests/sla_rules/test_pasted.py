"""Sections pasted over a text."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement import Agreement
from sla_rules.pasted import WHOLE, pasted_over
from sla_rules.starter import StarterValues, starter
from sla_rules.strict_yaml import load

VALUES = StarterValues(
    name="DACH",
    marketing_lead="U1",
    marketing_manager="U1",
    sales_lead="U2",
    sales_manager="U2",
    review_on=date(2026, 9, 15),
)
OLD = """\
# The two of us
name: DACH

# When
calendar:
  zone: Europe/Berlin
  # in the middle
  hours: {mon-fri: 09:00-17:00}
goals:
- a
# still the list
- b
"""


def test_a_section_is_replaced_where_it_stands_and_what_is_around_it_stays() -> None:
    pasted = pasted_over(OLD, "# ours\ncalendar:\n  zone: Europe/Vienna\n")
    assert pasted.text == (
        "# The two of us\nname: DACH\n\n# When\n# ours\ncalendar:\n  zone: Europe/Vienna\n"
        "goals:\n- a\n# still the list\n- b\n"
    )


def test_lines_are_counted_as_in_the_paste() -> None:
    pasted = pasted_over(OLD, "goals:\n- c\n\nname: X\n")
    lines = pasted.text.splitlines()
    assert pasted.line_of(lines.index("- c") + 1) == 2
    assert pasted.line_of(lines.index("name: X") + 1) == 4
    assert pasted.line_of(1) is None
    assert [pasted.line_of(line) for line in (None, 0, 99)] == [None, None, None]


def test_a_new_section_comes_last_and_a_doubled_one_stays_doubled() -> None:
    pasted = pasted_over(OLD, "duties: []\ngoals: [c]\n'goals': [d]\n")
    assert pasted.text.endswith("goals: [c]\n'goals': [d]\nduties: []\n")
    assert [fault.code for fault in load(pasted.text).faults] == ["yaml_duplicate_key"]


def test_a_whole_text_is_taken_as_it_is() -> None:
    whole = "".join(f"{name}: x\n" for name in sorted(WHOLE))
    assert pasted_over(OLD, whole).text == whole


def test_what_has_no_section_is_taken_as_it_is() -> None:
    for odd in ("", "hello\n", "- a\n", "{name: x}\n", "# only a remark\n", "stray\ngoals: []\n"):
        assert pasted_over(OLD, odd).text == odd


def test_sections_of_the_starter_change_what_they_name_alone() -> None:
    text = starter(VALUES)
    before, after = load(text), load(pasted_over(text, "name: Nordics\n").text)
    assert isinstance(before.data, dict)
    assert after.data == before.data | {"name": "Nordics"}
    assert not after.faults


@given(st.text(alphabet="ab: #-\n'\"{[", max_size=60))
def test_any_paste_gives_a_text_with_a_line_for_each_line(paste: str) -> None:
    pasted = pasted_over(OLD, paste)
    assert pasted.text.count("\n") == len(pasted.lines)
    assert all(n is None or n <= paste.count("\n") + 1 for n in pasted.lines)


def test_all_required_sections_make_a_whole_text() -> None:
    assert {"name", "parties", "goals", "calendar"} <= WHOLE <= set(Agreement.model_fields)
