"""The week's digest: first the verdict, then each promise, the reasons and the coming week."""

from collections.abc import Iterator
from itertools import dropwhile

from bot.facts.figures import DigestFact, PromiseFact, WeekFact
from bot.facts.said import Message
from bot.messages import blocks, charts, goals
from bot.messages.blocks import Block
from bot.messages.words import label, period, say
from sla_rules.kinds import RejectionKind, Side

SIDES = (Side.SALES, Side.MARKETING)
MARKS = (("✓", True), ("✗", False), ("—", None))


def message(fact: DigestFact, locale: str) -> Message:
    sides = [(side, *goals.kept_of(fact.promises, side)) for side in SIDES]
    text = say(locale, "digest.text", digest=fact, sides=sides)
    if fact.is_quiet:
        return blocks.message(
            text,
            [
                blocks.section(say(locale, "digest.quiet", digest=fact)),
                *_review_past(fact, locale),
                *_unknown(fact, locale),
            ],
        )
    head = blocks.section(say(locale, "digest.head", digest=fact, sides=sides))
    return blocks.message(text, [head, *_blocks(fact, locale), *_unknown(fact, locale)])


def _blocks(fact: DigestFact, locale: str) -> Iterator[Block]:
    for side in SIDES:
        promises = [(mark, promise) for mark, kept in MARKS for promise in _promises(fact, side, kept)]
        if promises:
            yield blocks.section(say(locale, "digest.side", side=side, promises=promises))
    if fact.reasons:
        ranked = sorted(fact.reasons, key=lambda reason: -reason.n)
        quality = [reason for reason in ranked if reason.kind == RejectionKind.QUALITY]
        neutral = [reason for reason in ranked if reason.kind == RejectionKind.NEUTRAL]
        yield blocks.section(say(locale, "digest.reasons", quality=quality, neutral=neutral))
    if fact.refused or fact.unhandled or fact.excused or fact.snoozed:
        yield blocks.section(say(locale, "digest.apart", digest=fact))
    yield blocks.section(say(locale, "digest.next", digest=fact))
    yield from _review_past(fact, locale)


def _promises(fact: DigestFact, side: Side, is_kept: bool | None) -> list[PromiseFact]:  # noqa: FBT001
    return [promise for promise in fact.promises if promise.side == side and promise.is_kept is is_kept]


def _review_past(fact: DigestFact, locale: str) -> Iterator[Block]:
    if fact.review_on:
        yield blocks.section(say(locale, "digest.review_past", digest=fact))


def _unknown(fact: DigestFact, locale: str) -> Iterator[Block]:
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
    if fact.spent:
        yield blocks.section(say(locale, "lines.spent", spent=fact.spent))


def _charts(fact: DigestFact, locale: str) -> Iterator[Block]:
    weeks = {period(locale, week.label, "week_alone"): week for week in _lived(fact)}
    if any(week.delivered or week.planned for week in weeks.values()):
        yield _counts(weeks, locale)
    judged = {name: week for name, week in weeks.items() if week.sales_made and week.marketing_made}
    if judged:
        yield _shares(judged, locale)
        if len(judged) < len(weeks):
            yield blocks.context(
                say(locale, "digest.dropped", weeks=[name for name in weeks if name not in judged])
            )
    if weeks:
        yield _table(weeks, locale)


def _lived(fact: DigestFact) -> list[WeekFact]:
    """Leave out the weeks before anything was handed over or fell due."""
    return list(dropwhile(_is_empty, fact.weeks))


def _is_empty(week: WeekFact) -> bool:
    return not (week.delivered or week.planned or week.sales_made or week.marketing_made)


def _counts(weeks: dict[str, WeekFact], locale: str) -> Block:
    series = {
        label(locale, f"chart.{what}"): {name: getattr(week, what) for name, week in weeks.items()}
        for what in ("delivered", "qualified", "planned")
        if what != "planned" or any(week.planned for week in weeks.values())
    }
    axes = (label(locale, "chart.week"), label(locale, "chart.leads_axis"))
    return charts.chart("bar", label(locale, "chart.leads"), series, axes=axes)


def _shares(weeks: dict[str, WeekFact], locale: str) -> Block:
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


def _table(weeks: dict[str, WeekFact], locale: str) -> Block:
    counts = ("delivered", "qualified", "accepted", "won")
    header = [label(locale, "chart.week"), *(label(locale, f"chart.{what}") for what in counts)]
    rows = [[name, *(getattr(week, what) for what in counts)] for name, week in weeks.items()]
    return charts.data_table(label(locale, "chart.table"), header, rows)
