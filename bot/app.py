"""Put the bot together: the one place that makes engine, gateway, Bolt app and scheduler."""

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from slack_bolt import App, BoltContext
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import Engine

from bot import store
from bot.answers import Refused
from bot.context import Clock, Context, Gateways
from bot.database import engine_for, reading
from bot.exchange import Exchange
from bot.gateway import Gateway, OneWorkspace, client_for
from bot.installations import Installations
from bot.jobs import audit, days_off, deliver, forget, life, people, posts, reactions, release, tick, tokens
from bot.jobs.rendering import render
from bot.jobs.running import Running
from bot.seal import Seal, SealError
from bot.services import installations, posted, workspaces
from bot.settings import Settings
from bot.slack import installation, routes
from bot.slack.door import Door, Entrance
from bot.slack_time import SlackTime
from bot.socket_mode import Line, connected

log = logging.getLogger(__name__)


class StartError(Exception):
    """Baton cannot start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Baton:
    """A bot put together and not yet running."""

    context: Context
    app: App
    jobs: Mapping[str, Callable[[], object]]
    settings: Settings
    running: Running

    def connected(self) -> AbstractContextManager[Line]:
        """Take what Slack sends, over Socket Mode, for as long as the block lasts."""
        return connected(self.app, self.settings.slack_app_token.get_secret_value())


def build(settings: Settings, clock: Clock) -> Baton:
    """Make a bot over a migrated store; with one token, it asks Slack once whose that is."""
    engine = engine_for(settings.database_url)
    store.migrate(engine)
    context = Context(engine, clock, _gateways(settings, engine, clock))
    running = Running(SlackTime(clock.now))
    jobs = bodies(context, settings, running)
    return Baton(context, bolt(settings, context), jobs, settings, running)


def _gateways(settings: Settings, engine: Engine, clock: Clock) -> Gateways:
    """Find the tokens: those of the workspaces that installed the app, or the one that is set."""
    if settings.slack_client_id:
        return _installed(settings, engine, clock)
    gateway = Gateway(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
    return _introduce(Context(engine, clock, gateway), gateway)


def _installed(settings: Settings, engine: Engine, clock: Clock) -> Installations:
    if settings.slack_bot_token.get_secret_value():
        raise StartError("Set SLACK_BOT_TOKEN for one workspace or SLACK_CLIENT_ID for many, not both.")
    try:
        found = Installations(
            engine,
            clock,
            Seal.of(settings.secret_keys.get_secret_value()),
            Exchange(
                settings.slack_client_id,
                settings.slack_client_secret.get_secret_value(),
                settings.slack_api_url,
            ),
        )
        with reading(engine) as session:
            installations.check_keys(session, found.seal)
    except SealError as error:
        raise StartError(str(error)) from error
    return found


def bodies(context: Context, settings: Settings, running: Running) -> dict[str, Callable[[], object]]:
    """Name what each job runs."""
    return {
        "deliver": partial(deliver.run, context, render, posted.card_appeared, running.goes_on),
        "tick": partial(tick.run, context),
        "posts": partial(posts.run, context),
        "life": partial(life.run, context),
        "release": partial(release.run, context),
        "reactions": partial(reactions.run, context),
        "people": partial(people.run, context),
        "days_off": partial(days_off.run, context),
        "tokens": partial(tokens.run, context),
        "forget": partial(forget.run, context, timedelta(days=settings.retention_days)),
        "slack_time": partial(running.slack_time.ask, client_for(settings.slack_api_url)),
        "audit": partial(audit.run, context, running, settings.deadman_url.get_secret_value()),
    }


def _introduce(context: Context, gateway: Gateway) -> OneWorkspace:
    """Ask Slack once whose token this is, and remember the workspace."""
    try:
        who = gateway.auth_test()
    except Refused as refusal:
        raise StartError(
            f"Slack refuses the bot token ({refusal}). "
            "Copy the Bot User OAuth Token (xoxb-…) of the installed app into SLACK_BOT_TOKEN."
        ) from refusal
    with context.transaction() as session:
        workspace = workspaces.remember(
            session, who["team_id"], who["team"], who["user_id"], context.now(), bot_id=who["bot_id"]
        )
        return OneWorkspace(gateway, {workspace.id or 0, workspace.team_id})


def bolt(settings: Settings, context: Context) -> App:
    """Make the Bolt app: acknowledged after the commit, authorized without asking Slack for each request."""
    with _settings_unseen():
        app = Door(
            words=routes.KNOWN,
            client=client_for(settings.slack_api_url),
            signing_secret=settings.slack_signing_secret.get_secret_value() or "socket mode needs none",
            before_authorize=Entrance(context, settings.inputs_a_minute),
            authorize=_who,
            process_before_response=True,
            raise_error_for_unhandled_request=False,
        )
    routes.register(app, context)
    return app


@contextmanager
def _settings_unseen() -> Iterator[None]:
    """Hide our settings from Bolt, which reads the same names: it would warn, and open its own OAuth."""
    ours = {name: text for name, text in os.environ.items() if name.startswith("SLACK_")}
    for name in ours:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(ours)


def _who(context: BoltContext) -> AuthorizeResult:
    found: AuthorizeResult = context[installation.SERVED]
    return found
