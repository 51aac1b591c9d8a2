"""The connection of Socket Mode: it is made anew when it went deaf, and ends without losing an answer."""

import time
from threading import Event, Thread
from typing import Any

from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from bot.socket_mode import DEAF_SECONDS, Line, connected
from tests.sandbox.small_bot import Bot, until


def bot(slack: Sandbox) -> Bot:
    return Bot(slack, WebClient(slack.bot_token, slack.api_url, retry_handlers=[]))


def people(slack: Sandbox) -> None:
    slack.add_person("maya", id="U1")
    slack.add_channel("sla", ["U1"], id="C1")


def test_a_connection_that_went_deaf_is_made_anew() -> None:
    later = [0.0]
    with Sandbox(scopes=[], events=[]) as slack:
        people(slack)
        line = Line(bot(slack).app(), slack.app_token, lambda: time.time() + later[0])
        until(lambda: slack.connections == 1)
        line.mend()
        assert slack.parts.sockets.accepted == 1

        client = line.handler.client
        client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
        slack.drop_connections()
        later[0] = DEAF_SECONDS + 10
        assert line.is_deaf()
        line.mend()
        until(lambda: slack.connections == 1)
        assert not line.is_deaf()
        assert slack.command("U1", "C1", "/sla")["ok"]
        line.end()


def test_while_no_connection_can_be_made_it_is_tried_again() -> None:
    later = [0.0]
    with Sandbox(scopes=[], events=[]) as slack:
        people(slack)
        line = Line(bot(slack).app(), slack.app_token, lambda: time.time() + later[0])
        slack.fail("apps.connections.open", "error", error="internal_error")
        later[0] = DEAF_SECONDS + 10
        line.mend()
        assert line.is_deaf()
        line.mend()
        assert not line.is_deaf()
        line.end()


def test_what_has_come_is_answered_before_it_hangs_up() -> None:
    begun, answers = Event(), list[Any]()
    with Sandbox(scopes=[], events=[]) as slack:
        people(slack)
        small = bot(slack)

        def slow(ack: Any, **_: Any) -> None:
            begun.set()
            time.sleep(0.5)
            ack()

        small.does = slow
        with connected(small.app(), slack.app_token):
            until(lambda: slack.connections == 1)
            asking = Thread(target=lambda: answers.append(slack.command("U1", "C1", "/sla")))
            asking.start()
            begun.wait(5)
        asking.join()
    assert answers[0]["ok"]
