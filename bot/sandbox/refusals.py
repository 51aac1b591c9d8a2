"""How Slack says no to a call."""

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """`ok: false` with Slack's error code, messages for the developer and further facts of the answer."""

    def __init__(self, code: str, messages: tuple[str, ...] | list[str] = (), **facts: Any) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = list(messages)
        self.facts = facts

    def answer(self) -> Json:
        answer: Json = {"ok": False, "error": self.code, **self.facts}
        if self.messages:
            answer["response_metadata"] = {"messages": self.messages}
        return answer


class RateLimitError(Exception):
    """HTTP 429: come again after so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds
