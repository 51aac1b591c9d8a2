"""What went between Slack and the bot, kept for tests and for the page's drawer."""

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.sandbox.refusals import Json

KEPT = 50_000


@dataclass(frozen=True)
class Call:
    """One exchange; `at` by the workspace's clock, `ms` by the machine's; tokens are never kept."""

    at: float
    direction: str
    what: str
    ok: bool
    status: int
    body: Any
    answer: Any
    ms: float

    def as_json(self) -> Json:
        return {"type": "traffic", **asdict(self)}


@dataclass
class Traffic:
    calls: deque[Call] = field(default_factory=lambda: deque(maxlen=KEPT))
    listeners: list[Callable[[Call], None]] = field(default_factory=list)

    def add(self, call: Call) -> None:
        self.calls.append(call)
        for listener in self.listeners:
            listener(call)
