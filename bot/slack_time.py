"""What time it is for Slack, as the `Date` of its answers told last, and how far we are from it."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from threading import Lock

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

log = logging.getLogger(__name__)

MOST_SKEW = timedelta(seconds=60)


class SlackTime:
    """Slack's clock, carried on by one that nobody sets; so that a step of ours is seen at once.

    The carrying clock stands still while the machine sleeps: that looks like a step until Slack is asked.
    """

    def __init__(self, ours: Callable[[], datetime], carried: Callable[[], float] = time.monotonic) -> None:
        self._ours = ours
        self._carried = carried
        self._told: tuple[datetime, float] | None = None
        self._was_sane = True
        self._lock = Lock()

    def heard(self, date: str) -> None:
        """Take the `Date` of an answer; one that cannot be read tells nothing."""
        try:
            told = parsedate_to_datetime(date)
        except ValueError:
            return
        if told.tzinfo is not None:
            self._told = (told, self._carried())

    def ask(self, client: WebClient) -> None:
        """Ask Slack for nothing but its time: it stands on every answer, also on a refusal."""
        try:
            headers = client.api_call("api.test").headers
        except SlackApiError as error:
            headers = error.response.headers
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            log.warning("Slack did not answer: %s", error)
            return
        self.heard(next((str(value) for name, value in headers.items() if name.lower() == "date"), ""))

    def now(self) -> datetime:
        """Give Slack's time; ours, until Slack told."""
        if self._told is None:
            return self._ours()
        told, at = self._told
        return told + timedelta(seconds=self._carried() - at)

    def silent_for(self) -> float | None:
        """Say how many seconds ago Slack told last; None before it ever did."""
        return None if self._told is None else self._carried() - self._told[1]

    def skew(self) -> timedelta:
        """Say by how much we are ahead of Slack."""
        return self._ours() - self.now()

    def is_sane(self) -> bool:
        """Say whether our clock is near enough to plan by; a change is logged, once."""
        skew = self.skew()
        is_sane = abs(skew) <= MOST_SKEW
        with self._lock:
            has_changed, self._was_sane = is_sane != self._was_sane, is_sane
        if has_changed and is_sane:
            log.warning("this machine's clock agrees with Slack's again: posts and nudges go on")
        elif has_changed:
            log.error(
                "this machine's clock differs from Slack's by %d s: no post and no nudge is planned",
                skew.total_seconds(),
            )
        return is_sane
