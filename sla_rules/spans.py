"""Spans of seconds in order, and the table that tells how much of them lies before an instant."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate

Span = tuple[int, int]
"""From an instant until another, in seconds since 1970, the second not included."""

ALWAYS, FOR_EVER = -(1 << 62), 1 << 62


def merged(spans: Iterable[Span]) -> list[Span]:
    """Put spans in order, join those that overlap or touch, and leave out the empty ones."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def clipped(spans: Iterable[Span], first: int, last: int) -> list[Span]:
    """Keep what of the spans lies between two instants."""
    inside = ((max(start, first), min(end, last)) for start, end in spans)
    return [span for span in inside if span[0] < span[1]]


class Table:
    """All work between two instants, given by day, each day's spans in order."""

    __slots__ = ("closes", "ends", "from_at", "opens", "starts", "sums", "until_at")

    def __init__(self, from_at: int, until_at: int, days: Iterable[list[Span]]) -> None:
        self.from_at, self.until_at = from_at, until_at
        worked = [inside for day in days if (inside := clipped(day, from_at, until_at))]
        # An empty span comes first, so that no instant of the table lies before all of them.
        spans = [(from_at, from_at), *merged(span for day in worked for span in day)]
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.sums = list(accumulate(end - start for start, end in spans))
        self.opens = sorted(day[0][0] for day in worked)
        self.closes = sorted(day[-1][1] for day in worked)

    def holds(self, first: int, last: int) -> bool:
        return self.from_at <= first and last <= self.until_at

    def worked_until(self, at: int) -> int:
        """Count the seconds of work from the beginning of the table."""
        last = bisect_right(self.starts, at) - 1
        end = self.ends[last]
        return self.sums[last] if at >= end else self.sums[last] - end + at

    def days_between(self, first: int, last: int) -> int:
        """Count the days of which some work lies between two instants."""
        return max(0, bisect_left(self.opens, last) - bisect_right(self.closes, first))
