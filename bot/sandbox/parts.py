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
from bot.sandbox.tour import Tour
from bot.sandbox.traffic import Traffic
from bot.sandbox.workspace import Workspace


@dataclass
class Parts:
    """`on_clock` moves the demo's clock and returns its new time; `on_reset` begins anew.

    `on_leads(name, content)` begins anew with a file, or says why it does not. All run beside the loop.
    """

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
    on_reset: Callable[[], object] | None = None
    on_leads: Callable[[str, bytes], str] | None = None
    tour: Tour | None = None

    def neighbour(self, team_id: str, name: str) -> "Parts":
        """Make the parts of another workspace in which the same app can be installed."""
        slack = Workspace(now=self.slack.now, scopes=self.slack.scopes, name=name, team_id=team_id)
        slack.app_token, slack.signing_secret = self.slack.app_token, self.slack.signing_secret
        slack.base_url = self.slack.base_url
        faults, traffic, hooks = Faults(0), Traffic(), Hooks(slack)
        delivery = self.delivery.beside(slack, faults, traffic)
        acts = Acts(slack, delivery, hooks, self.manifest)
        shared = (self.later, self.sockets)
        return Parts(slack, traffic, faults, *shared, delivery, hooks, acts, self.manifest, [], None)
