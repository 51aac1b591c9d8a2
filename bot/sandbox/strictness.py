"""Checks whole messages and views: how many blocks, how much text, what may stand together."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.sandbox.limits import LIMITS, Faults, check_block, check_view, fault
from bot.sandbox.refusals import Json, SlackError

MESSAGE, VIEW = LIMITS["message"], LIMITS["view"]
EVENT_TYPE = re.compile(r"^[a-z][a-z0-9_]*$")


def check_message(text: str, blocks: list[Json], *, most_text: int) -> None:
    """Refuse what Slack would refuse to show as a message."""
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > most_text:
        raise SlackError("msg_too_long")
    faults = list(block_faults(blocks, "message", MESSAGE["blocks"]))
    if faults:
        raise SlackError("invalid_blocks", faults, errors=faults)
    if shown_text(blocks) > MESSAGE["blocks_text"]:
        raise SlackError("msg_blocks_too_long")


def check_metadata(metadata: Any) -> None:
    """Refuse metadata without type and flat payload, or too much of it."""
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format")
    payload = metadata["event_payload"]
    if not isinstance(payload, dict) or not EVENT_TYPE.match(str(metadata["event_type"])):
        raise SlackError("invalid_metadata_schema")
    if any(not isinstance(value, str | int | float | bool) for value in payload.values()):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > MESSAGE["metadata_bytes"]:
        raise SlackError("metadata_too_large")


def check_whole_view(view: Any, *, kind: str) -> None:
    """Refuse a view that Slack would refuse; `kind` is modal or home."""
    if not isinstance(view, dict) or view.get("type") != kind:
        raise SlackError("invalid_arguments", [fault(f"must be a view of type {kind}", "/view")])
    if len(json.dumps(view).encode()) > VIEW["bytes"]:
        raise SlackError("view_too_large")
    faults = list(check_view(view))
    blocks = view.get("blocks")
    if isinstance(blocks, list):
        faults += block_faults(blocks, kind, VIEW[f"{kind}_blocks"], "/view/blocks")
        if kind == "modal" and not view.get("submit") and any(b.get("type") == "input" for b in blocks):
            faults.append(fault("submit is required when an input block is within the blocks array", "/view"))
    elif blocks is not None:
        faults.append(fault("must be an array", "/view/blocks"))
    if faults:
        raise SlackError("invalid_arguments", faults)


def block_faults(blocks: Any, surface: str, most: int, at: str = "/blocks") -> Faults:
    """Yield every fault of a list of blocks on a surface that takes so many."""
    if not isinstance(blocks, list):
        yield fault("must be an array", at)
        return
    if len(blocks) > most:
        yield fault(f"no more than {most} items allowed", at)
    for number, block in enumerate(blocks):
        yield from check_block(block, surface, f"{at}/{number}")
    sound = [block for block in blocks if isinstance(block, dict)]
    yield from _doubles(sound, at)
    yield from _too_many(sound, at)
    for number, block in enumerate(sound):
        yield from _laws_of(block, f"{at}/{number}", surface)


def _doubles(blocks: list[Json], at: str) -> Faults:
    named = Counter(str(block["block_id"]) for block in blocks if "block_id" in block)
    for block_id, times in named.items():
        if times > 1:
            yield fault(f'block_id "{block_id}" already exists', at)
    for number, block in enumerate(blocks):
        actions = Counter(
            str(element["action_id"]) for element in elements_of(block) if "action_id" in element
        )
        for action_id, times in actions.items():
            if times > 1:
                yield fault(f'action_id "{action_id}" already exists', f"{at}/{number}")


def _too_many(blocks: list[Json], at: str) -> Faults:
    kinds = Counter(str(block.get("type")) for block in blocks)
    for kind, most in MESSAGE["at_most"].items():
        if kinds[kind] > most:
            yield fault(f"no more than {most} {kind} blocks allowed", at)
    for kind, limit in (
        ("markdown", "markdown_text"),
        ("table", "table_text"),
        ("data_table", "data_table_text"),
    ):
        if sum(shown_text([block]) for block in blocks if block.get("type") == kind) > MESSAGE[limit]:
            yield fault(f"no more than {MESSAGE[limit]} characters of {kind} allowed", at)


def _laws_of(block: Json, at: str, surface: str) -> Faults:
    kind = block.get("type")
    if kind in ("table", "data_table") and isinstance(block.get("rows"), list):
        yield from _table_laws(block["rows"], at, is_data_table=kind == "data_table")
    if kind == "data_visualization" and isinstance(block.get("chart"), dict):
        yield from _chart_laws(block["chart"], f"{at}/chart")
    if kind == "input" and surface != "modal":
        element = block.get("element")
        if isinstance(element, dict) and element.get("type") in LIMITS["sets"]["modal_only"]:
            yield fault(f"{element['type']} is allowed in modals only", f"{at}/element")


def _table_laws(rows: list[Any], at: str, *, is_data_table: bool) -> Faults:
    if len({len(row) for row in rows if isinstance(row, list)}) > 1 and is_data_table:
        yield fault("all rows must have the same number of cells", f"{at}/rows")
    header = rows[0] if rows and isinstance(rows[0], list) else []
    if is_data_table and any(isinstance(cell, dict) and cell.get("type") != "raw_text" for cell in header):
        yield fault("cells of the header must be raw_text", f"{at}/rows/0")
    cells = [cell for row in rows if isinstance(row, list) for cell in row if isinstance(cell, dict)]
    if not is_data_table and any(cell.get("type") == "action_cell" for cell in cells):
        yield fault("unsupported type: action_cell", f"{at}/rows")


def _chart_laws(chart: Json, at: str) -> Faults:
    series = [one for one in listed(chart.get("series")) if isinstance(one, dict)]
    names = [str(one.get("name")) for one in series]
    if len(set(names)) < len(names):
        yield fault("names of series must be unique", f"{at}/series")
    axes = chart.get("axis_config")
    categories = axes.get("categories") if isinstance(axes, dict) else None
    for number, one in enumerate(series):
        points = [point.get("label") for point in listed(one.get("data")) if isinstance(point, dict)]
        if points != categories:
            yield fault("must have exactly one data point for each category", f"{at}/series/{number}/data")


def elements_of(block: Json) -> Iterator[Json]:
    """Yield every element of a block that a person can use or read."""
    inside = [*listed(block.get("elements")), block.get("accessory"), block.get("element")]
    if block.get("type") == "data_table":
        cells = [cell for row in listed(block.get("rows")) for cell in listed(row)]
        inside += [cell.get("element") for cell in cells if isinstance(cell, dict)]
    yield from (element for element in inside if isinstance(element, dict))


def listed(value: Any) -> list[Any]:
    """Return a list as it is, and nothing for anything else."""
    return value if isinstance(value, list) else []


def shown_text(value: Any) -> int:
    """Count the characters of text in blocks, options aside."""
    if isinstance(value, list):
        return sum(shown_text(part) for part in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    hidden = ("options", "option_groups", "confirm")
    return own + sum(shown_text(part) for name, part in value.items() if name not in hidden)
