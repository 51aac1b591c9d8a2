"""What an answer of Slack's means: refused, to be slowed down, out of reach, or unknown."""

import ssl
from collections.abc import Mapping
from enum import StrEnum
from socket import gaierror
from typing import Any
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

DEFAULT_RETRY_SECONDS = 30
LONGEST_RETRY_SECONDS = 3600
TOO_MANY_REQUESTS = 429
OK = 200


class Scope(StrEnum):
    """How far a refusal reaches."""

    CONTENT = "content"
    """This text or these blocks: the same again is refused again."""
    MESSAGE = "message"
    """The message to be edited, or to be answered in its thread, is gone or closed."""
    PLACE = "place"
    """This channel or this person, until somebody mends it."""
    WORKSPACE = "workspace"
    """Everything we send there, until somebody mends it."""
    UNKNOWN = "unknown"
    """A code that we do not know: try again later, some times."""


SCOPES: Mapping[str, Scope] = {
    "invalid_blocks": Scope.CONTENT,
    "invalid_blocks_format": Scope.CONTENT,
    "invalid_arguments": Scope.CONTENT,
    "no_text": Scope.CONTENT,
    "msg_too_long": Scope.CONTENT,
    "msg_blocks_too_long": Scope.CONTENT,
    "view_too_large": Scope.CONTENT,
    "metadata_too_large": Scope.CONTENT,
    "upload_failed": Scope.CONTENT,
    "upload_not_allowed": Scope.CONTENT,
    "file_not_found": Scope.CONTENT,
    "file_type_not_allowed": Scope.CONTENT,
    "file_update_failed": Scope.CONTENT,
    "file_upload_size_restricted": Scope.CONTENT,
    "file_uploads_disabled": Scope.CONTENT,
    "file_uploads_except_images_disabled": Scope.CONTENT,
    "storage_limit_reached": Scope.CONTENT,
    "invalid_metadata_format": Scope.CONTENT,
    "invalid_metadata_schema": Scope.CONTENT,
    "message_not_found": Scope.MESSAGE,
    "cant_update_message": Scope.MESSAGE,
    "edit_window_closed": Scope.MESSAGE,
    "thread_not_found": Scope.MESSAGE,
    "is_archived": Scope.PLACE,
    "channel_not_found": Scope.PLACE,
    "not_in_channel": Scope.PLACE,
    "no_permission": Scope.PLACE,
    "cannot_reply_to_message": Scope.PLACE,
    "user_not_found": Scope.PLACE,
    "users_not_found": Scope.PLACE,
    "user_disabled": Scope.PLACE,
    "user_not_visible": Scope.PLACE,
    "user_not_in_channel": Scope.PLACE,
    "cannot_dm_bot": Scope.PLACE,
    "messages_tab_disabled": Scope.PLACE,
    "not_enabled": Scope.PLACE,
    "token_revoked": Scope.WORKSPACE,
    "token_expired": Scope.WORKSPACE,
    "account_inactive": Scope.WORKSPACE,
    "invalid_auth": Scope.WORKSPACE,
    "not_authed": Scope.WORKSPACE,
    "missing_scope": Scope.WORKSPACE,
    "not_allowed_token_type": Scope.WORKSPACE,
    "team_access_not_granted": Scope.WORKSPACE,
    "ekm_access_denied": Scope.WORKSPACE,
    "org_login_required": Scope.WORKSPACE,
    "team_added_to_org": Scope.WORKSPACE,
    "two_factor_setup_required": Scope.WORKSPACE,
    "access_denied": Scope.WORKSPACE,
}
TOKEN_IS_DEAD = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
"""Refusals after which no call with this token can do anything."""
UNINSTALLED = frozenset({"account_inactive", "token_revoked"})
"""Those of them that say so of an app which was taken out."""
LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
AMBIGUOUS = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_unavailable"}
)


class Refused(Exception):  # noqa: N818  (an answer of Slack's, not an error of ours)
    """Slack said no for sure: nothing happened there."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        self.scope = scope_of(code)


class Limited(Exception):  # noqa: N818
    """Slack asks us to wait before we call this again: nothing happened there."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"wait {retry_after} s")
        self.retry_after = retry_after


class Unreached(Exception):  # noqa: N818
    """No connection came about: nothing happened there."""


class Ambiguous(Exception):  # noqa: N818
    """The answer was lost or makes no sense: it may have happened."""


class Unreadable(Exception):  # noqa: N818
    """The history of this place is closed to us, so nothing can be found out there."""


def scope_of(code: str) -> Scope:
    """Say how far a refusal with this code reaches."""
    if code.startswith("restricted_action"):
        return Scope.PLACE
    return SCOPES.get(code, Scope.UNKNOWN)


def meaning_of(error: SlackApiError) -> Exception:
    """Sort an answer that is not ok; only a plain 200 with a code is taken as a refusal."""
    status, body, headers = error.response.status_code, error.response.data, error.response.headers
    code = body.get("error") if isinstance(body, dict) else None
    if status == TOO_MANY_REQUESTS or code in LIMITED:
        return Limited(retry_after(headers))
    if status == OK and isinstance(code, str) and _is_a_clear_no(code):
        return Refused(code)
    return Ambiguous(f"{status} {code}")


def unanswered(error: Exception) -> Exception:
    """Sort a call that brought no answer: before the connection stood nothing can have happened."""
    reason = error.reason if isinstance(error, URLError) else None
    if isinstance(reason, ConnectionRefusedError | gaierror | ssl.SSLCertVerificationError):
        return Unreached(str(reason))
    return Ambiguous(repr(error))


def retry_after(headers: Any) -> int:
    """Read how many seconds Slack asks us to wait."""
    told = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    told = told[0] if isinstance(told, list) and told else told
    if not (isinstance(told, str) and told.isascii() and told.isdigit()):
        return DEFAULT_RETRY_SECONDS
    return min(max(int(told), 1), LONGEST_RETRY_SECONDS)


def _is_a_clear_no(code: str) -> bool:
    # The SDK puts a whole sentence here when the body was no JSON.
    is_code = code.replace("_", "").isalnum() and code == code.lower()
    return is_code and code not in AMBIGUOUS and not code.startswith("duplicate_")
