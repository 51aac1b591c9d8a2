"""What the sandbox is told to do wrong: per method or event, a number of times or by chance."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any

from bot.sandbox.refusals import Json


class Kind(StrEnum):
    """How a call or the delivery of an event goes wrong."""

    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    ERROR = "error"
    DELAY = "delay"
    CLOSE = "close"
    ACCEPT_THEN_CLOSE = "accept_then_close"
    ACCEPT_THEN_ERROR = "accept_then_error"
    ACCEPT_THEN_HANG = "accept_then_hang"
    ACCEPT_THEN_TRUNCATE = "accept_then_truncate"
    LATE_ACCEPT = "late_accept"
    DUPLICATE = "duplicate"
    LATE = "late"
    LOST = "lost"


@dataclass
class Fault:
    """One order to fail; `times` None is for ever, `when` sees the call's arguments or the event."""

    what: str
    kind: Kind
    times: int | None
    seconds: float
    status: int
    error: str
    when: Callable[[Json], bool] | None
    probability: float


class Faults:
    """The orders in force; chance comes from a seeded generator, so a run can be repeated."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = random.Random(seed)  # noqa: S311 - chance that can be repeated, no secret
        self._orders: list[Fault] = []
        self._lock = Lock()

    def fail(
        self,
        what: str,
        kind: str,
        times: int | None = 1,
        *,
        seconds: float = 30,
        status: int = 500,
        error: str = "internal_error",
        when: Callable[[Json], bool] | None = None,
        probability: float = 1.0,
    ) -> None:
        """Fail a method ("chat.postMessage", "*"), an event ("event", "event.reaction_added") or an "upload".

        `seconds` is Retry-After for rate_limited, the wait for delay, late, late_accept and hang.
        """
        order = Fault(what, Kind(kind), times, seconds, status, error, when, probability)
        with self._lock:
            self._orders.append(order)

    def heal(self) -> None:
        """Forget all orders."""
        with self._lock:
            self._orders.clear()

    def take(self, names: tuple[str, ...], body: Any) -> Fault | None:
        """Return the first order that fits one of these names, and count it."""
        with self._lock:
            for order in self._orders:
                if order.what in names and self._fits(order, body):
                    if order.times is not None:
                        order.times -= 1
                    return order
        return None

    def _fits(self, order: Fault, body: Any) -> bool:
        if order.times == 0 or (order.when is not None and not order.when(body)):
            return False
        return order.probability >= 1 or self._chance.random() < order.probability
