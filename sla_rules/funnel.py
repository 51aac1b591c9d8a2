"""Times and rates of the funnel: percentiles from values or from buckets, means, parts of a whole."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import ceil, floor, log

WIDTH = 1.02
"""Each bucket is 2 % wider than the one below, so its middle is within 1 % of any value in it."""
EXACT_UP_TO = 1000
BUCKETS = 1200
"""More than any span needs: the last one is of six centuries."""
DAY = 86_400
SPANS = ("take", "touch", "conversion", "cycle")
"""The times of a lead: until it is taken, from then to its first touch, from handoff and from SQL to won."""


def bucket_of(seconds: int) -> int:
    """Name the bucket of a span: 0 below one second, then 1, 2, … each 2 % wide."""
    return 0 if seconds < 1 else floor(log(seconds, WIDTH)) + 1


def middle_of(bucket: int) -> float:
    """Give the geometric middle of a bucket, in seconds."""
    return 0.0 if bucket == 0 else WIDTH ** (bucket - 0.5)


def percentile(values: Sequence[int], share: float) -> float | None:
    """Interpolate between the two nearest values, as pandas and numpy do; none of nothing is None."""
    if not values:
        return None
    ordered = sorted(values)
    rank = share * (len(ordered) - 1)
    low = floor(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (rank - low) * (ordered[high] - ordered[low])


def percentile_of_buckets(counts: Mapping[int, int], share: float) -> float | None:
    """Give the middle of the bucket in which the percentile falls: within 1 %."""
    total = sum(counts.values())
    if total <= 0:
        return None
    buckets = sorted(counts)
    ranks = list(accumulate(counts[bucket] for bucket in buckets))
    return middle_of(buckets[bisect_left(ranks, max(1, ceil(share * total)))])


def in_days(seconds: float | None) -> float | None:
    """Turn seconds into calendar days of 24 hours, to two decimals."""
    return None if seconds is None else round(seconds / DAY, 2)


def ratio(part: float, whole: float) -> float | None:
    """Divide, where there is something to divide by."""
    return part / whole if whole else None
