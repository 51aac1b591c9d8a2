"""The Web API of the stand-in, through Slack's own client."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.manifest import Manifest
from bot.sandbox.methods import METHODS
from bot.sandbox.server import Sandbox

Json = dict[str, Any]
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}


def refused(call: Callable[[], Any]) -> Json:
    """Return Slack's answer to a call it refuses."""
    with pytest.raises(SlackApiError) as caught:
        call()
    data: Json = caught.value.response.data
    return data


def code(call: Callable[[], Any]) -> str:
    return str(refused(call)["error"])


def test_a_posted_message_is_in_the_channel_and_in_history(slack: Sandbox, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="CSLA", text="hello", blocks=[SECTION])
    assert slack.messages("CSLA")[0]["text"] == "hello"
    assert client.conversations_history(channel="CSLA")["messages"][0]["ts"] == posted["ts"]
    assert posted["message"]["blocks"][0]["block_id"]


def test_forms_are_taken_as_well_as_json(slack: Sandbox) -> None:
    form = {"token": slack.bot_token, "channel": "CSLA", "text": "x", "blocks": json.dumps([SECTION])}
    assert httpx.post(slack.api_url + "chat.postMessage", data=form).json()["ok"]
    assert "token" not in slack.calls("chat.postMessage")[0].body


def test_a_method_that_only_takes_forms_does_not_see_json(slack: Sandbox, client: WebClient) -> None:
    assert code(lambda: client.api_call("users.info", json={"user": "UMAYA"})) == "user_not_found"
    assert client.users_info(user="UMAYA")["user"]["tz"] == "Europe/Berlin"


def test_every_ts_is_new_and_the_date_is_the_clocks(slack: Sandbox, client: WebClient) -> None:
    slack.ignore_rates()
    posts = [client.chat_postMessage(channel="CSLA", text=str(n)) for n in range(5)]
    assert len({post["ts"] for post in posts}) == 5
    assert [post["ts"] for post in posts] == sorted(post["ts"] for post in posts)
    assert posts[0].headers["date"] == "Mon, 01 Jun 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xoxb-other", "invalid_auth"), (None, "not_allowed_token_type")]
)
def test_a_wrong_token_is_refused(slack: Sandbox, token: str | None, error: str) -> None:
    token = slack.app_token if token is None else token
    other = WebClient(token=token, base_url=slack.api_url, retry_handlers=[])
    assert code(other.auth_test) == error


def test_a_revoked_token_is_refused_until_it_is_given_back(slack: Sandbox, client: WebClient) -> None:
    slack.revoke_tokens()
    assert code(client.auth_test) == "token_revoked"
    slack.revoke_tokens(are_revoked=False)
    assert client.auth_test()["user_id"] == "U0BATON"


def test_a_missing_scope_is_named(clock: Callable[[], float]) -> None:
    with Sandbox(now=clock, scopes=["chat:write"]) as slack:
        slack.add_person("maya", id="UMAYA")
        slack.add_channel("sla", ["UMAYA"], id="CSLA")
        client = WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
        answer = refused(lambda: client.conversations_history(channel="CSLA"))
        assert answer["error"] == "missing_scope"
        assert (answer["needed"], answer["provided"]) == ("channels:history", "chat:write")
        dm = slack.dm_channel("UMAYA")
        assert refused(lambda: client.conversations_history(channel=dm))["needed"] == "im:history"


def test_scopes_and_events_are_read_from_a_manifest(tmp_path: Path) -> None:
    file = tmp_path / "manifest.yml"
    file.write_text(
        "oauth_config: {scopes: {bot: [chat:write], bot_optional: [im:history]}}\n"
        "settings: {event_subscriptions: {bot_events: [reaction_added]}}\n"
        "features: {slash_commands: [{command: /sla, should_escape: true}]}\n"
    )
    asked = Manifest.read(file)
    assert asked.scopes == ["chat:write", "im:history"]
    assert asked.events == ["reaction_added"]
    assert asked.commands[0]["command"] == "/sla"


def test_an_unknown_method_is_refused(client: WebClient) -> None:
    assert code(lambda: client.api_call("chat.scheduleMessage")) == "unknown_method"
    assert "chat.scheduleMessage" not in METHODS


POSTS: list[tuple[str, Json, str]] = [
    ("an unknown channel", {"channel": "CNONE", "text": "x"}, "channel_not_found"),
    ("a channel without the bot", {"channel": "COPEN", "text": "x"}, "not_in_channel"),
    ("a private channel without the bot", {"channel": "CSECRET", "text": "x"}, "channel_not_found"),
    ("an archived channel", {"channel": "COLD", "text": "x"}, "is_archived"),
    ("nothing to say", {"channel": "CSLA", "text": ""}, "no_text"),
    ("too long a text", {"channel": "CSLA", "text": "x" * 40_001}, "msg_too_long"),
    ("blocks that are no list", {"channel": "CSLA", "text": "x", "blocks": "{"}, "invalid_blocks_format"),
    ("a block unknown", {"channel": "CSLA", "text": "x", "blocks": [{"type": "hero"}]}, "invalid_blocks"),
    ("no such thread", {"channel": "CSLA", "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
    ("a bot as reader", {"channel": "U0BATON", "text": "x"}, "cannot_dm_bot"),
    (
        "metadata without payload",
        {"channel": "CSLA", "text": "x", "metadata": {"event_type": "a"}},
        "invalid_metadata_format",
    ),
    (
        "metadata with a bad name",
        {"channel": "CSLA", "text": "x", "metadata": {"event_type": "A b", "event_payload": {}}},
        "invalid_metadata_schema",
    ),
    (
        "nested metadata",
        {"channel": "CSLA", "text": "x", "metadata": {"event_type": "a", "event_payload": {"b": {}}}},
        "invalid_metadata_schema",
    ),
    (
        "too much metadata",
        {"channel": "CSLA", "text": "x", "metadata": {"event_type": "a", "event_payload": {"b": "x" * 4000}}},
        "metadata_too_large",
    ),
    (
        "too much text over all blocks",
        {
            "channel": "CSLA",
            "text": "x",
            "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2700}}] * 5,
        },
        "msg_blocks_too_long",
    ),
]


@pytest.mark.parametrize(("args", "error"), [case[1:] for case in POSTS], ids=[case[0] for case in POSTS])
def test_a_post_is_refused_for(slack: Sandbox, client: WebClient, args: Json, error: str) -> None:
    slack.add_channel("open", ["UMAYA"], id="COPEN", with_bot=False)
    slack.add_channel("secret", ["UMAYA"], id="CSECRET", with_bot=False, is_private=True)
    slack.add_channel("old", ["UMAYA"], id="COLD")
    slack.archive("COLD")
    assert code(lambda: client.api_call("chat.postMessage", json=args)) == error
    assert slack.messages("CSLA") == []


def test_a_second_message_within_a_second_is_answered_429(
    slack: Sandbox, client: WebClient, clock: Any
) -> None:
    slack.add_channel("other", ["UMAYA"], id="COTHER")
    client.chat_postMessage(channel="CSLA", text="one")
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="CSLA", text="two")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["retry-after"] == "1"
    client.chat_postMessage(channel="COTHER", text="elsewhere")
    clock.move(1)
    client.chat_postMessage(channel="CSLA", text="two")
    assert [message["text"] for message in slack.messages("CSLA")] == ["one", "two"]


def test_the_fifty_first_update_in_a_minute_is_answered_429(
    slack: Sandbox, client: WebClient, clock: Any
) -> None:
    ts = client.chat_postMessage(channel="CSLA", text="one")["ts"]
    for number in range(50):
        client.chat_update(channel="CSLA", ts=ts, text=str(number))
    with pytest.raises(SlackApiError) as caught:
        client.chat_update(channel="CSLA", ts=ts, text="once more")
    assert caught.value.response.headers["retry-after"] == "60"
    clock.move(60)
    client.chat_update(channel="CSLA", ts=ts, text="once more")
    assert slack.messages("CSLA")[0]["text"] == "once more"


def test_a_post_to_a_person_opens_their_dm(slack: Sandbox, client: WebClient) -> None:
    posted = client.chat_postMessage(channel="UMAYA", text="your move")
    assert posted["channel"] == slack.dm_channel("UMAYA")
    assert slack.dms("UMAYA")[0]["text"] == "your move"
    assert client.conversations_open(users="UMAYA")["channel"]["id"] == posted["channel"]


def test_an_update_keeps_what_it_does_not_name(slack: Sandbox, client: WebClient) -> None:
    metadata = {"event_type": "notice", "event_payload": {"key": "k1"}}
    ts = client.chat_postMessage(channel="CSLA", text="one", blocks=[SECTION], metadata=metadata)["ts"]
    client.chat_update(channel="CSLA", ts=ts, text="two")
    message = slack.messages("CSLA")[0]
    assert (message["text"], message["metadata"]) == ("two", metadata)
    assert message["blocks"][0]["text"]["text"] == "hello"
    client.api_call("chat.update", json={"channel": "CSLA", "ts": ts, "text": "three", "blocks": []})
    assert "blocks" not in slack.messages("CSLA")[0]


def test_only_the_bots_own_messages_can_be_changed(slack: Sandbox, client: WebClient) -> None:
    ts = slack.say("UMAYA", "CSLA", "mine")["message"]["ts"]
    assert code(lambda: client.chat_update(channel="CSLA", ts=ts, text="x")) == "cant_update_message"
    assert code(lambda: client.chat_delete(channel="CSLA", ts=ts)) == "cant_delete_message"
    assert code(lambda: client.chat_update(channel="CSLA", ts="1.0", text="x")) == "message_not_found"
    long = "x" * 4001
    assert code(lambda: client.chat_update(channel="CSLA", ts=ts, text=long)) == "cant_update_message"


def test_a_long_update_is_refused(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="CSLA", text="one")["ts"]
    assert code(lambda: client.chat_update(channel="CSLA", ts=ts, text="x" * 4001)) == "msg_too_long"


def test_a_deleted_parent_leaves_a_tombstone(slack: Sandbox, client: WebClient, clock: Any) -> None:
    parent = client.chat_postMessage(channel="CSLA", text="card")["ts"]
    clock.move(1)
    reply = client.chat_postMessage(channel="CSLA", text="reply", thread_ts=parent)["ts"]
    client.chat_delete(channel="CSLA", ts=parent)
    assert [message.get("subtype") for message in slack.messages("CSLA")] == ["tombstone", None]
    client.chat_delete(channel="CSLA", ts=reply)
    assert len(slack.messages("CSLA")) == 1


def test_an_ephemeral_message_is_in_no_history(slack: Sandbox, client: WebClient) -> None:
    client.chat_postEphemeral(channel="CSLA", user="UMAYA", text="psst")
    assert slack.ephemerals("UMAYA")[0]["text"] == "psst"
    assert slack.ephemerals("USAM") == []
    assert client.conversations_history(channel="CSLA")["messages"] == []
    slack.kick("CSLA", "USAM")
    assert (
        code(lambda: client.chat_postEphemeral(channel="CSLA", user="USAM", text="x"))
        == "user_not_in_channel"
    )


def test_metadata_is_shown_only_when_asked_for(client: WebClient) -> None:
    metadata = {"event_type": "notice", "event_payload": {"key": "k1"}}
    client.chat_postMessage(channel="CSLA", text="one", metadata=metadata)
    plain = client.conversations_history(channel="CSLA")["messages"][0]
    full = client.conversations_history(channel="CSLA", include_all_metadata=True)["messages"][0]
    assert plain["metadata"] == {"event_type": "notice"}
    assert full["metadata"] == metadata


def test_history_comes_newest_first_in_pages_and_without_replies(slack: Sandbox, client: WebClient) -> None:
    slack.ignore_rates()
    stamps = [client.chat_postMessage(channel="CSLA", text=str(n))["ts"] for n in range(5)]
    client.chat_postMessage(channel="CSLA", text="reply", thread_ts=stamps[0])
    first = client.conversations_history(channel="CSLA", limit=3)
    assert [message["text"] for message in first["messages"]] == ["4", "3", "2"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_history(channel="CSLA", limit=3, cursor=cursor)
    assert [message["text"] for message in second["messages"]] == ["1", "0"]
    assert not second["has_more"]
    assert second["messages"][-1]["reply_count"] == 1
    assert code(lambda: client.conversations_history(channel="CSLA", cursor="??")) == "invalid_cursor"


@pytest.mark.parametrize(
    ("inclusive", "expected"), [(False, ["2"]), (True, ["3", "2", "1"])], ids=["exclusive", "inclusive"]
)
def test_history_keeps_to_its_bounds(
    slack: Sandbox, client: WebClient, *, inclusive: bool, expected: list[str]
) -> None:
    slack.ignore_rates()
    stamps = [client.chat_postMessage(channel="CSLA", text=str(n))["ts"] for n in range(5)]
    found = client.conversations_history(
        channel="CSLA", oldest=stamps[1], latest=stamps[3], inclusive=inclusive
    )
    assert [message["text"] for message in found["messages"]] == expected


def test_a_thread_is_read_by_replies_alone(slack: Sandbox, client: WebClient) -> None:
    slack.ignore_rates()
    parent = client.chat_postMessage(channel="CSLA", text="card")["ts"]
    for number in range(3):
        client.chat_postMessage(channel="CSLA", text=str(number), thread_ts=parent)
    found = client.conversations_replies(channel="CSLA", ts=parent)["messages"]
    assert [message["text"] for message in found] == ["card", "0", "1", "2"]
    assert code(lambda: client.conversations_replies(channel="CSLA", ts="1.0")) == "thread_not_found"


def test_reactions_are_read_with_their_people(slack: Sandbox, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="CSLA", text="card")["ts"]
    slack.react("UMAYA", "CSLA", ts, "white_check_mark")
    client.reactions_add(channel="CSLA", timestamp=ts, name="eyes")
    message = client.reactions_get(channel="CSLA", timestamp=ts, full=True)["message"]
    assert message["reactions"] == [
        {"name": "white_check_mark", "users": ["UMAYA"], "count": 1},
        {"name": "eyes", "users": ["U0BATON"], "count": 1},
    ]
    again = lambda: client.reactions_add(channel="CSLA", timestamp=ts, name="eyes")  # noqa: E731 - one call
    assert code(again) == "already_reacted"


def test_without_full_not_every_reactor_is_named(slack: Sandbox, client: WebClient) -> None:
    many = [slack.add_person(f"p{number}").id for number in range(30)]
    slack.add_channel("big", many, id="CBIG")
    ts = client.chat_postMessage(channel="CBIG", text="card")["ts"]
    for user in many:
        slack.react(user, "CBIG", ts, "eyes")
    some = client.reactions_get(channel="CBIG", timestamp=ts)["message"]["reactions"][0]
    every = client.reactions_get(channel="CBIG", timestamp=ts, full=True)["message"]["reactions"][0]
    assert (some["count"], len(some["users"]), len(every["users"])) == (30, 25, 30)


def test_people_come_with_zone_status_and_standing(slack: Sandbox, client: WebClient) -> None:
    slack.add_person("gus", id="UGUS", is_restricted=True, tz="Asia/Kolkata", email="g@example.org")
    slack.set_status("UGUS", "On leave", ":palm_tree:", 1_780_400_000)
    user = client.users_info(user="UGUS")["user"]
    assert (user["is_restricted"], user["tz"], user["tz_offset"]) == (True, "Asia/Kolkata", 19_800)
    assert user["profile"]["status_emoji"] == ":palm_tree:"
    assert "email" not in user["profile"]
    assert code(lambda: client.users_info(user="UNONE")) == "user_not_found"


def test_a_person_of_another_company_is_a_stranger(slack: Sandbox, client: WebClient) -> None:
    slack.add_person("eve", id="UEVE", team_id="TOTHER")
    assert client.users_info(user="UEVE")["user"]["is_stranger"]
    assert code(lambda: client.chat_postMessage(channel="UEVE", text="x")) == "channel_not_found"


def test_channels_and_groups_are_described(slack: Sandbox, client: WebClient) -> None:
    shown = client.conversations_info(channel="CSLA", include_num_members=True)["channel"]
    assert (shown["name"], shown["is_member"], shown["is_archived"], shown["num_members"]) == (
        "sla",
        True,
        False,
        3,
    )
    page = client.conversations_members(channel="CSLA", limit=2)
    assert page["members"] == ["UMAYA", "USAM"]
    assert page["response_metadata"]["next_cursor"]
    slack.add_usergroup("S1", ["USAM"])
    assert client.usergroups_users_list(usergroup="S1")["users"] == ["USAM"]
    assert code(lambda: client.usergroups_users_list(usergroup="S2")) == "no_such_subteam"


def test_a_file_is_handed_to_the_bots_token_alone(slack: Sandbox, client: WebClient) -> None:
    file = client.files_info(file=slack.add_file("UMAYA", "leads.csv", b"a,b\n"))["file"]
    assert (file["name"], file["mimetype"], file["size"]) == ("leads.csv", "text/csv", 4)
    address = file["url_private_download"]
    assert httpx.get(address).headers["content-type"].startswith("text/html")
    answer = httpx.get(address, headers={"Authorization": f"Bearer {slack.bot_token}"})
    assert answer.content == b"a,b\n"
    assert code(lambda: client.files_info(file="FNONE")) == "file_not_found"
