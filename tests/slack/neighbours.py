"""Two companies that installed the same Baton, with the same ids of people and channels, in one store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from pydantic import SecretStr

from bot import app
from bot.app import Baton
from bot.http import oauth, server
from bot.jobs import forget
from bot.sandbox.driving import Driving
from bot.sandbox.oauth import CLIENT_ID, CLIENT_SECRET
from bot.sandbox.server import Sandbox
from bot.seal import new_key
from bot.settings import Settings
from bot.slack.request import OF_ORGANISATION
from tests import stores
from tests.sandbox.small_bot import connect, hang_up
from tests.slack.office import MAYA, TEAM, UNBOUNDED, HandClock, Office, move_in, new_slack, sign

OTHER = "T1OTHER"
HERE = "https://baton.example"
KEEP = timedelta(days=30)


class Browser:
    """A browser at Baton's own address, which a proxy with a certificate stands before."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.cookie = ""

    def get(self, address: str, **headers: str) -> httpx.Response:
        """Go to an address, with the cookie of this browser."""
        with_cookie = {"Cookie": f"{oauth.COOKIE}={self.cookie}", **headers}
        here = f"http://127.0.0.1:{self._port}{address.removeprefix(HERE)}"
        answer = httpx.get(here, headers=with_cookie, trust_env=False)
        self.cookie = answer.cookies.get(oauth.COOKIE) or self.cookie
        return answer


@dataclass
class Neighbours:
    """The one bot, and an office in each workspace."""

    baton: Baton
    slack: Sandbox
    clock: HandClock
    first: Office
    second: Office
    port: int

    @property
    def web(self) -> Browser:
        """Open another browser."""
        return Browser(self.port)

    def install(self, team: str = TEAM, user: str = MAYA) -> httpx.Response:
        """Go all the way through Slack's installation; gives the page at its end."""
        browser = self.web
        begun = browser.get("/slack/install")
        return browser.get(self.allowed(begun.headers["location"], team, user))

    def allowed(self, asked: str, team: str = TEAM, user: str = MAYA) -> str:
        """Press Allow on Slack's page; gives where that leads."""
        pressed = f"{asked}&{urlencode({'team': team, 'as': user})}"
        return httpx.get(pressed, trust_env=False).headers["location"]

    def forget(self) -> int:
        return forget.run(self.baton.context, KEEP)


def state_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


@contextmanager
def neighbours(folder: Path, *, are_installed: bool = True) -> Iterator[Neighbours]:
    """Open both offices, each with its agreement in force, or with nothing installed anywhere."""
    clock = HandClock()
    with new_slack(clock) as slack:
        slack.parts.delivery.events |= OF_ORGANISATION
        other = slack.add_team(OTHER)
        other.ignore_rates()
        move_in(other)
        baton = app.build(_settings(folder, slack), clock)
        handler = connect(slack, baton.app)
        offices = [Office(baton.context, one, clock, baton.app) for one in (slack, other)]
        port = server.listening("127.0.0.1", 0)
        pages = server.application(None, oauth.routes(baton.context, HERE))
        with server.serving(pages, port):
            both = Neighbours(baton, slack, clock, offices[0], offices[1], port.getsockname()[1])
            if are_installed:
                for number, (office, team) in enumerate(zip(offices, (TEAM, OTHER), strict=True), 1):
                    assert both.install(team).status_code == 200
                    sign(office, number)
            yield both
        port.close()
        hang_up(slack, handler)
        baton.context.engine.dispose()


def _settings(folder: Path, slack: Sandbox) -> Settings:
    return Settings(
        database_url=stores.url(folder / "baton.db"),
        slack_api_url=slack.api_url,
        slack_signing_secret=SecretStr(slack.signing_secret),
        slack_client_id=CLIENT_ID,
        slack_client_secret=SecretStr(CLIENT_SECRET),
        secret_keys=SecretStr(new_key()),
        public_url=HERE,
        inputs_a_minute=UNBOUNDED,
    )


def words_to(slack: Driving) -> str:
    """Read all that was ever sent into a workspace."""
    return "\n".join(str(call.body) for call in slack.traffic if call.direction == "to_slack")
