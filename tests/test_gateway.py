"""Slack as we use it: each answer means one thing, nothing is sent twice, and our token goes nowhere else."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from bot.answers import Ambiguous, Limited, Refused, Scope, Unreached, Unreadable
from bot.facts.said import Message
from bot.gateway import METHODS, Gateway
from bot.sandbox import methods as served
from bot.sandbox.server import Sandbox

HELLO = Message("hello", blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "*hello*"}}])
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Log"},
    "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x"}}],
}


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox() as slack:
        slack.add_person("rep", id="U1", tz="Europe/Berlin")
        slack.add_channel("leads", ["U1"], id="C1")
        slack.ignore_rates()
        yield slack


@pytest.fixture
def gateway(slack: Sandbox) -> Gateway:
    return Gateway(slack.bot_token, slack.api_url)


def test_a_post_says_where_it_stands_and_carries_its_key_and_unfurls_nothing(
    slack: Sandbox, gateway: Gateway
) -> None:
    channel, ts = gateway.post("C1", HELLO, uuid="k1")
    [call] = slack.calls("chat.postMessage")
    assert (channel, ts) == ("C1", slack.messages("C1")[0]["ts"])
    assert call.body["metadata"] == {"event_type": "baton_notice_posted", "event_payload": {"key": "k1"}}
    assert (call.body["unfurl_links"], call.body["unfurl_media"]) == (False, False)


def test_a_post_to_a_person_says_which_channel_that_is(slack: Sandbox, gateway: Gateway) -> None:
    channel, _ = gateway.post("U1", HELLO, uuid="k1")
    assert channel == slack.dm_channel("U1") == gateway.open_dm("U1")


def test_an_edit_replaces_the_text_and_takes_blocks_away(slack: Sandbox, gateway: Gateway) -> None:
    channel, ts = gateway.post("C1", HELLO, uuid="k1")
    gateway.update(channel, ts, Message("plain"))
    [message] = slack.messages("C1")
    assert (message["text"], message.get("blocks", [])) == ("plain", [])
    assert gateway.find_posts("C1", "k1", oldest=LONG_AGO) == [ts], "an edit keeps the key"


def test_a_hint_is_seen_by_one_person(slack: Sandbox, gateway: Gateway) -> None:
    gateway.ephemeral("C1", "U1", HELLO)
    assert [message["text"] for message in slack.ephemerals("U1")] == ["hello"]
    assert slack.messages("C1") == []


def test_modals_open_on_a_trigger(slack: Sandbox, gateway: Gateway) -> None:
    gateway.open_view(slack.parts.slack.triggers.issue("U1"), MODAL)
    [view] = slack.views("U1")
    gateway.push_view(slack.parts.slack.triggers.issue("U1", view["id"]), MODAL)
    assert len(slack.views("U1")) == 2


def test_people_channels_reactions_and_ourselves_are_read(slack: Sandbox, gateway: Gateway) -> None:
    _, ts = gateway.post("C1", HELLO, uuid="k1")
    slack.react("U1", "C1", ts, "white_check_mark")
    assert gateway.user("U1")["tz"] == "Europe/Berlin"
    assert gateway.channel_info("C1")["is_member"]
    assert gateway.reactions("C1", ts) == [("white_check_mark", ["U1"])]
    assert gateway.auth_test()["team_id"] == "T0SANDBOX"


def test_who_is_in_a_user_group_is_read(slack: Sandbox, gateway: Gateway) -> None:
    slack.add_usergroup("S1", ["UMAYA", "UREP1"])

    assert gateway.group_members("S1") == ["UMAYA", "UREP1"]
    with pytest.raises(Refused, match="no_such_subteam"):
        gateway.group_members("S2")
    slack.fail("usergroups.users.list", "error", error="missing_scope")
    with pytest.raises(Unreadable):
        gateway.group_members("S1")


def test_our_posts_are_found_on_all_pages_and_in_threads(slack: Sandbox, gateway: Gateway) -> None:
    _, parent = gateway.post("C1", HELLO, uuid="k1")
    _, reply = gateway.post("C1", HELLO, thread_ts=parent, uuid="k2")
    for n in range(250):
        slack.say("U1", "C1", f"chat {n}")
    assert gateway.find_posts("C1", "k1", oldest=LONG_AGO) == [parent]
    assert gateway.find_posts("C1", "k2", oldest=LONG_AGO) == []
    assert gateway.find_posts("C1", "k2", oldest=LONG_AGO, thread_ts=parent) == [reply]
    soon = datetime.now(UTC) + timedelta(hours=1)
    assert gateway.find_posts("C1", "k1", oldest=soon) == []


def test_a_history_closed_to_us_is_unreadable_and_not_empty() -> None:
    with Sandbox(scopes=["chat:write"]) as slack:
        slack.add_channel("leads", id="C1")
        with pytest.raises(Unreadable):
            Gateway(slack.bot_token, slack.api_url).find_posts("C1", "k1", oldest=LONG_AGO)


@pytest.mark.parametrize(
    ("code", "scope"),
    [
        ("invalid_blocks", Scope.CONTENT),
        ("msg_blocks_too_long", Scope.CONTENT),
        ("message_not_found", Scope.MESSAGE),
        ("not_in_channel", Scope.PLACE),
        ("restricted_action_read_only_channel", Scope.PLACE),
        ("token_revoked", Scope.WORKSPACE),
        ("missing_scope", Scope.WORKSPACE),
        ("weather_too_bad", Scope.UNKNOWN),
    ],
)
def test_a_refusal_says_how_far_it_reaches(slack: Sandbox, gateway: Gateway, code: str, scope: Scope) -> None:
    slack.fail("chat.postMessage", "error", error=code)
    with pytest.raises(Refused) as refused:
        gateway.post("C1", HELLO, uuid="k1")
    assert (refused.value.code, refused.value.scope) == (code, scope)


@pytest.mark.parametrize(
    ("fault", "how"),
    [
        ("close", {}),
        ("accept_then_close", {}),
        ("accept_then_truncate", {}),
        ("server_error", {"status": 502}),
        ("accept_then_error", {"status": 500}),
        ("error", {"error": "internal_error"}),
        ("error", {"error": "duplicate_message_not_found"}),
        ("error", {"error": "service_unavailable"}),
    ],
)
def test_an_answer_that_was_lost_or_makes_no_sense_is_ambiguous_and_the_call_is_made_once(
    slack: Sandbox, gateway: Gateway, fault: str, how: dict[str, Any]
) -> None:
    slack.fail("chat.postMessage", fault, times=None, **how)
    with pytest.raises(Ambiguous):
        gateway.post("C1", HELLO, uuid="k1")
    slack.stop()  # it writes down what it cut short only then
    assert len(slack.calls("chat.postMessage")) == 1


def test_a_429_says_how_long_to_wait(slack: Sandbox, gateway: Gateway) -> None:
    slack.fail("chat.postMessage", "rate_limited", seconds=17)
    with pytest.raises(Limited) as limited:
        gateway.post("C1", HELLO, uuid="k1")
    assert limited.value.retry_after == 17


def test_a_modal_is_given_up_before_the_acknowledgement_would_be_late(
    slack: Sandbox, gateway: Gateway
) -> None:
    slack.fail("views.open", "delay", seconds=2.6)
    started = time.monotonic()
    with pytest.raises(Ambiguous):
        gateway.open_view("1.1", MODAL)
    assert time.monotonic() - started < 2.5


def test_slack_out_of_reach_is_not_ambiguous() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(Unreached):
        Gateway("xoxb-1", f"http://127.0.0.1:{port}/api/").post("C1", HELLO, uuid="k1")


def test_a_file_put_into_a_modal_is_fetched(slack: Sandbox, gateway: Gateway) -> None:
    file_id = slack.add_file("U1", "leads.csv", b"email\na@example.com\n")
    assert gateway.file_text(file_id) == b"email\na@example.com\n"


def test_a_file_of_more_than_five_megabytes_is_refused(slack: Sandbox, gateway: Gateway) -> None:
    file_id = slack.add_file("U1", "leads.csv", b"x" * (5 * 1024 * 1024 + 1))
    with pytest.raises(Refused, match="file_too_large"):
        gateway.file_text(file_id)


class Odd(BaseHTTPRequestHandler):
    """Answers what no Slack answers: this status, these headers, this body."""

    status = 200
    told: ClassVar[dict[str, str]] = {}
    body = b""
    redirect_to = ""
    fetched: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(self.status, self.told)

    def do_GET(self) -> None:
        self.fetched.append(self.path)
        self.answer(302, {"Location": self.redirect_to})

    def answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(self.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def odd() -> Iterator[tuple[type[Odd], Gateway]]:
    handler = type("Told", (Odd,), {"fetched": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        serve = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        serve.start()
        yield handler, Gateway("xoxb-1", f"http://127.0.0.1:{server.server_port}/api/")
        server.shutdown()
        serve.join()


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b'"ok"', b"3", b"{", b"{}", b'{"ok": true}', b'{"ok": true, "ts": 5}', b"\xff\xfe"],
)
def test_a_body_that_is_no_answer_of_slacks_is_ambiguous(odd: tuple[type[Odd], Gateway], body: bytes) -> None:
    handler, gateway = odd
    handler.body, handler.told = body, {"Content-Type": "application/json"}
    with pytest.raises(Ambiguous):
        gateway.post("C1", HELLO, uuid="k1")


@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
def test_a_refusal_counts_only_with_status_200(odd: tuple[type[Odd], Gateway], status: int) -> None:
    handler, gateway = odd
    handler.status, handler.body = status, b'{"ok": false, "error": "is_archived"}'
    with pytest.raises(Ambiguous):
        gateway.post("C1", HELLO, uuid="k1")


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("12", 12), ("", 30), ("soon", 30), ("-5", 30), ("1e9", 30), ("0", 1), ("99999999", 3600)],
)
def test_a_wait_that_makes_no_sense_is_half_a_minute_and_none_is_longer_than_an_hour(
    odd: tuple[type[Odd], Gateway], told: str, seconds: int
) -> None:
    handler, gateway = odd
    handler.status, handler.body = 429, b'{"ok": false, "error": "ratelimited"}'
    handler.told = {"Retry-After": told}
    with pytest.raises(Limited) as limited:
        gateway.post("C1", HELLO, uuid="k1")
    assert limited.value.retry_after == seconds


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "http://files.slack.com/x",
        "file:///etc/passwd",
        "https://files.slack.com.evil/",
        "",
    ],
)
def test_our_token_is_not_taken_to_another_host(odd: tuple[type[Odd], Gateway], url: str) -> None:
    handler, gateway = odd
    handler.body = json.dumps({"ok": True, "file": {"url_private": url, "size": 1}}).encode()
    with pytest.raises(Refused, match="file_elsewhere"):
        gateway.file_text("F1")


def test_our_token_follows_no_redirect(odd: tuple[type[Odd], Gateway]) -> None:
    handler, gateway = odd
    here = f"http://{gateway._api.netloc}"
    handler.redirect_to = f"{here}/elsewhere"
    handler.body = json.dumps({"ok": True, "file": {"url_private": f"{here}/file", "size": 1}}).encode()
    with pytest.raises(Ambiguous):
        gateway.file_text("F1")
    assert handler.fetched == ["/file"]


FILES = {"DACH-v3.yml": "name: Straße\n".encode(), "DACH-v3.md": b"# DACH\n"}


def test_files_come_by_dm_in_one_message_with_their_bytes(slack: Sandbox, gateway: Gateway) -> None:
    gateway.upload("U1", FILES, "*DACH*, version 3")
    [message] = slack.dms("U1")
    assert (message["text"], [file["name"] for file in message["files"]]) == ("*DACH*, version 3", [*FILES])
    assert [slack.parts.slack.files[file["id"]].content for file in message["files"]] == [*FILES.values()]


def test_a_scope_not_granted_for_files_closes_nothing_else() -> None:
    with Sandbox(scopes=["im:write"]) as slack:
        slack.add_person("rep", id="U1")
        with pytest.raises(Refused) as refused:
            Gateway(slack.bot_token, slack.api_url).upload("U1", FILES, "x")
    assert (refused.value.code, refused.value.scope) == ("upload_not_allowed", Scope.CONTENT)


@pytest.mark.parametrize("step", ["conversations.open", "files.getUploadURLExternal", "upload"])
def test_what_is_lost_before_anybody_could_see_it_is_refused(
    slack: Sandbox, gateway: Gateway, step: str
) -> None:
    slack.fail(step, "close")
    with pytest.raises(Refused, match="upload_failed"):
        gateway.upload("U1", FILES, "x")
    assert slack.dms("U1") == []


def test_only_the_last_step_of_an_upload_is_ambiguous(slack: Sandbox, gateway: Gateway) -> None:
    slack.fail("files.completeUploadExternal", "accept_then_close")
    with pytest.raises(Ambiguous):
        gateway.upload("U1", FILES, "x")
    assert len(slack.dms("U1")) == 1


@pytest.mark.parametrize("url", ["https://evil.example/upload/v1/x", "http://files.slack.com/upload/v1/x", 7])
def test_files_are_sent_to_no_other_host(odd: tuple[type[Odd], Gateway], url: object) -> None:
    handler, gateway = odd
    handler.body = json.dumps(
        {"ok": True, "channel": {"id": "D1"}, "upload_url": url, "file_id": "F1"}
    ).encode()
    with pytest.raises(Refused, match="upload_failed"):
        gateway.upload("U1", FILES, "x")


@pytest.mark.parametrize("method", METHODS)
def test_the_table_and_the_sandbox_agree_on_the_scopes_of(method: str) -> None:
    scope = served.METHODS[method].scope
    kinds = ("channels", "groups", "im") if scope and "{kind}" in scope else ("",)
    assert set(METHODS[method]) <= {scope.format(kind=kind) for kind in kinds if scope}
    assert bool(METHODS[method]) == bool(scope)


def test_a_method_outside_the_table_cannot_be_called(gateway: Gateway) -> None:
    with pytest.raises(AssertionError):
        gateway._call("chat.scheduleMessage")
