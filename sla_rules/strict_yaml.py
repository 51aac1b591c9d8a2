"""The small part of YAML in which an agreement may be written: text, lists and mappings, nothing implied."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml

from sla_rules.faults import FAULTS_SHOWN, Fault, quote, quoted

LARGEST = 64 * 1024
"""Bytes."""
DEEPEST = 8
"""Mappings and lists inside each other."""

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""What cannot be seen, breaks lines unseen or turns the reading direction: no place in a signed text."""

Plain = str | list["Plain"] | dict[str, "Plain"]
Path = tuple[str | int, ...]

# libyaml reads ten times faster; both give the same events.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Document:
    """A text as plain data, every scalar as it was typed, with the line of each path and what is wrong."""

    data: Plain | None = None
    """None where the text is no YAML at all."""
    lines: dict[Path, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line_of(self, path: Path) -> int | None:
        """Find the line of a path, or of the nearest thing around it that was written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


class _UnreadableError(Exception):
    """Reading cannot go on."""

    def __init__(self, code: str, line: int | None = None, path: Path = (), **values: object) -> None:
        self.fault = Fault(code, dotted(path), None, line, quoted(values))
        super().__init__(code)


def dotted(path: Path) -> str:
    """Write a path as people name it: `clocks.decide.B`."""
    return ".".join(quote(str(part)) for part in path)


def load(text: str | bytes) -> Document:
    """Read a text; its faults stand in the document, nothing is raised."""
    document = Document()
    try:
        document.data = _Reader(_fit(text), document).read()
    except _UnreadableError as stop:
        document.faults.append(stop.fault)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        document.faults.append(Fault("yaml_syntax", line=mark.line + 1 if mark else None))
    except (ValueError, OverflowError):  # yaml's Python reader on escapes and versions beyond any number
        document.faults.append(Fault("yaml_syntax"))
    return document


def plain(text: str) -> Plain:
    """Read a text in which `load` found no fault, twice as fast: it is not looked for faults again."""
    events = _Loader(text.removeprefix("\ufeff"))
    events.get_event()  # the stream's start
    events.get_event()  # the document's
    return _plain(events.get_event(), events.get_event)


def _plain(event: yaml.Event, following: Callable[[], yaml.Event]) -> Plain:
    if isinstance(event, yaml.ScalarEvent):
        return str(event.value)
    if isinstance(event, yaml.MappingStartEvent):
        entries: dict[str, Plain] = {}
        while isinstance(key := following(), yaml.ScalarEvent):
            entries[key.value] = _plain(following(), following)
        return entries
    items: list[Plain] = []
    while not isinstance(item := following(), yaml.SequenceEndEvent):
        items.append(_plain(item, following))
    return items


def _fit(text: str | bytes) -> str:
    """Refuse what need not even be parsed."""
    raw = text if isinstance(text, bytes) else text.encode(errors="replace")
    if len(raw) > LARGEST:
        raise _UnreadableError("yaml_too_large", size=len(raw) // 1024, most=LARGEST // 1024)
    try:
        seen = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise _UnreadableError("yaml_not_utf8", raw.count(b"\n", 0, error.start) + 1) from error
    if unseen := UNSEEN.search(seen):
        line = seen.count("\n", 0, unseen.start()) + 1
        raise _UnreadableError("yaml_unseen_character", line, character=_code_point(unseen.group()))
    return seen


def _code_point(character: str) -> str:
    return f"U+{ord(character):04X}"


class _Reader:
    """Builds plain data from YAML's events, before anything is resolved or expanded."""

    def __init__(self, text: str, document: Document) -> None:
        self.events: Iterator[yaml.Event] = yaml.parse(text, Loader=_Loader)
        self.document = document

    def read(self) -> Plain:
        next(self.events)  # the stream's start
        start = next(self.events)
        if isinstance(start, yaml.StreamEndEvent):
            raise _UnreadableError("yaml_empty")
        if getattr(start, "version", None) or getattr(start, "tags", None):
            self._fault("yaml_directive", start, ())
        data = self._value(next(self.events), ())
        next(self.events)  # the document's end
        following = next(self.events)
        if not isinstance(following, yaml.StreamEndEvent):
            raise _UnreadableError("yaml_several_documents", _line(following))
        return data

    def _value(self, event: yaml.Event, path: Path) -> Plain:
        self.document.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.AliasEvent):
            self._fault("yaml_alias", event, path, value=event.anchor)
            return ""
        self._refuse_marks(event, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event, path)
        if len(path) >= DEEPEST:
            raise _UnreadableError("yaml_too_deep", _line(event), path[:2], most=DEEPEST)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._list(path)

    def _refuse_marks(self, event: yaml.Event, path: Path) -> None:
        for mark, code in (("anchor", "yaml_alias"), ("tag", "yaml_tag")):
            if (value := getattr(event, mark, None)) is not None:
                self._fault(code, event, path, value=value)

    def _text(self, event: yaml.ScalarEvent, path: Path) -> str:
        if unseen := UNSEEN.search(event.value):  # written as an escape, in quotes
            self._fault("yaml_unseen_character", event, path, character=_code_point(unseen.group()))
        return str(event.value)

    def _list(self, path: Path) -> list[Plain]:
        items: list[Plain] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Plain]:
        entries: dict[str, Plain] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, path)
            below = (*path, key)
            if key in entries:
                self._fault("yaml_duplicate_key", event, below, value=key)
                self._value(next(self.events), below)
                continue
            self.document.lines[below] = _line(event)
            entries[key] = self._value(next(self.events), below)
        return entries

    def _key(self, event: yaml.Event, path: Path) -> str:
        if isinstance(event, yaml.AliasEvent):
            self._fault("yaml_alias", event, path, value=event.anchor)
            return ""
        if not isinstance(event, yaml.ScalarEvent):
            raise _UnreadableError("yaml_key", _line(event), path)
        self._refuse_marks(event, path)
        return self._text(event, path)

    def _fault(self, code: str, event: yaml.Event, path: Path, **values: object) -> None:
        if len(self.document.faults) >= FAULTS_SHOWN:
            raise _UnreadableError("yaml_too_many_faults", _line(event), most=FAULTS_SHOWN)
        self.document.faults.append(Fault(code, dotted(path), None, _line(event), quoted(values)))


def _line(event: yaml.Event) -> int:
    """Count lines as editors do."""
    return event.start_mark.line + 1 if event.start_mark else 1
