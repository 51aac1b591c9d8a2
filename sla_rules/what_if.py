"""Changed terms in words, `decide.B=2h target.qualified=200 hours=08:00-17:00`, read as changes of a text."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from sla_rules.kinds import ClockKind, Metric, Tier
from sla_rules.pieces import Data, at
from sla_rules.promises import FORMS, Unit
from sla_rules.strict_yaml import Path

NAME = re.compile(r"(?:^|(?<=[\s,;]))([A-Za-z_][\w.-]*)\s*=\s*")
FROM_ARRIVAL = " from arrival"
WITH_TOUCH = "with first touch"
UNKNOWN, UNCLEAR, TWICE, EMPTY, LOOSE = "unknown", "unclear", "twice", "empty", "loose"
"""What can be wrong with a word; what is wrong with a value the text's own checks say."""


@dataclass(frozen=True, slots=True)
class Term:
    """What can be changed: its name, where it stands, and what is written there; empty where nothing is."""

    name: str
    path: Path
    value: str


@dataclass(frozen=True, slots=True)
class Misread:
    """A word that means nothing here, and the names that it may stand for."""

    code: str
    text: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What was read: the changes, by which word each was asked for, and what could not be read."""

    changes: Mapping[Path, str]
    asked: Mapping[Path, str]
    misread: Sequence[Misread]


def terms_of(data: Data) -> list[Term]:
    """List what can be changed in a text."""
    return [*_clocks(data), *_targets(data), *_hours(data)]


def read(data: Data, text: str) -> Words:
    """Read `name=value` as often as it comes; a value goes on until the next name."""
    terms = terms_of(data)
    changes: dict[Path, str] = {}
    asked: dict[Path, str] = {}
    before, pairs = _pairs(text)
    misread = [Misread(LOOSE, before)] if before else []
    for name, value in pairs:
        word = f"{name}={value}"
        found, fault = _meant(terms, name)
        if not value or fault or any(term.path in asked for term in found):
            misread.append(fault or Misread(EMPTY if not value else TWICE, word))
        for term in found:
            changes[term.path], asked[term.path] = _as_written(data, term, value), word
    return Words(changes, asked, misread)


def _pairs(text: str) -> tuple[str, list[tuple[str, str]]]:
    before, *rest = NAME.split(text)
    values = [value.strip(" ,;\t") for value in rest[1::2]]
    return before.strip(), list(zip(rest[::2], values, strict=True))


def _meant(terms: Sequence[Term], name: str) -> tuple[list[Term], Misread | None]:
    """Find what a name stands for: all tiers or days where it names none."""
    parts = [part for part in name.casefold().split(".") if part]
    found = [term for term in terms if _fits(parts, term.name.casefold().split("."))]
    if len(parts) == 1 and parts[0] == "hours":
        found = [term for term in found if term.value]
    heads = {_head(term) for term in found}
    if len(heads) > 1:
        return [], Misread(UNCLEAR, name, tuple(sorted(heads)))
    if not found and parts[:1] == ["hours"] and len(parts) > 1:
        return [Term(name.casefold(), ("calendar", "hours", parts[1]), "")], None
    if not found:
        names = {term.name.casefold(): term.name for term in terms}
        near = get_close_matches(name.casefold(), names, n=3, cutoff=0.5)
        return [], Misread(UNKNOWN, name, tuple(names[one] for one in near))
    has_tier = parts[-1] in {tier.casefold() for tier in Tier}
    written = [term for term in found if term.value not in ("", WITH_TOUCH)]
    return (found if has_tier or not written else written), None


def _fits(parts: Sequence[str], name: Sequence[str]) -> bool:
    """Say whether each part typed is one of the name, or a word of it: `qualified` of `qualified_leads`."""
    return len(parts) <= len(name) and all(
        part == whole or part in whole.split("_") for part, whole in zip(parts, name, strict=False)
    )


def _head(term: Term) -> str:
    """Name a term without its tier or day."""
    parts = term.name.split(".")
    return ".".join(parts[:2] if parts[0] == "target" else parts[:1])


def _as_written(data: Data, term: Term, value: str) -> str:
    """Write a value as the text does: a first touch counts from where it did, a share has its sign."""
    if term.path[:2] == ("clocks", "first_touch") and term.value.endswith(FROM_ARRIVAL):
        return value if " from " in value or " after " in value else value + FROM_ARRIVAL
    if term.path[0] == "goals" and value[-1:].isdigit():
        metric = str(at(data, (*term.path[:-1], "metric")))
        return f"{value} %" if FORMS[Metric(metric)].unit is Unit.SHARE else value
    return value


# ---- what stands in the text


def _clocks(data: Data) -> Iterator[Term]:
    tiers = data.get("tiers")
    for kind in ClockKind:
        if kind is ClockKind.ANSWER:
            yield _term(kind, data, ("clocks", kind.value))
        else:
            named = tiers if isinstance(tiers, dict) else ()
            yield from (_term(f"{kind}.{tier}", data, ("clocks", kind.value, tier)) for tier in named)


def _targets(data: Data) -> Iterator[Term]:
    goals = data.get("goals")
    for place, goal in enumerate(goals if isinstance(goals, list) else ()):
        if isinstance(goal, dict):
            tier = f".{goal['tier']}" if "tier" in goal else ""
            yield _term(f"target.{goal.get('metric')}{tier}", data, ("goals", place, "target"))


def _hours(data: Data) -> Iterator[Term]:
    hours = at(data, ("calendar", "hours"))
    for days in hours if isinstance(hours, dict) else ():
        yield _term(f"hours.{days}", data, ("calendar", "hours", days))


def _term(name: str, data: Data, path: Path) -> Term:
    found = at(data, path)
    return Term(name, path, found if isinstance(found, str) else "")
