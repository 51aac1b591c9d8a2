"""What stands before Bolt: only what Slack signed is read, and only what is shaped as Slack's reaches it."""

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

MOST_BYTES = 1_000_000
"""Of a body; Slack's are far smaller."""
MOST_FIELDS = 100
DEEPEST = 64
OLDEST = timedelta(minutes=5)
TIMESTAMP = re.compile(rb"[0-9]{1,11}")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"

Headers = Sequence[tuple[bytes, bytes]]
Body = dict[str, Any]


class Turned(Exception):  # noqa: N818  (an answer, not a fault of ours)
    """A request that goes no further; `why` is one of few words, for the metric."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


def look(headers: Headers) -> None:
    """Turn away by its headers alone what need not be read. Raises Turned."""
    if _one(headers, b"content-encoding") not in (b"", b"identity"):
        raise Turned(415, "encoding")
    length = _one(headers, b"content-length")
    if length and (not length.isdigit() or int(length[:20]) > MOST_BYTES):
        raise Turned(413, "size")


def verify(headers: Headers, body: bytes, secret: str, now: datetime) -> None:
    """Check Slack's signature over the bytes as they came. Raises Turned, as 401 whatever is wrong."""
    at = _one(headers, b"x-slack-request-timestamp")
    if not TIMESTAMP.fullmatch(at):
        raise Turned(401, "timestamp")
    if abs(now.timestamp() - int(at)) > OLDEST.total_seconds():
        raise Turned(401, "age")
    signed = hmac.new(secret.encode(), b"v0:" + at + b":" + body, sha256).hexdigest()
    if not hmac.compare_digest(b"v0=" + signed.encode(), _one(headers, b"x-slack-signature")):
        raise Turned(401, "signature")


def read(headers: Headers, body: bytes, app_id: str = "") -> Body:
    """Read a signed body. Raises Turned: with 200 for what is absurd, which no second try mends."""
    kind = _one(headers, b"content-type").partition(b";")[0].strip().lower().decode("ascii", "replace")
    if kind not in (JSON, FORM):
        raise Turned(415, "type")
    found = _json(body) if kind == JSON else _form(body)
    if not (isinstance(found, dict) and _is_shallow(found) and _is_known(found)):
        raise Turned(200, "shape")
    if app_id and found.get("api_app_id", app_id) != app_id:
        raise Turned(200, "app")
    return found


def _one(headers: Headers, name: bytes) -> bytes:
    """Give a header's value; nothing where it is missing or stands there twice."""
    found = [value for header, value in headers if header == name]
    return found[0] if len(found) == 1 else b""


def _json(text: bytes | str) -> Any:
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _form(body: bytes) -> Any:
    """Read a command's fields, or the interaction that stands in the field `payload`."""
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return None
    return _json(fields["payload"]) if "payload" in fields else fields


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return True
    return False


def _inside(value: Any) -> Sequence[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else ()


# ---- what Bolt reads without looking, held to its documented kind: the rest our own code checks as it reads

TEXTS = (
    "type",
    "command",
    "callback_id",
    "team_id",
    "user_id",
    "channel_id",
    "enterprise_id",
    "event_id",
    "trigger_id",
    "response_url",
    "api_app_id",
    "thread_ts",
    "function_execution_id",
    "bot_access_token",
)
"""Which are texts wherever they stand, or null."""
OBJECTS = ("event", "view", "message", "previous_message", "item", "assistant_thread", "function_data")
NAMED = ("team", "user", "channel", "enterprise", "bot_profile")
"""Which are an id, or an object with one."""
LISTS = ("authorizations", "actions", "response_urls")


def _is_known(body: Mapping[str, Any]) -> bool:
    """Say whether a body is a command, an interaction or an event, with all that Bolt relies on."""
    if "command" in body or "ssl_check" in body:
        return all(isinstance(value, str) for value in body.values())
    return isinstance(body.get("type"), str) and _is_sound(body) and _is_addressed(body)


def _is_addressed(body: Mapping[str, Any]) -> bool:
    """Say whether it names what happened or was used."""
    match body["type"]:
        case "url_verification":
            return isinstance(body.get("challenge"), str)
        case "event_callback":
            return isinstance((body.get("event") or {}).get("type"), str)
        case "block_actions":
            actions = body.get("actions") or [{}]
            return all(isinstance(actions[0].get(name), str) for name in ("action_id", "block_id"))
        case "view_submission" | "view_closed":
            view = body.get("view") or {}
            return isinstance(view.get("callback_id"), str) and isinstance(view.get("type"), str)
        case "shortcut" | "message_action":
            return isinstance(body.get("callback_id"), str)
    return False


def _is_sound(body: Mapping[str, Any]) -> bool:
    """Say whether what Bolt finds the listener by is of its kind, at every level it looks at."""
    return (
        all(isinstance(body.get(name), str | None) for name in TEXTS)
        and all(_is_object(body.get(name)) for name in OBJECTS)
        and all(_is_name(body.get(name)) for name in NAMED)
        and all(_is_list_of_objects(body.get(name)) for name in LISTS)
    )


def _is_object(value: Any) -> bool:
    return value is None or (isinstance(value, dict) and _is_sound(value))


def _is_name(value: Any) -> bool:
    if isinstance(value, dict):
        return all(isinstance(value.get(name), str | None) for name in ("id", "team_id", "enterprise_id"))
    return isinstance(value, str | None)


def _is_list_of_objects(value: Any) -> bool:
    return value is None or (isinstance(value, list) and None not in value and all(map(_is_object, value)))
