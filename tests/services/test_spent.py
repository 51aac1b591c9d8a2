"""Where the time of a lead went: parts that add up to the whole as people read them."""

from hypothesis import given
from hypothesis import strategies as st

from bot.services import spent
from sla_rules import fold


def test_an_average_is_shared_to_the_minute() -> None:
    assert spent.a_lead({"pool": 50_490, "touch": 14_910, "paused": 84_600}, 10) == [
        ("pool", 5_040),
        ("touch", 1_500),
        ("paused", 8_460),
    ]


def test_less_than_a_minute_is_told_in_seconds() -> None:
    assert spent.a_lead({"pool": 53, "touch": 21}, 2) == [("pool", 26), ("touch", 11)]


def test_of_no_lead_nothing_is_told() -> None:
    assert spent.a_lead({}, 0) == []


@given(st.lists(st.integers(0, 10**8), min_size=5, max_size=5), st.integers(1, 500))
def test_the_parts_as_they_are_written_add_up_to_the_whole(seconds: list[int], leads: int) -> None:
    shown = dict(spent.a_lead(dict(zip(fold.SPENT, seconds, strict=True)), leads))
    whole = sum(seconds) // leads
    assert sum(shown.values()) == (whole // 60 * 60 if whole >= 60 else whole)
    assert all(part % 60 == 0 for part in shown.values()) or whole < 60
    assert all(part > 0 for part in shown.values())
