"""Whatever is sent to the stand-in, it answers as Slack would and never breaks."""

import contextlib
import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sandbox.methods import METHODS, call
from bot.sandbox.refusals import RateLimitError, SlackError
from bot.sandbox.server import Sandbox
from bot.sandbox.workspace import Workspace

NAMES = [
    "channel", "user", "users", "ts", "timestamp", "text", "blocks", "view", "view_id", "external_id", "hash",
    "trigger_id", "thread_ts", "name", "limit", "cursor", "oldest", "latest", "inclusive", "full", "metadata",
    "include_all_metadata", "usergroup", "file", "user_id", "reply_broadcast",
    "files", "filename", "length", "channel_id", "initial_comment",
]  # fmt: skip
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["CSLA", "UMAYA", "U0BATON", "1", "modal", "home", "{}", "[", "[]", "section"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "blocks", "text", "title", "event_type"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def workspace() -> Workspace:
    scopes = [method.scope.format(kind="channels") for method in METHODS.values() if method.scope]
    slack = Workspace(now=lambda: 1_780_300_800.0, scopes=scopes, name="Sandbox")
    slack.rates.are_kept = False
    slack.add_person("maya", id="UMAYA")
    slack.add_channel("sla", ["UMAYA", slack.bot_user_id], id="CSLA")
    return slack


@settings(max_examples=300)
@given(
    name=st.sampled_from(sorted(METHODS)), args=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6)
)
def test_any_arguments_are_answered(name: str, args: dict[str, Any]) -> None:
    slack = workspace()
    token = slack.app_token if METHODS[name].is_for_app_token else slack.bot_token
    with contextlib.suppress(SlackError, RateLimitError):
        assert call(slack, name, token, args)["ok"]


@pytest.mark.parametrize("text", ["\ud800", "\x00", "<!channel>", "😀" * 1000, "\u202e"])
def test_any_text_is_kept_as_it_came(slack: Sandbox, text: str) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": "application/json"}
    body = json.dumps({"channel": "CSLA", "text": text})
    answer = httpx.post(slack.api_url + "chat.postMessage", content=body, headers=headers)
    assert json.loads(answer.content)["message"]["text"] == text
    page = httpx.get(slack.url + "/page/messages?as=UMAYA&channel=CSLA")
    assert json.loads(page.content)["messages"][0]["text"] == text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    body=st.binary(max_size=60),
    kind=st.sampled_from(["application/json", "application/x-www-form-urlencoded"]),
)
def test_any_body_is_answered(slack: Sandbox, body: bytes, kind: str) -> None:
    headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": kind}
    answer = httpx.post(slack.api_url + "chat.postMessage", content=body, headers=headers)
    assert answer.json()["ok"] is False
