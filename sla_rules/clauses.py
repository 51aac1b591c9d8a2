"""Clauses: every item of every section has a number by which messages name it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

from sla_rules.strict_yaml import Path, Plain

Model = type[BaseModel]


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered item and what was written in it."""

    number: str
    path: str
    value: Plain


@cache
def sections_of(document: Model) -> tuple[str, ...]:
    """Name the sections in their order; single words such as name and language are none."""
    return tuple(name for name, field in document.model_fields.items() if not _is_word(field.annotation))


def _is_word(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, str)


def clauses_of(document: Model, data: Plain) -> Iterator[Clause]:
    """List what was written, numbered `4.2`: the section's place, and the item's place in it."""
    for head, section in enumerate(sections_of(document), 1):
        written = _written_in(data, section)
        places = {str(place): n for n, place in enumerate(_places(document, section, written), 1)}
        for item, value in _items(written):
            yield Clause(f"{head}.{places[str(item)]}", f"{section}.{item}", value)


def number_of(document: Model, data: Plain | None, path: Path) -> str | None:
    """Give the number of the clause in which a path lies; None for what lies in no section."""
    sections = sections_of(document)
    if not path or path[0] not in sections:
        return None
    section = str(path[0])
    items = [str(item) for item in _places(document, section, _written_in(data, section))]
    head = str(sections.index(section) + 1)
    if len(path) > 1 and str(path[1]) in items:
        return f"{head}.{items.index(str(path[1])) + 1}"
    return head


def keys_at(document: Model, path: Path) -> tuple[str, ...]:
    """Name the keys that may be written at a path."""
    here: Any = document
    for part in path:
        here = _below(here, str(part))
    return _names(here) if _is_model(here) else ()


def _written_in(data: Plain | None, section: str) -> Plain:
    return data.get(section, {}) if isinstance(data, dict) else {}


def _items(written: Plain) -> list[tuple[str | int, Plain]]:
    if isinstance(written, str):
        return []
    return list(written.items()) if isinstance(written, dict) else list(enumerate(written))


def _places(document: Model, section: str, written: Plain) -> list[str | int]:
    """List the items of a section; where the schema names them, also those left out, so that numbers stay."""
    named = keys_at(document, (section,))
    return list(named) or [item for item, _ in _items(written)]


def _names(model: Model) -> tuple[str, ...]:
    return tuple(_annotations(model))


@cache
def _annotations(model: Model) -> Mapping[str, Any]:
    """Say by the name in which each field is written what it holds."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _below(here: Any, part: str) -> Any:
    if _is_model(here):
        return _unwrapped(_annotations(here).get(part))
    inner = get_args(here)
    if get_origin(here) is dict:
        return _unwrapped(inner[1])
    return _unwrapped(inner[0]) if get_origin(here) is tuple else None


def _unwrapped(annotation: Any) -> Any:
    """Look through "or None"."""
    if get_origin(annotation) in (Union, UnionType):
        return next(arg for arg in get_args(annotation) if arg is not type(None))
    return annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
