"""The use of one control: which it is, what was chosen, and how the surface remembers it."""

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.chat import find_element
from bot.sandbox.inputs import KEPT_IN, as_value, option
from bot.sandbox.refusals import Json


@dataclass(frozen=True)
class Use:
    """A control by its ids; `chosen` is plain or as Slack writes it; `state` is what else was typed."""

    action_id: str
    block_id: str | None = None
    chosen: Any = None
    state: Json = field(default_factory=dict)


def used(blocks: list[Json], use: Use) -> tuple[Json, Json, Json]:
    """Return (block, element, value as Slack writes it). Raises LookupError."""
    chosen = use.chosen
    as_slack = chosen if isinstance(chosen, dict) and "type" in chosen else None
    wanted = as_slack.get("value") if as_slack else chosen
    block, element = find_element(blocks, use.action_id, use.block_id, wanted)
    if element["type"] == "button":
        return block, element, {}
    if as_slack:
        return block, element, as_slack
    if element["type"] == "overflow":
        return block, element, {"selected_option": option(element, chosen)}
    return block, element, as_value(element, chosen)


def remember(values: Json, block: Json, element: Json, value: Json) -> None:
    """Keep a chosen value in the state of its surface."""
    if element["type"] in KEPT_IN:
        name = KEPT_IN[element["type"]][0]
        kept = {"type": element["type"], name: value.get(name)}
        values.setdefault(block["block_id"], {})[element["action_id"]] = kept
