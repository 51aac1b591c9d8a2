"""Files to and from Slack over plain HTTP: to no other host, and through no redirect."""

import ssl
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, Request, build_opener

from bot.answers import Ambiguous, unanswered

FILES_HOST = "files.slack.com"


class Fetcher:
    """The way to Slack's files, beside its Web API."""

    def __init__(self, api: SplitResult, context: ssl.SSLContext, *, is_local: bool) -> None:
        self._api = api
        handlers = [NoRedirects(), HTTPSHandler(context=context)]
        self._opener = build_opener(*handlers, *([ProxyHandler({})] if is_local else []))

    def may_reach(self, url: str) -> bool:
        """Say whether this is Slack: our token, or a text of the two teams, goes with a request."""
        parts = urlsplit(url)
        here = (parts.scheme, parts.netloc) == (self._api.scheme, self._api.netloc)
        return here or (parts.scheme, parts.netloc) == ("https", FILES_HOST)

    def open(self, request: Request, seconds: int) -> HTTPResponse:
        """Make a request to where `may_reach` allows; raises what `bot.answers` defines."""
        try:
            answer: HTTPResponse = self._opener.open(request, timeout=seconds)
        except HTTPError as error:
            with error:
                raise Ambiguous(f"a file answered with {error.code}") from error
        except (OSError, HTTPException) as error:
            raise unanswered(error) from error
        return answer


class NoRedirects(HTTPRedirectHandler):
    """Takes the place of the handler that follows."""

    def redirect_request(
        self, _req: Request, _fp: IO[bytes], _code: int, _msg: str, _headers: HTTPMessage, _newurl: str
    ) -> None:
        """Follow nothing: our token goes with the request."""
