"""How the stand-in reaches the bot: Socket Mode, HTTP, retries; and every way it can be told to fail."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
import uvicorn
from slack_bolt.adapter.starlette import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as websocket

from bot.sandbox.posting import signature
from bot.sandbox.server import Sandbox
from tests.sandbox.small_bot import Bot, Clock, connect, hang_up, until

Json = dict[str, Any]


def bare(slack: Sandbox) -> ClientConnection:
    """Open a Socket Mode connection without Slack's client."""
    client = WebClient(base_url=slack.api_url, retry_handlers=[])
    return websocket(client.apps_connections_open(app_token=slack.app_token)["url"])


def react(slack: Sandbox, name: str = "eyes") -> None:
    """Have Sam react to a message of Maya's."""
    ts = slack.say("UMAYA", "CSLA", "hello")["message"]["ts"]
    slack.react("USAM", "CSLA", ts, name)


def told(slack: Sandbox) -> list[Json]:
    """Return the reaction events sent to the bot so far."""
    return [call.body for call in slack.calls("event reaction_added")]


def until_told(slack: Sandbox, count: int) -> None:
    until(lambda: len(told(slack)) >= count)


# --- Socket Mode ---------------------------------------------------------------------------------------


def test_a_connection_begins_with_hello_and_needs_a_fresh_ticket(slack: Sandbox) -> None:
    client = WebClient(base_url=slack.api_url, retry_handlers=[])
    url = client.apps_connections_open(app_token=slack.app_token)["url"]
    with websocket(url) as socket:
        hello = json.loads(socket.recv(timeout=2))
        assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    with pytest.raises(InvalidStatus), websocket(url):
        pass


def test_an_envelope_tells_its_kind_and_its_attempt(slack: Sandbox) -> None:
    with bare(slack) as socket:
        socket.recv(timeout=2)
        until(lambda: slack.connections == 1)
        threading.Thread(target=react, args=(slack,)).start()
        envelope = json.loads(socket.recv(timeout=2))
        assert (envelope["type"], envelope["retry_attempt"]) == ("events_api", 0)
        assert envelope["payload"]["authorizations"][0]["user_id"] == "U0BATON"
        again = json.loads(socket.recv(timeout=2))
        assert (again["retry_attempt"], again["retry_reason"]) == (1, "timeout")
        assert again["payload"]["event_id"] == envelope["payload"]["event_id"]
        assert again["envelope_id"] != envelope["envelope_id"]
        socket.send(json.dumps({"envelope_id": again["envelope_id"]}))
        until(lambda: slack.calls("event reaction_added")[-1].ok)


def test_an_event_is_tried_again_at_once_after_a_minute_and_after_five(
    slack: Sandbox, bot: Bot, clock: Clock
) -> None:
    def fails(ack: Any, **_: Any) -> None:
        raise RuntimeError("down")

    bot.does = fails
    react(slack)
    until(lambda: len(told(slack)) == 2)
    for seconds, count in ((61, 3), (301, 4)):
        assert len(told(slack)) == count - 1
        clock.move(seconds)
        until_told(slack, count)
    clock.move(100_000)
    time.sleep(0.1)
    assert len(told(slack)) == 4
    assert len({body["event_id"] for body in told(slack)}) == 1
    assert [headers.get("x-slack-retry-num") for headers in bot.headers] == [["0"], ["1"], ["2"], ["3"]]


def test_with_delayed_events_it_is_tried_for_a_day(slack: Sandbox, clock: Clock) -> None:
    slack.delay_events()
    react(slack)
    for _ in range(28):
        count = len(told(slack))
        clock.move(3601)
        if count < 28:
            until_told(slack, count + 1)
    assert len(told(slack)) == 28


def test_several_connections_take_turns(slack: Sandbox, client: WebClient) -> None:
    bots = [Bot(slack, client), Bot(slack, client)]
    handlers = [connect(slack, bot.app()) for bot in bots]
    for _ in range(6):
        slack.command("UMAYA", "CSLA", "/sla x")
    assert [len(bot.heard) for bot in bots] == [3, 3]
    for handler in handlers:
        hang_up(slack, handler)


def test_a_refresh_brings_a_new_connection(slack: Sandbox, bot: Bot) -> None:
    slack.disconnect("refresh_requested")
    until(lambda: slack.parts.sockets.accepted == 2 and slack.connections == 1)
    assert slack.command("UMAYA", "CSLA", "/sla x")["ok"]
    assert len(bot.heard) == 1


def test_a_warning_leaves_the_connection_until_the_bot_goes(slack: Sandbox) -> None:
    with bare(slack) as socket:
        socket.recv(timeout=2)
        until(lambda: slack.connections == 1)
        slack.disconnect("warning")
        assert json.loads(socket.recv(timeout=2))["reason"] == "warning"
        assert slack.connections == 1
        assert "dispatch_failed" in slack.command("UMAYA", "CSLA", "/sla x")["error"]


def test_an_event_on_a_dropped_connection_comes_again(
    slack: Sandbox, client: WebClient, clock: Clock
) -> None:
    with bare(slack) as socket:
        socket.recv(timeout=2)
        until(lambda: slack.connections == 1)
        acting = threading.Thread(target=react, args=(slack,))
        acting.start()
        socket.recv(timeout=2)
        slack.drop_connections()
        acting.join()
        with pytest.raises(ConnectionClosed):
            socket.recv(timeout=2)
    until(lambda: len(told(slack)) == 2)
    bot = Bot(slack, client)
    handler = connect(slack, bot.app())
    clock.move(60)
    until(lambda: len(bot.heard) == 1)
    assert bot.headers[0]["x-slack-retry-reason"] == ["connection_failed"]
    hang_up(slack, handler)


def test_the_eleventh_connection_is_turned_away(slack: Sandbox) -> None:
    with ExitStack() as held:
        for _ in range(10):
            held.enter_context(bare(slack))
        until(lambda: slack.connections == 10)
        with bare(slack) as eleventh:
            assert json.loads(eleventh.recv(timeout=2))["reason"] == "too_many_websockets"


# --- HTTP ----------------------------------------------------------------------------------------------


@pytest.fixture
def http_bot(slack: Sandbox, client: WebClient) -> Iterator[Bot]:
    """A bot served over HTTP, with the sandbox pointed at it."""
    bot = Bot(slack, client)
    handler = SlackRequestHandler(bot.app())

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    routes = [Route("/slack/events", events, methods=["POST"])]
    config = uvicorn.Config(Starlette(routes=routes), port=0, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    slack.parts.delivery.request_url = f"http://127.0.0.1:{port}/slack/events"
    yield bot
    server.should_exit = True
    thread.join()


def test_over_http_every_surface_arrives_signed(slack: Sandbox, http_bot: Bot) -> None:
    assert slack.verify_url()
    http_bot.does = lambda ack, **_: ack(text="all well")
    assert slack.command("UMAYA", "CSLA", "/sla status")["message"]["text"] == "all well"
    http_bot.does = lambda ack, **_: ack()
    react(slack)
    assert slack.shortcut("UMAYA", "log")["ok"]
    assert [heard.get("command") or heard["type"] for heard in http_bot.heard] == [
        "/sla",
        "event_callback",
        "shortcut",
    ]


def test_a_body_signed_with_another_secret_is_turned_away(slack: Sandbox, http_bot: Bot) -> None:
    slack.parts.slack.signing_secret = "other"
    assert "dispatch_failed" in slack.command("UMAYA", "CSLA", "/sla x")["error"]
    assert http_bot.heard == []


def test_the_signature_is_slacks() -> None:
    # The worked example of Slack's page on verifying requests.
    body = (
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        "&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        "%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body.encode()) == expected


def test_over_http_a_failed_event_says_why_when_it_comes_again(slack: Sandbox, http_bot: Bot) -> None:
    def fails_once(ack: Any, **_: Any) -> None:
        if len(http_bot.heard) == 1:
            raise RuntimeError("down")
        ack()

    http_bot.does = fails_once
    react(slack)
    until(lambda: len(http_bot.heard) == 2)
    assert http_bot.headers[1]["x-slack-retry-num"] == ["1"]
    assert http_bot.headers[1]["x-slack-retry-reason"] == ["http_error"]


def test_an_http_bot_that_is_slow_or_gone_fails_before_the_person(slack: Sandbox, http_bot: Bot) -> None:
    http_bot.does = lambda ack, **_: time.sleep(0.8)
    assert "did not respond" in slack.command("UMAYA", "CSLA", "/sla x")["error"]
    slack.parts.delivery.request_url = "http://127.0.0.1:9/"
    assert "dispatch_failed" in slack.command("UMAYA", "CSLA", "/sla x")["error"]


# --- faults of the Web API -----------------------------------------------------------------------------


def post(client: WebClient) -> str:
    """Post once and say how it went: ok, Slack's error, the status, or the exception's name."""
    try:
        client.chat_postMessage(channel="CSLA", text="hello")
    except SlackApiError as error:
        code = error.response.status_code
        return str(error.response.get("error")) if code == 200 else str(code)
    except (OSError, ValueError) as error:
        return type(error).__name__
    return "ok"


FAULTS: list[tuple[str, Json, str, int]] = [
    ("rate_limited", {"seconds": 7}, "429", 0),
    ("server_error", {"status": 503}, "503", 0),
    ("error", {"error": "fatal_error"}, "fatal_error", 0),
    ("delay", {"seconds": 0.05}, "ok", 1),
    ("close", {}, "RemoteDisconnected", 0),
    ("accept_then_close", {}, "RemoteDisconnected", 1),
    ("accept_then_error", {"status": 500}, "500", 1),
    ("accept_then_truncate", {}, "SlackApiError", 1),
    ("accept_then_hang", {"seconds": 0.6}, "TimeoutError", 1),
]


@pytest.mark.parametrize(("kind", "how", "seen", "landed"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_post_can_be_made_to_fail(slack: Sandbox, kind: str, how: Json, seen: str, landed: int) -> None:
    client = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=1)
    if kind == "accept_then_hang":
        client.timeout = 0.3  # type: ignore[assignment]
    slack.fail("chat.postMessage", kind, **how)
    saw = post(client)
    if kind == "accept_then_truncate":
        assert saw not in ("ok", "429")
    else:
        assert saw == seen
    assert len(slack.messages("CSLA")) == landed


def test_a_late_accept_lands_when_the_clock_gets_there(
    slack: Sandbox, client: WebClient, clock: Clock
) -> None:
    slack.fail("chat.postMessage", "late_accept", seconds=90)
    assert post(client) == "RemoteDisconnected"
    clock.move(89)
    time.sleep(0.1)
    assert slack.messages("CSLA") == []
    clock.move(2)
    until(lambda: len(slack.messages("CSLA")) == 1)


def test_slacks_client_with_its_own_retries_posts_twice(slack: Sandbox) -> None:
    slack.ignore_rates()
    slack.fail("chat.postMessage", "accept_then_close")
    WebClient(token=slack.bot_token, base_url=slack.api_url).chat_postMessage(channel="CSLA", text="hello")
    assert len(slack.messages("CSLA")) == 2


def test_a_fault_is_done_as_often_as_ordered_and_only_where(slack: Sandbox, client: WebClient) -> None:
    slack.ignore_rates()
    slack.fail(
        "chat.postMessage", "error", 2, error="internal_error", when=lambda args: args["text"] == "hello"
    )
    assert client.chat_postMessage(channel="CSLA", text="other")["ok"]
    assert [post(client) for _ in range(3)] == ["internal_error", "internal_error", "ok"]
    slack.fail("*", "server_error", None)
    assert [post(client) for _ in range(2)] == ["500", "500"]
    slack.heal()
    assert post(client) == "ok"


def test_chance_repeats_with_its_seed(clock: Clock) -> None:
    def run() -> list[str]:
        with Sandbox(now=clock, seed=7) as slack:
            slack.add_channel("sla", [], id="CSLA")
            slack.ignore_rates()
            slack.fail("chat.postMessage", "server_error", None, probability=0.5)
            client = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
            return [post(client) for _ in range(20)]

    first = run()
    assert first == run()
    assert {"ok", "500"} == set(first)


# --- faults of events ----------------------------------------------------------------------------------


def test_an_event_can_come_twice_with_one_id(slack: Sandbox, bot: Bot) -> None:
    slack.fail("event.reaction_added", "duplicate")
    react(slack)
    assert len(bot.heard) == 2
    assert bot.heard[0]["event_id"] == bot.heard[1]["event_id"]


def test_an_event_can_come_late_with_its_own_instant(slack: Sandbox, bot: Bot, clock: Clock) -> None:
    slack.fail("event", "late", seconds=3600)
    react(slack)
    assert bot.heard == []
    happened = clock()
    clock.move(3601)
    until(lambda: len(bot.heard) == 1)
    assert float(bot.heard[0]["event"]["event_ts"]) == pytest.approx(happened, abs=1)


def test_an_event_can_be_lost_while_the_reaction_stands(slack: Sandbox, bot: Bot) -> None:
    slack.fail("event", "lost")
    react(slack)
    assert bot.heard == []
    assert slack.messages("CSLA")[0]["reactions"][0]["users"] == ["USAM"]


def test_the_bots_own_reaction_is_told_to_it(slack: Sandbox, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="CSLA", text="card")["ts"]
    client.reactions_add(channel="CSLA", timestamp=ts, name="eyes")
    until(lambda: len(told(slack)) > 0)
    assert told(slack)[0]["event"]["user"] == "U0BATON"


def test_traffic_is_kept_both_ways(slack: Sandbox, bot: Bot) -> None:
    bot.does = lambda ack, **_: ack(text="all well")
    slack.command("UMAYA", "CSLA", "/sla status")
    (call,) = slack.calls("/sla")
    assert (call.direction, call.ok, call.answer) == ("to_bot", True, {"text": "all well"})
    httpx.post(slack.api_url + "nothing.here")
    assert slack.traffic[-1].answer["error"] == "unknown_method"


def test_a_call_costs_little(slack: Sandbox, client: WebClient) -> None:
    slack.ignore_rates()
    for number in range(50):
        client.chat_postMessage(channel="CSLA", text=str(number))
    spent = sorted(call.ms for call in slack.calls("chat.postMessage"))
    assert spent[25] < 3
