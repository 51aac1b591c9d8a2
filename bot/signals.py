"""What Ctrl-C and a polite kill set, and the serving loops wait for."""

import signal
from queue import Empty, SimpleQueue


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

    def stop(*_: object) -> None:
        if event.is_set():
            raise KeyboardInterrupt
        event.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return event
