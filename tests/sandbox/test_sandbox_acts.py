"""People act in the stand-in and a Bolt app hears it, over Socket Mode."""

import time
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.refusals import SlackError
from bot.sandbox.server import Sandbox
from tests.sandbox.small_bot import MODAL, Bot, Clock

Json = dict[str, Any]
BUTTONS: list[Json] = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {
                "type": "button",
                "action_id": "take",
                "text": {"type": "plain_text", "text": "Take"},
                "value": "7",
            },
            {
                "type": "overflow",
                "action_id": "more",
                "options": [{"text": {"type": "plain_text", "text": "Snooze"}, "value": "snooze"}],
            },
            {"type": "users_select", "action_id": "cover"},
        ],
    }
]


def opens(view: Json) -> Any:
    """Return a listener that opens a modal and acknowledges."""

    def does(ack: Any, *, body: Json, client: Any) -> None:
        if "trigger_id" in body and body.get("type") != "view_submission":
            client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    return does


def answers(**answer: Any) -> Any:
    return lambda ack, **_: ack(**answer)


# --- commands ------------------------------------------------------------------------------------------


def test_a_commands_answer_is_seen_by_its_person_alone(slack: Sandbox, bot: Bot) -> None:
    bot.does = answers(text="all well", blocks=BUTTONS)
    answer = slack.command("UMAYA", "CSLA", "/sla status")
    assert answer["message"]["text"] == "all well"
    assert [message["ts"] for message in slack.ephemerals("UMAYA")] == [answer["message"]["ts"]]
    assert slack.ephemerals("USAM") == []
    assert slack.messages("CSLA") == []
    heard = bot.heard[0]
    assert (heard["command"], heard["text"], heard["user_name"]) == ("/sla", "status", "maya")
    assert (heard["channel_id"], heard["channel_name"], heard["team_id"]) == ("CSLA", "sla", "T0SANDBOX")


def test_an_answer_in_channel_is_seen_by_all(slack: Sandbox, bot: Bot) -> None:
    bot.does = answers(text="all well", response_type="in_channel")
    slack.command("UMAYA", "CSLA", "/sla status")
    assert slack.messages("CSLA")[0]["text"] == "all well"


def test_names_channels_and_signs_are_escaped_in_a_command(slack: Sandbox, bot: Bot) -> None:
    slack.command(
        "UMAYA", "CSLA", "/sla log @sam. in #sla <!channel> & https://example.org/a?b @nobody <@USAM>"
    )
    assert bot.heard[0]["text"] == (
        "log <@USAM|sam>. in <#CSLA|sla> &lt;!channel&gt; &amp; <https://example.org/a?b> @nobody <@USAM>"
    )


@pytest.mark.parametrize(
    ("line", "thread", "error"),
    [("/other x", None, "is not a valid command"), ("/sla x", "1.0", "is not supported in threads")],
)
def test_a_command_slack_does_not_send(
    slack: Sandbox, bot: Bot, line: str, thread: str | None, error: str
) -> None:
    answer = slack.run(slack.parts.acts.command("UMAYA", "CSLA", line, thread))
    assert error in answer["error"]
    assert bot.heard == []


def test_a_command_not_acknowledged_in_time_fails_before_the_person(slack: Sandbox, bot: Bot) -> None:
    bot.does = lambda ack, **_: time.sleep(0.6)
    assert slack.command("UMAYA", "CSLA", "/sla x")["error"] == "/sla failed because the app did not respond"


def test_a_command_without_a_connected_bot_fails(slack: Sandbox) -> None:
    assert 'error "dispatch_failed"' in slack.command("UMAYA", "CSLA", "/sla x")["error"]


def test_an_answer_with_bad_blocks_fails_before_the_person(slack: Sandbox, bot: Bot) -> None:
    bot.does = answers(text="x", blocks=[{"type": "hero"}])
    answer = slack.command("UMAYA", "CSLA", "/sla x")
    assert (answer["ok"], answer["reason"]) == (False, "invalid_blocks")


def test_a_stranger_has_no_commands(slack: Sandbox, bot: Bot) -> None:
    slack.add_person("eve", id="UEVE", team_id="TOTHER")
    slack.invite("CSLA", "UEVE")
    assert "is not a valid command" in slack.command("UEVE", "CSLA", "/sla x")["error"]
    assert bot.heard == []


# --- response URLs -------------------------------------------------------------------------------------


def test_a_response_url_answers_five_times(slack: Sandbox, bot: Bot) -> None:
    slack.command("UMAYA", "CSLA", "/sla x")
    url = bot.heard[0]["response_url"]
    for number in range(5):
        assert httpx.post(url, json={"text": str(number)}).status_code == 200
    last = httpx.post(url, json={"text": "6"})
    assert (last.status_code, last.json()["error"]) == (404, "used_url")
    assert [message["text"] for message in slack.ephemerals("UMAYA")] == ["0", "1", "2", "3", "4"]


def test_a_response_url_lasts_half_an_hour(slack: Sandbox, bot: Bot, clock: Clock) -> None:
    slack.command("UMAYA", "CSLA", "/sla x")
    clock.move(1801)
    answer = httpx.post(bot.heard[0]["response_url"], json={"text": "late"})
    assert (answer.status_code, answer.json()["error"]) == (404, "expired_url")


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "{}"])
def test_a_response_url_refuses_what_is_no_message(slack: Sandbox, bot: Bot, body: str) -> None:
    slack.command("UMAYA", "CSLA", "/sla x")
    assert httpx.post(bot.heard[0]["response_url"], content=body).status_code == 400


def test_a_response_url_replaces_and_deletes_the_message_acted_on(slack: Sandbox, bot: Bot) -> None:
    bot.client.chat_postEphemeral(channel="CSLA", user="UMAYA", text="choose", blocks=BUTTONS)
    slack.press("UMAYA", slack.ephemerals("UMAYA")[0], "take")
    heard = bot.heard[0]
    assert heard["container"]["is_ephemeral"]
    assert "message" not in heard
    httpx.post(heard["response_url"], json={"text": "chosen", "replace_original": True})
    assert [message["text"] for message in slack.ephemerals("UMAYA")] == ["chosen"]
    httpx.post(heard["response_url"], json={"delete_original": "true"})
    assert slack.ephemerals("UMAYA") == []


# --- buttons and selects -------------------------------------------------------------------------------


def test_a_pressed_button_says_who_where_and_which(slack: Sandbox, bot: Bot) -> None:
    metadata = {"event_type": "notice", "event_payload": {"key": "k"}}
    bot.client.chat_postMessage(channel="CSLA", text="card", blocks=BUTTONS, metadata=metadata)
    assert slack.press("USAM", slack.messages("CSLA")[0], "take", "7") == {"ok": True}
    heard = bot.heard[0]
    assert heard["user"]["id"] == "USAM"
    assert heard["channel"] == {"id": "CSLA", "name": "sla"}
    assert heard["message"]["metadata"] == metadata
    action = heard["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("take", "row", "7")


def test_a_choice_is_in_the_action_and_in_the_state(slack: Sandbox, bot: Bot) -> None:
    bot.client.chat_postMessage(channel="CSLA", text="card", blocks=BUTTONS)
    message = slack.messages("CSLA")[0]
    slack.press("USAM", message, "more", "snooze")
    assert bot.heard[0]["actions"][0]["selected_option"]["value"] == "snooze"
    slack.press("USAM", message, "cover", "UMAYA")
    assert bot.heard[1]["actions"][0]["selected_user"] == "UMAYA"
    assert bot.heard[1]["state"]["values"]["row"]["cover"]["selected_user"] == "UMAYA"


def test_a_button_that_is_not_there_cannot_be_pressed(slack: Sandbox, bot: Bot) -> None:
    bot.client.chat_postMessage(channel="CSLA", text="card", blocks=BUTTONS)
    with pytest.raises(LookupError, match="row/take"):
        slack.press("USAM", slack.messages("CSLA")[0], "drop")
    with pytest.raises(LookupError):
        slack.press("USAM", slack.messages("CSLA")[0], "take", "8")


def test_what_was_seen_before_the_app_drew_it_anew_can_still_be_pressed(slack: Sandbox, bot: Bot) -> None:
    unnamed = [{key: part for key, part in block.items() if key != "block_id"} for block in BUTTONS]
    bot.client.chat_postMessage(channel="CSLA", text="card", blocks=unnamed)
    seen = slack.messages("CSLA")[0]
    bot.client.chat_update(channel="CSLA", ts=seen["ts"], text="card", blocks=unnamed)
    assert slack.messages("CSLA")[0]["blocks"][0]["block_id"] != seen["blocks"][0]["block_id"]
    slack.press("USAM", seen, "take", "7", block_id=seen["blocks"][0]["block_id"])
    assert bot.heard[0]["actions"][0]["value"] == "7"
    with pytest.raises(LookupError):
        slack.press("USAM", seen, "take", "8", block_id=seen["blocks"][0]["block_id"])


def test_a_button_not_acknowledged_fails_before_the_person(slack: Sandbox, bot: Bot) -> None:
    bot.client.chat_postMessage(channel="CSLA", text="card", blocks=BUTTONS)
    bot.does = lambda ack, **_: time.sleep(0.6)
    assert "did not respond" in slack.press("USAM", slack.messages("CSLA")[0], "take")["error"]


# --- modals --------------------------------------------------------------------------------------------


def test_a_shortcut_opens_a_modal_and_its_submission_closes_it(slack: Sandbox, bot: Bot) -> None:
    bot.does = opens(MODAL)
    assert slack.shortcut("UMAYA", "log")["ok"]
    assert slack.views("UMAYA")[0]["callback_id"] == "log"
    assert slack.submit("UMAYA", {"count": {"count": 25}}) == {"ok": True, "response_action": None}
    heard = bot.heard[-1]
    assert heard["view"]["state"]["values"] == {"count": {"count": {"type": "number_input", "value": "25"}}}
    assert slack.views("UMAYA") == []


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "required"),
        ("0", "1 or more"),
        ("1.5", "whole number"),
        ("many", "enter a number"),
        ("NaN", "whole number"),
    ],
)
def test_slack_itself_refuses_what_an_input_does_not_take(
    slack: Sandbox, bot: Bot, value: str | None, words: str
) -> None:
    bot.does = opens(MODAL)
    slack.command("UMAYA", "CSLA", "/sla log")
    answer = slack.submit("UMAYA", {"count": {"count": value}})
    assert words in answer["errors"]["count"]
    assert len(bot.heard) == 1


def test_errors_keep_the_modal_open(slack: Sandbox, bot: Bot) -> None:
    bot.does = opens(MODAL)
    slack.command("UMAYA", "CSLA", "/sla log")
    bot.does = answers(response_action="errors", errors={"count": "too many"})
    answer = slack.submit("UMAYA", {"count": {"count": "9"}})
    assert answer == {"ok": True, "response_action": "errors", "errors": {"count": "too many"}}
    assert len(slack.views("UMAYA")) == 1


def test_errors_for_a_block_that_is_no_input_fail(slack: Sandbox, bot: Bot) -> None:
    bot.does = opens(MODAL)
    slack.command("UMAYA", "CSLA", "/sla log")
    bot.does = answers(response_action="errors", errors={"nowhere": "x"})
    answer = slack.submit("UMAYA", {"count": {"count": "9"}})
    assert (answer["ok"], answer["reason"]) == (False, "invalid_errors")


def test_push_update_and_clear_move_the_stack(slack: Sandbox, bot: Bot) -> None:
    bot.does = opens(MODAL)
    slack.command("UMAYA", "CSLA", "/sla log")
    bot.does = answers(response_action="push", view=MODAL | {"callback_id": "second"})
    assert slack.submit("UMAYA", {"count": {"count": "9"}})["response_action"] == "push"
    assert [view["callback_id"] for view in slack.views("UMAYA")] == ["log", "second"]
    assert slack.views("UMAYA")[1]["root_view_id"] == slack.views("UMAYA")[0]["id"]
    bot.does = answers(response_action="update", view=MODAL | {"callback_id": "changed"})
    answer = slack.submit("UMAYA", {"count": {"count": "8"}})
    assert answer["view"]["state"]["values"]["count"]["count"]["value"] == "8"
    assert [view["callback_id"] for view in slack.views("UMAYA")] == ["log", "changed"]
    bot.does = answers(response_action="push", view=MODAL)
    slack.submit("UMAYA", {})
    assert len(slack.views("UMAYA")) == 3
    assert slack.submit("UMAYA", {"count": {"count": "1"}})["reason"] == "push_limit_reached"
    bot.does = answers(response_action="clear")
    slack.submit("UMAYA", {"count": {"count": "1"}})
    assert slack.views("UMAYA") == []


def test_a_submission_not_acknowledged_keeps_what_was_typed(slack: Sandbox, bot: Bot) -> None:
    bot.does = opens(MODAL)
    slack.command("UMAYA", "CSLA", "/sla log")
    bot.does = lambda ack, **_: time.sleep(0.6)
    assert "trouble connecting" in slack.submit("UMAYA", {"count": {"count": "9"}})["error"]
    assert slack.views("UMAYA")[0]["state"]["values"]["count"]["count"]["value"] == "9"


def test_a_closed_modal_is_told_of_where_asked(slack: Sandbox, bot: Bot) -> None:
    bot.does = opens(MODAL | {"notify_on_close": True})
    slack.command("UMAYA", "CSLA", "/sla log")
    slack.close("UMAYA")
    assert bot.heard[-1]["type"] == "view_closed"
    assert slack.views("UMAYA") == []


def test_a_trigger_is_good_once_and_for_three_seconds(
    slack: Sandbox, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot.does = opens(MODAL)
    slack.command("UMAYA", "CSLA", "/sla log")
    used = bot.heard[0]["trigger_id"]
    assert _view_error(bot, used) == "exchanged_trigger_id"
    bot.does = answers()
    slack.command("UMAYA", "CSLA", "/sla log")
    later = time.monotonic() + 3.1
    monkeypatch.setattr("bot.sandbox.triggers.monotonic", lambda: later)
    assert _view_error(bot, bot.heard[1]["trigger_id"]) == "expired_trigger_id"
    assert _view_error(bot, "1.2.3") == "invalid_trigger_id"


def _view_error(bot: Bot, trigger: str) -> str:
    with pytest.raises(SlackApiError) as caught:
        bot.client.views_open(trigger_id=trigger, view=MODAL)
    return str(caught.value.response["error"])


def test_an_update_with_an_old_hash_is_refused(slack: Sandbox, bot: Bot) -> None:
    bot.does = opens(MODAL | {"external_id": "ours"})
    slack.command("UMAYA", "CSLA", "/sla log")
    view = slack.views("UMAYA")[0]
    new = MODAL | {"callback_id": "changed", "external_id": "ours"}
    bot.client.views_update(view_id=view["id"], hash=view["hash"], view=new)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        bot.client.views_update(view_id=view["id"], hash=view["hash"], view=new)
    bot.client.views_update(external_id="ours", view=MODAL)
    with pytest.raises(SlackApiError, match="not_found"):
        bot.client.views_update(view_id="V0", view=MODAL)
    assert slack.views("UMAYA")[0]["callback_id"] == "log"


def test_a_button_in_a_modal_can_push_another(slack: Sandbox, bot: Bot) -> None:
    bot.does = opens({"type": "modal", "title": {"type": "plain_text", "text": "Pick"}, "blocks": BUTTONS})
    slack.command("UMAYA", "CSLA", "/sla log")

    def pushes(ack: Any, *, body: Json, client: Any) -> None:
        client.views_push(trigger_id=body["trigger_id"], view=MODAL)
        ack()

    bot.does = pushes
    slack.press("UMAYA", slack.views("UMAYA")[0], "take")
    assert [view["callback_id"] for view in slack.views("UMAYA")] == ["", "log"]
    assert bot.heard[-1]["container"] == {"type": "view", "view_id": slack.views("UMAYA")[0]["id"]}


def test_a_file_is_uploaded_in_a_modal(slack: Sandbox, bot: Bot) -> None:
    element = {"type": "file_input", "action_id": "csv", "max_files": 1}
    label = {"type": "plain_text", "text": "CSV"}
    block = {"type": "input", "block_id": "csv", "label": label, "element": element}
    bot.does = opens(MODAL | {"blocks": [block]})
    slack.command("UMAYA", "CSLA", "/sla log")
    file = slack.add_file("UMAYA", "leads.csv", b"a\n")
    assert "at most 1" in slack.submit("UMAYA", {"csv": {"csv": [file, file]}})["errors"]["csv"]
    slack.submit("UMAYA", {"csv": {"csv": [file]}})
    assert bot.heard[-1]["view"]["state"]["values"]["csv"]["csv"]["files"][0]["id"] == file


# --- App Home, messages, reactions, people -------------------------------------------------------------


def test_home_is_published_for_one_person(slack: Sandbox, bot: Bot) -> None:
    view = {"type": "home", "blocks": BUTTONS}

    def publishes(ack: Any, *, body: Json, client: Any) -> None:
        client.views_publish(user_id=body["event"]["user"], view=view)
        ack()

    bot.does = publishes
    assert slack.open_home("UMAYA")["acked"]
    home = slack.home("UMAYA")
    assert home is not None
    assert slack.home("USAM") is None
    bot.does = answers()
    slack.press("UMAYA", home, "take")
    assert bot.heard[-1]["view"]["type"] == "home"
    with pytest.raises(SlackApiError, match="hash_conflict"):
        bot.client.views_publish(user_id="UMAYA", view=view, hash="old")


def test_reactions_reach_the_bot_with_their_own_instant(slack: Sandbox, bot: Bot) -> None:
    ts = bot.client.chat_postMessage(channel="CSLA", text="card")["ts"]
    assert slack.react("USAM", "CSLA", ts, "white_check_mark") == {"ok": True, "acked": True}
    slack.unreact("USAM", "CSLA", ts, "white_check_mark")
    added, removed = (heard["event"] for heard in bot.heard)
    assert (added["type"], removed["type"]) == ("reaction_added", "reaction_removed")
    assert added["item"] == {"type": "message", "channel": "CSLA", "ts": ts}
    assert added["item_user"] == "U0BATON"
    assert added["event_ts"] < removed["event_ts"]
    with pytest.raises(SlackError, match="no_reaction"):
        slack.unreact("USAM", "CSLA", ts, "white_check_mark")


def test_a_reaction_to_an_answer_names_no_author(slack: Sandbox, bot: Bot) -> None:
    bot.does = answers(text="for all", response_type="in_channel")
    ts = slack.command("UMAYA", "CSLA", "/sla x")["message"]["ts"]
    slack.react("USAM", "CSLA", ts, "eyes")
    assert "item_user" not in bot.heard[-1]["event"]


def test_a_channel_without_the_bot_is_silent(slack: Sandbox, bot: Bot) -> None:
    slack.add_channel("quiet", ["UMAYA"], id="CQUIET", with_bot=False)
    ts = slack.say("UMAYA", "CQUIET", "hello")["message"]["ts"]
    assert not slack.react("UMAYA", "CQUIET", ts, "eyes")["acked"]
    assert bot.heard == []


def test_only_what_was_subscribed_to_is_sent(slack: Sandbox, bot: Bot) -> None:
    slack.say("UMAYA", "CSLA", "to all")
    assert bot.heard == []
    slack.say("UMAYA", slack.dm_channel("UMAYA"), "help & <!here>")
    event = bot.heard[0]["event"]
    assert (event["type"], event["channel_type"]) == ("message", "im")
    assert event["text"] == "help &amp; &lt;!here&gt;"


def test_a_new_status_reaches_the_bot(slack: Sandbox, bot: Bot) -> None:
    slack.set_status("USAM", "On leave", ":palm_tree:")
    assert bot.heard[0]["event"]["user"]["profile"]["status_text"] == "On leave"
