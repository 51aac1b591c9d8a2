"""Run the demo: a Slack on this machine and the real bot in it, over Slack's real protocols."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from time import monotonic
from zoneinfo import ZoneInfo

from slack_bolt.adapter.socket_mode import SocketModeHandler
from tqdm import tqdm

from bot import app, store
from bot.app import Baton
from bot.demo import cast, kept, story
from bot.demo.clock import MovableClock
from bot.demo.kept import Kept
from bot.demo.stage import Stage
from bot.demo.story import Story
from bot.demo.tour import Tour
from bot.jobs import deliver, people
from bot.jobs.schedule import scheduler
from bot.messages.words import label
from bot.sandbox import kept as slack_kept
from bot.sandbox.server import Sandbox
from bot.services import people as acquaintances
from bot.services import setup, workspaces
from bot.settings import Settings
from bot.signals import SignalEvent
from bot.slack.routes import WORDS

MANIFEST = Path(__file__).parents[1] / "manifest.yml"
UNREAD_S = 3600
PATIENCE_S = 30
"""For an answer of the bot, on a machine that is slow or busy; Slack would wait for three seconds."""
ASKED_EVERY_S = 0.2
"""How soon the button that begins anew is seen."""
KEPT_EVERY_S = 10
"""So much is lost at most where the machine or the process dies."""
TEXT = cast.agreement(review_on=date(2026, 9, 1))
SIGNED_AT = datetime.combine(story.START_ON, time(8, 30), ZoneInfo(cast.ZONE))


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo."""

    sandbox: Sandbox
    baton: Baton
    stage: Stage
    handler: SocketModeHandler
    stopped: SignalEvent
    anew: "SimpleQueue[Beginning | None]"
    """Holds what the page asks to begin anew with; None is what it began with before."""

    def keep(self) -> Kept:
        """Take it as it stands, to go on from later."""
        tour = self.sandbox.parts.tour
        begun_at = tour.begun_at if isinstance(tour, Tour) else self.stage.clock.now()
        return kept.take(self.sandbox, self.stage, begun_at)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What there is when a demo opens for the first time: a text, signed then, and what is played on."""

    text: str
    signed_at: datetime
    play: Callable[[Demo], object]


def tell(demo: Demo) -> None:
    """Play the three weeks, and leave them as after a reload."""
    Story(demo.stage, demo.sandbox).play(_bar(), demo.stopped)
    reload(demo.sandbox)


TOLD = Beginning(TEXT, SIGNED_AT, tell)
OwnLeads = Callable[[str, bytes], Beginning | str]
"""Makes a beginning of a file of leads, from its name and content, or says why it does not."""


def run(
    port: int,
    stopped: SignalEvent,
    beginning: Beginning = TOLD,
    keep: Path | None = None,
    own: OwnLeads | None = None,
) -> None:
    """Open the demo at a port until told to stop, and say where it is; `keep` names where to go on from."""
    keep = keep and kept.place(keep)
    start = kept.found(keep) if keep else None
    if start:
        print(f"It goes on from {keep}.")
    fresh: Kept | None = None
    while True:
        with opened(port, beginning, start, stopped) as demo:
            if stopped.is_set():
                return
            if own:
                demo.sandbox.parts.on_leads = partial(_begin_with, demo, own)
            fresh, port = fresh or (demo.keep() if start is None else None), demo.sandbox.port
            _say_where(demo)
            _stay(demo, keep)
            if stopped.is_set():
                return
            asked = demo.anew.get()
        beginning, start = (asked, None) if asked else (beginning, fresh)
        fresh = start


def _begin_with(demo: Demo, own: OwnLeads, name: str, content: bytes) -> str:
    made = own(name, content)
    if isinstance(made, str):
        return made
    demo.anew.put(made)
    return ""


def _stay(demo: Demo, keep: Path | None) -> None:
    """Wait until told to stop or to begin anew; what is done is kept every few seconds, and in the end."""
    is_over, keep_at = False, 0.0
    while not is_over:
        if keep and monotonic() >= keep_at:
            demo.keep().write(keep)
            keep_at = monotonic() + KEPT_EVERY_S
        is_over = demo.stopped.wait(ASKED_EVERY_S) or not demo.anew.empty()
    if keep:
        demo.keep().write(keep)


def _say_where(demo: Demo) -> None:
    print(f"\nThe demo is open at {demo.sandbox.url}\nIts store is {demo.baton.settings.database_url}")
    print("Ctrl-C ends it.", flush=True)


@contextmanager
def opened(
    port: int = 0, beginning: Beginning = TOLD, start: Kept | None = None, stopped: SignalEvent | None = None
) -> Iterator[Demo]:
    """Open a demo for as long as the block lasts, at its beginning or where it was kept."""
    with staged(
        port, signed_at=beginning.signed_at, text=beginning.text, start=start, stopped=stopped
    ) as demo:
        if start is None and not demo.stopped.is_set():
            beginning.play(demo)
        if demo.stopped.is_set():  # before all was told; nothing may begin to work on half of it
            yield demo
            return
        begun_at = start.begun_at if start else demo.stage.clock.now()
        demo.sandbox.parts.tour = Tour(demo.stage, demo.sandbox, begun_at)
        demo.sandbox.parts.on_reset = partial(demo.anew.put, None)
        demo.sandbox.parts.slack.tell("channels")  # who looked on meanwhile gets the tour
        with _working(demo.stage, demo.baton):
            yield demo


@contextmanager
def staged(
    port: int = 0,
    database_url: str = "",
    *,
    signed_at: datetime = SIGNED_AT,
    text: str = TEXT,
    start: Kept | None = None,
    stopped: SignalEvent | None = None,
) -> Iterator[Demo]:
    """Put the demo on its stage: the agreement is signed, the clock stands, and nothing runs by itself."""
    with TemporaryDirectory(prefix="baton-demo-") as folder:
        file = Path(folder, "baton.db")
        stage = Stage(MovableClock(start.at if start else signed_at))
        sandbox = _slack(port, stage)
        if start:
            file.write_bytes(start.store)
            slack_kept.load(sandbox.parts.slack, start.slack)
        with _started(sandbox):
            baton = app.build(_settings(sandbox, database_url or f"sqlite:///{file}"), stage.clock)
            stage.baton = baton
            with store.sending_lock(baton.context.engine), baton.connected() as line:
                deliver.start(baton.context)
                if start is None and not (stopped and stopped.is_set()):
                    _sign(baton, sandbox, stage, text)
                yield Demo(sandbox, baton, stage, line.handler, stopped or SignalEvent(), SimpleQueue())
            baton.context.engine.dispose()


def _slack(port: int, stage: Stage) -> Sandbox:
    sandbox = Sandbox(
        port,
        now=lambda: stage.clock.now().timestamp(),
        manifest=MANIFEST,
        team="Northwind",
        ack_seconds=PATIENCE_S,
        on_clock=stage.move,
        hints=[
            {
                "word": name,
                "usage": word.usage.removeprefix(name).strip(),
                "description": label("en", f"word.{name}"),
            }
            for name, word in WORDS.items()
        ],
    )
    cast.move_in(sandbox)
    return sandbox


def _sign(baton: Baton, sandbox: Sandbox, stage: Stage, text: str) -> None:
    """Write the agreement and sign it as both leads do."""
    with baton.context.transaction() as session:
        workspace = workspaces.by_team(session, sandbox.parts.slack.team_id)
        proposal = setup.Proposal(text, cast.CHANNEL, cast.MARA.id)
        setup.create(session, workspace, proposal, baton.context.now(), "demo")
        for one in cast.EVERYONE:
            acquaintances.meet(session, workspace, one.id)
    people.run(baton.context)
    stage.settle()
    for lead in (cast.MARA, cast.SAM):
        card = sandbox.messages(cast.CHANNEL)[0]
        sandbox.press(lead.id, card, "agreement.sign")
        stage.settle()


def reload(sandbox: Sandbox) -> None:
    """Start as after a reload: private answers are gone, and all but the last hour has been read."""
    slack = sandbox.parts.slack
    with slack.lock:
        for channel in slack.channels.values():
            channel.ephemerals.clear()
            read = [ts for ts in channel.messages if float(ts) < slack.now() - UNREAD_S]
            channel.read_until = dict.fromkeys(channel.members, max(read, default=""))


@contextmanager
def _working(stage: Stage, baton: Baton) -> Iterator[None]:
    """Let the clock run and the jobs with it."""
    jobs = scheduler(stage.jobs(baton))
    stage.clock.release()
    jobs.start()
    try:
        yield
    finally:
        jobs.shutdown()


@contextmanager
def _started(sandbox: Sandbox) -> Iterator[None]:
    sandbox.start()
    try:
        yield
    finally:
        sandbox.stop()


def _settings(sandbox: Sandbox, database_url: str) -> Settings:
    return Settings(
        database_url=database_url,
        slack_bot_token=sandbox.bot_token,
        slack_app_token=sandbox.app_token,
        slack_api_url=sandbox.api_url,
        slack_hooks_host=sandbox.url.removeprefix("http://"),
    )


def _bar() -> Callable[[datetime], object]:
    """Show how far the story is, where somebody looks on."""
    days = (story.OPENS_AT.date() - story.START_ON).days
    bar = tqdm(total=days, desc="Three weeks pass", unit="day", disable=not sys.stderr.isatty())

    def show(at: datetime) -> None:
        bar.update((at.date() - story.START_ON).days - bar.n)

    return show
