"""Only what Slack signed is read, and only what is shaped as Slack's reaches Bolt."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.http import guard
from bot.http.guard import Turned
from bot.sandbox.posting import signature
from tests.http.front import FORM, JSON

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
AT = str(int(NOW.timestamp()))
BODY = b'{"type":"event_callback","event":{"type":"app_home_opened"}}'


def headers(
    changed: Mapping[str, bytes | None] | None = None, body: bytes = BODY, at: str = AT
) -> guard.Headers:
    """Make the headers of a request, lower case as ASGI gives them; None leaves one out."""
    own: dict[str, bytes | None] = {
        "content-type": JSON.encode(),
        "x-slack-request-timestamp": at.encode(),
        "x-slack-signature": signature(SECRET, at, body).encode(),
    }
    own |= changed or {}
    return [(name.encode(), value) for name, value in own.items() if value is not None]


def turned(act: Any, *given: Any) -> int | None:
    """Give the status with which a request is turned away; None where it passes."""
    try:
        act(*given)
    except Turned as answer:
        return answer.status
    return None


def test_slacks_own_example_passes() -> None:
    secret, at = "8f742231b10e8888abcd99yyyzzz85a5", 1531420618
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    sent = [
        (b"x-slack-request-timestamp", str(at).encode()),
        (b"x-slack-signature", b"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
    ]
    guard.verify(sent, body, secret, datetime.fromtimestamp(at, UTC))


@pytest.mark.parametrize(
    "changed",
    [
        {"x-slack-signature": None},
        {"x-slack-signature": b""},
        {"x-slack-signature": b"v0="},
        {"x-slack-signature": b"v0=" + b"0" * 64},
        {"x-slack-signature": b"v1=" + signature(SECRET, AT, BODY)[3:].encode()},
        {"x-slack-signature": signature(SECRET, AT, BODY).upper().encode()},
        {"x-slack-signature": "v0=é".encode()},
        {"x-slack-signature": b"\xff\xfe"},
        {"x-slack-signature": b"v0=" + b"a" * 100_000},
        {"x-slack-signature": signature("another", AT, BODY).encode()},
        {"x-slack-signature": signature(SECRET, AT, BODY + b" ").encode()},
        {"x-slack-request-timestamp": None},
        {"x-slack-request-timestamp": b""},
        {"x-slack-request-timestamp": b"abc"},
        {"x-slack-request-timestamp": b"9" * 400},
        {"x-slack-request-timestamp": b"-1"},
        {"x-slack-request-timestamp": b"1e9"},
        {"x-slack-request-timestamp": b" " + AT.encode()},
        {"x-slack-request-timestamp": AT.encode() + b"\n"},
        {"x-slack-request-timestamp": "١٢٣".encode()},
        {"x-slack-request-timestamp": b"0x10"},
        {"x-slack-request-timestamp": b"nan"},
    ],
)
def test_a_header_that_is_not_slacks_is_unauthorized(changed: dict[str, bytes | None]) -> None:
    assert turned(guard.verify, headers(changed), BODY, SECRET, NOW) == 401


def test_a_header_that_stands_there_twice_is_unauthorized() -> None:
    for name in (b"x-slack-signature", b"x-slack-request-timestamp"):
        sent = headers()
        again = next(pair for pair in sent if pair[0] == name)
        assert turned(guard.verify, [*sent, again], BODY, SECRET, NOW) == 401


@pytest.mark.parametrize(
    ("seconds", "status"), [(0, None), (-300, None), (300, None), (-301, 401), (301, 401), (-86_400, 401)]
)
def test_what_was_signed_more_than_five_minutes_away_is_unauthorized(
    seconds: int, status: int | None
) -> None:
    at = str(int(AT) + seconds)
    assert turned(guard.verify, headers(at=at), BODY, SECRET, NOW) == status


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({}, None),
        ({"content-length": b"1000000"}, None),
        ({"content-length": b"1000001"}, 413),
        ({"content-length": b"9" * 400}, 413),
        ({"content-length": b"abc"}, 413),
        ({"content-encoding": b"gzip"}, 415),
        ({"content-encoding": b"br"}, 415),
        ({"content-encoding": b"identity"}, None),
    ],
)
def test_what_need_not_be_read_is_turned_away_by_its_headers(
    changed: dict[str, bytes], status: int | None
) -> None:
    assert turned(guard.look, headers(changed)) == status


@pytest.mark.parametrize(
    "kind", [None, b"", b"text/plain", b"multipart/form-data; boundary=x", b"\xff", b"application/xml"]
)
def test_a_type_that_slack_does_not_send_is_turned_away(kind: bytes | None) -> None:
    assert turned(guard.read, headers({"content-type": kind}), BODY) == 415


def event(**changed: Any) -> bytes:
    body = {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A1",
        "event": {"type": "reaction_added", "user": "U1", "item": {"type": "message", "channel": "C1"}},
        "authorizations": [{"team_id": "T1", "enterprise_id": None, "is_enterprise_install": False}],
    }
    return json.dumps(body | changed).encode()


AS_FORM = {"content-type": FORM.encode()}
ABSURD = (
    b"",
    b"null",
    b"[]",
    b"5",
    b'"event"',
    b"{",
    b"{}",
    b"\xff\xfe",
    b"\x00",
    b'{"type":NaN}',
    b'{"type":1' + b"0" * 5_000 + b"}",
    b"[" * 100_000,
    b'{"a":' * 3_000 + b"1" + b"}" * 3_000,
    b'{"type":"event_callback","event":{"type":"x","a":' + b"[" * 70 + b"]" * 70 + b"}}",
    event(event=None),
    event(event=[]),
    event(event="x"),
    event(event={}),
    event(event={"type": None}),
    event(event={"type": ["x"]}),
    event(event={"type": "x", "user": ["U1"]}),
    event(event={"type": "x", "user": {"id": {}}}),
    event(event={"type": "x", "item": []}),
    event(event={"type": "x", "channel": 7}),
    event(team_id={}),
    event(team_id=["T1"]),
    event(authorizations=7),
    event(authorizations=[None]),
    event(authorizations=[{"team_id": 7}]),
    event(authorizations={"0": {}}),
    event(type=7),
    event(type=None),
    json.dumps({"type": "block_actions"}).encode(),
    json.dumps({"type": "block_actions", "actions": []}).encode(),
    json.dumps({"type": "block_actions", "actions": [[]]}).encode(),
    json.dumps({"type": "block_actions", "actions": [{"action_id": 1, "block_id": "b"}]}).encode(),
    json.dumps({"type": "block_actions", "actions": {"action_id": "a"}}).encode(),
    json.dumps({"type": "view_submission"}).encode(),
    json.dumps({"type": "view_submission", "view": []}).encode(),
    json.dumps({"type": "view_submission", "view": {"callback_id": {}}}).encode(),
    json.dumps({"type": "view_submission", "view": "V1", "response_urls": [1]}).encode(),
    json.dumps({"type": "url_verification", "challenge": {"a": 1}}).encode(),
    json.dumps({"command": {"a": 1}}).encode(),
    json.dumps({"command": "/sla", "text": None}).encode(),
)


@pytest.mark.parametrize("body", [pytest.param(body, id=str(body[:60])) for body in ABSURD])
def test_a_signed_body_that_is_absurd_is_dropped_and_not_sent_again(body: bytes) -> None:
    assert turned(guard.read, headers(body=body), body) == 200
    form = urlencode({"payload": body}).encode()
    assert turned(guard.read, headers(AS_FORM), form) == 200


def test_a_form_of_too_many_fields_is_dropped() -> None:
    form = b"command=x&" + b"&".join(b"f%d=1" % n for n in range(50_000))
    assert turned(guard.read, headers(AS_FORM), form) == 200


def test_what_is_meant_for_another_app_is_dropped() -> None:
    assert guard.read(headers(), event(), "A1")["team_id"] == "T1"
    assert turned(guard.read, headers(), event(), "A2") == 200


def test_a_charset_beside_the_type_is_taken() -> None:
    kind = b"application/json; charset=utf-8"
    assert guard.read(headers({"content-type": kind}), event())["type"] == "event_callback"
