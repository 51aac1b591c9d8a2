"""How workspaces install Baton: to Slack with a state, and back with a code that becomes a sealed token."""

import hmac
import logging
from collections.abc import Callable
from html import escape
from urllib.parse import urlencode, urljoin

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.answers import Ambiguous, Limited, Refused, Unreached
from bot.context import Context
from bot.exchange import Grant
from bot.gateway import Gateway, scopes
from bot.installations import Installations
from bot.messages import installed
from bot.services import installations

log = logging.getLogger(__name__)

INSTALL, BACK = "/slack/install", "/slack/oauth_redirect"
COOKIE, COOKIE_SECONDS = "baton_install", 600
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the code stands in this page's address
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!doctype html>
<html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 18px/1.5 system-ui, sans-serif; max-width: 34em; margin: 18vh auto; padding: 0 1.2em }}
</style>
<h1>{title}</h1>
<p>{text}</p>
"""


def routes(context: Context, public_url: str) -> list[Route]:
    """Give the addresses of the installation; none where one token is set for one workspace."""
    gateways = context.gateways
    if not isinstance(gateways, Installations):
        return []
    redirect_uri = urljoin(public_url, BACK)

    def install(_request: Request) -> Response:
        return begin(context, gateways, redirect_uri)

    def back(request: Request) -> Response:
        return end(context, gateways, redirect_uri, request)

    return [Route(INSTALL, install), Route(BACK, back)]


def begin(context: Context, gateways: Installations, redirect_uri: str) -> Response:
    """Send the browser to Slack, with a state that it alone can bring back, once, within ten minutes."""
    with context.transaction() as session:
        state = installations.begin(session, context.now())
    asked = {
        "client_id": gateways.exchange.client_id,
        "scope": ",".join(scopes()),
        "redirect_uri": redirect_uri,
        "state": state,
    }
    to_slack = urljoin(gateways.exchange.api_url, f"../oauth/v2/authorize?{urlencode(asked)}")
    answer = RedirectResponse(to_slack, 302, HEADERS)
    answer.set_cookie(COOKIE, state, COOKIE_SECONDS, path=BACK, secure=True, httponly=True, samesite="lax")
    return answer


def end(context: Context, gateways: Installations, redirect_uri: str, request: Request) -> Response:
    """Keep what Slack grants for the code; the person reads how it went."""
    given, kept = request.query_params.get("state", ""), request.cookies.get(COOKIE, "")
    say = _speaker(request)
    if not given or not hmac.compare_digest(given.encode(), kept.encode()):
        return say("not_yours", 400)
    with context.transaction() as session:
        is_ours = installations.end(session, given, context.now())
    if not is_ours:
        return say("too_late", 400)
    if "code" not in request.query_params:
        return say("declined", 200)
    return say(*_kept(context, gateways, request.query_params["code"], redirect_uri))


def _kept(context: Context, gateways: Installations, code: str, redirect_uri: str) -> tuple[str, int]:
    try:
        grant = gateways.exchange.of_code(code, redirect_uri)
        bot_id = _bot_id(grant, gateways)
    except Refused as refusal:
        log.warning("Slack refused an installation: %s", refusal)
        return "refused", 400
    except (Limited, Unreached, Ambiguous) as why:
        log.warning("an installation could not be ended: %s", why)
        return "slack_slow", 502
    with context.transaction() as session:
        installations.install(session, gateways.seal, grant, bot_id, context.now())
    log.info("installed in %s", grant.tenant)
    return "done", 200


def _bot_id(grant: Grant, gateways: Installations) -> str:
    """Ask under which id our own messages will stand."""
    return str(Gateway(grant.token, gateways.exchange.api_url).auth_test().get("bot_id") or "")


def _speaker(request: Request) -> Callable[[str, int], Response]:
    locale = "pt_BR" if request.headers.get("accept-language", "").lower().startswith("pt") else "en"

    def say(outcome: str, status: int) -> Response:
        title, text = map(escape, installed.words(outcome, locale))
        page = PAGE.format(lang=locale.replace("_", "-"), title=title, text=text)
        answer = HTMLResponse(page, status, HEADERS)
        answer.delete_cookie(COOKIE, path=BACK, secure=True, httponly=True, samesite="lax")
        return answer

    return say
