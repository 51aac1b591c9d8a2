"""Requests that nobody should send, at random, the same for a seed: in headers, forms, JSON and text."""

import copy
import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.posting import signature
from bot.slack import routes
from tests.http.front import FORM, JSON
from tests.slack.office import CHANNEL, MAYA, REP1, TEAM

TEXTS = (
    "",
    "\0",
    "\ud800",
    "\u202egnp.exe",
    "é" * 300,
    "Z̷̡̛" * 100,
    "<!channel> <@U1|x> <#C1> <https://evil|bank>",
    "{{ 7*7 }} {% for x in range(10**9) %}",
    "%s%n %(x)s {0.__class__}",
    "'; DROP TABLE notice; --",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "١٢٣",
    "H-0 H-99999999999999999999",
    "a" * 50_000,
    "\n" * 1_000,
    "`*_~>" * 50,
    "A" * 26 + "!",
)
THINGS: tuple[Any, ...] = (None, True, 0, -1, 2**63, 1e308, [], {}, [[]], [{}], {"id": []}, {"a": None})
WRONG: tuple[Any, ...] = (*TEXTS, *THINGS)
SIGNATURES = ("", "v0=", "v0=" + "0" * 64, "v1=" + "f" * 64, "v0=" + "g" * 64, "é", "x" * 9_000, "v0=\t")
STAMPS = ("", "abc", "-5", "1e9", "9" * 400, "0", "NaN", "٣", " 1", "1.5", "0x1f")

BLOCK = {"type": "section", "block_id": "b", "text": {"type": "mrkdwn", "text": "x"}}
MESSAGE = {"ts": "1781510406.000000", "text": "x", "bot_id": "B0BATON", "blocks": [BLOCK]}
FROM = {
    "team": {"id": TEAM},
    "user": {"id": REP1, "team_id": TEAM},
    "trigger_id": "1.2.abc",
    "api_app_id": "A0BATON",
}
PROFILE = {
    "id": REP1,
    "team_id": TEAM,
    "name": "rep1",
    "tz": "Europe/Berlin",
    "deleted": False,
    "is_restricted": False,
    "profile": {
        "display_name": "Rep",
        "status_text": "Vacation",
        "status_emoji": ":palm_tree:",
        "status_expiration": 0,
    },
}
FIELD = {"type": "plain_text_input", "value": "2"}
STATE = {"values": {name: {"value": FIELD} for name in ("count", "source", "reason", "tier_b", "note", "at")}}


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent, and whether Slack could have signed it."""

    body: bytes
    headers: Mapping[str, str]
    is_signed: bool


class Hostile:
    """Makes requests, one after the other."""

    def __init__(self, secret: str, seed: int) -> None:
        self.secret = secret
        self.chance = random.Random(seed)
        self._n = 0
        self._kinds: tuple[Callable[[], Request], ...] = (
            self._in_headers,
            self._in_bytes,
            self._in_json,
            self._in_json,
            self._in_form,
            self._in_text,
            self._in_nesting,
        )

    def next(self) -> Request:
        """Make the next one."""
        self._n += 1
        return self.chance.choice(self._kinds)()

    # ---- what is wrong, by where

    def _in_headers(self) -> Request:
        body = self._encoded(self._event())
        sent = self._signed(body, JSON)
        name, values = self.chance.choice(
            [("X-Slack-Signature", SIGNATURES), ("X-Slack-Request-Timestamp", STAMPS)]
        )
        if self.chance.random() < 0.1:
            del sent[name]
        else:
            sent[name] = self.chance.choice(values)
        return Request(body, _sendable(sent), is_signed=False)

    def _in_bytes(self) -> Request:
        """Cut, double, or spoil single bytes of what was good."""
        body, kind = self._whole()
        spoiled = bytearray(body[: self.chance.randrange(len(body))] if self.chance.random() < 0.3 else body)
        for _ in range(self.chance.randrange(1, 6)):
            if spoiled:
                spoiled[self.chance.randrange(len(spoiled))] = self.chance.randrange(256)
        return self._request(bytes(spoiled), kind)

    def _in_json(self) -> Request:
        """Put something else in one to three places of an event or an interaction."""
        good = self.chance.choice((self._event, self._press, self._submission, self._shortcut))
        body = self._spoiled(good())
        if body.get("type") == "event_callback":
            return self._request(self._encoded(body), JSON)
        return self._request(urlencode({"payload": self._encoded(body)}).encode(), FORM)

    def _in_form(self) -> Request:
        """Leave out, double or overfill fields of a command."""
        fields = [*self._command().items()]
        for _ in range(self.chance.randrange(1, 4)):
            if self.chance.random() < 0.5:
                fields.pop(self.chance.randrange(len(fields)))
            fields.append((self.chance.choice(fields)[0], self.chance.choice(TEXTS)))
        return self._request(_form(fields), FORM)

    def _in_text(self) -> Request:
        """Type hostile text after a word that is ours."""
        word = self.chance.choice([*routes.WORDS])
        typed = " ".join([word, *self.chance.choices(TEXTS[:18], k=self.chance.randrange(1, 4))])
        return self._request(_form([*(self._command() | {"text": typed}).items()]), FORM)

    def _in_nesting(self) -> Request:
        depth = self.chance.choice((10, 63, 65, 500, 5_000, 100_000))
        deep = self.chance.choice((b"[" * depth, b'{"a":' * depth + b"1" + b"}" * depth, b'["' * depth))
        event = b'{"type":"event_callback","event":{"type":"message","x":' + deep + b"}}"
        return self._request(self.chance.choice((deep, event)), JSON)

    # ---- what would be good

    def _whole(self) -> tuple[bytes, str]:
        if self.chance.random() < 0.5:
            return self._encoded(self._event()), JSON
        return _form([*self._command().items()]), FORM

    def _event(self) -> dict[str, Any]:
        kind = self.chance.choice(sorted(routes.EVENTS.keys() - {"app_uninstalled", "tokens_revoked"}))
        told = {
            "type": kind,
            "user": PROFILE if kind in ("user_change", "team_join") else REP1,
            "subteam_id": "S1",
            "channel": CHANNEL,
            "channel_type": "im",
            "text": "status",
            "tab": "home",
            "reaction": "white_check_mark",
            "item": {"type": "message", "channel": CHANNEL, "ts": "1781510406.000000"},
            "event_ts": "1781510407.000000",
        }
        our_own = {"team_id": TEAM, "user_id": "U0BATON", "is_bot": True, "is_enterprise_install": False}
        return {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A0BATON",
            "event_id": f"Ev{self._n}",
            "authorizations": [our_own],
            "event": told,
        }

    def _press(self) -> dict[str, Any]:
        action: dict[str, Any] = {
            "action_id": self.chance.choice([*routes.ACTIONS]),
            "block_id": "b",
            "type": "button",
        }
        option = {"value": "void:1"}
        used: tuple[dict[str, Any], ...] = ({"value": "1"}, {"selected_option": option})
        action |= self.chance.choice(used)
        return {
            **FROM,
            "type": "block_actions",
            "channel": {"id": CHANNEL},
            "message": MESSAGE,
            "actions": [action],
        }

    def _submission(self) -> dict[str, Any]:
        view = {
            "id": f"V{self._n}",
            "type": "modal",
            "callback_id": self.chance.choice([*routes.VIEWS]),
            "private_metadata": self.chance.choice(('{"handoff":1}', '{"agreement":1,"clock":1}', "{}", "[")),
            "state": STATE,
            "blocks": [{"type": "input", "block_id": name} for name in STATE["values"]],
        }
        return {**FROM, "type": "view_submission", "view": view}

    def _shortcut(self) -> dict[str, Any]:
        kind = self.chance.choice(("shortcut", "view_closed", "message_action"))
        return {**FROM, "type": kind, "callback_id": "log"}

    def _command(self) -> dict[str, str]:
        return {
            "command": "/sla",
            "text": self.chance.choice([*routes.WORDS]),
            "team_id": TEAM,
            "user_id": MAYA,
            "channel_id": CHANNEL,
            "trigger_id": f"1.{self._n}.abc",
            "api_app_id": "A0BATON",
        }

    # ---- how it is spoiled and sent

    def _spoiled(self, body: dict[str, Any]) -> dict[str, Any]:
        body = copy.deepcopy(body)
        for _ in range(self.chance.randrange(1, 4)):
            self._spoil(body)
        return body

    def _spoil(self, node: Any) -> None:
        """Go down at random, and put something wrong where that ends."""
        keys = [*node] if isinstance(node, dict) else [*range(len(node))]
        if not keys:
            return
        key = self.chance.choice(keys)
        if isinstance(node[key], dict | list) and node[key] and self.chance.random() < 0.8:
            self._spoil(node[key])
        elif isinstance(node, dict) and self.chance.random() < 0.2:
            del node[key]
        else:
            node[key] = copy.deepcopy(self.chance.choice(WRONG))

    def _encoded(self, body: object) -> bytes:
        return json.dumps(body).encode()

    def _request(self, body: bytes, kind: str) -> Request:
        return Request(body, self._signed(body, kind), is_signed=True)

    def _signed(self, body: bytes, kind: str) -> dict[str, str]:
        at = str(int(time.time()))
        return {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signature(self.secret, at, body),
        }


def _form(fields: list[tuple[str, str]]) -> bytes:
    return urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in fields]).encode()


def _sendable(headers: Mapping[str, str]) -> dict[str, str]:
    """Write values as the bytes of UTF-8, which a header takes as they are."""
    return {name: value.encode().decode("latin-1") for name, value in headers.items()}
