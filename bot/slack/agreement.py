"""`/sla agreement`: read the text, and let it live: propose, sign, decline, withdraw, end."""

import re
from collections.abc import Callable, Sequence

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.slack import agreement_edit, agreement_files, clause, decline, duty, propose, review, sign, texts
from bot.slack.request import Asked
from bot.slack.typed import Word, joined

CLAUSE = re.compile(r"§?([0-9]{1,2}(?:\.[0-9]{1,2}){0,3})")
SHOW, CLAUSE_WORD = "show", "clause"
USAGE = "agreement history"

Subword = Callable[[Context, Asked, Sequence[Word]], Message | None]

SUBWORDS: dict[str, Subword] = {
    SHOW: texts.show,
    CLAUSE_WORD: clause.command,
    "history": texts.history,
    "diff": texts.diff,
    "propose": propose.command,
    "sign": sign.command,
    "decline": decline.command,
    "withdraw": propose.withdraw,
    "end": propose.end,
    "edit": agreement_edit.command,
    "export": agreement_files.export,
    "upload": agreement_files.upload,
    "duties": duty.command,
    "review": review.command,
}
"""What may follow `/sla agreement`: the rest of the words is handed on. Nothing at all is "show", a
clause's number is "clause" with that number as its word."""


def command(context: Context, asked: Asked, words: Sequence[Word]) -> Message | None:
    """Do what the word after `agreement` says."""
    name, rest = _name(words)
    subword = SUBWORDS.get(name)
    if subword is None:
        raise UserError("word_unclear", text=joined(words) or name, usage=f"/sla {USAGE}")
    return subword(context, asked, rest)


def _name(words: Sequence[Word]) -> tuple[str, Sequence[Word]]:
    if not words:
        return SHOW, ()
    found = CLAUSE.fullmatch(words[0].text)
    return (CLAUSE_WORD, [Word(found[1])]) if found else (words[0].plain, words[1:])
