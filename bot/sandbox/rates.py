"""How often a method may be called: Slack's tiers, and one message a second for a channel."""

import math
from collections import defaultdict, deque
from collections.abc import Callable

from bot.sandbox.refusals import RateLimitError

WINDOW_SECONDS = 60
CHANNEL_SECONDS = 1.0
ROUNDING_SECONDS = 0.001


class Rates:
    """Counts calls by the workspace's clock; no bursts, so stricter than Slack."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._calls: dict[str, deque[float]] = defaultdict(deque)
        self._posted: dict[str, float] = {}
        self.are_kept = True

    def count(self, method: str, a_minute: int | None) -> None:
        """Count a call, or refuse it when the last minute is full."""
        if a_minute is None or not self.are_kept:
            return
        now, calls = self._now(), self._calls[method]
        while calls and calls[0] <= now - WINDOW_SECONDS:
            calls.popleft()
        if len(calls) >= a_minute:
            raise RateLimitError(max(1, math.ceil(calls[0] + WINDOW_SECONDS - now)))
        calls.append(now)

    def count_post(self, channel: str) -> None:
        """Count a message to a channel, or refuse the second one within a second."""
        now, last = self._now(), self._posted.get(channel)
        if self.are_kept and last is not None and now - last < CHANNEL_SECONDS - ROUNDING_SECONDS:
            raise RateLimitError(max(1, math.ceil(last + CHANNEL_SECONDS - now)))
        self._posted[channel] = now
