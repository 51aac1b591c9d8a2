"""What is written to the log: a line for each thing, with what it is about, and never a secret."""

import json
import logging
import re
import select
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO
from urllib.parse import quote

_about: ContextVar[dict[str, object] | None] = ContextVar("about", default=None)

HIDDEN = "[hidden]"
PATIENCE_MS = 100
"""For a reader of the log who is slow; 64 KiB have been waiting for him by then."""
SHORTEST_SECRET = 4
"""What is shorter would blot out words; no secret of ours is."""
SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"xox[a-z](?:\.xox[a-z])?-[\w%-]+",  # tokens of bots, people, and those that renew others
        r"xapp-[\w-]+",
        r"(?i:bearer|basic) [\w.~+/=-]+",
        r"https?://[^\s\"'<>]{0,200}hooks[^\s\"'<>]+",  # where anybody may answer in Slack
        r"(?<=://)[^\s/@:]{1,200}:[^\s/@]{1,200}(?=@)",  # who opens a database
        r"wss?://[^\s\"'<>]+",  # has a ticket in it
        r"v0=[0-9a-f]{64}",
        r"(?<![\w.+%'-])[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}",  # people
    )
)
"""How secrets and addresses look that we are not told beforehand."""


@contextmanager
def about(**facts: object) -> Iterator[dict[str, object]]:
    """Write these facts beside all that is logged within the block; what is added to them too."""
    mine = {**(_about.get() or {}), **facts}
    before = _about.set(mine)
    try:
        yield mine
    finally:
        _about.reset(before)


def fact(name: str) -> object:
    """Give what the present lines are about; None where it is not known."""
    return (_about.get() or {}).get(name)


def note(name: str, value: object) -> None:
    """Add a fact to what the present lines are about."""
    facts = _about.get()
    if facts is not None:
        facts[name] = value


class Redaction:
    """Blots out the secrets that we know, and what looks like one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {form for secret in secrets for form in (secret, quote(secret, safe=""))}
        long = [form for form in forms if len(form) >= SHORTEST_SECRET]
        words = "|".join(re.escape(form) for form in sorted(long, key=len, reverse=True))
        known = [re.compile(words)] if words else []
        self._shapes = (*known, *SHAPES)

    def __call__(self, text: str) -> str:
        """Give the text as it may be kept."""
        for shape in self._shapes:
            text = shape.sub(HIDDEN, text)
        return text


class Lines(logging.Formatter):
    """Writes `at LEVEL name: words key=value …`, or the same as JSON, one line each."""

    def __init__(self, redact: Redaction, form: str) -> None:
        super().__init__()
        self._redact = redact
        self._write = {"text": _as_text, "json": _as_json}[form]

    def format(self, record: logging.LogRecord) -> str:
        """Write one record; a traceback follows its line, or stands in it as `trace`."""
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "said": self._redact(record.getMessage()),
        }
        facts = {name: self._kept(value) for name, value in (_about.get() or {}).items()}
        trace = self.formatException(record.exc_info) if record.exc_info else record.exc_text
        return self._write(said, facts, self._redact(trace or ""))

    def _kept(self, value: object) -> object:
        return value if isinstance(value, int | float) else self._redact(str(value))


def _as_text(said: Mapping[str, str], facts: Mapping[str, object], trace: str) -> str:
    pairs = [f"{name}={_one_line(str(value))}" for name, value in facts.items()]
    head = f"{said['at']} {said['level']} {said['logger']}: {_one_line(said['said'])}"
    return "\n".join(filter(None, [" ".join([head, *pairs]), trace]))


def _as_json(said: Mapping[str, str], facts: Mapping[str, object], trace: str) -> str:
    return json.dumps({**said, **facts, **({"trace": trace} if trace else {})})


def _one_line(text: str) -> str:
    # What others sent must not look like a line of ours.
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


class Unhindered(logging.StreamHandler[TextIO]):
    """Leaves lines out while nobody reads them, and says later how many: who logs waits for no reader."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._left_out = 0
        self._ready = select.poll()
        self._ready.register(stream, select.POLLOUT)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record, or count it."""
        try:
            if self._left_out and self._is_written(f"\n{self.format(self._gap())}\n"):
                self._left_out = 0
            if self._left_out or not self._is_written(f"{self.format(record)}\n"):
                self._left_out += 1
        except Exception:  # noqa: BLE001  (as every handler does)
            self.handleError(record)

    def _is_written(self, text: str) -> bool:
        """Write what is taken at once; so much of a pipe is free where it is free at all."""
        size = select.PIPE_BUF // 4  # bytes to a character, at most
        for at in range(0, len(text), size):
            if not self._ready.poll(0 if self._left_out else PATIENCE_MS):
                return False
            self.stream.write(text[at : at + size])
            self.flush()
        return True

    def _gap(self) -> logging.LogRecord:
        words = "lines were left out, since nobody read them: %s"
        return logging.LogRecord(__name__, logging.WARNING, __file__, 0, words, (self._left_out,), None)


def _to_standard_error() -> logging.StreamHandler[TextIO]:
    try:
        sys.stderr.fileno()
    except (AttributeError, OSError):  # it was closed, or stands for something in this process
        return logging.StreamHandler()
    return Unhindered(sys.stderr)


def set_up(level: str, form: str, secrets: Iterable[str]) -> None:
    """Send all that this process logs to standard error, in this form."""
    handler = _to_standard_error()
    handler.setFormatter(Lines(Redaction(secrets), form))
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # It warns of each run that would begin while one lasts; the next run makes up for it.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    # The client logs a failed call with its traceback; the gateway has told of it by then.
    logging.getLogger("slack_sdk.web.base_client").setLevel(logging.CRITICAL)
    for name in ("slack_bolt", "slack_sdk"):  # which show whole messages to whoever looks for faults
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))
