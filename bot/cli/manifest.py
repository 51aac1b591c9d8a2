"""`baton manifest`: print the manifest with which Slack makes the app."""

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import yaml

import bot
from bot.cli.refusals import WRONG_USE, Refusal
from bot.context import Clock
from bot.settings import Settings
from bot.slack.request import OF_ORGANISATION

MANIFEST = Path(bot.__file__).parent / "manifest.yml"
"""A link to the one at the top of the repository; in a package, a file."""
EVENTS, BACK = "/slack/events", "/slack/oauth_redirect"


def arguments(command: ArgumentParser) -> None:
    command.add_argument(
        "--url", help="where Slack reaches Baton by HTTP, for an app that many workspaces install"
    )


def act(given: Namespace, _settings: Settings, _clock: Clock) -> int:
    """Print the file as it stands, or with the addresses of an app that is reached by HTTP."""
    try:
        text = MANIFEST.read_text(encoding="utf-8")
    except OSError as error:
        raise Refusal(f"{MANIFEST} cannot be read: {error.strerror}.") from error
    print(text if given.url is None else by_http(text, given.url), end="")
    return 0


def by_http(text: str, url: str) -> str:
    """Write the addresses into a manifest, and let whole organisations install it."""
    if urlsplit(url).scheme != "https" or not urlsplit(url).netloc:
        raise Refusal(f"{url!r} is no address that Slack takes; https://baton.example is one.", WRONG_USE)
    manifest: dict[str, Any] = yaml.safe_load(text)
    request_url = urljoin(url, EVENTS)
    manifest["features"]["slash_commands"][0]["url"] = request_url
    manifest["oauth_config"]["redirect_urls"] = [urljoin(url, BACK)]
    settings = manifest["settings"]
    settings["event_subscriptions"]["request_url"] = request_url
    settings["event_subscriptions"]["bot_events"] += sorted(OF_ORGANISATION)
    settings["interactivity"]["request_url"] = request_url
    settings |= {"socket_mode_enabled": False, "org_deploy_enabled": True}
    return yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True)


def scopes() -> dict[str, list[str]]:
    """Read which scopes the manifest asks for: `bot` and `bot_optional`."""
    found: dict[str, list[str]] = _read()["oauth_config"]["scopes"]
    return found


def address() -> str:
    """Give the address at which Slack offers to make the app from the manifest."""
    text = json.dumps(_read(), separators=(",", ":"), ensure_ascii=False)
    return f"https://api.slack.com/apps?{urlencode({'new_app': 1, 'manifest_json': text})}"


def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return found
