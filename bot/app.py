"""Put the bot together: the one place that makes engine, gateway, Bolt app and scheduler."""

import logging
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from threading import Event

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult

from bot import store
from bot.answers import Refused
from bot.context import Clock, Context
from bot.database import engine_for
from bot.gateway import Gateway
from bot.jobs import days_off, deliver, life, people, posts, reactions, release, tick
from bot.jobs.rendering import render
from bot.jobs.schedule import scheduler
from bot.services import posted, workspaces
from bot.settings import Settings
from bot.slack import routes

log = logging.getLogger(__name__)

CONCURRENCY = 10
"""Listeners that run at the same time."""


class StartError(Exception):
    """Baton cannot start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Baton:
    """A bot put together and not yet running."""

    context: Context
    app: App
    jobs: Mapping[str, Callable[[], object]]
    settings: Settings

    @contextmanager
    def connected(self) -> Iterator[SocketModeHandler]:
        """Take what Slack sends, over Socket Mode, for as long as the block lasts."""
        handler = SocketModeHandler(
            self.app,
            self.settings.slack_app_token.get_secret_value(),
            web_client=self.app.client,
            concurrency=CONCURRENCY,
        )
        handler.connect()  # type: ignore[no-untyped-call]
        try:
            yield handler
        finally:
            _hang_up(handler)


def _hang_up(handler: SocketModeHandler) -> None:
    """End the connection at once."""
    # The client holds its lock while it reads, for up to three seconds; a socket that is shut down wakes it.
    handler.client.auto_reconnect_enabled = False
    connection = handler.client.current_session
    if connection is not None and connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
    handler.close()  # type: ignore[no-untyped-call]


def build(settings: Settings, clock: Clock) -> Baton:
    """Make a bot over a migrated store; asks Slack once who it is."""
    engine = engine_for(settings.database_url)
    store.migrate(engine)
    gateway = Gateway(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    context = Context(engine, clock, gateway)
    identity = _introduce(context)
    app = _bolt(settings, gateway, identity)
    routes.register(app, context)
    return Baton(context, app, bodies(context), settings)


def bodies(context: Context) -> dict[str, Callable[[], object]]:
    """Name what each job runs."""
    return {
        "deliver": partial(deliver.run, context, render, posted.card_appeared),
        "tick": partial(tick.run, context),
        "posts": partial(posts.run, context),
        "life": partial(life.run, context),
        "release": partial(release.run, context),
        "reactions": partial(reactions.run, context),
        "people": partial(people.run, context),
        "days_off": partial(days_off.run, context),
    }


def run(settings: Settings, clock: Clock, stopped: Event) -> None:
    """Run until told to stop: what Slack sends, and what is due."""
    baton = build(settings, clock)
    with store.SendingLock(baton.context.engine):
        store.check(baton.context.engine)
        deliver.start(baton.context)
        # What began or ended while it was down holds before anybody acts on it.
        life.run(baton.context)
        jobs = scheduler(baton.jobs)
        with baton.connected():
            jobs.start()
            log.info("Baton is ready")
            stopped.wait()
            jobs.shutdown()


def _introduce(context: Context) -> AuthorizeResult:
    """Ask Slack once whose token this is, and remember the workspace."""
    try:
        who = context.gateway.auth_test()
    except Refused as refusal:
        raise StartError(
            f"Slack refuses the bot token ({refusal}). "
            "Copy the Bot User OAuth Token (xoxb-…) of the installed app into SLACK_BOT_TOKEN."
        ) from refusal
    with context.transaction() as session:
        workspaces.remember(session, who["team_id"], who["team"], who["user_id"], context.now())
    return AuthorizeResult(
        enterprise_id=who.get("enterprise_id"),
        team_id=who["team_id"],
        bot_id=who["bot_id"],
        bot_user_id=who["user_id"],
        bot_token=context.gateway.token,
    )


def _bolt(settings: Settings, gateway: Gateway, identity: AuthorizeResult) -> App:
    """Make the Bolt app: acknowledged after the commit, authorized without asking Slack for each request."""
    return App(
        client=gateway.bare_client,
        signing_secret=settings.slack_signing_secret.get_secret_value() or "socket mode needs none",
        authorize=lambda enterprise_id, team_id, user_id: identity,  # noqa: ARG005  (Bolt binds them by name)
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )
