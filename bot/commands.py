"""The command line: `baton run`, `demo`, `import`, `figures`, `verify` and what else keeps a store."""

import errno
import logging
import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot import __version__, logs, signals
from bot.answers import Ambiguous, Limited, Unreached, Unreadable
from bot.cli import (
    agreement,
    db,
    doctor,
    export,
    figures,
    import_,
    machine_checks,
    manifest,
    setup_slack,
    slack_checks,
    verify,
)
from bot.cli.findings import State
from bot.cli.refusals import FAULTS, WRONG_USE, Refusal
from bot.context import Clock, MachineClock
from bot.settings import Settings
from bot.store import StoreError

DEMO_PORT = 3000
INTERRUPTED = 130
"""What a shell gives for a command stopped by Ctrl-C."""
MENDED_WHILE_IT_RUNS = frozenset({"channel", "clock"})
"""Baton starts all the same, and goes on by itself once these are right."""

log = logging.getLogger(__name__)


def run(_given: Namespace, settings: Settings, clock: Clock) -> int:
    """Serve a workspace until stopped."""
    signals.at_once()
    from bot import app, serving  # Bolt is slow to import, and the other commands do without it.

    _log(settings, settings.log_level)
    _refuse_what_cannot_work(settings, clock)
    try:
        serving.run(settings, clock, signals.stopped)
    except app.StartError as error:
        raise Refusal(str(error)) from error
    except (Ambiguous, Limited, Unreached, Unreadable) as error:
        raise Refusal(f"Slack cannot be reached at {settings.slack_api_url}: {error}.") from error
    return 0


def _refuse_what_cannot_work(settings: Settings, clock: Clock) -> None:
    """Meet the likely mistakes of a set-up, as `baton doctor` names them, before anything begins."""
    looks = (
        (machine_checks.port(settings), FAULTS),
        (slack_checks.secrets(settings), WRONG_USE),
        (slack_checks.answers(settings, clock), FAULTS),
        (doctor.channels(settings, clock), FAULTS),
    )
    for one, code in ((one, code) for found, code in looks for one in found):
        if one.state is not State.FAULT:
            log.debug("%s %s", one.words, one.fix)
        elif one.about in MENDED_WHILE_IT_RUNS:
            log.warning("%s %s", one.words, one.fix)
        else:
            raise Refusal(f"{one.words} {one.fix}", code)


def demo(given: Namespace, settings: Settings, _clock: Clock) -> int:
    """Serve a small Slack on this machine, and the bot in it, until stopped."""
    signals.at_once()
    # They bring the whole bot and the small Slack with them.
    from bot.cli import demo_leads
    from bot.demo import kept
    from bot.demo import run as serving

    stopped = signals.stopped()
    _log(settings, "WARNING")
    beginning = demo_leads.beginning(given.leads, given.mapping) if given.leads else serving.TOLD
    try:
        with TemporaryDirectory(prefix="baton-leads-") as folder:
            own = partial(demo_leads.from_page, Path(folder))
            serving.run(given.port, stopped, beginning, given.keep, own)
    except kept.KeptError as error:
        raise Refusal(str(error)) from error
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        words = f"Port {given.port} cannot be used ({error.strerror}); name another with --port."
        raise Refusal(words) from error
    return 0


def _log(settings: Settings, level: str) -> None:
    if level.upper() not in logging.getLevelNamesMapping():
        raise Refusal(f"BATON_LOG_LEVEL {level!r} is no level; INFO is one.", WRONG_USE)
    password = make_url(settings.database_url).password
    logs.set_up(level.upper(), settings.log_format, [*settings.secrets, password or ""])


def _demo_arguments(command: ArgumentParser) -> None:
    command.add_argument(
        "--port", type=_port, default=DEMO_PORT, help="of the page; %(default)s if not given"
    )
    command.add_argument(
        "--keep", type=Path, metavar="FILE", help="go on from this file, and leave there what was done"
    )
    command.add_argument(
        "--leads", type=Path, metavar="FILE.csv", help="your own leads in place of the invented weeks"
    )
    import_.map_argument(command)


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) < 1 << 16):
        raise ArgumentTypeError(f"{text!r} is no port; 3000 is one")
    return int(text)


def _no_arguments(_command: ArgumentParser) -> None:
    """Take none."""


COMMANDS = (
    ("run", "serve Slack, over Socket Mode or HTTP", _no_arguments, run),
    ("demo", "try it in a small Slack on this machine", _demo_arguments, demo),
    ("import", "take in leads and what became of them from a CSV file", import_.arguments, import_.act),
    ("figures", "print figures by period and source", figures.arguments, figures.act),
    ("export", "write handoffs, leads, clocks or figures as CSV", export.arguments, export.act),
    ("verify", "rebuild all figures from the ledger and compare", verify.arguments, verify.act),
    ("agreement", "check an agreement's text", agreement.arguments, agreement.act),
    ("db", "keep the store: its tables, and the keys that seal tokens", db.arguments, db.act),
    ("setup-slack", "lead from the manifest to tokens that work", setup_slack.arguments, setup_slack.act),
    ("doctor", "look for what keeps Baton from its work", doctor.arguments, doctor.act),
    ("manifest", "print the manifest with which Slack makes the app", manifest.arguments, manifest.act),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Do one command; gives 0, 1 for faults found or a store that cannot be used, 2 for wrong use."""
    parser = _parser()
    try:
        given = parser.parse_args(argv)
    except SystemExit as end:  # argparse leaves by itself, after --help and after wrong use
        return int(end.code or 0)
    if "act" not in given:
        parser.print_help()
        return 0
    return _done(given)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="baton", description="Keeps Marketing and Sales to the agreement both signed."
    )
    parser.add_argument("--version", action="version", version=f"baton {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, purpose, arguments, act in COMMANDS:
        command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        arguments(command)
        command.set_defaults(act=act)
    return parser


def _done(given: Namespace) -> int:
    """Do the command, and answer in a sentence what is no fault of the program."""
    try:
        code = int(given.act(given, _settings(), MachineClock()))
        sys.stdout.flush()
    except Refusal as refusal:
        return _refuse(str(refusal), refusal.code)
    except StoreError as error:
        return _refuse(str(error), FAULTS)
    except DBAPIError as error:
        return _refuse(f"The store cannot be used now: {str(error.orig).splitlines()[0]}.", FAULTS)
    except BrokenPipeError:
        # Whoever read our output has enough; Python must not complain of it while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors(include_input=False, include_url=False)[0]
        name = str(fault["loc"][0])
        name = f"BATON_{name.upper()}" if name in Settings.model_fields else name
        raise Refusal(f"The setting {name} is wrong: {fault['msg']}.", WRONG_USE) from error


def _refuse(words: str, code: int) -> int:
    print(f"baton: {words}", file=sys.stderr)
    return code
