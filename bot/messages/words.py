"""The words of a locale: templates, labels and refusals, filled so that no value can act on Slack."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache, partial
from math import ceil
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

import templates
from bot.errors import UserError
from bot.messages import formats
from sla_rules.doubts import Doubt
from sla_rules.faults import Fault
from sla_rules.kinds import Locale, Metric

FOLDER = Path(templates.__file__).parent
FALLBACK = Locale.EN
SPOKEN = frozenset(Locale)
NOTHING = "—"
LONGEST_LINK = 500
COUNTS = {Metric.LEADS_DELIVERED, Metric.QUALIFIED_LEADS, Metric.WON_PER_100, Metric.PIPELINE}
WHOLE = {Metric.LEADS_DELIVERED, Metric.QUALIFIED_LEADS}
PERIOD = re.compile(r"(?P<year>\d{4})-(?:W(?P<week>\d\d)|Q(?P<quarter>\d)|(?P<month>\d\d))")


class Mrkdwn(str):
    """Text that is mrkdwn already and is let through as it stands."""

    __slots__ = ()


def say(locale: str, name: str, **values: object) -> Mrkdwn:
    """Fill one block of a template, "card.head" being the block head of card.j2; empty lines are left out."""
    return Mrkdwn(_filled(locale, name, values, is_plain=False))


def plainly(locale: str, name: str, **values: object) -> str:
    """Fill one block of a template as plain text, for files and where no format is; else as `say`."""
    return _filled(locale, name, values, is_plain=True)


def _filled(locale: str, name: str, values: Mapping[str, object], *, is_plain: bool) -> str:
    file, _, block = name.partition(".")
    template, known = _template(_spoken(locale), file, is_plain=is_plain)
    context = template.new_context({**known, **values}, shared=True)
    lines = "".join(template.blocks[block](context)).splitlines()
    return "\n".join(filter(None, map(str.strip, lines)))


@lru_cache(maxsize=4096)
def line(locale: str, name: str, fact: object) -> Mrkdwn:
    """Fill the block that is named after the one fact it shows; the same fact is written once."""
    return say(locale, name, **{name.rpartition(".")[2]: fact})


def label(locale: str, key: str, **values: object) -> str:
    """Give a label, button or title of labels.yml as plain text."""
    words = _sentences(_spoken(locale), "labels")[key]
    return words if "{{" not in words else _plain(_spoken(locale), words).render(values)


def label_if_any(locale: str, key: str) -> str:
    """Give a label that not every thing has; empty where there is none."""
    return _sentences(_spoken(locale), "labels").get(key, "")


def sentence(locale: str, file: str, code: str, **values: object) -> Mrkdwn:
    """Fill the sentence that stands for a code in `<file>.yml`, as mrkdwn."""
    spoken = _spoken(locale)
    return Mrkdwn(_marked(spoken, _sentences(spoken, file)[code]).render(values).strip())


def refusal(locale: str, error: UserError) -> Mrkdwn:
    """Say what is refused and the way out."""
    return sentence(locale, "refusals", error.code, **error.values)


def field_refusal(locale: str, error: UserError) -> str:
    """Say a refusal as plain text, as the fields of a modal show it."""
    spoken = _spoken(locale)
    return _plain(spoken, _sentences(spoken, "refusals")[error.code]).render(error.values).strip()


def faults(locale: str, found: Sequence[Fault]) -> list[Mrkdwn]:
    """Say each fault of an agreement's text, with its line and clause."""
    sentences = _sentences(_spoken(locale), "faults")
    return [
        say(
            locale,
            "lines.fault",
            fault=fault,
            words=Mrkdwn(sentences[fault.code].format_map(_inert(_named(locale, fault.values)))),
        )
        for fault in found
    ]


def fault_plainly(locale: str, found: Fault, at: str = "") -> str:
    """Say one fault as plain text; `at` is the name that its place has in a form."""
    values = {name: formats.clean(value) for name, value in _named(locale, found.values).items()}
    said = _sentences(_spoken(locale), "faults")[found.code].format_map(values | ({"at": at} if at else {}))
    return said.replace("`", "")


def doubts(locale: str, found: Sequence[Doubt]) -> list[Mrkdwn]:
    """Say each promise that looks unreal, with its clause."""
    return [
        say(locale, "lines.doubt", doubt=doubt, words=sentence(locale, "doubts", doubt.code, **doubt.values))
        for doubt in found
    ]


def doubt_plainly(locale: str, found: Doubt) -> str:
    """Say one promise that looks unreal as plain text, without its clause."""
    spoken = _spoken(locale)
    return _plain(spoken, _sentences(spoken, "doubts")[found.code]).render(found.values).strip()


def _named(locale: str, values: Mapping[str, str]) -> Mapping[str, str]:
    """Call a side of an agreement by its name."""
    party = values.get("party")
    return values if party is None else {**values, "party": label(locale, f"side.{party}")}


def _inert(values: Mapping[str, str]) -> dict[str, str]:
    return {name: formats.escape(formats.clean(value)) for name, value in values.items()}


@cache
def _spoken(locale: str) -> str:
    return locale if locale in SPOKEN else FALLBACK


@cache
def _template(locale: str, name: str, *, is_plain: bool) -> tuple[Template, Mapping[str, object]]:
    """Give a template and what is known in it; Jinja would gather that anew each time it is filled."""
    found = _environment(locale, is_plain=is_plain).get_template(f"{name}.j2")
    return found, dict(found.globals)


@cache
def _marked(locale: str, source: str) -> Template:
    return _environment(locale, is_plain=False).from_string(source)


@cache
def _plain(locale: str, source: str) -> Template:
    return _environment(locale, is_plain=True).from_string(source)


@cache
def _sentences(locale: str, file: str) -> Mapping[str, str]:
    """Read a file of labels; nested keys are joined by dots."""
    own = FOLDER / locale / f"{file}.yml"
    path = own if own.exists() else FOLDER / FALLBACK / f"{file}.yml"
    return dict(_flat("", yaml.safe_load(path.read_text(encoding="utf-8"))))


def _flat(prefix: str, node: Any) -> list[tuple[str, str]]:
    if isinstance(node, dict):
        dot = "." if prefix else ""
        return [pair for key, below in node.items() for pair in _flat(f"{prefix}{dot}{key}", below)]
    return [(prefix, str(node))]


@cache
def _environment(locale: str, *, is_plain: bool) -> Environment:
    environment = Environment(  # noqa: S701  (it writes mrkdwn, not HTML: `finalize` escapes for Slack)
        loader=FileSystemLoader([FOLDER / locale, FOLDER / FALLBACK]),
        undefined=StrictUndefined,
        finalize=partial(_shown, locale=locale, is_plain=is_plain),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        label=partial(label, locale), line=partial(line, locale), say=partial(say, locale)
    )
    environment.filters.update(_filters(locale, is_plain=is_plain))
    return environment


def _shown(value: object, locale: str, *, is_plain: bool) -> object:
    """Make any value of a template harmless; numbers are written by locale."""
    if isinstance(value, Mrkdwn):
        return value
    if value is None:
        return NOTHING
    if isinstance(value, int | float) and not isinstance(value, bool):
        return formats.number(value, locale)
    text = formats.clean(str(value))
    return text if is_plain else formats.escape(text)


def _filters(locale: str, *, is_plain: bool) -> dict[str, Callable[..., Any]]:
    return {
        "bar": formats.bar,
        "clause": _clause,
        "counted": partial(_counted, locale),
        "cut": formats.cut,
        "cut_beside": formats.cut_beside,
        "day": partial(day, locale),
        "duration": partial(duration, locale),
        "figure": partial(_figure, locale),
        "handoff": lambda value: f"H-{int(value)}",
        "link": _link,
        "mail": _mail,
        "masked": formats.masked,
        "percent": partial(_percent, locale),
        "period": partial(period, locale),
        "plainly": _plainly,
        "when": partial(_when_plainly if is_plain else _when, locale),
        "who": _who_plainly if is_plain else _who,
        "worded": partial(_worded, locale),
    }


def _when(locale: str, at: datetime) -> Mrkdwn:
    """Write an instant as the token that every reader sees in the own zone."""
    pattern = label(locale, "format.when")
    return Mrkdwn(f"<!date^{int(at.timestamp())}^{pattern}|{_when_plainly(locale, at)}>")


def _when_plainly(locale: str, at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"{day(locale, utc.date())} {utc:%H:%M} UTC"


def day(locale: str, on: date, form: str = "day") -> str:
    """Write a day: Thu 18 Jun; as `day_and_month` 18 Jun, as `day_alone` 18."""
    return formats.day(on, label(locale, f"format.{form}"), _spoken(locale))


def duration(locale: str, seconds: float) -> str:
    """Write working seconds in hours and minutes: 2h 10min; below a minute in seconds."""
    whole = abs(int(seconds))
    hours, minutes = divmod(whole // 60, 60)
    parts = [("hours", hours), ("minutes", minutes)] if whole >= 60 else [("seconds", whole)]  # noqa: PLR2004
    said = [label(locale, f"format.{unit}", n=n) for unit, n in parts if n]
    return " ".join(said) or label(locale, "format.minutes", n=0)


def period(locale: str, name: str, week: str = "week") -> str:
    """Write the label of a period: 2026-06, 2026-W25, 2026-Q2; a week as `week_alone` without its year."""
    found = PERIOD.fullmatch(name)
    if found is None:
        return name
    if found["month"]:
        first = date(int(found["year"]), int(found["month"]), 1)
        return formats.day(first, label(locale, "format.month"), _spoken(locale))
    kind = "quarter" if found["quarter"] else week
    return label(locale, f"format.{kind}", n=int(found["week"] or found["quarter"]), year=found["year"])


def _percent(locale: str, share: float | None, beside: float | None = None) -> str:
    return label(locale, "no_leads") if share is None else formats.percent(share, locale, beside)


def _figure(locale: str, value: float | None, metric: Metric, beside: float | None = None) -> str:
    """Write a goal's value as its metric is counted; nothing counted reads "no leads"."""
    if value is None or metric not in COUNTS:
        return _percent(locale, value, beside)
    return formats.number(ceil(value) if metric in WHOLE else value, locale)


def _counted(locale: str, n: int, one: str, many: str) -> str:
    return f"{formats.number(n, locale)} {one if n == 1 else many}"


def _plainly(value: str) -> str:
    """Write a code, or the first word of a name, as it stands within a sentence; SMB stays SMB."""
    words = str(value).replace("_", " ")
    return words[0].lower() + words[1:] if words[1:2].islower() else words


def _worded(locale: str, terms: object) -> str:
    """Write terms of an agreement in the locale's words: 1 working day, mon 09:30, no cap."""
    words = _sentences(locale, "notation")
    return _notation(locale).sub(lambda found: words[found[0].lower()], str(terms))


@cache
def _notation(locale: str) -> re.Pattern[str]:
    longest_first = sorted(_sentences(locale, "notation"), key=len, reverse=True)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(longest_first)})(?![a-z])", re.IGNORECASE)


def _clause(number: str) -> str:
    return f"§{number}" if number else ""


def _who_plainly(person: str, instead: str = NOTHING) -> str:
    """Name a person where Slack resolves no mention: `instead` stands for an id."""
    return instead if formats.SLACK_ID.fullmatch(person) else formats.cut(person, 40)


def _who(person: str, _instead: str = NOTHING) -> str:
    return Mrkdwn(f"<@{person}>") if formats.SLACK_ID.fullmatch(person) else formats.cut(person, 40)


def _link(url: str, words: str) -> str:
    """Make a link of an address of the web; anything else stays text."""
    if len(url) <= LONGEST_LINK and formats.WEB_LINK.fullmatch(url):
        return Mrkdwn(f"<{formats.escape(url)}|{formats.escape(words).replace('|', '/')}>")
    return formats.cut(url, 120)


def _mail(address: str) -> str:
    if formats.EMAIL.fullmatch(address):
        safe = formats.escape(address)
        return Mrkdwn(f"<mailto:{safe}|{safe}>")
    return formats.cut(address, 120)
