"""The card of a version: both leads sign the same text on it, and it says what became of it."""

from collections.abc import Iterator

from bot.facts.agreement import SigningFact
from bot.facts.said import Message
from bot.messages import blocks
from bot.messages.blocks import Block
from bot.messages.words import label, say
from sla_rules.kinds import Side

SIGN = "agreement.sign"
"""Value: `<agreement_id>:<version>:<sha256>`, so that exactly this text is signed."""
DECLINE, WITHDRAW = "agreement.decline", "agreement.withdraw"
"""Value: the same."""


def message(fact: SigningFact, locale: str) -> Message:
    head = say(locale, "signing.head", signing=fact)
    return blocks.message(head, [blocks.section(head), *_blocks(fact, locale)])


def _blocks(fact: SigningFact, locale: str) -> Iterator[Block]:
    if fact.goals or fact.clocks:
        yield blocks.section(say(locale, "signing.summary", signing=fact))
    if fact.based_on is not None and not fact.is_ending:
        yield blocks.section(say(locale, "signing.changes", signing=fact))
    if fact.meant:
        yield blocks.section(say(locale, "signing.meant", signing=fact))
    is_open = fact.state == "proposed"
    yield from (_side(fact, side, locale) for side in Side if is_open or side in fact.signed)
    if is_open:
        yield _ways_out(fact, locale)


def _side(fact: SigningFact, side: Side, locale: str) -> Block:
    if side in fact.signed:
        who, at = fact.signed[side]
        return blocks.section(say(locale, "signing.signed_by", side=side, who=who, at=at))
    said = say(locale, "signing.unsigned", side=side, lead=fact.leads[side])
    return blocks.section(said, sign_button(fact, side, locale))


def sign_button(fact: SigningFact, side: Side, locale: str) -> Block:
    button = label(locale, f"button.sign_{side}")
    asked = _question(fact, side, button, locale)
    return blocks.button(button, SIGN, _value(fact), is_primary=True, confirm=asked)


def decline_button(fact: SigningFact, locale: str) -> Block:
    return blocks.button(label(locale, "button.decline"), DECLINE, _value(fact))


def _question(fact: SigningFact, side: Side, button: str, locale: str) -> Block:
    """Ask before the signature: it binds the whole side."""
    title = label(locale, "sign.title", version=fact.version)
    kind = "ending" if fact.is_ending else "text"
    asked = label(locale, f"sign.question.{kind}", side=side, sha256=fact.sha256)
    return blocks.confirm(title, asked, button, label(locale, "button.cancel"))


def _ways_out(fact: SigningFact, locale: str) -> Block:
    button = label(locale, "button.withdraw")
    title, asked = label(locale, "withdraw.title", version=fact.version), label(locale, "withdraw.question")
    question = blocks.confirm(title, asked, button, label(locale, "button.cancel"))
    withdraw = blocks.button(button, WITHDRAW, _value(fact), confirm=question)
    return blocks.actions([decline_button(fact, locale), withdraw])


def _value(fact: SigningFact) -> str:
    return f"{fact.agreement_id}:{fact.version}:{fact.sha256}"
