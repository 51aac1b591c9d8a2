"""The agreement in words: an overview, sections, clauses, all versions, what differs, and as Markdown."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from bot.facts.agreement import AgreementFact, ClauseFact, DiffFact, HistoryFact, SectionFact, VersionFact
from bot.facts.said import Message
from bot.messages import agreement_edit, blocks, told
from bot.messages.blocks import Block
from bot.messages.words import NOTHING, Mrkdwn, label, line, plainly, say
from sla_rules.compare import Change
from sla_rules.kinds import Tier

SECTION = "agreement.section"
"""A list to choose from; value: `<agreement>:<version>:<section>`."""
HISTORY = "agreement.history"
"""Value: the agreement's id."""
DIFF = "agreement.diff"
"""Value: `<agreement>:<old>:<new>`."""

VERSIONS_SHOWN, LONGEST_VERSION = 12, 700
LONGEST_LINE = 500
LONGEST_MESSAGE, LONGEST_MODAL = 11_000, 60_000
"""Characters, with room for what stands above and below."""
SPECIAL = re.compile(r"([\\`*_\[\]<>|#~])")


def show(fact: AgreementFact, locale: str) -> Message:
    """Give an overview, a line for each section, and ways to read on."""
    head = say(locale, "agreement.head", agreement=fact)
    lines = [_overview(section, locale) for section in fact.sections]
    return blocks.message(head, [blocks.section(head), *_packed(lines), _ways_on(fact, locale)])


def contents(fact: AgreementFact, locale: str) -> Block:
    """Give the overview as a modal, from which sections open."""
    head = say(locale, "agreement.head", agreement=fact)
    lines = [_overview(section, locale) for section in fact.sections]
    shown = [blocks.section(head), *_packed(lines), blocks.actions([_sections(fact, locale)])]
    return told.modal(Message(head, shown), locale)


def section(fact: SectionFact, locale: str) -> Block:
    """Give a modal with the whole of one section."""
    head = say(locale, "agreement.whose", section=fact)
    title = f"§{fact.number} {label(locale, f'section.{fact.key}')}"
    return told.modal(_words(fact, head, LONGEST_MODAL, locale), locale, title)


def clause(fact: SectionFact, locale: str) -> Message:
    """Give the words of one clause, or of every clause of a section."""
    return _words(fact, say(locale, "agreement.of", section=fact), LONGEST_MESSAGE, locale)


def _words(fact: SectionFact, head: str, most: int, locale: str) -> Message:
    said = [_clause(one, locale) for one in fact.clauses] or [say(locale, "agreement.none")]
    shown = _fitting(said, most)
    lines = [row for text in shown for row in ("", *text.splitlines())]
    left = len(said) - len(shown)
    more = [blocks.context(say(locale, "agreement.too_long", left=left))] if left else []
    return Message(head, [blocks.context(head), *_packed(lines), *more])


def history(fact: HistoryFact, locale: str) -> Message:
    """List all versions, the newest first, each with what it changed."""
    head = say(locale, "agreement.history", history=fact)
    shown = fact.versions[:VERSIONS_SHOWN]
    left = len(fact.versions) - len(shown)
    more = [blocks.context(say(locale, "agreement.earlier", left=left))] if left else []
    rows = [_version(fact, version, locale) for version in shown]
    return blocks.message(head, [blocks.section(head), *rows, *more])


def diff(fact: DiffFact, locale: str) -> Message:
    """Tell what one version says otherwise than another, clause by clause."""
    head = say(locale, f"agreement.{'diff' if fact.changes else 'same'}", diff=fact)
    said = changed(fact.changes, locale)
    shown = _fitting(said, LONGEST_MESSAGE)
    left = len(said) - len(shown)
    more = [blocks.context(say(locale, "agreement.more_changes", left=left))] if left else []
    return blocks.message(head, [blocks.section(head), *_packed(shown), *more])


def changed(changes: Sequence[Change], locale: str) -> list[Mrkdwn]:
    """Say each change in a line: the clause, what stood there, what is to stand there."""
    return [line(locale, "agreement.change", change) for change in changes]


def _overview(section: SectionFact, locale: str) -> str:
    said = blocks.cut(_in_one_line(section, locale), LONGEST_LINE)
    return say(locale, "agreement.section", section=section, said=Mrkdwn(said))


def _in_one_line(section: SectionFact, locale: str) -> Mrkdwn:
    if not section.clauses:
        return say(locale, "agreement.none")
    if section.key in ("goals", "duties"):
        return say(locale, f"agreement.{section.key}", said=[one.value for one in section.clauses])
    return say(locale, f"agreement.{section.key}", said={one.item: one.value for one in section.clauses})


def _ways_on(fact: AgreementFact, locale: str) -> Block:
    versions = blocks.button(label(locale, "agreement.history"), HISTORY, fact.agreement_id)
    edit = blocks.button(label(locale, "agreement.edit"), agreement_edit.EDIT, fact.agreement_id)
    read = _sections(fact, locale)
    return blocks.actions([read, versions] if fact.state == "ended" else [read, versions, edit])


def _sections(fact: AgreementFact, locale: str) -> Block:
    options = [
        blocks.option(
            f"{section.number} {label(locale, f'section.{section.key}')}",
            f"{fact.agreement_id}:{fact.version}:{section.number}",
        )
        for section in fact.sections
    ]
    return blocks.select(SECTION, options, placeholder=label(locale, "agreement.read"))


def _clause(it: ClauseFact, locale: str) -> str:
    title = say(locale, "agreement.title", it=it)
    return f"*{title}*\n{say(locale, f'clauses.{it.section}', it=it, names={})}"


def _version(fact: HistoryFact, version: VersionFact, locale: str) -> Block:
    later = [one.in_force_at for one in fact.versions if one.in_force_at and one.version > version.version]
    said = say(locale, "agreement.version", version=version, until=min(later, default=None))
    if version.based_on is None or version.is_ending:
        return blocks.section(said, limit=LONGEST_VERSION)
    value = f"{fact.agreement_id}:{version.based_on}:{version.version}"
    differs = blocks.button(label(locale, "agreement.changes"), DIFF, value)
    return blocks.section(said, differs, limit=LONGEST_VERSION)


def _packed(rows: Sequence[str]) -> list[Block]:
    """Put lines together in as few blocks as Slack takes, in their order."""
    packed: list[str] = []
    for row in rows:
        if packed and len(packed[-1]) + 1 + len(row) <= blocks.SECTION_TEXT:
            packed[-1] += f"\n{row}"
        elif row:
            packed.append(row)
    return [blocks.section(text) for text in packed]


def _fitting(texts: Sequence[str], most: int) -> list[str]:
    """Keep the first texts that fit into so many characters, and something of the first in any case."""
    lengths = accumulate(len(text) + 2 for text in texts)
    return [text for text, length in zip(texts, lengths, strict=True) if length <= most] or [
        blocks.cut(text, most) for text in texts[:1]
    ]


# ---- Markdown


def markdown(fact: AgreementFact, locale: str) -> str:
    """Write the whole text as Markdown, for a canvas or to print."""
    head = plainly(locale, "agreement.printed", agreement=fact)
    parts = [f"# {_safe(fact.name)}", "  \n".join(_safe(said) for said in head.splitlines())]
    for section in fact.sections:
        parts.append(f"## {section.number} {_safe(label(locale, f'section.{section.key}'))}")
        parts += _tables(section, locale) if section.key == "clocks" else _items(section, fact.names, locale)
    return "\n\n".join(parts) + "\n"


def _items(section: SectionFact, names: Mapping[str, str], locale: str) -> Iterator[str]:
    for it in section.clauses:
        first, *more = plainly(locale, f"clauses.{it.section}", it=it, names=names).splitlines() or [""]
        title = f"**{_safe(_title(it, locale))}**"
        if first.startswith("• "):
            first, more = "", [first, *more]
        yield f"{title} {_safe(first)}".rstrip()
        if more:
            yield "\n".join(f"- {_safe(said.removeprefix('• '))}" for said in more)
    if not section.clauses:
        yield _safe(plainly(locale, "agreement.none"))


def _tables(section: SectionFact, locale: str) -> Iterator[str]:
    """Write what is promised by tier as one table, and the rest above it."""
    by_tier = [(it, it.value) for it in section.clauses if isinstance(it.value, dict)]
    alone = [it for it in section.clauses if not isinstance(it.value, dict)]
    yield from _items(replace(section, clauses=alone), {}, locale)
    rows = [["", *(f"{tier} ({label(locale, f'tier.{tier}')})" for tier in Tier)]]
    rows += [[_title(it, locale), *(str(spans.get(tier, NOTHING)) for tier in Tier)] for it, spans in by_tier]
    said = ["| " + " | ".join(map(_safe, row)) + " |" for row in rows]
    yield "\n".join([said[0], "|---" * len(rows[0]) + "|", *said[1:]])


def _title(it: ClauseFact, locale: str) -> str:
    return plainly(locale, "agreement.title", it=it).removeprefix("§")


def _safe(text: str) -> str:
    """Take from text its meaning for Markdown."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))
