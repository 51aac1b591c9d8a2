"""Slack's OAuth as we use it: a code, or a refresh token, against a token."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.answers import Ambiguous, meaning_of, unanswered
from bot.gateway import client_for


@dataclass(frozen=True, slots=True)
class Grant:
    """What Slack grants at the end of an installation; `team_id` is None for a whole organisation."""

    tenant: str
    team_id: str | None
    name: str
    token: str
    scopes: str
    installer: str
    bot_user_id: str
    refresh_token: str = ""
    lives_s: int | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """The app's own identity at Slack's OAuth; raises what `bot.answers` defines."""

    client_id: str
    client_secret: str
    api_url: str

    def of_code(self, code: str, redirect_uri: str) -> Grant:
        """Give the installation that a code stands for; a code is good once."""
        return _grant(self._ask(code=code, redirect_uri=redirect_uri))

    def renewed(self, refresh_token: str) -> Grant:
        """Give a new token for a refresh token, which is good once."""
        return _grant(self._ask(grant_type="refresh_token", refresh_token=refresh_token))

    def _ask(self, **given: str) -> Mapping[str, Any]:
        own = {"client_id": self.client_id, "client_secret": self.client_secret}
        try:
            answer = client_for(self.api_url).oauth_v2_access(**own, **given).data
        except SlackApiError as error:
            raise meaning_of(error) from error
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            raise unanswered(error) from error
        assert isinstance(answer, dict)  # noqa: S101  (the SDK gives bytes for files alone)
        return answer


def _grant(answer: Mapping[str, Any]) -> Grant:
    organisation = answer.get("enterprise") or {}
    is_wide = bool(answer.get("is_enterprise_install"))
    whose = organisation if is_wide else answer.get("team") or {}
    if not (isinstance(answer.get("access_token"), str) and whose.get("id")):
        raise Ambiguous("an installation without a token or an owner")
    return Grant(
        tenant=whose["id"],
        team_id=None if is_wide else whose["id"],
        name=whose.get("name") or "",
        token=answer["access_token"],
        scopes=answer.get("scope") or "",
        installer=(answer.get("authed_user") or {}).get("id") or "",
        bot_user_id=answer.get("bot_user_id") or "",
        refresh_token=answer.get("refresh_token") or "",
        lives_s=answer.get("expires_in"),
    )
