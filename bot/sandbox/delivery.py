"""Brings to the bot what happens in Slack: over Socket Mode or HTTP, once or with retries."""

import asyncio
import time
from collections.abc import Iterable

from bot.sandbox import posting
from bot.sandbox.faults import Faults, Kind
from bot.sandbox.later import Later
from bot.sandbox.refusals import Json
from bot.sandbox.sockets import Answer, Sockets
from bot.sandbox.traffic import Call, Traffic
from bot.sandbox.workspace import Workspace

# After the first failure: almost at once, after a minute, after five.
RETRY_AFTER_SECONDS = (0, 60, 300)
DELAYED_EVENTS_SECONDS = (3600,) * 24
SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "app_uninstalled": None,
    "team_access_granted": None,
    "team_access_revoked": None,
    "tokens_revoked": None,
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "user_change": "users:read",
    "team_join": "users:read",
    "subteam_members_changed": "usergroups:read",
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
}
OF_ORGANISATION = frozenset({"team_access_granted", "team_access_revoked"})
"""Told an organisation's app of its workspaces, and on behalf of none of them."""


class Delivery:
    """The one way to the bot. `request_url` chooses HTTP; without it Socket Mode is used."""

    def __init__(
        self,
        slack: Workspace,
        sockets: Sockets,
        faults: Faults,
        traffic: Traffic,
        later: Later,
        *,
        events: Iterable[str],
        ack_seconds: float,
    ) -> None:
        self._slack = slack
        self._sockets = sockets
        self._faults = faults
        self._traffic = traffic
        self._later = later
        self._ack_seconds = ack_seconds
        self.events = frozenset(events)
        self.request_url: str | None = None
        self.retry_after: tuple[int, ...] = RETRY_AFTER_SECONDS

    def beside(self, slack: Workspace, faults: Faults, traffic: Traffic) -> "Delivery":
        """Make the way to the same bot from another workspace."""
        made = Delivery(
            slack,
            self._sockets,
            faults,
            traffic,
            self._later,
            events=self.events,
            ack_seconds=self._ack_seconds,
        )
        made.request_url, made.retry_after = self.request_url, self.retry_after
        return made

    async def ask(self, kind: str, payload: Json) -> Answer:
        """Deliver a command or an interaction; Slack sends these once."""
        return await self._send(kind, payload, payload.get("type") or payload.get("command", kind))

    async def event(self, event: Json) -> bool:
        """Deliver an event to a bot that subscribed to it; true when the first attempt was acknowledged."""
        name = subscription(event)
        if not self.is_subscribed(name):
            return False
        payload = self._callback(event)
        fault = self._faults.take((f"event.{name}", "event"), event)
        if fault and fault.kind is Kind.LOST:
            return False
        if fault and fault.kind is Kind.LATE:
            self._later.add(fault.seconds, lambda: self._attempt(name, payload, 0))
            return True
        if fault and fault.kind is Kind.DUPLICATE:
            await self._attempt(name, payload, 0)
        return await self._attempt(name, payload, 0)

    def is_subscribed(self, name: str) -> bool:
        scope = SCOPE_OF_EVENT.get(name, "channels:read")
        return name in self.events and (scope is None or scope in self._slack.scopes)

    async def verify_url(self) -> bool:
        """Challenge the request URL as Slack does when it is set; true when it echoes."""
        payload = {
            "type": "url_verification",
            "token": "sandbox",
            "challenge": self._slack.next_id("challenge"),
        }
        answer = await self._send("events_api", payload, "url_verification")
        body = answer.body or {}
        return answer.is_acked and payload["challenge"] in (body.get("challenge"), body.get("text"))

    async def _attempt(self, name: str, payload: Json, attempt: int, reason: str = "") -> bool:
        answer = await self._send("events_api", payload, f"event {name}", attempt=attempt, reason=reason)
        if not answer.is_acked and answer.may_retry and attempt < len(self.retry_after):
            again, why = attempt + 1, answer.failure
            self._later.add(self.retry_after[attempt], lambda: self._attempt(name, payload, again, why))
        return answer.is_acked

    async def _send(
        self, kind: str, payload: Json, what: str, *, attempt: int = 0, reason: str = ""
    ) -> Answer:
        started = time.perf_counter()
        if self.request_url:
            answer = await asyncio.to_thread(
                posting.post,
                self.request_url,
                self._slack.signing_secret,
                kind,
                payload,
                seconds=self._ack_seconds,
                attempt=attempt,
                reason=reason,
            )
        else:
            answer = await self._sockets.send(kind, payload, attempt=attempt, reason=reason)
        ms = (time.perf_counter() - started) * 1000
        shown = answer.body if answer.is_acked else {"error": answer.failure, "answer": answer.body}
        self._traffic.add(
            Call(
                self._slack.now(),
                "to_bot",
                what,
                answer.is_acked,
                answer.status,
                payload,
                shown,
                round(ms, 1),
            )
        )
        return answer

    def _callback(self, event: Json) -> Json:
        authorization = {
            "enterprise_id": self._slack.enterprise_id,
            "team_id": self._slack.team_id,
            "user_id": self._slack.bot_user_id,
            "is_bot": True,
            "is_enterprise_install": self._slack.enterprise_id is not None,
        }
        told: Json = {
            "type": "event_callback",
            "token": "sandbox",
            "api_app_id": self._slack.app_id,
            "event": event,
            "event_id": self._slack.next_id("Ev"),
            "event_time": int(self._slack.now()),
        }
        if event["type"] in OF_ORGANISATION:
            return told | {"enterprise_id": self._slack.enterprise_id}
        return told | {
            "team_id": self._slack.team_id,
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
        }


def subscription(event: Json) -> str:
    """Return the name under which an app subscribes to an event."""
    kinds = {"channel": "channels", "group": "groups"}
    if event["type"] == "message":
        return f"message.{kinds.get(event['channel_type'], event['channel_type'])}"
    return str(event["type"])
