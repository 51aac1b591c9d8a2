"""The page on the agreement's text: every section and field, written from the schema and the starter."""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from sla_rules import written
from sla_rules.agreement import Agreement
from sla_rules.clauses import sections_of
from sla_rules.days_off import Spans
from sla_rules.durations import Duration
from sla_rules.kinds import Metric, Tier
from sla_rules.promises import FORMS as METRICS
from sla_rules.promises import UPPER_BOUNDS, Attempts, Touch, Unit
from sla_rules.starter import StarterValues, starter

HEAD = """\
# The agreement's text

The text that both leads sign is what Baton does: there are no settings beside it. `/sla setup` writes the
first one from the starter below, `/sla agreement edit` changes it in forms, `/sla agreement export` and
`upload` as a file. This names every fault of a file, with its line:

```sh
.venv/bin/baton agreement check agreement.yml
```

It is YAML without its tricks: no anchors, no tags, and every value is text, so `no` is a word and `09:30` a
time. A key that is not listed here is a fault, never ignored. Each section has a number, and each item in
it: §10.3 is the third goal, §11.5 the first touch. What is marked ● must be there. Spans such as `4h` or `1
working day` are working time of the calendar, unless said otherwise.
"""
TEAM = StarterValues(
    marketing_lead="U0MARA",
    marketing_manager="U0MAX",
    marketing_members=("U0MILO",),
    sales_lead="U0SAM",
    sales_manager="U0SUE",
    sales_members=("U0RITA", "U0THEO"),
    review_on=date(2026, 9, 28),
    observe_until=date(2026, 7, 13),
    zone="Europe/Berlin",
    country="DE",
    subdivision="BE",
)
"""A team that fills the starter."""
Row = tuple[str, bool, str, str]
"""Path in the section, whether it must be there, how it is written, what it is."""
KEYS: Mapping[Any, str] = {Tier: "tier", written.Key: "name"}
METRIC_HEAD = """\
| metric | counted in | promised by | needs the clock |
| --- | --- | --- | --- |"""
UNITS = {
    Unit.LEADS: "leads, `240`",
    Unit.SHARE: "a share, `85 %`",
    Unit.NUMBER: "a number, `3.5`",
    Unit.AMOUNT: "an amount, `250000`",
}
FORMS: Mapping[Any, str] = {
    written.Percent: "`75 %`",
    written.Count: "a whole number",
    written.Day: "`2018-06-29`",
    written.TimeOfDay: "`16:30`",
    written.WorkingSpan: "`4h`, `1 working day`, `1h 30min`",
    written.CivilDays: "`180 days`, `12 months`, of the civil calendar",
    written.Weekdays: "`mon-fri`",
    written.WeeklyAt: "`mon 09:30`",
    written.Dates: "`2018-12-24`, `2018-12-24 to 2019-01-01`",
    written.Months: "`2 months`",
    written.Tiers: "`B and C`",
    written.Cap: "`10`, `no cap`",
    written.Weekday: "`mon`",
    written.Key: "a name in small letters",
    written.User: "a member's ID, `U0123ABC`",
    written.Group: "a user group's ID, `S0123ABC`",
    written.Line: "a line",
    written.Prose: "text",
    Duration | None: "`4h`, `with first touch`",
    Touch: "`1h from arrival`, `1 working day`",
    Attempts: "`6 in 10 working days`",
    Spans: "`09:00-12:00, 13:00-17:30`, `closed`",
    Tier: "tier",
    Metric: "a metric of the list below",
    float: "`240`, `85 %`",
    str: "a word",
}
"""How the values of each type are written."""


def page() -> str:
    """Write the whole page."""
    hints = get_type_hints(Agreement, include_extras=True)
    sections, said = sections_of(Agreement), _said(Agreement)
    alone = [name for name in Agreement.model_fields if name not in sections]
    above = [
        row for name in alone for row in _rows(hints[name], name, said[name], is_needed=_is_needed(name))
    ]
    parts = [_section(number, name, hints[name]) for number, name in enumerate(sections, 1)]
    return "\n".join([HEAD, _table(above), *parts])


def _section(number: int, name: str, form: Any) -> str:
    """Write one section: the starter's remark and text, then every field."""
    remark, text = _in_starter(name)
    may = "" if _is_needed(name) else " May be left out."
    more = "\n" + _metrics() if name == "goals" else ""
    rows = _rows(form, "", "", is_needed=True)
    return f"## {number} · {name}\n\n{remark}{may}\n\n```yaml\n{text}\n```\n\n{_table(rows)}{more}"


def _is_needed(name: str) -> bool:
    return Agreement.model_fields[name].is_required()


def _in_starter(name: str) -> tuple[str, str]:
    """Give what the starter says above a section, and the section itself."""
    found = re.search(rf"^# \d+ · (.+\n(?:#.+\n)*)({name}:.*\n(?:[ ].*\n)*)", starter(TEAM), re.MULTILINE)
    assert found, name
    return " ".join(found[1].replace("#", " ").split()), found[2].rstrip()


def _table(rows: Iterable[Row]) -> str:
    lines = [
        f"| `{path}` | {'●' if is_needed else ''} | {form} | {said} |" for path, is_needed, form, said in rows
    ]
    return "\n".join(["| field | | is written | is |", "| --- | :-: | --- | --- |", *lines]) + "\n"


def _rows(form: Any, path: str, said: str, *, is_needed: bool) -> Iterator[Row]:
    """Go down to what is one value, however deep it lies."""
    form = _bare(form)
    inner = [_bare(one) for one in get_args(form)]
    if _is_model(form):
        yield from _of_model(form, path)
    elif get_origin(form) is dict and _is_model(inner[1]):
        yield from _of_model(inner[1], f"{path}<{KEYS[inner[0]]}>")
    elif get_origin(form) is tuple and _is_model(inner[0]):
        yield from _of_model(inner[0], path)
    else:
        assert said, f"{path} has no docstring"
        yield path, is_needed, _written(form), said


def _of_model(model: type[BaseModel], path: str) -> Iterator[Row]:
    hints, said = get_type_hints(model, include_extras=True), _said(model)
    for name, field in model.model_fields.items():
        key = ".".join(part for part in (path, field.alias or name) if part)
        yield from _rows(hints[name], key, said.get(name, ""), is_needed=field.is_required())


def _written(form: Any) -> str:
    """Say how a value is written, one or several of it."""
    if form in FORMS:
        return FORMS[form]
    if get_origin(form) is tuple:
        return f"list: {_written(_bare(get_args(form)[0]))}"
    if get_origin(form) is dict:
        key, value = map(_bare, get_args(form))
        return f"by {_written(key)}: {_written(value)}"
    choices = get_args(form) if get_origin(form) is Literal else list(form)
    return ", ".join(f"`{choice}`" for choice in choices)


def _bare(form: Any) -> Any:
    """Take off what only limits or explains a type, and "or None"."""
    if get_origin(form) is Annotated and not any(form is known for known in FORMS):
        return _bare(get_args(form)[0])
    if get_origin(form) in (Union, UnionType) and form not in FORMS:
        return _bare(next(one for one in get_args(form) if one is not type(None)))
    return form


def _is_model(form: Any) -> bool:
    return isinstance(form, type) and issubclass(form, BaseModel)


def _said(model: type[BaseModel]) -> dict[str, str]:
    """Read the docstrings below the fields of a section, those that it inherits too."""
    said: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if not issubclass(one, written.Section):
            continue
        (body,) = ast.parse(inspect.getsource(one)).body
        assert isinstance(body, ast.ClassDef)
        for field, below in pairwise(body.body):
            if isinstance(field, ast.AnnAssign) and isinstance(below, ast.Expr):
                said[ast.unparse(field.target)] = str(ast.literal_eval(below.value))
    return said


def _metrics() -> str:
    rows = []
    for metric, form in METRICS.items():
        bound = ", at most" if metric in UPPER_BOUNDS else ""
        clock = f"`{form.clock}`" if form.clock else ""
        rows.append(f"| `{metric}` | {UNITS[form.unit]}{bound} | {form.side or 'either'} | {clock} |")
    return "\n".join([METRIC_HEAD, *rows]) + "\n"
