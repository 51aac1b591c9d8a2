"""Slack's side of installing an app: the page that asks, the code it brings, the token for the code."""

import base64
import binascii
import secrets
from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.parts import Parts
from bot.sandbox.refusals import Json
from bot.sandbox.responses import as_json
from bot.sandbox.traffic import Call
from bot.sandbox.workspace import TOKEN_LIVES_SECONDS

CLIENT_ID, CLIENT_SECRET = "0.0", "sandbox-client-secret"
CODE_LIVES_SECONDS = 600


@dataclass
class Code:
    """What somebody allowed; good once."""

    parts: Parts
    user: str
    scope: str
    redirect_uri: str
    expires_at: float


def routes(teams: list[Parts]) -> list[BaseRoute]:
    """Return the addresses of the installation."""
    codes: dict[str, Code] = {}

    async def authorize(request: Request) -> Response:
        return ask(teams, codes, dict(request.query_params))

    async def access(request: Request) -> Response:
        given = dict(parse_qsl((await request.body()).decode()))
        answer = exchange(teams, codes, given, request.headers.get("authorization", ""))
        slack = teams[0].slack
        shown: Json = {"ok": answer["ok"], "error": answer.get("error")}
        teams[0].traffic.add(
            Call(slack.now(), "to_slack", "oauth.v2.access", bool(answer["ok"]), 200, {}, shown, 0)
        )
        return as_json(answer)

    return [
        Route("/oauth/v2/authorize", authorize),
        Route("/api/oauth.v2.access", access, methods=["POST"]),
    ]


def ask(teams: list[Parts], codes: dict[str, Code], given: dict[str, str]) -> Response:
    """Show what is asked for; `team` and `as` in the address are a press on Allow, `denied` on Cancel."""
    if given.get("client_id") != CLIENT_ID:
        return HTMLResponse("Invalid client_id parameter", 400)
    parts = next((one for one in teams if one.slack.team_id == given.get("team")), None)
    if "denied" in given:
        return _back(given, error="access_denied")
    if parts is None:
        return HTMLResponse(_page(teams, given))
    code = secrets.token_hex(8)
    expires_at = parts.slack.now() + CODE_LIVES_SECONDS
    codes[code] = Code(
        parts, given.get("as", ""), given.get("scope", ""), given.get("redirect_uri", ""), expires_at
    )
    return _back(given, code=code)


def _back(given: dict[str, str], **outcome: str) -> Response:
    query = urlencode({**outcome, "state": given.get("state", "")})
    return RedirectResponse(f"{given.get('redirect_uri', '')}?{query}", 302)


def _page(teams: list[Parts], given: dict[str, str]) -> str:
    def link(words: str, **chosen: str) -> str:
        return f'<p><a href="?{escape(urlencode({**given, **chosen}))}">{escape(words)}</a></p>'

    allow = [
        link(f"Allow in {one.slack.name}", **{"team": one.slack.team_id, "as": _somebody(one)})
        for one in teams
    ]
    return "".join(["<h1>Baton asks for access</h1>", *allow, link("Cancel", denied="1")])


def _somebody(parts: Parts) -> str:
    return next((one.id for one in parts.slack.people.values() if not one.is_bot), "")


def exchange(teams: list[Parts], codes: dict[str, Code], given: dict[str, str], basic: str) -> Json:
    """Give a token for a code or a refresh token, each good once."""
    if _client(basic) != (CLIENT_ID, CLIENT_SECRET):
        return {"ok": False, "error": "bad_client_secret"}
    if given.get("grant_type") == "refresh_token":
        return _refreshed(teams, given.get("refresh_token", ""))
    code = codes.pop(given.get("code", ""), None)
    if code is None or code.parts.slack.now() > code.expires_at:
        return {"ok": False, "error": "invalid_code"}
    if given.get("redirect_uri", "") != code.redirect_uri:
        return {"ok": False, "error": "bad_redirect_uri"}
    return _granted(code.parts, code.user, code.scope)


def _client(basic: str) -> tuple[str, str]:
    try:
        name, _, secret = base64.b64decode(basic.removeprefix("Basic ")).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, secret


def _refreshed(teams: list[Parts], refresh_token: str) -> Json:
    parts = next((one for one in teams if refresh_token and one.slack.refresh_token == refresh_token), None)
    if parts is None:
        return {"ok": False, "error": "invalid_refresh_token"}
    return _granted(parts, "", ",".join(sorted(parts.slack.scopes)))


def _granted(parts: Parts, user: str, scope: str) -> Json:
    slack = parts.slack
    slack.renew_token()
    answer: Json = {
        "ok": True,
        "app_id": slack.app_id,
        "token_type": "bot",
        "access_token": slack.bot_token,
        "scope": scope,
        "bot_user_id": slack.bot_user_id,
        "authed_user": {"id": user},
        "is_enterprise_install": slack.enterprise_id is not None,
        "team": None if slack.enterprise_id else {"id": slack.team_id, "name": slack.name},
        "enterprise": {"id": slack.enterprise_id, "name": slack.name} if slack.enterprise_id else None,
    }
    if slack.rotates_tokens:
        answer |= {"refresh_token": slack.refresh_token, "expires_in": TOKEN_LIVES_SECONDS}
    return answer
