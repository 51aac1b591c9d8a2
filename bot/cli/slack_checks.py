"""What can be wrong between Baton and Slack: secrets, tokens, scopes, time, channels."""

import re
from collections.abc import Iterator, Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.answers import Ambiguous, Limited, Refused, Unreached, meaning_of, unanswered
from bot.cli import manifest
from bot.cli.findings import Finding, State, advice, fault, fine, of_state
from bot.context import Clock, Gateways
from bot.gateway import client_for
from bot.seal import Seal, SealError
from bot.services.agreements import Agreed
from bot.settings import Settings
from bot.slack_time import MOST_SKEW, SlackTime

BOT, APP = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
KINDS = {
    "xoxe.xoxb-": "a bot token",
    "xoxb-": "a bot token",
    "xapp-": "an app-level token",
    "xoxp-": "a user token",
    "xoxe.xoxp-": "a user token",
    "xoxe-": "a refresh token",
    "xoxc-": "a browser's token",
    "xoxs-": "a browser's token",
}
"""How Slack's tokens begin."""
WANTED = {BOT: KINDS["xoxb-"], APP: KINDS["xapp-"]}
COPY: Mapping[str, str] = {
    BOT: "Copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions of the installed app.",
    APP: "At Basic Information, App-Level Tokens, generate one with the scope connections:write and copy it"
    " (xapp-…).",
}
SETUP = " Or start `baton setup-slack`: it leads to both tokens, tries them and keeps them in .env."
SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
CREDENTIALS = "Copy it from Basic Information, App Credentials."
REINSTALL = (
    "Paste what `baton manifest` prints into App Manifest at api.slack.com/apps, then reinstall the app."
)
WITHOUT: Mapping[str, str] = {
    "channels:history": "a post whose answer was lost is not made again in a public channel",
    "files:read": "lists of leads as CSV and agreements as YAML cannot be read",
    "files:write": "no file is sent, neither an agreement nor an export",
    "groups:history": "a post whose answer was lost is not made again in a private channel",
    "groups:read": "private channels cannot be looked at",
    "im:history": "the Messages tab is not answered, and a DM whose answer was lost is not made again",
    "usergroups:read": "a user group cannot stand for the members of a side",
}
"""What is missing where an optional scope is not granted."""
SILENT = (Limited, Unreached, Ambiguous)


def asked(client: Any, method: str, **arguments: str) -> SlackResponse:
    """Call a method for its whole answer, headers too; raises what `bot.answers` defines."""
    try:
        answer: SlackResponse = client.api_call(method, params=arguments)
    except SlackApiError as error:
        raise meaning_of(error) from error
    except (OSError, HTTPException, ValueError, AttributeError) as error:
        raise unanswered(error) from error
    return answer


def header(answer: SlackResponse, wanted: str) -> str:
    return next((str(value) for name, value in answer.headers.items() if name.lower() == wanted), "")


# ---- what is set, without asking anybody


def secrets(settings: Settings) -> Iterator[Finding]:
    """Look at what is set: is it there, and of the right kind."""
    is_http = settings.way == "http"
    otherwise = "" if is_http or settings.slack_client_id else SETUP
    if settings.slack_client_id:
        yield from _of_many(settings)
    else:
        yield from kind(BOT, settings.slack_bot_token.get_secret_value(), otherwise)
    if is_http:
        yield from _signing_secret(settings.slack_signing_secret.get_secret_value())
    else:
        yield from kind(APP, settings.slack_app_token.get_secret_value(), otherwise)


def kind(name: str, token: str, otherwise: str = "") -> Iterator[Finding]:
    """Look at one token by how it begins; `otherwise` is said of another way to one that is missing."""
    if not token:
        yield fault(name, f"{name} is not set.", COPY[name] + otherwise)
    elif token != token.strip(" \t\r\n'\""):
        yield fault(name, f"{name} has spaces or quotes around it.", "Set it without them.")
    else:
        found = next(
            (words for begin, words in KINDS.items() if token.startswith(begin)), "no token of Slack's"
        )
        if found != WANTED[name]:
            yield fault(name, f"{name} is {found}, where {WANTED[name]} is needed.", COPY[name])


def _signing_secret(secret: str) -> Iterator[Finding]:
    name = "SLACK_SIGNING_SECRET"
    if not secret:
        yield fault(name, f"{name} is not set.", CREDENTIALS)
    elif not SIGNING_SECRET.fullmatch(secret):
        yield advice(name, f"{name} does not look like one: Slack's are 32 of 0-9 and a-f.", CREDENTIALS)
    else:
        yield fine(name, "The signing secret has the form of one; only a request of Slack's proves it.")


def _of_many(settings: Settings) -> Iterator[Finding]:
    """Look at what an app needs that many workspaces install."""
    if settings.slack_bot_token.get_secret_value():
        words = f"{BOT} and SLACK_CLIENT_ID are both set."
        yield fault(BOT, words, "Keep the token for one workspace, or the client id for many.")
    if not settings.slack_client_secret.get_secret_value():
        yield fault("SLACK_CLIENT_SECRET", "SLACK_CLIENT_SECRET is not set.", CREDENTIALS)
    url = urlsplit(settings.public_url)
    if url.scheme != "https" or not url.netloc:
        words = "BATON_PUBLIC_URL is no https address, so nobody can install Baton."
        yield fault("BATON_PUBLIC_URL", words, "Set it to where people reach Baton: https://baton.example.")
    try:
        Seal.of(settings.secret_keys.get_secret_value())
    except SealError as error:
        yield fault("BATON_SECRET_KEYS", str(error), "`baton db new-key` makes a key.")
    else:
        yield fine("BATON_SECRET_KEYS", "The keys that seal tokens can be read.")


# ---- what Slack answers


def answers(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Ask Slack about the tokens that are set, and what time it is."""
    url = settings.slack_api_url
    if not settings.slack_client_id:
        found = list(bot_token(url, settings.slack_bot_token.get_secret_value()))
        yield from found
        if any(one.about == "Slack" for one in found):
            return  # what is not reached is not asked again
    if settings.way != "http":
        app, bot = settings.slack_app_token.get_secret_value(), settings.slack_bot_token.get_secret_value()
        yield from app_token(url, app)
        if bot:
            yield from same_app(url, bot, app)
    yield from time(url, clock)


def bot_token(url: str, token: str) -> Iterator[Finding]:
    """Ask Slack whose token this is, and compare its scopes with the manifest's."""
    try:
        answer = asked(client_for(url, token), "auth.test")
    except Refused as refusal:
        yield fault(BOT, f"Slack refuses the bot token ({refusal}).", COPY[BOT])
    except SILENT as error:
        words = f"Slack cannot be reached at {url}: {error}."
        yield fault("Slack", words, "Look at the network, the proxy (HTTPS_PROXY) and SLACK_API_URL.")
    else:
        who, team = answer.get("user"), answer.get("team")
        yield fine(BOT, f"The bot token is that of {who} in the workspace {team}.")
        yield from scopes(header(answer, "x-oauth-scopes"))


def scopes(granted: str) -> Iterator[Finding]:
    """Compare what is granted with what the manifest asks for: a scope that is missing tells an old one."""
    has = {scope.strip() for scope in granted.split(",") if scope.strip()}
    wanted = manifest.scopes()
    if not has:
        yield advice("scopes", "Slack did not say which scopes are granted.")
        return
    if missing := [scope for scope in wanted["bot"] if scope not in has]:
        words = f"The app lacks {_and(missing)}: its manifest is old, or it was not reinstalled since."
        yield fault("scopes", words, REINSTALL)
    else:
        yield fine("scopes", f"All {len(wanted['bot'])} scopes that Baton needs are granted.")
    for scope in wanted["bot_optional"]:
        if scope not in has:
            yield advice("scopes", f"Without the optional {scope}, {WITHOUT[scope]}.", REINSTALL)
    words = "Scopes are all that can be seen of the app's manifest; if /sla is unknown in Slack, it is old."
    yield advice("manifest", words, REINSTALL)


def app_token(url: str, token: str) -> Iterator[Finding]:
    """Ask Slack for an address of Socket Mode, and do not use it."""
    try:
        asked(client_for(url, token), "apps.connections.open")
    except Refused as refusal:
        reason = "it lacks connections:write" if refusal.code == "missing_scope" else refusal
        yield fault(APP, f"Slack refuses the app token ({reason}).", COPY[APP])
    except SILENT as error:
        yield advice(APP, f"Slack could not be asked for a connection now: {error}.")
    else:
        yield fine(APP, "The app token opens a connection of Socket Mode.")


def same_app(url: str, bot: str, app: str) -> Iterator[Finding]:
    """Hold the app in the app token's name against the one whose bot it is: of two apps, nothing arrives."""
    named = app.split("-")[2:3]
    try:
        user = str(asked(client_for(url, bot), "auth.test")["user_id"])
        profile = asked(client_for(url, bot), "users.info", user=user)["user"]["profile"]
    except (Refused, KeyError, *SILENT):
        return
    theirs = profile.get("api_app_id")
    if theirs and named and named[0].startswith("A") and theirs != named[0]:
        words = f"The two tokens are of different apps: {theirs} (bot) and {named[0]} (app token)."
        yield fault(APP, words, f"Take both from one app. {COPY[APP]}")


def time(url: str, clock: Clock) -> Iterator[Finding]:
    """Hold this machine's clock against Slack's."""
    slack = SlackTime(clock.now)
    slack.ask(client_for(url))
    if slack.silent_for() is None:
        yield advice("clock", "Slack did not tell its time.")
        return
    seconds = round(slack.skew().total_seconds())
    if abs(slack.skew()) > MOST_SKEW:
        words = f"This machine's clock is {abs(seconds)} s {'ahead of' if seconds > 0 else 'behind'} Slack's."
        yield fault("clock", words, "Set it, and keep it right with NTP; until then nothing is planned.")
    else:
        yield fine("clock", "This machine's clock agrees with Slack's.")


def channel_of(gateways: Gateways, agreed: Agreed) -> Finding:
    """Look whether Baton is in the channel of an agreement."""
    name, place, about = agreed.document.name, agreed.row.channel_id or "", "channel"
    invite = "Type /invite @Baton in that channel."
    try:
        info = gateways.of(agreed.workspace_id).channel_info(place)
    except Refused as refusal:
        words = f"Slack shows Baton no channel {place} for {name} ({refusal})."
        return fault(about, words, f"{invite} A private one can be seen with the scope groups:read alone.")
    except SILENT as error:
        return advice(about, f"Slack could not be asked about the channel of {name}: {error}.")
    called = f"#{info.get('name', place)}"
    if info.get("is_archived"):
        return fault(about, f"{called}, the channel of {name}, is archived.", "Take it out of the archive.")
    if not info.get("is_member"):
        return fault(about, f"Baton is not in {called}, the channel of {name}.", invite)
    return fine(about, f"Baton is in {called}, the channel of {name}.")


def everything(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Look at what is set, and ask Slack only where that can be right."""
    found = list(secrets(settings))
    yield from found
    if not of_state(found, State.FAULT):
        yield from answers(settings, clock)


def _and(names: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
