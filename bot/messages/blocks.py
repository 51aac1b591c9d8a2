"""Block Kit as plain dicts: misuse raises here, and long text is cut, before Slack refuses either."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.facts.said import Message

Block = dict[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
MESSAGE_TEXT = 12_000
SECTION_TEXT = 3_000
VALUE = 2_000
TORN = re.compile(r"(?:<[^<>]*|&[a-z]*)$")


def message(text: str, blocks: Iterable[Block]) -> Message:
    """Put a message together within Slack's size; `text` is for notifications and screen readers."""
    return Message(cut(text.replace("*", ""), SECTION_TEXT), fits(blocks))


def fits(blocks: Iterable[Block], most: int = MESSAGE_BLOCKS, longest: int = MESSAGE_TEXT) -> list[Block]:
    """Leave out blocks before the last, which holds the buttons, until number and text are within limits."""
    kept = list(blocks)
    left = longest - sum(map(_length, kept))
    while len(kept) > 1 and (len(kept) > most or left < 0):
        left += _length(kept.pop(-2))
    return kept


def _length(node: object) -> int:
    if isinstance(node, dict):
        own = node.get("text")
        inner = sum(_length(value) for value in node.values() if not isinstance(value, str))
        return inner + len(own) if isinstance(own, str) else inner
    return sum(map(_length, node)) if isinstance(node, list) else 0


def cut(text: str, limit: int) -> str:
    """Shorten mrkdwn to `limit` characters, by whole lines if it can, never inside a token or an entity."""
    if len(text) <= limit:
        return text
    short = text[: limit - 1]
    lines = short.rfind("\n")
    return (short[:lines] if lines > limit // 2 else TORN.sub("", short)) + "…"


def mrkdwn(text: str, limit: int = SECTION_TEXT) -> Block:
    """Give formatted text; addresses and names in it stay text unless written as tokens."""
    return {"type": "mrkdwn", "text": cut(_filled(text), limit), "verbatim": True}


def plain(text: str, limit: int) -> Block:
    """Give text without format, cut to its limit."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return {"type": "plain_text", "text": _filled(short)}


def section(text: str, accessory: Block | None = None, *, limit: int = SECTION_TEXT) -> Block:
    return _with({"type": "section", "text": mrkdwn(text, limit)}, accessory=accessory)


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text, VALUE) for text in _few(texts, 10)]}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def divider() -> Block:
    return {"type": "divider"}


def alert(text: str) -> Block:
    """Say above a form what is wrong with it as a whole; modals only."""
    return {"type": "alert", "level": "error", "text": plain(text, 200)}


def actions(elements: Sequence[Block]) -> Block:
    """Put controls in a row; their action ids differ, and one of them at most is primary."""
    ids = [element["action_id"] for element in _few(elements, 25)]
    if len(set(ids)) < len(ids):
        raise ValueError(f"the same action twice in one row: {ids}")
    if sum(element.get("style") == "primary" for element in elements) > 1:
        raise ValueError("at most one primary button")
    return {"type": "actions", "elements": list(elements)}


def button(
    words: str,
    action_id: str,
    value: object = "",
    *,
    is_primary: bool = False,
    confirm: Block | None = None,
) -> Block:
    return _with(
        {"type": "button", "text": plain(words, 75), "action_id": _short(action_id, 255)},
        value=_short(str(value), VALUE) or None,
        style="primary" if is_primary else None,
        confirm=confirm,
    )


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """Give the question that Slack asks before it lets a control act."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def option(words: str, value: object, description: str = "") -> Block:
    """Give one choice of a list; `value` up to 150 characters."""
    chosen = {"text": plain(words, 75), "value": _filled(_short(str(value), 150))}
    return _with(chosen, description=plain(description, 75) if description else None)


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    return {"type": "overflow", "action_id": action_id, "options": _few(options, 5)}


def select(
    action_id: str, options: Sequence[Block], *, placeholder: str = "", initial: object | None = None
) -> Block:
    """Give a list to choose one of; `initial` is the value chosen at first."""
    chosen = next((one for one in options if initial is not None and one["value"] == str(initial)), None)
    return _with(
        {"type": "static_select", "action_id": action_id, "options": _few(options, 100)},
        placeholder=plain(placeholder, 150) if placeholder else None,
        initial_option=chosen,
    )


def modal(
    callback_id: str,
    words: tuple[str, str, str],
    blocks: Iterable[Block],
    metadata: Mapping[str, object] | None = None,
) -> Block:
    """Give a modal; `words` are its title, its submit button and its close button."""
    title, submit, close = words
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain(close, 24),
        "private_metadata": _short(_carried(metadata or {}), 3_000),
        "blocks": _few(blocks, VIEW_BLOCKS),
    }


def _carried(metadata: Mapping[str, object]) -> str:
    # Letters of any script count once, as they stand.
    return json.dumps(dict(metadata), separators=(",", ":"), ensure_ascii=False)


def home(blocks: Iterable[Block]) -> Block:
    return {"type": "home", "blocks": fits(blocks, most=VIEW_BLOCKS, longest=100_000)}


def _with(block: Block, **optional: object) -> Block:
    """Add the parts that are there; Slack takes no nulls."""
    return block | {name: part for name, part in optional.items() if part is not None}


def _filled(text: str) -> str:
    if not text:
        raise ValueError("Slack takes no empty text")
    return text


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise ValueError(f"over {limit} characters: {text[:60]}…")
    return text


def _few(parts: Iterable[Any], most: int) -> list[Any]:
    found = list(parts)
    if not 0 < len(found) <= most:
        raise ValueError(f"{len(found)} where Slack takes 1 to {most}")
    return found
