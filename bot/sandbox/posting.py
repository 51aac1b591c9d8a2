"""HTTP mode: signed requests to the bot's address."""

import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from email.message import Message

from bot.sandbox.refusals import Json
from bot.sandbox.sockets import Answer

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Sign a body as Slack does (v0)."""
    base = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def encoded(kind: str, payload: Json) -> tuple[bytes, str]:
    """Return body and content type: JSON for events, forms for commands and interactivity."""
    if kind == "events_api":
        return json.dumps(payload).encode(), JSON
    form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urllib.parse.urlencode(form).encode(), FORM


def post(
    url: str, secret: str, kind: str, payload: Json, *, seconds: float, attempt: int = 0, reason: str = ""
) -> Answer:
    """Send one signed request and read the answer; blocks for at most `seconds`."""
    body, content_type = encoded(kind, payload)
    # Bolt compares this with the machine's clock, so a moved demo clock must not sign.
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(secret, timestamp, body),
    }
    if attempt:
        headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
    request = urllib.request.Request(url, data=body, headers=headers)  # noqa: S310 - the address the tests gave
    try:
        with urllib.request.urlopen(request, timeout=seconds) as response:  # noqa: S310 - as above
            return Answer(is_acked=True, body=_read(response.read()), status=response.status)
    except urllib.error.HTTPError as error:
        with error:
            return Answer(
                is_acked=False,
                failure="http_error",
                status=error.code,
                body=_read(error.read()),
                may_retry=_may_retry(error.headers),
            )
    except TimeoutError:
        return Answer(is_acked=False, failure="http_timeout", status=0)
    except (urllib.error.URLError, OSError) as error:
        is_late = isinstance(getattr(error, "reason", None), TimeoutError)
        return Answer(is_acked=False, failure="http_timeout" if is_late else "connection_failed", status=0)


def _may_retry(headers: Message) -> bool:
    return headers.get("x-slack-no-retry") != "1"


def _read(body: bytes) -> Json | None:
    """Return the answer's JSON; bare text is a message's text."""
    text = body.decode(errors="replace")
    if not text.strip():
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return {"text": text}
    return value if isinstance(value, dict) else {"text": text}
