"""A clock that runs like the machine's and can be moved on."""

import time
from datetime import datetime, timedelta
from threading import Lock


class MovableClock:
    """Runs on from any instant; while it is held, it moves only by being moved."""

    def __init__(self, start_at: datetime) -> None:
        self._at = start_at
        self._anchor: float | None = None
        self._lock = Lock()

    def now(self) -> datetime:
        """Give the present instant of this clock."""
        with self._lock:
            return self._now()

    def sleep(self, seconds: float) -> None:
        """Wait in the machine's time."""
        time.sleep(seconds)

    def release(self) -> None:
        """Let it run on by itself."""
        with self._lock:
            self._anchor = time.monotonic()

    def hold(self) -> None:
        """Stop it where it is."""
        with self._lock:
            self._at, self._anchor = self._now(), None

    def move_to(self, instant: datetime) -> None:
        """Move it on; it never goes back."""
        with self._lock:
            self._at = max(self._now(), instant)
            if self._anchor is not None:
                self._anchor = time.monotonic()

    def _now(self) -> datetime:
        if self._anchor is None:
            return self._at
        return self._at + timedelta(seconds=time.monotonic() - self._anchor)
