"""A refusal, told privately to the person who caused it."""

from bot.errors import UserError, UserErrors
from bot.facts.said import Message
from bot.messages import blocks, clause
from bot.messages.blocks import Block
from bot.messages.words import field_refusal, refusal


def message(error: UserError | UserErrors, locale: str) -> Message:
    """Say all that is wrong at once, a line for each."""
    faults = _each(error)
    said = "\n".join(refusal(locale, fault) for fault in faults)
    if any("clause_in" in fault.values for fault in faults):
        return blocks.message(
            said, [blocks.section(refusal(locale, one), _words(one, locale)) for one in faults]
        )
    return blocks.message(said, [blocks.section(said)])


def _words(fault: UserError, locale: str) -> Block | None:
    """Offer the words of the clause on which a refusal rests; `clause_in` is (agreement, version)."""
    if not (fault.values.get("clause") and "clause_in" in fault.values):
        return None
    agreement_id, version = fault.values["clause_in"]
    return clause.button(agreement_id, version, fault.values["clause"], locale)


def by_field(error: UserError | UserErrors, locale: str, *, otherwise: str) -> dict[str, str]:
    """Say what is wrong under the fields of a modal; what is about none of them stands under `otherwise`."""
    said: dict[str, str] = {}
    for fault in _each(error):
        place = fault.field or otherwise
        said[place] = "\n".join(filter(None, (said.get(place), field_refusal(locale, fault))))
    return said


def _each(error: UserError | UserErrors) -> list[UserError]:
    return error.faults if isinstance(error, UserErrors) else [error]
