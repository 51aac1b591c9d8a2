"""A handoff about to be logged, as it is typed, filled in, and carried from one question to the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.errors import UserError, UserErrors
from bot.services.log import DEFAULT_TIER, Batch
from bot.slack import moments, typed
from bot.slack.form import Form
from bot.slack.typed import Kind, Word
from sla_rules.kinds import Tier

USAGE = 'log 25 webinar "June webinar" A=6 B=19'
AGAIN = "again"
LONGEST = {"source": 80, "campaign": 120, "link": 500, "note": 800}
"""Together they fit into what a modal may carry along."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A handoff about to be logged, and what was answered about it so far."""

    batch: Batch
    agreement_id: int | None = None
    file: str | None = None
    again: bool = False
    known: str = "ask"


@dataclass(slots=True)
class Read:
    """What the words of a command gave so far."""

    count: int | None = None
    tiers: dict[Tier, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    arrived_at: datetime | None = None
    link: str = ""
    note: str = ""
    is_again: bool = False
    faults: list[UserError] = field(default_factory=list)


def of_form(form: Form, metadata: Mapping[str, Any]) -> Draft:
    tiers = {tier: form.number(f"tier_{tier.lower()}") or 0 for tier in Tier}
    batch = Batch(
        source=form.text("source"),
        tiers={tier: count for tier, count in tiers.items() if count},
        campaign=form.text("campaign"),
        arrived_at=form.instant("arrived_at"),
        link=form.text("link"),
        note=form.text("note"),
    )
    chosen = form.chosen("agreement")
    agreement_id = int(chosen) if chosen.isascii() and chosen.isdigit() else metadata.get("agreement")
    return Draft(_bounded(batch, []), agreement_id, form.file("file"))


def parse(words: Sequence[Word], now: datetime) -> Draft:
    """Read a command's words, times in the zone of `now`. Raises UserErrors with all that is unclear."""
    read, rest = Read(), list(words)
    while rest:
        rest = _step(read, rest, now)
    batch = Batch(
        source=read.texts[0] if read.texts else "",
        tiers=_tiers(read),
        campaign=read.texts[1] if len(read.texts) > 1 else "",
        arrived_at=read.arrived_at,
        link=read.link,
        note=read.note,
    )
    if len(read.texts) > 2:  # noqa: PLR2004  (source and campaign)
        read.faults.append(UserError("word_unclear", text=read.texts[2], usage=f"/sla {USAGE}"))
    return Draft(_bounded(batch, read.faults), again=read.is_again)


def _step(read: Read, words: list[Word], now: datetime) -> list[Word]:
    """Read what stands first; gives what is left."""
    word, rest = words[0], words[1:]
    if word.plain in {"arrived", "arrived:"}:
        read.arrived_at, taken = moments.first_of(
            rest, lambda text: moments.read_moment(text, now, is_past=True)
        )
        if not taken:
            read.faults.append(UserError("time_unclear", text=rest[0].text if rest else ""))
        return rest[taken or 1 :]
    if word.plain in {"note", "note:"}:
        read.note = typed.joined(rest)
        return []
    if word.plain == AGAIN and not rest:
        read.is_again = True
    elif word.kind is Kind.LINK:
        read.link = word.text
    elif typed.is_number(word) and read.count is None:
        read.count = _count(read, word.text)
    elif word.kind is Kind.TEXT and "=" in word.text:
        _tier(read, word.text)
    else:
        read.texts.append(word.text)
    return rest


def _count(read: Read, text: str) -> int | None:
    try:
        return typed.whole(text)
    except UserError as fault:
        read.faults.append(fault)
        return None


def _tier(read: Read, text: str) -> None:
    name, _, count = text.partition("=")
    if name.upper() not in list(Tier):
        read.faults.append(UserError("tier_unclear", text=text))
        return
    read.tiers[Tier(name.upper())] = read.tiers.get(Tier(name.upper()), 0) + (_count(read, count) or 0)


def _tiers(read: Read) -> dict[Tier, int]:
    """Hold the count against the tiers; a count alone is of engaged leads."""
    together = sum(read.tiers.values())
    if not read.tiers:
        return {DEFAULT_TIER: read.count} if read.count else {}
    if read.count is not None and read.count != together:
        read.faults.append(UserError("counts_differ", sum=together, count=read.count))
    return {tier: count for tier, count in read.tiers.items() if count}


def _bounded(batch: Batch, faults: list[UserError]) -> Batch:
    """Refuse what is too long, with all that is unclear besides."""
    faults += [
        UserError("text_too_long", field=name, most=most)
        for name, most in LONGEST.items()
        if len(getattr(batch, name)) > most
    ]
    if batch.link and any(sign in batch.link for sign in ' "\\<>|'):
        faults.append(UserError("link_unclear", field="link"))
    if faults:
        raise UserErrors(faults)
    return batch


def carrying(draft: Draft, channel_id: str | None) -> dict[str, Any]:
    """Write a draft into what a modal carries along."""
    batch = draft.batch
    return {
        "agreement": draft.agreement_id,
        "channel": channel_id,
        "file": draft.file,
        "again": draft.again,
        "known": draft.known,
        "tiers": {tier.value: count for tier, count in batch.tiers.items()},
        "arrived": int(batch.arrived_at.timestamp()) if batch.arrived_at else None,
        "source": batch.source,
        "campaign": batch.campaign,
        "link": batch.link,
        "note": batch.note,
    }


def carried(metadata: Mapping[str, Any]) -> Draft:
    """Read a draft out of what a modal carried along."""
    arrived = metadata.get("arrived")
    batch = Batch(
        source=metadata.get("source", ""),
        tiers={Tier(tier): count for tier, count in metadata.get("tiers", {}).items()},
        campaign=metadata.get("campaign", ""),
        arrived_at=datetime.fromtimestamp(arrived, UTC) if arrived else None,
        link=metadata.get("link", ""),
        note=metadata.get("note", ""),
    )
    return Draft(
        batch,
        metadata.get("agreement"),
        metadata.get("file"),
        again=bool(metadata.get("again")),
        known=metadata.get("known", "ask"),
    )
