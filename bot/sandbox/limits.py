"""Checks one block, element or view against the table of Slack's documented limits."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bot.sandbox.refusals import Json

LIMITS: Json = json.loads((Path(__file__).parent / "limits.json").read_text())
Faults = Iterator[str]
OWN = {"block": {"type", "block_id"}, "element": {"type", "action_id"}, "object": {"type"}, "view": {"type"}}


def fault(words: str, at: str) -> str:
    """Word a fault as Slack does, with a JSON pointer to the place."""
    return f"[ERROR] {words} [json-pointer:{at}]"


def check_view(view: Json) -> Faults:
    """Yield what is wrong with the envelope of a view; its blocks are checked apart."""
    kinds = LIMITS["views"]
    if view.get("type") not in kinds:
        yield fault("unsupported type: must be modal or home", "/view/type")
        return
    yield from _check_fields(view, kinds[view["type"]], "/view", OWN["view"])


def check_block(block: Any, surface: str, at: str) -> Faults:
    """Yield what is wrong with one block on a surface: message, modal or home."""
    known = LIMITS["blocks"]
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in known:
        yield fault(f"unsupported type: {kind}", f"{at}/type")
    elif surface not in known[kind]["on"]:
        yield fault(f"unsupported type: {kind} is not allowed in a {surface}", f"{at}/type")
    else:
        yield from _check_id(block, "block_id", at)
        yield from _check_fields(block, known[kind], at, OWN["block"])


def _check_fields(value: Json, rule: Json, at: str, own: set[str]) -> Faults:
    fields = rule["fields"]
    for name in rule.get("required", ()):
        if value.get(name) is None:
            yield fault(f"missing required field: {name}", at)
    if "one_of" in rule and not any(value.get(name) for name in rule["one_of"]):
        yield fault(f"missing required field: {' or '.join(rule['one_of'])}", at)
    for name, part in value.items():
        if name in fields:
            yield from check(part, fields[name], f"{at}/{name}")
        elif name not in own:
            yield fault(f"invalid additional property: {name}", at)


def check(value: Any, rule: Json, at: str) -> Faults:
    """Yield what is wrong with a value under one rule of the table."""
    yield from CHECKS[rule["is"]](value, rule, at)


def _check_text(value: Any, rule: Json, at: str) -> Faults:
    kinds = ("plain_text",) if rule["style"] == "plain" else ("plain_text", "mrkdwn")
    if not isinstance(value, dict) or value.get("type") not in kinds:
        yield fault(f"must be a text object of type {' or '.join(kinds)}", at)
        return
    extra = "emoji" if value["type"] == "plain_text" else "verbatim"
    for name in value.keys() - {"type", "text", extra}:
        yield fault(f"invalid additional property: {name}", at)
    yield from _check_string(value.get("text"), rule, f"{at}/text")


def _check_string(value: Any, rule: Json, at: str) -> Faults:
    if not isinstance(value, str):
        yield fault("must be a string", at)
    elif len(value) < rule["min"] or (rule["min"] and not value.strip()):
        yield fault(f"must be more than {rule['min'] - 1} characters", at)
    elif len(value) > rule["max"]:
        yield fault(f"must be less than {rule['max'] + 1} characters", at)
    elif "pattern" in rule and not re.match(rule["pattern"], value):
        yield fault("does not match the format", at)


def _check_number(value: Any, rule: Json, at: str) -> Faults:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - NaN
        yield fault("must be a number", at)
    elif "above" in rule and value <= rule["above"]:
        yield fault(f"must be more than {rule['above']}", at)


def _check_integer(value: Any, rule: Json, at: str) -> Faults:
    if isinstance(value, bool) or not isinstance(value, int):
        yield fault("must be an integer", at)
    elif not rule["min"] <= value <= rule["max"]:
        yield fault(f"must be between {rule['min']} and {rule['max']}", at)


def _check_bool(value: Any, _rule: Json, at: str) -> Faults:
    if not isinstance(value, bool):
        yield fault("must be a boolean", at)


def _check_choice(value: Any, rule: Json, at: str) -> Faults:
    if value not in rule["of"]:
        yield fault(f"must be one of {', '.join(rule['of'])}", at)


def _check_list(value: Any, rule: Json, at: str) -> Faults:
    if not isinstance(value, list):
        yield fault("must be an array", at)
        return
    if len(value) > rule["max"]:
        yield fault(f"no more than {rule['max']} items allowed", at)
    if len(value) < rule["min"]:
        yield fault(f"no fewer than {rule['min']} items allowed", at)
    for number, part in enumerate(value):
        yield from check(part, rule["of"], f"{at}/{number}")


def _check_object(value: Any, rule: Json, at: str) -> Faults:
    shape = LIMITS["objects"][rule["of"]]
    if not isinstance(value, dict):
        yield fault("must be an object", at)
        return
    if "by_type" in shape:
        if value.get("type") not in shape["by_type"]:
            yield fault(f"unsupported type: {value.get('type')}", f"{at}/type")
            return
        shape = shape["by_type"][value["type"]]
    yield from _check_fields(value, shape, at, OWN["object"])


def _check_element(value: Any, rule: Json, at: str) -> Faults:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in LIMITS["sets"][rule["of"]]:
        yield fault(f"unsupported type: {kind}", f"{at}/type")
        return
    if kind not in LIMITS["sets"]["without_action_id"]:
        yield from _check_id(value, "action_id", at)
    yield from _check_fields(value, LIMITS["elements"][kind], at, OWN["element"])
    yield from _check_initial(value, at)


def _check_initial(element: Json, at: str) -> Faults:
    groups = _items(element.get("option_groups")) or [{"options": element.get("options")}]
    options = [one for group in groups if isinstance(group, dict) for one in _items(group.get("options"))]
    first = [element["initial_option"]] if "initial_option" in element else element.get("initial_options")
    for option in _items(first):
        if option not in options:
            yield fault("initial option must be one of the options", at)


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _check_id(value: Json, name: str, at: str) -> Faults:
    if name in value:
        yield from _check_string(value[name], {"min": 1, "max": 255}, f"{at}/{name}")


def _check_nothing(_value: Any, _rule: Json, _at: str) -> Faults:
    return iter(())


CHECKS: dict[str, Callable[[Any, Json, str], Faults]] = {
    "text": _check_text,
    "string": _check_string,
    "number": _check_number,
    "integer": _check_integer,
    "bool": _check_bool,
    "choice": _check_choice,
    "list": _check_list,
    "object": _check_object,
    "element": _check_element,
    "anything": _check_nothing,
}
