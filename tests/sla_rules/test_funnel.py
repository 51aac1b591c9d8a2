"""Times and rates: percentiles from values and from buckets, means, parts of a whole."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.funnel import bucket_of, in_days, middle_of, percentile, percentile_of_buckets, ratio

YEAR = 365 * 86_400
SECONDS = st.integers(0, 3 * YEAR)


@pytest.mark.parametrize(("seconds", "bucket"), [(0, 0), (1, 1), (2, 36), (3600, 414), (86_400, 575)])
def test_a_span_lies_in_a_bucket_two_per_cent_wide(seconds: int, bucket: int) -> None:
    assert bucket_of(seconds) == bucket


@given(SECONDS.filter(bool))
def test_the_middle_of_its_bucket_is_within_one_per_cent_of_a_span(seconds: int) -> None:
    assert middle_of(bucket_of(seconds)) == pytest.approx(seconds, rel=0.01)


def test_nothing_at_all_is_in_the_lowest_bucket() -> None:
    assert middle_of(bucket_of(0)) == 0


@given(SECONDS, SECONDS)
def test_a_longer_span_is_never_in_a_lower_bucket(one: int, other: int) -> None:
    assert (bucket_of(one) <= bucket_of(other)) == (one <= other) or bucket_of(one) == bucket_of(other)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, None),
        ([7], 0.9, 7),
        ([1, 3], 0.5, 2),
        ([4, 1, 3, 2], 0.5, 2.5),
        ([4, 1, 3, 2], 0.9, 3.7),
        ([5, 1, 3], 0.0, 1),
        ([5, 1, 3], 1.0, 5),
        ([2, 2, 2], 0.5, 2),
    ],
)
def test_a_percentile_lies_between_the_two_nearest_values(
    values: Sequence[int], share: float, expected: float | None
) -> None:
    assert percentile(values, share) == (None if expected is None else pytest.approx(expected))


@given(st.lists(SECONDS.filter(bool), min_size=1, max_size=200), st.sampled_from([0.5, 0.9]))
def test_a_percentile_of_buckets_is_within_one_per_cent_of_the_value_at_its_rank(
    values: list[int], share: float
) -> None:
    ordered = sorted(values)
    rank = next(rank for rank in range(1, len(values) + 1) if rank >= share * len(values))
    found = percentile_of_buckets(Counter(map(bucket_of, values)), share)
    assert found == pytest.approx(ordered[rank - 1], rel=0.01)


@pytest.mark.parametrize("counts", [{}, {5: 0}])
def test_there_is_no_percentile_of_nothing(counts: dict[int, int]) -> None:
    assert percentile_of_buckets(counts, 0.5) is None


@pytest.mark.parametrize(
    ("seconds", "days"), [(None, None), (0, 0.0), (86_400, 1.0), (36_000, 0.42), (427.55 * 86_400, 427.55)]
)
def test_days_are_of_24_hours_to_two_decimals(seconds: float | None, days: float | None) -> None:
    assert in_days(seconds) == days


@pytest.mark.parametrize(("part", "whole", "expected"), [(1, 4, 0.25), (0, 4, 0), (0, 0, None), (3, 0, None)])
def test_a_ratio_over_nothing_is_nothing(part: int, whole: int, expected: float | None) -> None:
    assert ratio(part, whole) == expected
