"""The parts of the small Slack, as its web side needs them together."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.acts import Acts
from bot.sandbox.delivery import Delivery
from bot.sandbox.faults import Faults
from bot.sandbox.hooks import Hooks
from bot.sandbox.later import Later
from bot.sandbox.manifest import Manifest
from bot.sandbox.refusals import Json
from bot.sandbox.sockets import Sockets
from bot.sandbox.traffic import Traffic
from bot.sandbox.workspace import Workspace


@dataclass
class Parts:
    """`on_clock` moves the demo's clock and returns its new time; it runs beside the loop."""

    slack: Workspace
    traffic: Traffic
    faults: Faults
    later: Later
    sockets: Sockets
    delivery: Delivery
    hooks: Hooks
    acts: Acts
    manifest: Manifest
    hints: list[Json]
    on_clock: Callable[[str], float | None] | None
