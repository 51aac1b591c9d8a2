"""Pydantic's errors as faults of a text: a code of ours, the clause, the line, the values to name."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sla_rules.checks import Flaw
from sla_rules.clauses import keys_at, number_of
from sla_rules.faults import Fault, quoted
from sla_rules.strict_yaml import Document, Path, dotted

CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_key",
    "string_type": "text_expected",
    "model_type": "mapping_expected",
    "dict_type": "mapping_expected",
    "tuple_type": "list_expected",
    "enum": "not_a_choice",
    "literal_error": "not_a_choice",
    "string_too_short": "empty",
    "string_too_long": "text_too_long",
    "too_short": "empty",
}


def fault_of(flaw: Flaw, model: type[BaseModel], document: Document) -> Fault:
    """Place a flaw in the text in which it was found."""
    values = quoted({"at": dotted(flaw.path) or "-", **flaw.values})
    clause = number_of(model, document.data, flaw.path)
    return Fault(flaw.code, dotted(flaw.path), clause, document.line_of(flaw.path), values)


def flaws_in(error: ValidationError, model: type[BaseModel], most: int) -> Iterator[Flaw]:
    """Name what pydantic refused; beyond the first `most` without a search for what was meant."""
    for count, detail in enumerate(error.errors(include_url=False)):
        yield _flaw(detail, model, is_searched=count < most)


def _flaw(detail: ErrorDetails, model: type[BaseModel], *, is_searched: bool) -> Flaw:
    path: Path = tuple(part for part in detail["loc"] if part != "[key]")
    told: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "flaw":
        return Flaw(told["code"], path, told["values"])
    code = CODES.get(detail["type"], "not_understood")
    values: dict[str, object] = {"value": detail["input"] if isinstance(detail["input"], str) else "…"}
    if code in {"unknown_key", "missing"}:
        values = {"value": path[-1] if path else "-"}
    if code == "unknown_key":
        values |= _meant(str(path[-1]), keys_at(model, path[:-1]), is_searched=is_searched)
    if code == "not_a_choice":
        choices = tuple(re.findall(r"'([^']*)'", told["expected"]))
        values |= _meant(str(values["value"]), choices, is_searched=is_searched)
    if code == "text_too_long":
        values["most"] = told["max_length"]
    return Flaw(code, path, values)


def _meant(written: str, choices: tuple[str, ...], *, is_searched: bool) -> dict[str, object]:
    """Offer the nearest of what may stand there."""
    near = get_close_matches(written[:40], choices, n=1, cutoff=0.5) if is_searched else []
    nearest = (*near, *choices, "-")[0]
    return {"nearest": nearest, "choices": ", ".join(choices) or "-"}
