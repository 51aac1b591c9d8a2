"""The command line: `baton run`, `demo`, `import`, `figures`, `verify` and what else keeps a store."""

import errno
import logging
import os
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from threading import Event

from sqlalchemy.exc import DBAPIError

from bot.answers import Ambiguous, Limited, Unreached, Unreadable
from bot.cli import agreement, db, figures, import_, manifest, verify
from bot.cli.refusals import FAULTS, WRONG_USE, Refusal
from bot.context import Clock, MachineClock
from bot.settings import Settings
from bot.store import StoreError

DEMO_PORT = 3000
INTERRUPTED = 130
"""What a shell gives for a command stopped by Ctrl-C."""


def run(_given: Namespace, settings: Settings, clock: Clock) -> int:
    """Serve a workspace until stopped."""
    from bot import app  # Bolt is slow to import, and the other commands do without it.

    _log(settings.log_level)
    for name, token in (("BOT", settings.slack_bot_token), ("APP", settings.slack_app_token)):
        if not token.get_secret_value():
            raise Refusal(f"SLACK_{name}_TOKEN is not set; the README says where Slack shows it.", WRONG_USE)
    try:
        app.run(settings, clock, _stopped_by_signals())
    except app.StartError as error:
        raise Refusal(str(error)) from error
    except (Ambiguous, Limited, Unreached, Unreadable) as error:
        raise Refusal(f"Slack cannot be reached at {settings.slack_api_url}: {error}.") from error
    return 0


def demo(given: Namespace, _settings: Settings, _clock: Clock) -> int:
    """Serve a small Slack on this machine, and the bot in it, until stopped."""
    from bot.demo import run as serving  # It brings the whole bot and the small Slack with it.

    _log("WARNING")
    try:
        serving.run(given.port, _stopped_by_signals())
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        words = f"Port {given.port} cannot be used ({error.strerror}); name another with --port."
        raise Refusal(words) from error
    return 0


def _log(level: str) -> None:
    if level.upper() not in logging.getLevelNamesMapping():
        raise Refusal(f"BATON_LOG_LEVEL {level!r} is no level; INFO is one.", WRONG_USE)
    logging.basicConfig(level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # The client logs a failed call with its traceback; the gateway has told of it by then.
    logging.getLogger("slack_sdk.web.base_client").setLevel(logging.CRITICAL)


def _stopped_by_signals() -> Event:
    """Give the event that Ctrl-C and a polite kill set; a second Ctrl-C does not wait for a tidy end."""
    stopped = Event()

    def stop(*_: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return stopped


def _demo_arguments(command: ArgumentParser) -> None:
    command.add_argument(
        "--port", type=_port, default=DEMO_PORT, help="of the page; %(default)s if not given"
    )


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) < 1 << 16):
        raise ArgumentTypeError(f"{text!r} is no port; 3000 is one")
    return int(text)


def _no_arguments(_command: ArgumentParser) -> None:
    """Take none."""


COMMANDS = (
    ("run", "serve a Slack workspace, over Socket Mode", _no_arguments, run),
    ("demo", "try it in a small Slack on this machine", _demo_arguments, demo),
    ("import", "take in leads and what became of them from a CSV file", import_.arguments, import_.act),
    ("figures", "print figures by period and source", figures.arguments, figures.act),
    ("verify", "rebuild all figures from the ledger and compare", verify.arguments, verify.act),
    ("agreement", "check an agreement's text", agreement.arguments, agreement.act),
    ("db", "bring the store's tables up to date", db.arguments, db.act),
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
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, purpose, arguments, act in COMMANDS:
        command = commands.add_parser(name, help=purpose, description=f"{purpose[0].upper()}{purpose[1:]}.")
        arguments(command)
        command.set_defaults(act=act)
    return parser


def _done(given: Namespace) -> int:
    """Do the command, and answer in a sentence what is no fault of the program."""
    try:
        code = int(given.act(given, Settings(), MachineClock()))
        sys.stdout.flush()
    except Refusal as refusal:
        return _refuse(str(refusal), refusal.code)
    except StoreError as error:
        return _refuse(str(error), FAULTS)
    except DBAPIError as error:
        return _refuse(f"The store cannot be used now: {error.orig}.", FAULTS)
    except BrokenPipeError:
        # Whoever read our output has enough; Python must not complain of it while closing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return code


def _refuse(words: str, code: int) -> int:
    print(f"baton: {words}", file=sys.stderr)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
