"""Run the bot until told to stop: the ways in, the jobs, and an end in which nothing is lost."""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Thread

from slack_sdk.errors import SlackApiError
from starlette.routing import Route

from bot import app, signals, store
from bot.app import Baton, StartError
from bot.context import Clock
from bot.http import oauth, server
from bot.http.health import Health
from bot.http.server import Door
from bot.jobs import deliver
from bot.jobs.schedule import scheduler
from bot.settings import Settings
from bot.signals import SignalEvent

log = logging.getLogger(__name__)

PORT = 8080
"""Where Slack reaches us if nothing else is said."""
STOP_SECONDS = 9.0


def run(settings: Settings, clock: Clock, listened: Callable[[], SignalEvent]) -> None:
    """Take what Slack sends and do what is due, until told to stop. Raises StartError.

    Who would stop it is `listened` to once there is something to be brought to its end.
    """
    with ExitStack() as held:
        port = _taken(settings)
        if port is not None:
            held.callback(port.close)
        baton = app.build(settings, clock)
        held.enter_context(store.sending_lock(baton.context.engine))
        store.check(baton.context.engine)
        deliver.start(baton.context)
        baton.jobs["slack_time"]()
        # A token may have ended while it was down, and would be taken for a dead one.
        baton.running.watched("tokens", baton.jobs["tokens"])()
        # What began or ended while it was down holds before anybody acts on it.
        baton.running.watched("life", baton.jobs["life"])()
        stopped = listened()
        Thread(target=_see_to_the_end, args=[stopped], name="end", daemon=True).start()
        with _working(baton, port):
            log.info("Baton is ready")
            stopped.wait()
            signals.at_once(signal.SIGINT)
            log.info("Baton stops")


def _taken(settings: Settings) -> socket.socket | None:
    if settings.port is None and settings.way != "http":
        return None
    port = PORT if settings.port is None else settings.port
    try:
        taken = server.listening(settings.host, port)
    except OSError as error:
        raise StartError(f"Port {port} of {settings.host} cannot be used ({error.strerror}).") from error
    log.info("listening on %s port %s", *taken.getsockname()[:2])
    return taken


@contextmanager
def _working(baton: Baton, port: socket.socket | None) -> Iterator[None]:
    """Open the ways in and start the jobs; at the end close the ways, and let what has begun be finished."""
    running = baton.running
    jobs = scheduler({name: running.watched(name, body) for name, body in baton.jobs.items()})
    with ExitStack() as open_ways:
        jobs.start()
        open_ways.callback(jobs.shutdown)
        way = _way_by_http if baton.settings.way == "http" else _way_by_socket_mode
        open_ways.enter_context(way(baton, port))
        try:
            yield
        finally:
            running.stopping.set()


def _see_to_the_end(stopped: SignalEvent) -> None:
    """Once told to stop, leave in time, though a call is not answered yet: as after any crash.

    It goes on after `run` has returned, since threads that Python waits for at its end may hold that up too.
    """
    stopped.wait()
    time.sleep(STOP_SECONDS)
    log.warning("something still ran after %s s; the next start settles it", STOP_SECONDS)
    logging.shutdown()
    os._exit(0)


@contextmanager
def _way_by_http(baton: Baton, port: socket.socket | None) -> Iterator[None]:
    assert port is not None  # noqa: S101  (taken at the start, for HTTP always)
    settings = baton.settings
    with ThreadPoolExecutor(settings.threads, "input") as pool:
        door = Door(
            baton.app,
            settings.slack_signing_secret.get_secret_value(),
            settings.slack_app_id,
            baton.running.slack_time.now,
            pool,
        )
        health = Health(baton.context, baton.running, lambda: True)
        with server.serving(server.application(door, _others(baton, health)), port):
            yield


@contextmanager
def _way_by_socket_mode(baton: Baton, port: socket.socket | None) -> Iterator[None]:
    with ExitStack() as held:
        try:
            line = held.enter_context(baton.connected())
        except SlackApiError as refusal:
            raise StartError(
                f"Slack refuses the app token ({refusal.response['error']}). "
                "Make one with the scope connections:write (xapp-…) and set it as SLACK_APP_TOKEN."
            ) from refusal
        if port is not None:
            health = Health(baton.context, baton.running, lambda: not line.is_deaf())
            application = server.application(None, _others(baton, health))
            held.enter_context(server.serving(application, port))
        held.enter_context(line.watched())
        yield


def _others(baton: Baton, health: Health) -> Sequence[Route]:
    return [*health.routes(), *oauth.routes(baton.context, baton.settings.public_url)]
