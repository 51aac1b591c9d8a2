"""Chances in closed form, held against sums that are written out."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules import chances
from sla_rules.chances import Part, incomplete_beta


@pytest.mark.parametrize(
    ("n", "k", "x"), [(1, 1, 0.3), (10, 3, 0.5), (40, 12, 0.2), (40, 38, 0.9), (60, 1, 0.001)]
)
def test_the_incomplete_beta_function_is_a_sum_of_binomial_chances(n: int, k: int, x: float) -> None:
    at_least = sum(comb(n, i) * x**i * (1 - x) ** (n - i) for i in range(k, n + 1))

    assert incomplete_beta(k, n - k + 1, x) == pytest.approx(at_least, abs=1e-9)


@pytest.mark.parametrize(("x", "found"), [(0.0, 0.0), (1.0, 1.0)])
def test_its_ends_are_certain(x: float, found: float) -> None:
    assert incomplete_beta(2.5, 7, x) == found


def test_a_count_without_clumps_is_all_but_poisson() -> None:
    cumulated = chances.of_count([Part(1, 4, 4)])

    assert cumulated(-1) == 0
    assert cumulated(0) == pytest.approx(0.0183, abs=1e-3)
    assert cumulated(4) == pytest.approx(0.6288, abs=1e-3)
    assert chances.likely(cumulated) == (2, 6)


def test_what_varies_less_than_that_is_binomial() -> None:
    cumulated = chances.of_count([Part(1, 8, 1.6)])
    binomial = sum(comb(10, i) * 0.8**i * 0.2 ** (10 - i) for i in range(8))

    assert cumulated(7) == pytest.approx(binomial)
    assert cumulated(10) == 1


def test_nothing_expected_is_nothing() -> None:
    assert chances.likely(chances.of_count([Part(1, 0, 0)])) == (0, 0)


def test_a_share_whose_leads_go_their_own_ways_is_binomial() -> None:
    cumulated = chances.of_share([Part(1, 8, 10 * 0.8 * 0.2)], 10)
    binomial = sum(comb(10, i) * 0.8**i * 0.2 ** (10 - i) for i in range(9))

    assert cumulated(8) == pytest.approx(binomial, abs=1e-3)
    assert cumulated(-1) == 0
    assert cumulated(10) == pytest.approx(1)


def test_one_lead_is_kept_or_not() -> None:
    cumulated = chances.of_share([Part(1, 0.7, 0.21)], 1)

    assert cumulated(0) == pytest.approx(0.3)


@pytest.mark.parametrize("of", [chances.EXACT_UP_TO, chances.EXACT_UP_TO + 1])
def test_many_leads_are_reckoned_alike_on_both_sides_of_the_seam(of: int) -> None:
    low, high = chances.likely(chances.of_share([Part(1, 0.9 * of, 10**2)], of))

    assert low == pytest.approx(0.9 * of - 13.5, abs=1.5)
    assert high == pytest.approx(0.9 * of + 12, abs=1.5)


def test_very_many_leads_take_no_longer() -> None:
    cumulated = chances.of_share([Part(1, 90_000, 1_000**2)], 100_000)
    low, high = chances.likely(cumulated)

    assert (cumulated(-1), cumulated(100_000)) == (0, 1)
    assert low == pytest.approx(88_710, abs=20)
    assert high == pytest.approx(91_270, abs=20)


parts = st.builds(Part, st.just(0.5), st.floats(0.01, 5_000), st.floats(0.01, 1e6))


@given(st.tuples(parts, parts), st.integers(0, 6_000))
def test_more_is_never_less_likely(two: tuple[Part, Part], n: int) -> None:
    cumulated = chances.of_count(two)

    assert 0 <= cumulated(n) <= cumulated(n + 1) + 1e-9 <= 1 + 2e-9


@given(st.tuples(parts, parts))
def test_a_range_holds_four_fifths_as_nearly_as_whole_numbers_can(two: tuple[Part, Part]) -> None:
    cumulated = chances.of_count(two)
    low, high = chances.likely(cumulated)

    for at, chance in ((low - 1, 0.1), (high, 0.9)):
        if high > low:
            off = abs(cumulated(at) - chance)
            assert all(off <= abs(cumulated(near) - chance) + 1e-9 for near in (at - 1, at + 1))
