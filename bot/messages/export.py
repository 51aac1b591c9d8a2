"""A table as a file: what is said with it, before it, and where it cannot be sent."""

from bot.facts.export import ExportFact
from bot.facts.said import Files, Message
from bot.messages import blocks
from bot.messages.agreement_files import FORBIDDEN
from bot.messages.words import say


def coming(fact: ExportFact, locale: str) -> Message:
    """Say that the file is on its way."""
    return _line("export.coming", fact, locale)


def file(fact: ExportFact, locale: str, content: bytes) -> Files:
    """Give the file; its comment says what is in it, and what was left out."""
    return Files(
        say(locale, "export.comment", export=fact), {f"{fact.what}-{fact.period_label}.csv": content}
    )


def not_sent(fact: ExportFact, locale: str, *, because: str) -> Message:
    """Say that Slack took no file, or did not say whether it did; `because` is the code of its refusal."""
    return _line("export.not_sent", fact, locale, because=because, refused=FORBIDDEN)


def _line(name: str, fact: ExportFact, locale: str, **values: object) -> Message:
    said = say(locale, name, export=fact, **values)
    return blocks.message(said, [blocks.section(said)])
