"""`baton agreement check FILE`: name every fault of an agreement's text."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import yaml

import templates
from bot.cli.refusals import FAULTS, Refusal
from bot.context import Clock
from bot.settings import Settings
from sla_rules.agreement import Agreement
from sla_rules.faults import AgreementFaults, Fault

WORDS = Path(templates.__file__).parent / "en" / "faults.yml"


def arguments(command: ArgumentParser) -> None:
    command.add_argument("what", choices=["check"])
    command.add_argument("file", type=Path, metavar="FILE", help="an agreement in YAML")


def act(given: Namespace, _settings: Settings, _clock: Clock) -> int:
    """Name all faults at once; the exit code says whether there is any."""
    try:
        agreement = Agreement.parse(given.file.read_bytes())
    except OSError as error:
        raise Refusal(f"{given.file} cannot be read: {error.strerror}.") from error
    except AgreementFaults as error:
        words = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
        for fault in error.faults:
            print(_said(fault, words[fault.code]))
        return FAULTS
    print(f"{agreement.name}: {len(agreement.clauses())} clauses, no faults.")
    return 0


def _said(fault: Fault, words: str) -> str:
    place = [f"line {fault.line}"] if fault.line else []
    place += [f"§{fault.clause}"] if fault.clause else []
    said = (
        f"{', '.join(place)}: {words.format_map(fault.values)}" if place else words.format_map(fault.values)
    )
    # What the file holds must not act on the terminal.
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in said)
