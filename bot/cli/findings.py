"""What a look at how Baton is set up found: faults with their fix, advice, and what is fine."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How much a finding matters."""

    FAULT = "fault"
    """Baton cannot do its work until it is mended."""
    ADVICE = "advice"
    FINE = "fine"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence on one thing, and what to do about it."""

    state: State
    about: str
    """The setting, or what else it is about."""
    words: str
    fix: str = ""


def fault(about: str, words: str, fix: str) -> Finding:
    return Finding(State.FAULT, about, words, fix)


def advice(about: str, words: str, fix: str = "") -> Finding:
    return Finding(State.ADVICE, about, words, fix)


def fine(about: str, words: str) -> Finding:
    return Finding(State.FINE, about, words)


def of_state(found: Iterable[Finding], state: State) -> list[Finding]:
    return [one for one in found if one.state is state]
