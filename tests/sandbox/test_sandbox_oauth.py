"""The small Slack's side of OAuth: what it asks for, and that codes and refresh tokens are good once."""

import base64
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from bot.sandbox.oauth import CLIENT_ID, CLIENT_SECRET
from bot.sandbox.server import Sandbox

BACK = "https://baton.example/back"


def code_for(slack: Sandbox, **chosen: str) -> str:
    asked = {"client_id": CLIENT_ID, "scope": "chat:write", "redirect_uri": BACK, "state": "s", **chosen}
    answer = httpx.get(f"{slack.url}/oauth/v2/authorize?{urlencode(asked)}", trust_env=False)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(BACK)
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


def exchanged(slack: Sandbox, secret: str = CLIENT_SECRET, **given: str) -> Any:
    basic = base64.b64encode(f"{CLIENT_ID}:{secret}".encode()).decode()
    return httpx.post(
        f"{slack.api_url}oauth.v2.access",
        data=given,
        headers={"Authorization": f"Basic {basic}"},
        trust_env=False,
    ).json()


def test_a_code_is_good_once_for_the_app_that_asked(slack: Sandbox) -> None:
    code = code_for(slack, team="T0SANDBOX")
    assert exchanged(slack, secret="guessed", code=code, redirect_uri=BACK)["error"] == "bad_client_secret"
    granted = exchanged(slack, code=code, redirect_uri=BACK)
    assert granted["ok"]
    assert (granted["team"]["id"], granted["access_token"]) == ("T0SANDBOX", slack.bot_token)
    assert exchanged(slack, code=code, redirect_uri=BACK)["error"] == "invalid_code"


def test_the_page_offers_each_workspace_and_a_way_out(slack: Sandbox) -> None:
    slack.add_team("T1OTHER", "Neighbours <&>")
    asked = {"client_id": CLIENT_ID, "redirect_uri": BACK, "state": "s"}
    page = httpx.get(f"{slack.url}/oauth/v2/authorize?{urlencode(asked)}", trust_env=False).text
    assert "Allow in Neighbours &lt;&amp;&gt;" in page
    assert "denied=1" in page
    wrong = httpx.get(f"{slack.url}/oauth/v2/authorize?client_id=9", trust_env=False)
    assert wrong.status_code == 400


def test_each_workspace_answers_to_its_own_token_alone(slack: Sandbox) -> None:
    other = slack.add_team("T1OTHER")

    def who(token: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.post(f"{slack.api_url}auth.test", headers=headers, trust_env=False).json()

    assert who(slack.bot_token)["team_id"] == "T0SANDBOX"
    assert who(other.parts.slack.bot_token)["team_id"] == "T1OTHER"
    old = other.parts.slack.bot_token
    other.parts.slack.renew_token()
    assert who(old)["error"] == "token_revoked"
    assert who("xoxb-made-up")["error"] == "invalid_auth"


@pytest.mark.parametrize("again", ["", "made-up"])
def test_a_refresh_token_is_good_once(slack: Sandbox, again: str) -> None:
    slack.parts.slack.rotates_tokens = True
    granted = exchanged(slack, code=code_for(slack, team="T0SANDBOX"), redirect_uri=BACK)
    assert granted["expires_in"] == 43_200
    first = granted["refresh_token"]
    renewed = exchanged(slack, grant_type="refresh_token", refresh_token=first)
    assert renewed["access_token"] == slack.bot_token != granted["access_token"]
    for used in (first, again):
        answer = exchanged(slack, grant_type="refresh_token", refresh_token=used)
        assert answer["error"] == "invalid_refresh_token"
