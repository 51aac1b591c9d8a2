"""What people have typed or chosen in a view: its values, and what the client itself refuses."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.sandbox.refusals import Json

TEXTS = ("plain_text_input", "number_input", "email_text_input", "url_text_input")
# Element → (where its value stands, where its first value stands).
KEPT_IN: dict[str, tuple[str, str]] = {
    **dict.fromkeys(TEXTS, ("value", "initial_value")),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}
LISTS = ("selected_options", "selected_users", "selected_conversations", "selected_channels", "files")
REQUIRED = "Please complete this required field."
EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def stateful(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield (block, element) of everything that holds a value."""
    for block in blocks:
        inside = [block.get("element"), block.get("accessory")]
        if block.get("type") == "actions":
            inside += block["elements"]
        for element in inside:
            if isinstance(element, dict) and element.get("type") in KEPT_IN:
                yield block, element


def initial_values(blocks: list[Json]) -> Json:
    """Return `{block_id: {action_id: value}}` as the view is first shown."""
    values: Json = {}
    for block, element in stateful(blocks):
        name, first = KEPT_IN[element["type"]]
        value = element.get(first, [] if name in LISTS else None)
        values.setdefault(block["block_id"], {})[element["action_id"]] = {
            "type": element["type"],
            name: value,
        }
    return values


def as_value(element: Json, plain: Any) -> Json:
    """Turn what a test or a person gives ("A", ["U1"], "2026-06-01") into Slack's value of an element."""
    if isinstance(plain, dict) and "type" in plain:
        return plain
    name, _ = KEPT_IN[element["type"]]
    if name == "selected_option":
        plain = None if plain is None else option(element, plain)
    elif name == "selected_options":
        plain = [option(element, one) for one in plain]
    elif name == "files":
        plain = [one if isinstance(one, dict) else {"id": one} for one in plain]
    elif name == "value" and plain is not None:
        plain = str(plain)
    return {"type": element["type"], name: plain}


def option(element: Json, value: Any) -> Json:
    """Find an option by its value. Raises LookupError."""
    if isinstance(value, dict):
        return value
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    for group in groups:
        for one in group["options"]:
            if one["value"] == str(value):
                return dict(one)
    raise LookupError(f"no option {value!r} in {element.get('action_id')}")


def merged(view: Json, given: Json) -> Json:
    """Return the view's values with what was given put in. Raises LookupError for an input not there."""
    values = {block_id: dict(actions) for block_id, actions in view["state"]["values"].items()}
    elements = {
        (block["block_id"], element["action_id"]): element for block, element in stateful(view["blocks"])
    }
    for block_id, actions in given.items():
        for action_id, plain in actions.items():
            if (block_id, action_id) not in elements:
                raise LookupError(f"no input {block_id}/{action_id}; there are {sorted(elements)}")
            values[block_id][action_id] = as_value(elements[block_id, action_id], plain)
    return values


def refusals(view: Json, values: Json) -> dict[str, str]:
    """Return `{block_id: words}` for inputs that Slack's client would not let through."""
    found = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            name, _ = KEPT_IN[element["type"]]
            words = _refusal(element, values[block["block_id"]][element["action_id"]].get(name), block)
            if words:
                found[block["block_id"]] = words
    return found


def _refusal(element: Json, value: Any, block: Json) -> str | None:
    if value in (None, "", []):
        return None if block.get("optional") else REQUIRED
    if element["type"] == "number_input":
        return _number_refusal(element, value)
    if element["type"] == "email_text_input":
        return None if EMAIL.match(value) else "Please enter a valid email address."
    if element["type"] == "url_text_input":
        return None if value.startswith(("http://", "https://")) else "Please enter a valid URL."
    if element["type"] == "plain_text_input":
        return _length_refusal(element, value)
    most = (
        element.get("max_files", 10) if element["type"] == "file_input" else element.get("max_selected_items")
    )
    return f"Please choose at most {most}." if most is not None and len(value) > most else None


def _length_refusal(element: Json, value: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(value) > most else None


def _number_refusal(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not number.is_finite() or (not element["is_decimal_allowed"] and number != int(number)):
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return None
