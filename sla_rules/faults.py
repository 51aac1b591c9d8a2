"""What is wrong with an agreement's text, as codes and values: the words stand in templates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pydantic_core import PydanticCustomError

LONGEST_QUOTE = 60
"""Characters of a faulty value that are repeated to its writer."""
FAULTS_SHOWN = 60
"""More than these nobody reads; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend; `clause` and `line` are None where the text has no such place."""

    code: str
    path: str = ""
    clause: str | None = None
    line: int | None = None
    values: dict[str, str] = field(default_factory=dict)


class AgreementFaults(ValueError):  # noqa: N818  (it is a list of faults, not one error)
    """Every fault found in one text, in the order of its lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        found = sorted(faults, key=lambda fault: (fault.line or 0, fault.path))
        shown = found[:FAULTS_SHOWN]
        if len(found) > len(shown):
            shown.append(Fault("and_more", values={"count": str(len(found) - len(shown))}))
        self.faults = tuple(shown)
        super().__init__("; ".join(f"{fault.code} at {fault.path} line {fault.line}" for fault in shown))


def flaw(code: str, **values: object) -> PydanticCustomError:
    """Give the error by which a validator refuses the one value that it looks at."""
    return PydanticCustomError("flaw", "{code}", {"code": code, "values": quoted(values)})


def quoted(values: Mapping[str, object]) -> dict[str, str]:
    """Make values fit to be shown: text, and no longer than a line."""
    return {name: quote(value) for name, value in values.items()}


def quote(value: object) -> str:
    """Cut a value short, for a message."""
    text = str(value)
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
