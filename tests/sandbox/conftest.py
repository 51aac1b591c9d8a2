from collections.abc import Iterator

import pytest
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox
from tests.sandbox.small_bot import Bot, Clock, connect, hang_up


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[Sandbox]:
    sandbox = Sandbox(now=clock, ack_seconds=0.4, shortcuts=[{"callback_id": "log", "name": "Log leads"}])
    sandbox.add_person("maya", id="UMAYA", real_name="Maya", tz="Europe/Berlin")
    sandbox.add_person("sam", id="USAM", real_name="Sam", tz="America/New_York")
    sandbox.add_channel("sla", ["UMAYA", "USAM"], id="CSLA")
    with sandbox:
        yield sandbox


@pytest.fixture
def client(slack: Sandbox) -> WebClient:
    return WebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def bot(slack: Sandbox, client: WebClient) -> Iterator[Bot]:
    """A bot connected by Socket Mode."""
    bot = Bot(slack, client)
    handler = connect(slack, bot.app())
    yield bot
    hang_up(slack, handler)
