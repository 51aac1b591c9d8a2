"""What the app's manifest asks Slack for: scopes, events, commands, shortcuts."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import yaml

from bot.sandbox.refusals import Json

SCOPES = [
    "channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write",
    "groups:history",
    "groups:read", "im:history", "im:read", "im:write", "reactions:read", "reactions:write",
    "usergroups:read", "users:read",
]  # fmt: skip
EVENTS = [
    "app_home_opened", "member_joined_channel", "member_left_channel", "message.im", "reaction_added",
    "reaction_removed", "subteam_members_changed", "user_change",
]  # fmt: skip
SLA = {
    "command": "/sla",
    "usage_hint": "status",
    "description": "The agreement at work",
    "should_escape": True,
}


@dataclass
class Manifest:
    """The parts of a manifest that the sandbox enforces; without a file, all that Baton could ask for."""

    scopes: list[str] = field(default_factory=lambda: list(SCOPES))
    events: list[str] = field(default_factory=lambda: list(EVENTS))
    commands: list[Json] = field(default_factory=lambda: [dict(SLA)])
    shortcuts: list[Json] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read manifest.yml; optional scopes count as granted."""
        document = yaml.safe_load(path.read_text())
        granted = document.get("oauth_config", {}).get("scopes", {})
        features = document.get("features", {})
        return cls(
            scopes=[*granted.get("bot", ()), *granted.get("bot_optional", ())],
            events=list(document.get("settings", {}).get("event_subscriptions", {}).get("bot_events", ())),
            commands=list(features.get("slash_commands", ())),
            shortcuts=list(features.get("shortcuts", ())),
        )
