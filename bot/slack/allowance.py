"""How much of one person is listened to: more than a hand can do, and no more than a script should."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from slack_bolt import BoltContext, BoltResponse

from bot.errors import UserError
from bot.slack.form import Unexpected

SPAN = 60.0
"""Seconds for which the allowance is; all of it may be spent at once."""
MOST_PEOPLE = 10_000
"""Of whom it is known at the same time; who was not heard of for longest has all of it again."""


class Allowance:
    """A bucket for each person, kept as the one instant at which it will be full again."""

    def __init__(self, a_minute: int) -> None:
        self._each = SPAN / a_minute
        self._full_at: OrderedDict[tuple[str | None, str], float] = OrderedDict()
        self._lock = Lock()

    def spend(self, team_id: str | None, user_id: str, now: datetime) -> bool:
        """Take one input's worth out of a person's bucket; False where nothing is left."""
        at, who = now.timestamp(), (team_id, user_id)
        with self._lock:
            # A clock that was set back empties a bucket, and for no longer than it takes to fill.
            full_at = min(max(self._full_at.pop(who, at), at), at + SPAN)
            is_left = full_at + self._each <= at + SPAN
            self._full_at[who] = full_at + self._each if is_left else full_at
            if len(self._full_at) > MOST_PEOPLE:
                self._full_at.popitem(last=False)
        return is_left


def hold(
    allowance: Allowance,
    now: Callable[[], datetime],
    body: Mapping[str, Any],
    context: BoltContext,
    next_: Callable[[], BoltResponse],
) -> BoltResponse:
    """Let pass what is within a person's allowance.

    Beyond it, what is answered in the acknowledgement is refused in words; the rest is dropped, for hints
    would be a flood of ours. Reactions that were dropped are made good by comparison with the cards.
    """
    if context.user_id is None or allowance.spend(context.team_id, context.user_id, now()):
        return next_()
    if "command" in body or body.get("type") == "view_submission":
        raise UserError("too_fast")
    raise Unexpected("more than one person sends")
