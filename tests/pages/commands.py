"""The page of all commands, written from the help in Slack and from the command line's own arguments."""

from argparse import Action, ArgumentParser, HelpFormatter, _HelpAction, _SubParsersAction
from collections.abc import Iterator
from functools import partial

import yaml

from bot.cli.manifest import MANIFEST
from bot.commands import _parser
from bot.messages.words import label, sentence
from bot.slack.routes import COMMAND, WORDS

HEAD = """\
# Commands

What people type in Slack, and what whoever runs Baton types on its machine.
"""
IN_SLACK = """\
## In Slack

`/sla` alone says where you stand and what needs you first. An unknown word is answered with the nearest
that is known, `/sla help log` explains one word. Most of it is also a button: on the card, in the DM, in
Home. ✅ on a card takes leads as `/sla take` does.

In place of `H-128` the number alone will do. Leads of a handoff are numbered from 1: `3`, `3-9`, `1,4,6-8`.
A period is `last week`, `W25`, `May`, `2026-05` or `2026-Q2`; where a workspace has several agreements, the
name or the channel of one may stand anywhere in the line.
"""
SHORTCUTS = "Shortcuts, in the menu of the message box or of a message:\n"
ON_THE_MACHINE = """\
## On the machine

`baton` is `.venv/bin/baton` after `make install`. It reads its [settings](running.md#settings) from the
environment or from `.env`. Exit code 0 is well, 1 is faults found or a store that cannot be used, 2 is
wrong use.
"""


def page() -> str:
    """Write the whole page."""
    parts = [HEAD, IN_SLACK, *map(_word, WORDS), _shortcuts(), ON_THE_MACHINE, *_typed(_parser())]
    return "\n".join(parts)


def _word(word: str) -> str:
    examples = sentence("en", "examples", word).splitlines()
    lines = [
        f"### {COMMAND} {word}",
        "",
        label("en", f"word.{word}"),
        "",
        *(f"- {line}" for line in examples),
    ]
    return "\n".join(lines) + "\n"


def _shortcuts() -> str:
    listed = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))["features"]["shortcuts"]
    return "\n".join([SHORTCUTS, *(f"- **{one['name']}**: {one['description']}" for one in listed)]) + "\n"


def _typed(parser: ArgumentParser) -> Iterator[str]:
    """Go through the commands in their order, each with what may follow it."""
    nested = [action for action in parser._actions if isinstance(action, _SubParsersAction)]
    for action in nested:
        for command in action.choices.values():
            yield from _typed(command)
    if not nested:
        yield _one(parser)


def _one(command: ArgumentParser) -> str:
    command.formatter_class = partial(HelpFormatter, width=1000)  # a line, however wide the terminal is
    usage = command.format_usage().removeprefix("usage: ").replace(" [-h]", "").strip()
    rows = [_row(action) for action in command._actions if not isinstance(action, _HelpAction)]
    table = ["", "| argument | what it is |", "| --- | --- |", *rows] if rows else []
    about = [command.description or "", "", "```", usage, "```"]
    return "\n".join([f"### {command.prog}", "", *about, *table]) + "\n"


def _row(action: Action) -> str:
    choices = ", ".join(f"`{choice}`" for choice in action.choices or ())
    name = " ".join([*action.option_strings, *([str(action.metavar)] if action.metavar else [])])
    told = action.help % vars(action) if action.help else choices
    return f"| `{name or action.dest}` | {told} |".replace("NAME|ID", r"NAME\|ID")
