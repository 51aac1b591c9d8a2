"""What Ctrl-C and a polite kill do: end it at once, raise, or set what the serving loops wait for."""

import os
import signal
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import FrameType

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl-C, a polite kill, and a terminal that was closed."""


class SignalEvent:
    """An Event that a signal's handler may set.

    The handler runs in the main thread between any two of its steps. Where that thread is about to wait for
    a `threading.Event` it holds the event's lock, and a handler that sets the event waits for that lock for
    ever. `SimpleQueue.put` is reentrant, as its documentation says.
    """

    def __init__(self) -> None:
        self._set: SimpleQueue[None] = SimpleQueue()

    def set(self) -> None:
        self._set.put(None)

    def is_set(self) -> bool:
        return not self._set.empty()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is set, or for so many seconds; says whether it is set."""
        try:
            self._set.put(self._set.get(timeout=timeout))
        except Empty:
            return False
        return True


def stopped() -> SignalEvent:
    """Give the event that Ctrl-C and a polite kill set; a second Ctrl-C does not wait for a tidy end."""
    event = SignalEvent()

    def stop(number: int, _frame: object) -> None:
        if not event.is_set():
            event.set()
        elif number == signal.SIGINT:  # a second polite kill asks for no more than the first
            raise KeyboardInterrupt

    for number in ENDS:
        _on(number, stop)
    return event


def _on(number: signal.Signals, act: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    # Who begins it with nohup wants it to outlive the terminal.
    if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
        signal.signal(number, act)


def at_once(*numbers: signal.Signals) -> None:
    """Let these, or all, end the process where it stands: what it did is safe, as after a crash.

    An exception would not do: it may come up where libraries swallow it, or turn it into one of their own.
    """
    for number in numbers or ENDS:
        # The kernel keeps the default from process 1, which the first of a container is.
        _on(number, signal.SIG_DFL if os.getpid() > 1 else _leave)


def _leave(number: int, _frame: object) -> None:
    os._exit(128 + number)


def raised() -> None:
    """Let them raise, so that a command takes back what it has begun: KeyboardInterrupt or SystemExit."""
    for number in ENDS:
        _on(number, signal.default_int_handler if number == signal.SIGINT else _exit)


def _exit(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)
