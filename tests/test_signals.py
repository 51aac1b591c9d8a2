"""Being told to stop: a signal may come at any moment, also between two steps of the wait for it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from bot import signals
from bot.signals import SignalEvent
from tests.sandbox.small_bot import until

AT_EACH_STEP = """
import signal, sys
from {module} import {name} as Kind

class Told:
    def __init__(self, step):
        self.event, self.left = Kind(), step
        signal.signal(signal.SIGTERM, lambda *_: self.event.set())

    def __call__(self, *_):
        self.left -= 1
        if self.left == 0:
            signal.raise_signal(signal.SIGTERM)
        return self

step, was_told = 0, True
while was_told:
    step += 1
    told = Told(step)
    sys.settrace(told)
    told.event.wait(0.001)
    sys.settrace(None)
    was_told = told.event.wait(0)
print(step)
"""


WHILE_READ_IN = """
import os, runpy, signal, sys

class Told:
    def find_spec(self, name, *_):
        if name == {module!r}:
            signal.raise_signal({number})

os.getpid = lambda: {process}
sys.meta_path.insert(0, Told())
sys.argv = ["baton", "run"]
runpy.run_module("bot", run_name="__main__")
"""


def told_at_each_step_of_a_wait(kind: type[Event] | type[SignalEvent], patience_s: int) -> int:
    """Give how many steps there were."""
    program = AT_EACH_STEP.format(module=kind.__module__, name=kind.__name__)
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, timeout=patience_s
    )
    return int(done.stdout)


def test_a_signal_may_come_at_each_step_of_the_wait_for_it() -> None:
    assert told_at_each_step_of_a_wait(SignalEvent, 60) > 1


def test_an_event_of_threads_would_wait_for_itself() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        told_at_each_step_of_a_wait(Event, 3)


def test_who_waits_is_woken_and_who_comes_later_does_not_wait() -> None:
    stopped = SignalEvent()
    assert not stopped.is_set()
    assert not stopped.wait(0.01)
    waiting = Thread(target=stopped.wait)
    waiting.start()
    stopped.set()
    waiting.join(20)
    assert not waiting.is_alive()
    assert stopped.is_set()
    assert stopped.wait()


@pytest.mark.parametrize("number", signals.ENDS)
@pytest.mark.parametrize(
    ("module", "process"), [("pydantic", 2), ("bot.services.imports", 1), ("slack_bolt", 2)]
)
def test_from_its_first_moment_it_can_be_stopped_without_a_word(
    number: signal.Signals, module: str, process: int
) -> None:
    program = WHILE_READ_IN.format(module=module, number=int(number), process=process)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60, check=False)
    assert done.returncode == (128 + number if process == 1 else -number)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_who_is_not_to_end_with_the_terminal_does_not() -> None:
    program = (
        "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN); from bot import signals\n"
        "for prepared in (signals.at_once, signals.raised, signals.stopped):\n"
        "    prepared(); signal.raise_signal(signal.SIGHUP); print('goes on')"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, timeout=60, check=True)
    assert done.stdout.split() == [b"goes", b"on"] * 3


@pytest.mark.parametrize("number", signals.ENDS)
def test_a_command_that_is_stopped_says_so_by_its_exit_code_alone(
    tmp_path: Path, number: signal.Signals
) -> None:
    os.mkfifo(leads := tmp_path / "leads.csv")
    writers: list[int] = []

    def is_read() -> bool:
        with suppress(OSError):  # while nobody reads, nobody can write
            writers.append(os.open(leads, os.O_WRONLY | os.O_NONBLOCK))
        return bool(writers)

    command = [sys.executable, "-m", "bot", "import", str(leads), "--map", "id=id"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            until(is_read, 30)
            process.send_signal(number)
            said = process.communicate(timeout=30)
        finally:
            process.kill()
    os.close(writers[0])
    assert (process.returncode, said) == (128 + number, (b"", b""))
