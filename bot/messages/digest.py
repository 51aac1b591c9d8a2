"""The week's digest: first the verdict, then each promise, the reasons and the coming week."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import dropwhile

from bot.facts.figures import MOVED_SHOWN, DigestFact, PromiseFact, WeekFact
from bot.facts.said import Message
from bot.messages import blocks, charts, goals
from bot.messages.blocks import Block
from bot.messages.words import label, period, say
from sla_rules.kinds import RejectionKind, Side

SIDES = (Side.SALES, Side.MARKETING)
MARKS = {True: "✓", False: "✗", None: "—"}
SHOWN = 12
"""Promises of a side; where there are more, those that were broken are shown first."""


def message(fact: DigestFact, locale: str) -> Message:
    sides = [(side, *goals.kept_of(fact.promises, side)) for side in SIDES]
    text = say(locale, "digest.text", digest=fact, sides=sides)
    if fact.is_quiet:
        return blocks.message(
            text,
            [
                blocks.section(say(locale, "digest.quiet", digest=fact)),
                *_moved(fact, locale),
                *_review_past(fact, locale),
                *_unknown(fact, locale),
            ],
        )
    head = blocks.section(say(locale, "digest.head", digest=fact, sides=sides))
    return blocks.message(text, [head, *_blocks(fact, locale), *_unknown(fact, locale)])


def _blocks(fact: DigestFact, locale: str) -> Iterator[Block]:
    for side in SIDES:
        if promises := [promise for promise in fact.promises if promise.side == side]:
            yield _side(side, promises, locale)
    if fact.reasons:
        ranked = sorted(fact.reasons, key=lambda reason: -reason.n)
        quality = [reason for reason in ranked if reason.kind == RejectionKind.QUALITY]
        neutral = [reason for reason in ranked if reason.kind == RejectionKind.NEUTRAL]
        yield blocks.section(say(locale, "digest.reasons", quality=quality, neutral=neutral))
    if fact.refused or fact.unhandled or fact.excused or fact.snoozed:
        yield blocks.section(say(locale, "digest.apart", digest=fact))
    yield from _moved(fact, locale)
    if fact.week_after != "over":
        yield blocks.section(say(locale, "digest.next", digest=fact))
    yield from _review_past(fact, locale)


def _side(side: Side, promises: Sequence[PromiseFact], locale: str) -> Block:
    shown = sorted(promises, key=lambda one: one.is_kept is not False)[:SHOWN]
    marked = [(mark, one) for kept, mark in MARKS.items() for one in shown if one.is_kept is kept]
    return blocks.section(
        say(locale, "digest.side", side=side, promises=marked, more=len(promises) - len(shown))
    )


def _moved(fact: DigestFact, locale: str) -> Iterator[Block]:
    if fact.moved:
        yield blocks.section(say(locale, "digest.moved", moved=fact.moved, shown=MOVED_SHOWN))


def _review_past(fact: DigestFact, locale: str) -> Iterator[Block]:
    if fact.review_on:
        yield blocks.section(say(locale, "digest.review_past", digest=fact))


def _unknown(fact: DigestFact, locale: str) -> Iterator[Block]:
    if fact.missed:
        yield blocks.context(say(locale, "digest.missed", digest=fact))
    if fact.unknown_posts:
        yield blocks.context(say(locale, "digest.unknown", digest=fact))


def private(fact: DigestFact, locale: str) -> Message:
    """Show one person the digest and what stands in its thread, in words."""
    said = message(fact, locale)
    return blocks.message(
        said.text, [dict(block) for block in (*said.blocks, *thread_plain(fact, locale).blocks)]
    )


def thread(fact: DigestFact, locale: str) -> Message:
    """Show the weeks as charts and a table; Slack may answer `invalid_blocks` where it cannot draw them."""
    return blocks.message(
        say(locale, "digest.thread", digest=fact), [*_charts(fact, locale), *_said(fact, locale)]
    )


def thread_plain(fact: DigestFact, locale: str) -> Message:
    """Say the same in words alone."""
    told = _lived(fact)
    weeks = [blocks.section(say(locale, "digest.weeks", weeks=told))] if told else []
    return blocks.message(say(locale, "digest.thread", digest=fact), [*_said(fact, locale), *weeks])


def words_of(message: Message) -> str:
    """Give a message's sections as text alone."""
    return "\n\n".join(str(block["text"]["text"]) for block in message.blocks if block["type"] == "section")  # type: ignore[index]


def _said(fact: DigestFact, locale: str) -> Iterator[Block]:
    yield blocks.section(say(locale, "digest.funnel", digest=fact))
    yield blocks.section(say(locale, "digest.spans", digest=fact))
    if fact.spent:
        yield blocks.section(say(locale, "lines.spent", spent=fact.spent))


def _charts(fact: DigestFact, locale: str) -> Iterator[Block]:
    """Draw the weeks; what a chart shows of the last one is said above it, as not everybody sees charts."""
    weeks = {period(locale, week.label, "week_alone"): week for week in _lived(fact)}
    if not weeks:
        return
    *_, before, last = (None, *weeks.values())
    if any(week.delivered or week.planned for week in weeks.values()):
        yield blocks.section(say(locale, "digest.leads", digest=fact, week=last, before=before))
        yield _counts(weeks, locale)
    judged = {name: week for name, week in weeks.items() if week.sales_made and week.marketing_made}
    if judged:
        yield blocks.section(say(locale, "digest.promises", week=last, before=before))
        yield _shares(judged, locale)
    yield from _apart(weeks, judged, locale)
    yield _table(weeks, locale)


def _apart(weeks: Mapping[str, WeekFact], judged: Collection[str], locale: str) -> Iterator[Block]:
    """Name the weeks that the charts leave out, and those that are not whole."""
    dropped = [name for name in weeks if name not in judged] if judged else []
    partial = [name for name, week in weeks.items() if week.is_partial]
    said = [say(locale, "digest.dropped", weeks=dropped)] if dropped else []
    said += [say(locale, "digest.partial", weeks=partial)] if partial else []
    if said:
        yield blocks.context(*said)


def _lived(fact: DigestFact) -> list[WeekFact]:
    """Leave out the weeks before anything was handed over or fell due."""
    return list(dropwhile(_is_empty, fact.weeks))


def _is_empty(week: WeekFact) -> bool:
    return not (week.delivered or week.planned or week.sales_made or week.marketing_made)


def _counts(weeks: Mapping[str, WeekFact], locale: str) -> Block:
    """Draw leads beside what was planned and, as a series of its own, beside the target."""
    series = {
        label(locale, f"chart.{what}"): {
            name: round(getattr(week, what) or 0) for name, week in weeks.items()
        }
        for what in ("delivered", "qualified", "planned", "target")
        if what in ("delivered", "qualified") or any(getattr(week, what) for week in weeks.values())
    }
    axes = (label(locale, "chart.week"), label(locale, "chart.leads_axis"))
    return charts.chart("bar", label(locale, "chart.leads"), series, axes=axes)


def _shares(weeks: Mapping[str, WeekFact], locale: str) -> Block:
    series = {
        label(locale, "side.sales"): {
            at: _share(week.sales_kept, week.sales_made) for at, week in weeks.items()
        },
        label(locale, "side.marketing"): {
            at: _share(week.marketing_kept, week.marketing_made) for at, week in weeks.items()
        },
    }
    axes = (label(locale, "chart.week"), label(locale, "chart.share_axis"))
    return charts.chart("line", label(locale, "chart.promises"), series, axes=axes)


def _share(kept: int, made: int) -> int:
    return round(100 * kept / made)


def _table(weeks: Mapping[str, WeekFact], locale: str) -> Block:
    counts = ("delivered", "qualified", "accepted", "won")
    header = [label(locale, "chart.week"), *(label(locale, f"chart.{what}") for what in counts)]
    rows = [[name, *(getattr(week, what) for what in counts)] for name, week in weeks.items()]
    return charts.data_table(label(locale, "chart.table"), header, rows)
