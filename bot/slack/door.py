"""Every input of Slack's on its way through Bolt: named, timed, and written down with how it ended."""

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware

from bot import logs, metrics
from bot.context import Context
from bot.slack import allowance, installation

log = logging.getLogger(__name__)

OTHER = "other"
"""The word of what no listener of ours has; nobody else's words become labels."""
OUTCOME, REFERENCE = "outcome", "reference"
FAILED, UNHEARD = 500, 404


class Door(App):
    """Bolt's app; `words` are those by which its listeners are known. Both ways of Slack's come in here."""

    def __init__(self, words: frozenset[str], **given: Any) -> None:
        super().__init__(**given)
        self._words = words

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer an input; what nobody listens to is acknowledged, or Slack would send it again."""
        began = time.perf_counter()
        word = word_of(req.body, self._words)
        with logs.about(reference=secrets.token_hex(4), workspace=req.context.team_id, word=word) as facts:
            answer = super().dispatch(req)
            if answer.status == UNHEARD:
                answer = BoltResponse(status=200)
            seconds = time.perf_counter() - began
            outcome = str(facts.setdefault(OUTCOME, "failed" if answer.status >= FAILED else "done"))
            facts["ms"] = round(seconds * 1000, 1)
            log.info("answered")
        metrics.REQUEST_SECONDS.observe(seconds)
        metrics.ACTS.labels(word, outcome).inc()
        return answer


class Entrance(Middleware):
    """The first step of every input: whom we serve, and how much of one person is listened to.

    One step, and of Bolt's own kind: for a function it would gather thirty arguments each time.
    """

    def __init__(self, context: Context, inputs_a_minute: int) -> None:
        self._admit = installation.Admission(context)
        self._hold = partial(allowance.hold, allowance.Allowance(inputs_a_minute), context.now)

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002  (Bolt gives it)
        next: Callable[[], BoltResponse],  # noqa: A002  (Bolt's name)
    ) -> BoltResponse:
        """Go on with what may come in."""
        return self._admit(req.body, req.context, partial(self._hold, req.body, req.context, next))


def word_of(body: Mapping[str, Any], words: frozenset[str]) -> str:
    """Name what was typed, pressed, submitted or told, where a listener of ours has that name."""
    found = _named(body)
    return found if isinstance(found, str) and found in words else OTHER


def _named(body: Mapping[str, Any]) -> object:
    if "command" in body:
        return next(iter(str(body.get("text") or "").split(maxsplit=1)), "status")
    match body.get("type"):
        case "event_callback":
            return _in(body.get("event"), "type")
        case "block_actions":
            actions = body.get("actions")
            return _in(actions[0] if isinstance(actions, list) and actions else None, "action_id")
        case "view_submission":
            return _in(body.get("view"), "callback_id")
    return body.get("callback_id")


def _in(part: object, name: str) -> object:
    return part.get(name) if isinstance(part, Mapping) else None
