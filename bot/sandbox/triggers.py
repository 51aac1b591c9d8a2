"""Trigger ids: good for one exchange, within seconds of the machine's clock."""

import secrets
from dataclasses import dataclass
from time import monotonic

from bot.sandbox.refusals import SlackError

GOOD_FOR_SECONDS = 3.0


@dataclass
class Trigger:
    user: str
    from_view: str | None
    issued: float
    is_used: bool = False


class Triggers:
    def __init__(self) -> None:
        self.good_for = GOOD_FOR_SECONDS
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, from_view: str | None = None) -> str:
        number = f"{len(self._issued) + 1}.{secrets.token_hex(6)}"
        self._issued[number] = Trigger(user, from_view, monotonic())
        return number

    def exchange(self, number: str) -> Trigger:
        """Use a trigger up, or refuse it as Slack does."""
        trigger = self._issued.get(number)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.is_used:
            raise SlackError("exchanged_trigger_id")
        if monotonic() - trigger.issued > self.good_for:
            raise SlackError("expired_trigger_id")
        trigger.is_used = True
        return trigger
