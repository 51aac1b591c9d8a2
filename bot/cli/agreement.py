"""`baton agreement check FILE`: name every fault of a text, and every promise that looks unreal."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

import yaml

import templates
from bot.cli.refusals import FAULTS, Refusal
from bot.context import Clock
from bot.messages import words
from bot.settings import Settings
from sla_rules.agreement import Agreement
from sla_rules.doubts import Doubt, doubts
from sla_rules.faults import AgreementFaults, Fault
from sla_rules.strict_yaml import LARGEST

WORDS = Path(templates.__file__).parent / "en" / "faults.yml"
MOST_READ = 64 * LARGEST
"""Bytes; what is larger need not be counted to the last one."""
WIDEST = 100
"""Characters of a line that are shown below its fault."""


def arguments(command: ArgumentParser) -> None:
    command.add_argument("what", choices=["check"])
    command.add_argument("file", type=Path, metavar="FILE", help="an agreement in YAML")


def act(given: Namespace, _settings: Settings, _clock: Clock) -> int:
    """Name all faults at once; the exit code says whether there is any, doubts alone are none."""
    text = _read(given.file)
    try:
        agreement = Agreement.parse(text)
    except AgreementFaults as error:
        sentences = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
        for fault in error.faults:
            print(_visible(_said(fault, sentences[fault.code])))
            if excerpt := _excerpt(text, fault.line):
                print(f"    {_visible(excerpt)}")
        return FAULTS
    found = doubts(agreement)
    for doubt in found:
        print(_visible(_doubted(doubt)))
    counted = f", {len(found)} warnings" if len(found) > 1 else ", 1 warning" if found else ""
    print(_visible(f"{agreement.name}: {len(agreement.clauses())} clauses, no faults{counted}."))
    return 0


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as source:
            return source.read(MOST_READ)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = error.strerror if isinstance(error, OSError) else error
        raise Refusal(f"{file} cannot be read: {reason}.") from error


def _said(fault: Fault, sentence: str) -> str:
    place = [f"line {fault.line}"] if fault.line else []
    place += [f"§{fault.clause}"] if fault.clause else []
    said = sentence.format_map(fault.values)
    return f"{', '.join(place)}: {said}" if place else said


def _doubted(doubt: Doubt) -> str:
    place = f"§{doubt.clause}, warning" if doubt.clause else "warning"
    return f"{place}: {words.doubt_plainly('en', doubt)}"


def _excerpt(text: bytes, line: int | None) -> str:
    """Give the line of a fault as it stands in the file, without its indent."""
    lines = text.split(b"\n")
    found = lines[line - 1] if line and line <= len(lines) else b""
    shown = found.decode(errors="replace").strip()
    return shown if len(shown) <= WIDEST else shown[: WIDEST - 1] + "…"


def _visible(said: str) -> str:
    """Keep what a file holds from acting on the terminal."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in said)
