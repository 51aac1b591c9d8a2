"""The agreement as files: what is said with them, and the modal by which a text comes back."""

import re
from collections.abc import Mapping, Sequence

from bot.facts.agreement import EditFact, TextFact
from bot.facts.said import Files, Message
from bot.messages import agreement_propose, blocks
from bot.messages.blocks import Block
from bot.messages.inputs import Form
from bot.messages.words import Mrkdwn, label, say
from sla_rules.compare import Change

SUBMIT = "agreement_files.submit"
KINDS = ("yml", "yaml", "txt")
LONGEST_PASTE = 3_000
LONGEST_NAME = 60
LONGEST_LINE = 1_000
FORBIDDEN = (
    "file_type_not_allowed",
    "file_upload_size_restricted",
    "file_uploads_disabled",
    "file_uploads_except_images_disabled",
    "storage_limit_reached",
)
"""What Slack says where a workspace takes no such files."""
NO_LETTERS = re.compile(r"[^\w]+")


def files(fact: TextFact, locale: str, *, text: str, markdown: str) -> Files:
    """Give the text as YAML to change and as Markdown to read; the comment says which text it is."""
    stem = f"{NO_LETTERS.sub('-', fact.name).strip('-')[:LONGEST_NAME] or 'agreement'}-v{fact.version}"
    contents = {f"{stem}.yml": text.encode(), f"{stem}.md": markdown.encode()}
    return Files(say(locale, "agreement_files.comment", text=fact), contents)


def coming(fact: TextFact, locale: str) -> Message:
    """Say that the files are on their way."""
    return _line(say(locale, "agreement_files.coming", text=fact))


def not_sent(fact: TextFact, locale: str, *, because: str) -> Message:
    """Say that Slack took no files, or did not say whether it did; `because` is the code of its refusal."""
    said = say(locale, "agreement_files.not_sent", text=fact, because=because, refused=FORBIDDEN)
    return _line(said)


def _line(said: Mrkdwn) -> Message:
    return blocks.message(said, [blocks.section(said)])


def modal(
    locale: str,
    *,
    name: str,
    faults: Sequence[str] = (),
    paste: str = "",
    metadata: Mapping[str, object] | None = None,
) -> Block:
    """Ask for the text as a file, or for sections of it; `faults` are what was wrong with the last one."""
    form = Form("agreement_files", locale, {"paste": paste})
    fields = [
        *map(blocks.section, _gathered(faults)),
        blocks.section(say(locale, "agreement_files.intro", agreement=name)),
        form.file("file", *KINDS),
        form.text("paste", is_optional=True, longest=LONGEST_PASTE, has_lines=True),
    ]
    problem = label(locale, "agreement_files.faulty", count=len(faults)) if faults else ""
    return form.modal(fields, metadata, problem=problem)


def _gathered(lines: Sequence[str]) -> list[str]:
    """Put lines together into as few texts as Slack's sections hold."""
    found: list[str] = []
    for line in lines:
        short = blocks.cut(f"• {line}", LONGEST_LINE)
        if not found or len(found[-1]) + len(short) >= blocks.SECTION_TEXT:
            found.append(short)
        else:
            found[-1] += f"\n{short}"
    return found


def saved(
    draft: TextFact,
    fact: EditFact,
    changes: Sequence[Change],
    locale: str,
    metadata: Mapping[str, object],
) -> Block:
    """Say that the text is kept as the draft, above the form by which it is put to both leads."""
    said = blocks.section(say(locale, "agreement_files.saved", text=draft))
    view = agreement_propose.modal(fact, changes, locale, metadata)
    return view | {"blocks": [said, *view["blocks"]]}
