"""The fields of modals: block_id is the field's name, and every action_id is "value"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from bot.messages import blocks, words
from bot.messages.blocks import Block

VALUE = "value"
"""The action id of every field."""

Called = tuple[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Form:
    """One modal's fields; labels and hints stand in labels.yml under its name, `initial` fills fields in."""

    name: str
    locale: str
    initial: Mapping[str, Any] = field(default_factory=dict)
    called: Mapping[str, Called] = field(default_factory=dict)
    """Under which other word of labels.yml a field's label and hint stand, and what fills the label."""

    def modal(
        self, fields: Sequence[Block], metadata: Mapping[str, object] | None, *, problem: str = ""
    ) -> Block:
        """Give the modal; its callback id is `<name>.submit`, `problem` is said above the fields."""
        above = [blocks.alert(problem)] if problem else []
        return blocks.modal(f"{self.name}.submit", self.titles(), [*above, *hinted_once(fields)], metadata)

    def titles(self) -> tuple[str, str, str]:
        """Give title, submit and close."""
        return (self.label("title"), self.label("submit"), words.label(self.locale, "button.cancel"))

    def label(self, key: str, **values: object) -> str:
        return words.label(self.locale, f"{self.name}.{key}", **values)

    def text(
        self, name: str, *, is_optional: bool = False, longest: int = 200, has_lines: bool = False
    ) -> Block:
        element = {"type": "plain_text_input", "max_length": longest, "multiline": has_lines}
        return self._input(name, self._filled(name, element, "initial_value", str), is_optional=is_optional)

    def number(
        self,
        name: str,
        *,
        is_optional: bool = False,
        low: int = 0,
        high: int = 100_000,
        is_decimal: bool = False,
    ) -> Block:
        element = {
            "type": "number_input",
            "is_decimal_allowed": is_decimal,
            "min_value": str(low),
            "max_value": str(high),
        }
        return self._input(name, self._filled(name, element, "initial_value", str), is_optional=is_optional)

    def moment(self, name: str, *, is_optional: bool = False) -> Block:
        """Ask for an instant; prefilled by an aware datetime."""
        element = self._filled(name, {"type": "datetimepicker"}, "initial_date_time", _epoch)
        return self._input(name, element, is_optional=is_optional)

    def time(self, name: str) -> Block:
        """Ask for a time of day; prefilled by "HH:MM"."""
        return self._input(name, self._filled(name, {"type": "timepicker"}, "initial_time", str))

    def day(self, name: str, *, is_optional: bool = False) -> Block:
        """Ask for a day; prefilled by "YYYY-MM-DD"."""
        element = self._filled(name, {"type": "datepicker"}, "initial_date", str)
        return self._input(name, element, is_optional=is_optional)

    def person(self, name: str, *, is_optional: bool = False) -> Block:
        element = self._filled(name, {"type": "users_select"}, "initial_user", str)
        return self._input(name, element, is_optional=is_optional)

    def people(self, name: str, *, most: int = 50, is_optional: bool = False) -> Block:
        element = {"type": "multi_users_select", "max_selected_items": most}
        filled = self._filled(name, element, "initial_users", list)
        return self._input(name, filled, is_optional=is_optional)

    def choice(
        self, name: str, options: Sequence[Block], *, is_optional: bool = False, kind: str = "static_select"
    ) -> Block:
        """Ask for one of the options; `kind` may be radio_buttons for a few."""
        initial = self.initial.get(name)
        chosen = [one for one in options if initial is not None and one["value"] == str(initial)]
        element = {"type": kind, "options": list(options)} | ({"initial_option": chosen[0]} if chosen else {})
        return self._input(name, element, is_optional=is_optional)

    def several(self, name: str, options: Sequence[Block], *, is_optional: bool = False) -> Block:
        """Ask which of at most ten options hold, by boxes to tick."""
        ticked = [one for one in options if one["value"] in (self.initial.get(name) or ())]
        element = {"type": "checkboxes", "options": list(options)}
        return self._input(
            name, element | ({"initial_options": ticked} if ticked else {}), is_optional=is_optional
        )

    def file(self, name: str, *kinds: str) -> Block:
        """Ask for one file of these kinds, by the ends of their names."""
        element = {"type": "file_input", "filetypes": list(kinds), "max_files": 1}
        return self._input(name, element, is_optional=True)

    def _filled(self, name: str, element: Block, key: str, write: Any) -> Block:
        value = self.initial.get(name)
        return element if value in (None, "", [], ()) else element | {key: write(value)}

    def called_by(self, name: str) -> str:
        """Give a field's label."""
        word, values = self.called.get(name, (name, {}))
        return self.label(f"field.{word}", **values)

    def _input(self, name: str, element: Block, *, is_optional: bool = False) -> Block:
        word, _ = self.called.get(name, (name, {}))
        hint = words.label_if_any(self.locale, f"{self.name}.hint.{word}")
        block = {
            "type": "input",
            "block_id": name,
            "label": blocks.plain(self.called_by(name), 2_000),
            "element": {"action_id": VALUE} | element,
            "optional": is_optional,
        }
        return block | ({"hint": blocks.plain(hint, 2_000)} if hint else {})


def hinted_once(fields: Sequence[Block]) -> list[Block]:
    """Say what holds for several fields in a row under the first of them alone."""
    return [
        {key: value for key, value in one.items() if key != "hint" or value != before.get("hint")}
        for before, one in pairwise([{}, *fields])
    ]


def _epoch(at: datetime) -> int:
    return int(at.timestamp())
