"""What the page asks of the stand-in, by the contract between the two."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as websocket

from bot.sandbox.server import Sandbox
from tests.sandbox.small_bot import MODAL, Bot, Clock

Json = dict[str, Any]
BUTTON = {"type": "button", "action_id": "take", "text": {"type": "plain_text", "text": "Take"}, "value": "7"}
CARD: list[Json] = [{"type": "actions", "block_id": "row", "elements": [BUTTON]}]


@pytest.fixture
def page(slack: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=slack.url) as page:
        yield page


def act(page: httpx.Client, kind: str, **facts: Any) -> Json:
    """Do one act as Maya."""
    answer: Json = page.post("/page/act", json={"as": "UMAYA", "type": kind, **facts}).json()
    return answer


def messages(page: httpx.Client, user: str = "UMAYA", **where: str) -> list[Json]:
    found: list[Json] = page.get("/page/messages", params={"as": user, "channel": "CSLA", **where}).json()[
        "messages"
    ]
    return found


def state(page: httpx.Client, user: str = "UMAYA") -> Json:
    answer: Json = page.get("/page/state", params={"as": user}).json()
    return answer


def watch(slack: Sandbox, user: str = "UMAYA") -> ClientConnection:
    return websocket(slack.url.replace("http", "ws") + f"/page/events?as={user}")


def news(socket: ClientConnection, kind: str) -> Json:
    """Read on until news of a kind comes."""
    while True:
        found: Json = json.loads(socket.recv(timeout=2))
        if found["type"] == kind:
            return found


def test_the_page_and_its_parts_are_served(page: httpx.Client) -> None:
    index = page.get("/")
    assert index.headers["content-type"].startswith("text/html")
    assert page.get("/static/page.js").status_code == 200
    assert page.get("/static/../server.py").status_code == 404


def test_the_state_tells_who_is_who_and_what_is_unread(
    slack: Sandbox, client: WebClient, page: httpx.Client, clock: Clock
) -> None:
    client.chat_postMessage(channel="CSLA", text="card")
    client.chat_postMessage(channel="UMAYA", text="your move")
    seen = state(page)
    assert (seen["now"], seen["me"]["name"], seen["app"]["bot_user_id"]) == (clock(), "maya", "U0BATON")
    assert {one["id"]: one["is_bot"] for one in seen["people"]} == {
        "U0BATON": True,
        "UMAYA": False,
        "USAM": False,
    }
    places = {one["kind"]: one for one in seen["channels"]}
    assert (places["channel"]["unread"], places["im"]["unread"], places["im"]["with"]) == (1, 1, "U0BATON")
    assert seen["commands"][0]["command"] == "/sla"
    messages(page)
    assert {one["kind"]: one["unread"] for one in state(page)["channels"]} == {"channel": 0, "im": 1}
    assert state(page, "UNOBODY")["me"]["id"] == "UMAYA"
    assert [one["kind"] for one in state(page, "USAM")["channels"]] == ["channel"]


def test_messages_show_threads_apart_and_ephemerals_to_one(client: WebClient, page: httpx.Client) -> None:
    ts = client.chat_postMessage(channel="CSLA", text="card")["ts"]
    act(page, "message", channel="CSLA", text="reply", thread_ts=ts)
    client.chat_postEphemeral(channel="CSLA", user="UMAYA", text="psst")
    top = messages(page)
    assert [(one["text"], one["ephemeral"], one["reply_count"]) for one in top] == [
        ("card", False, 1),
        ("psst", True, 0),
    ]
    assert [one["text"] for one in messages(page, thread_ts=ts)] == ["card", "reply"]
    assert [one["text"] for one in messages(page, user="USAM")] == ["card"]
    assert messages(page, user="U0NOBODY") == []


def test_acts_answer_with_what_the_person_would_see(slack: Sandbox, bot: Bot, page: httpx.Client) -> None:
    bot.does = lambda ack, **_: ack(text="all well")
    assert act(page, "command", channel="CSLA", text="/sla status")["ok"]
    assert messages(page)[0]["text"] == "all well"
    ts = bot.client.chat_postMessage(channel="CSLA", text="card", blocks=CARD)["ts"]
    assert act(page, "reaction", channel="CSLA", ts=ts, name="eyes", add=True)["ok"]
    assert act(page, "reaction", channel="CSLA", ts=ts, name="eyes", add=True)["error"] == "already_reacted"
    assert messages(page)[-1]["reactions"] == [{"name": "eyes", "users": ["UMAYA"]}]
    assert act(page, "reaction", channel="CSLA", ts=ts, name="eyes", add=False)["ok"]
    pressed = act(
        page,
        "block_action",
        channel="CSLA",
        ts=ts,
        block_id="row",
        action_id="take",
        value={"type": "button", "value": "7"},
        state={},
    )
    assert pressed == {"ok": True}
    assert bot.heard[-1]["actions"][0]["value"] == "7"


@pytest.mark.parametrize(
    "body",
    [
        {"type": "juggle"},
        {"type": "command"},
        {"type": "message", "channel": "CNONE", "text": "x"},
        {"type": "block_action", "channel": "CSLA", "ts": "1.0", "action_id": "x"},
        {"type": "view_submission", "view_id": "V0"},
        {"type": "shortcut", "callback_id": "none"},
        {"type": "clock", "move": "+1h"},
    ],
    ids=lambda body: body["type"],
)
def test_an_act_that_cannot_be_is_refused(page: httpx.Client, body: Json) -> None:
    answer = page.post("/page/act", json={"as": "UMAYA", **body})
    assert (answer.status_code, answer.json()["ok"]) == (200, False)


def test_a_modal_goes_from_shortcut_to_submission(slack: Sandbox, bot: Bot, page: httpx.Client) -> None:
    def opens(ack: Any, *, body: Json, client: WebClient) -> None:
        if body["type"] == "shortcut":
            client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        ack()

    bot.does = opens
    with watch(slack) as socket:
        act(page, "shortcut", callback_id="log")
        opened = news(socket, "view_opened")
        values = {"count": {"count": {"type": "number_input", "value": "25"}}}
        answer = act(page, "view_submission", view_id=opened["view"]["id"], values=values)
        assert answer["response_action"] is None
        assert news(socket, "view_closed")["type"] == "view_closed"
    assert bot.heard[-1]["view"]["state"]["values"] == values


def test_a_file_is_uploaded(slack: Sandbox, page: httpx.Client) -> None:
    answer = page.post("/page/upload?as=UMAYA", files={"file": ("leads.csv", b"a,b\n", "text/csv")}).json()
    assert (answer["file"]["name"], answer["file"]["size"]) == ("leads.csv", 4)
    assert slack.parts.slack.files[answer["file"]["id"]].content == b"a,b\n"
    assert page.post("/page/upload?as=UMAYA").json()["error"] == "no_file_data"


def test_a_file_in_a_message_is_saved_by_those_who_see_it(
    slack: Sandbox, client: WebClient, page: httpx.Client
) -> None:
    place = client.conversations_open(users="UMAYA")["channel"]["id"]
    client.files_upload_v2(channel=place, filename="ä b.yml", content="<b>", initial_comment="*Here*")
    message = page.get("/page/messages", params={"as": "UMAYA", "channel": place}).json()["messages"][-1]
    [file] = message["files"]
    saved = page.get(f"/page/files/{file['id']}?as=UMAYA")
    assert (saved.text, saved.headers["x-content-type-options"]) == ("<b>", "nosniff")
    assert saved.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A4%20b.yml"
    assert page.get(f"/page/files/{file['id']}?as=USAM").status_code == 404
    assert page.get("/page/files/FNONE?as=UMAYA").status_code == 404


def test_each_page_is_told_what_its_person_may_see(slack: Sandbox, client: WebClient) -> None:
    with watch(slack) as maya, watch(slack, "USAM") as sam:
        client.chat_postEphemeral(channel="CSLA", user="UMAYA", text="psst")
        ts = client.chat_postMessage(channel="CSLA", text="card")["ts"]
        assert news(maya, "message")["message"]["text"] == "psst"
        assert news(sam, "message")["message"]["text"] == "card"
        assert news(sam, "unread") == {"type": "unread", "channel": "CSLA", "unread": 1}
        client.chat_update(channel="CSLA", ts=ts, text="changed")
        changed = news(sam, "message_changed")["message"]
        assert (changed["text"], changed["edited"]) == ("changed", True)
        client.chat_delete(channel="CSLA", ts=ts)
        assert news(sam, "message_deleted")["ts"] == ts
        client.views_publish(user_id="UMAYA", view={"type": "home", "blocks": CARD})
        assert news(maya, "home")["view"]["type"] == "home"
        slack.add_channel("new", ["USAM"])
        assert news(sam, "channels") == {"type": "channels"}


def test_the_drawer_sees_the_traffic_without_tokens(slack: Sandbox, client: WebClient) -> None:
    with watch(slack) as socket:
        client.chat_postMessage(channel="CSLA", text="card")
        seen = news(socket, "traffic")
    assert (seen["direction"], seen["what"], seen["status"]) == ("to_slack", "chat.postMessage", 200)
    assert slack.bot_token not in json.dumps(seen)


def test_the_clock_is_moved_by_the_demo_and_all_are_told(clock: Clock) -> None:
    moves: list[tuple[str, str]] = []

    def moved(move: str) -> float:
        moves.append((move, threading.current_thread().name))
        clock.move(3600)
        return clock()

    with Sandbox(now=clock, on_clock=moved) as slack, httpx.Client(base_url=slack.url) as page:
        slack.add_person("maya", id="UMAYA")
        with watch(slack) as socket:
            answer = act(page, "clock", move="+1h")
            assert answer == {"ok": True, "now": clock()}
            assert news(socket, "clock")["now"] == clock()
    assert moves[0][0] == "+1h"
    assert moves[0][1] != "sandbox"
