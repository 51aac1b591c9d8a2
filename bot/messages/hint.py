"""A refusal, told privately to the person who caused it."""

from bot.errors import UserError, UserErrors
from bot.facts import Message
from bot.messages import blocks
from bot.messages.words import field_refusal, refusal


def message(error: UserError | UserErrors, locale: str) -> Message:
    """Say all that is wrong at once, a line for each."""
    said = "\n".join(refusal(locale, fault) for fault in _each(error))
    return blocks.message(said, [blocks.section(said)])


def by_field(error: UserError | UserErrors, locale: str, *, otherwise: str) -> dict[str, str]:
    """Say what is wrong under the fields of a modal; what is about none of them stands under `otherwise`."""
    said: dict[str, str] = {}
    for fault in _each(error):
        place = fault.field or otherwise
        said[place] = "\n".join(filter(None, (said.get(place), field_refusal(locale, fault))))
    return said


def _each(error: UserError | UserErrors) -> list[UserError]:
    return error.faults if isinstance(error, UserErrors) else [error]
