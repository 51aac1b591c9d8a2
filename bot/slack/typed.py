"""What people type, made into words, numbers and references; the same rules in commands and in modals."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import UserError
from bot.messages.formats import clean

LONGEST_COMMAND = 2_000
MOST_LEADS = 10_000
MOST_DIGITS = 7
QUOTES = '"“”„«»'
TOKEN = re.compile(
    r"<@(?P<person>[UW][A-Z0-9]+)(?:\|[^<>]*)?>"
    r"|<#(?P<channel>[CG][A-Z0-9]+)(?:\|[^<>]*)?>"
    r"|<(?P<link>https?://[^<>|\s]+)(?:\|[^<>]*)?>"
    rf"|[{QUOTES}](?P<quoted>[^{QUOTES}]*)[{QUOTES}]?"
    rf"|(?P<text>[^\s{QUOTES}<]+|<)"
)
REFERENCE = re.compile(r"<(?:(https?://[^<>|\s]+)(?:\|[^<>]*)?|[@#!]([^<>|]*)(?:\|([^<>]*))?)>")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
HANDOFF = re.compile(r"(?:[Hh]-?|#)?([0-9]{1,9})")
SPAN = re.compile(r"([0-9]{1,5})(?:[-–]([0-9]{1,5}))?")  # noqa: RUF001  (phones make a dash of a hyphen)
AMOUNT = re.compile(r"([0-9]{1,3}(?:[ ,'’][0-9]{3})+|[0-9]{1,9})(?:\.([0-9]{1,2}))?")  # noqa: RUF001


class Kind(StrEnum):
    """What a typed word is."""

    TEXT = "text"
    QUOTED = "quoted"
    PERSON = "person"
    CHANNEL = "channel"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a command; of a reference, its id or address."""

    text: str
    kind: Kind = Kind.TEXT

    @property
    def plain(self) -> str:
        """Give the word in small letters if it may be a keyword; quoted words are none."""
        return self.text.casefold() if self.kind is Kind.TEXT else ""


def tidy(text: str) -> str:
    """Make text fit to be kept: one normal form, on one line, nothing in it that cannot be seen."""
    return clean(unicodedata.normalize("NFC", clean(text))).strip()


def split(text: str) -> list[Word]:
    """Split a command's text, as Slack escapes it, into words; quotes of any kind hold words together."""
    if len(text) > LONGEST_COMMAND:
        raise UserError("text_too_long", most=LONGEST_COMMAND)
    words = []
    for found in TOKEN.finditer(tidy(text)):
        kind = Kind(found.lastgroup or Kind.TEXT)
        said = found[kind.value]
        words.append(Word(_unescaped(said) if kind in (Kind.TEXT, Kind.QUOTED, Kind.LINK) else said, kind))
    return words


def joined(words: Sequence[Word]) -> str:
    """Give words back as the text they were."""
    return " ".join(word.text for word in words)


def _unescaped(text: str) -> str:
    text = REFERENCE.sub(lambda found: found[1] or found[3] or found[2], text)
    for written, meant in ENTITIES:
        text = text.replace(written, meant)
    return text


def whole(text: str, code: str = "count_unclear", field: str | None = None) -> int:
    """Read a whole number of at most seven digits. Raises UserError."""
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise UserError(code, field=field, text=text)
    return int(text)


def is_number(word: Word) -> bool:
    return word.kind is Kind.TEXT and word.text.isascii() and word.text.isdigit()


def handoff(words: Sequence[Word]) -> int:
    """Read the number of a handoff from the first word: H-128, h128, #128 or 128. Raises UserError."""
    if not words:
        raise UserError("handoff_missing")
    found = HANDOFF.fullmatch(words[0].text)
    if found is None:
        raise UserError("handoff_missing")
    return int(found[1])


def is_numbers(text: str) -> bool:
    """Say whether a word is meant as numbers of leads."""
    return text[:1].isdigit()


def numbers(text: str, field: str | None = "numbers") -> list[int]:
    """Read numbers of leads, such as "3-9, 12"; empty for empty text. Raises UserError."""
    found: set[int] = set()
    for part in re.split(r"[\s,;]+", text.strip(" ,;")):
        if not part:
            continue
        span = SPAN.fullmatch(part)
        first, last = (int(span[1]), int(span[2] or span[1])) if span else (0, 0)
        if not 1 <= first <= last <= MOST_LEADS:
            raise UserError("numbers_unclear", field=field, text=text)
        found.update(range(first, last + 1))
    return sorted(found)


def amount(text: str, field: str | None = "amount") -> int:
    """Read an amount in hundredths: 12000, 12,000, 12 000.50. Raises UserError."""
    found = AMOUNT.fullmatch(text)
    if found is None:
        raise UserError("amount_unclear", field=field, text=text)
    whole_part = re.sub(r"[^0-9]", "", found[1])
    return int(whole_part) * 100 + int((found[2] or "").ljust(2, "0") or 0)
