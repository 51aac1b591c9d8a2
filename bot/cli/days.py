"""The days that a command works on: --from and --to."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date

from bot.cli.refusals import WRONG_USE, Refusal


def arguments(command: ArgumentParser) -> None:
    command.add_argument("--from", dest="start_on", type=_day, metavar="DAY", help="the first day")
    command.add_argument("--to", dest="end_on", type=_day, metavar="DAY", help="the day after the last")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no day; write it like 2018-02-01") from None


def check(given: Namespace) -> None:
    """Refuse days that end before they begin."""
    if given.start_on and given.end_on and given.start_on >= given.end_on:
        raise Refusal("--to must be after --from: it is the first day that no longer counts.", WRONG_USE)
