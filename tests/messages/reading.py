"""Read messages as a person does: their lines and their controls."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.facts.said import Message

DATE = re.compile(r"<!date\^\d+\^[^|]*\|([^>]*)>")


def lines(drawn: Message | Mapping[str, Any]) -> list[str]:
    """Give the lines of all sections and contexts, with dates as their fallbacks."""
    said = [text for block in _blocks(drawn) for text in _texts(block)]
    return [DATE.sub(r"\1", line) for text in said for line in text.splitlines()]


def controls(drawn: Message | Mapping[str, Any]) -> list[tuple[str, str]]:
    """Give (action id, value) of every button, and of the options of every list."""
    return [pair for block in _blocks(drawn) for element in _elements(block) for pair in _pairs(element)]


def captions(drawn: Message | Mapping[str, Any]) -> list[str]:
    """Give what stands on the buttons."""
    elements = [element for block in _blocks(drawn) for element in _elements(block)]
    return [element["text"]["text"] for element in elements if element["type"] == "button"]


def fields(view: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Give the inputs of a modal by their names."""
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def _blocks(drawn: Message | Mapping[str, Any]) -> list[Any]:
    return list(drawn.blocks if isinstance(drawn, Message) else drawn["blocks"])


def _texts(block: Mapping[str, Any]) -> list[str]:
    if block["type"] == "section":
        return [block["text"]["text"]]
    return [element["text"] for element in block["elements"]] if block["type"] == "context" else []


def _elements(block: Mapping[str, Any]) -> list[Any]:
    if block["type"] == "actions":
        return list(block["elements"])
    return [block["accessory"]] if "accessory" in block else []


def _pairs(element: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if "options" not in element:
        yield element["action_id"], element.get("value", "")
    for option in element.get("options", ()):
        yield element["action_id"], option["value"]
