"""Where the entries of a YAML text stand in it, and how new ones are written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from sla_rules.strict_yaml import Path, Plain, load

WIDTH = 90
"""Characters up to which a new list or mapping stands on one line."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a mapping or item of a list; places are counted in characters of the text."""

    name: str | int
    node: yaml.Node
    start: int
    """Where its key, or the dash of an item, begins."""
    head_end: int
    """Right after the colon or the dash."""
    end: int
    """Right after its value, before a comment on the same line."""
    line_start: int
    line_end: int
    """Where the next line begins after its last one."""
    is_in_flow: bool
    """Within brackets."""
    owns_its_lines: bool
    """Nothing but blanks stands before it, and nothing but a comment after."""

    @property
    def column(self) -> int:
        return self.start - self.line_start


def top(text: str) -> yaml.Node:
    """Read a text's tree; raises `yaml.YAMLError`, and LookupError where there is none."""
    found = yaml.compose(text, Loader=_Loader)
    if found is None:
        raise LookupError("no document")
    return found


def entry_at(text: str, path: Path) -> Entry:
    """Find what stands at a path; raises LookupError."""
    entries = entries_of(text, top(text))
    for part in path[:-1]:
        entries = entries_of(text, _named(entries, part).node)
    return _named(entries, path[-1])


def entries_of(text: str, node: yaml.Node) -> list[Entry]:
    """List what a mapping or a list holds, in its order."""
    if isinstance(node, yaml.MappingNode):
        return [_entry(text, node, key.value, value, key) for key, value in node.value]
    if isinstance(node, yaml.SequenceNode):
        return [_entry(text, node, n, item) for n, item in enumerate(node.value)]
    return []


def _named(entries: list[Entry], name: str | int) -> Entry:
    found = next((entry for entry in entries if entry.name == name), None)
    if found is None:
        raise LookupError(name)
    return found


def _entry(
    text: str, holder: yaml.CollectionNode, name: str | int, node: yaml.Node, key: yaml.Node | None = None
) -> Entry:
    start = node.start_mark.index
    head_end = start
    if key is not None:
        start, head_end = key.start_mark.index, text.index(":", key.end_mark.index) + 1
    elif not holder.flow_style:
        start = text.rindex("-", 0, start)
        head_end = start + 1
    end = _end(text, node)
    line_start, line_end = text.rfind("\n", 0, start) + 1, text.find("\n", end) + 1 or len(text)
    after = text[end:line_end].strip()
    return Entry(
        name=name,
        node=node,
        start=start,
        head_end=head_end,
        end=end,
        line_start=line_start,
        line_end=line_end,
        is_in_flow=bool(holder.flow_style),
        owns_its_lines=not text[line_start:start].strip() and (not after or after.startswith("#")),
    )


def _end(text: str, node: yaml.Node) -> int:
    """Leave out what a block's mark takes with it: blank lines and comments up to the next entry."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(text, last[1] if isinstance(last, tuple) else last)
    start, end = node.start_mark.index, node.end_mark.index
    return start + len(text[start:end].rstrip())


# ---- writing


def flow(value: Plain, *, is_in_flow: bool = False) -> str:
    """Write a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(flow_entry(name, item) for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, is_in_flow=True) for item in value) + "]"
    is_plain = _reads_as(f"[{value}]", [value]) if is_in_flow else _reads_as(f"k: {value}", {"k": value})
    return value if is_plain else _quoted(value)


def flow_entry(name: str | int, value: Plain) -> str:
    """Write an entry within brackets."""
    said = flow(value, is_in_flow=True)
    return said if isinstance(name, int) else f"{_key(name)}: {said}"


def lines(name: str | int, value: Plain, indent: int) -> Iterator[str]:
    """Write an entry on lines of its own: on one if it is short, else its parts below it."""
    margin, said = " " * indent, flow(value)
    if isinstance(name, int):
        yield f"{margin}- {said}\n"
    elif isinstance(value, str) or len(said) + indent <= WIDTH:
        yield f"{margin}{_key(name)}: {said}\n"
    else:
        yield f"{margin}{_key(name)}:\n"
        yield from whole(value, indent + 2)


def whole(data: Plain, indent: int = 0) -> Iterator[str]:
    """Write plain data as a text of its own."""
    if isinstance(data, str) or not data:
        yield " " * indent + flow(data) + "\n"
        return
    for name, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield from lines(name, value, indent)


def _key(name: str) -> str:
    return name if _reads_as(f"{{{name}: x}}", {name: "x"}) else _quoted(name)


def _reads_as(text: str, data: Plain) -> bool:
    read = load(text)
    return read.data == data and not read.faults


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
