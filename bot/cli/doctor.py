"""`baton doctor`: look for all that commonly keeps Baton from its work, and say what is fine."""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from sqlalchemy import Engine

from bot.cli import machine_checks, slack_checks
from bot.cli.findings import Finding, State, advice, of_state
from bot.cli.refusals import FAULTS
from bot.context import Clock, Gateways
from bot.database import reading
from bot.exchange import Exchange
from bot.gateway import Gateway
from bot.installations import Installations
from bot.seal import Seal
from bot.services import agreements, workspaces
from bot.settings import Settings

HEADS = {State.FAULT: "To mend", State.ADVICE: "Worth knowing", State.FINE: "Fine"}
BEGIN = "In the channel that both teams share, type /invite @Baton, then /sla setup."


def arguments(command: ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print every finding as JSON")


def act(given: Namespace, settings: Settings, clock: Clock) -> int:
    """Print what was found; gives 1 where something is to be mended."""
    found = list(findings(settings, clock))
    has_faults = bool(of_state(found, State.FAULT))
    print(_json(found) if given.json else _text(found))
    return FAULTS if has_faults else 0


def findings(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Look at everything; what rests on something that is wrong is not looked at."""
    slack = list(slack_checks.everything(settings, clock))
    yield from slack
    yield from machine_checks.port(settings)
    engine = machine_checks.engine(settings)
    if isinstance(engine, Finding):
        yield engine
        return
    try:
        can_ask = all(one.about == "clock" for one in of_state(slack, State.FAULT))
        yield from _in_store(settings, clock, engine, can_ask=can_ask)
    finally:
        engine.dispose()


def channels(settings: Settings, clock: Clock) -> Iterator[Finding]:
    """Look at the channels of the one workspace alone, where its store can be read as it is."""
    engine = machine_checks.engine(settings)
    if isinstance(engine, Finding):
        return
    try:
        if not settings.slack_client_id and machine_checks.tables(engine).state is State.FINE:
            yield from _channels(engine, _gateways(settings, engine, clock), by_installation=False)
    finally:
        engine.dispose()


def _in_store(settings: Settings, clock: Clock, engine: Engine, *, can_ask: bool) -> Iterator[Finding]:
    found = list(machine_checks.stored(engine))
    yield from found
    is_current = any(one.about == "store" and one.state is State.FINE for one in found)
    if not is_current or of_state(found, State.FAULT):
        return
    if settings.slack_client_id:
        keys = machine_checks.sealed(settings, engine)
        yield keys
        can_ask = can_ask and keys.state is State.FINE
    if can_ask:
        by_installation = bool(settings.slack_client_id)
        yield from _channels(engine, _gateways(settings, engine, clock), by_installation=by_installation)


def _gateways(settings: Settings, engine: Engine, clock: Clock) -> Gateways:
    url = settings.slack_api_url
    if not settings.slack_client_id:
        return Gateway(settings.slack_bot_token.get_secret_value(), url)
    seal = Seal.of(settings.secret_keys.get_secret_value())
    secret = settings.slack_client_secret.get_secret_value()
    return Installations(engine, clock, seal, Exchange(settings.slack_client_id, secret, url))


def _channels(engine: Engine, gateways: Gateways, *, by_installation: bool) -> Iterator[Finding]:
    """Look at the channel of every agreement that has not ended: by a token that is set, of its own."""
    with reading(engine) as session:
        found = workspaces.active(session)
        served = [workspace.id or 0 for workspace in found if by_installation or not workspace.tenant]
        living = [agreed for workspace in served for agreed in agreements.all_of(session, workspace)]
    held = [agreed for agreed in living if agreed.row.state != "ended" and agreed.row.channel_id]
    if not held:
        yield advice("channel", "No channel has an agreement yet.", BEGIN)
    for agreed in held:
        yield slack_checks.channel_of(gateways, agreed)


def _json(found: Sequence[Finding]) -> str:
    return json.dumps({"ok": not of_state(found, State.FAULT), "findings": [asdict(one) for one in found]})


def _text(found: Sequence[Finding]) -> str:
    """Write what is to be mended first, and what is fine last."""
    parts = []
    for state, head in HEADS.items():
        if some := of_state(found, state):
            parts.append("\n".join([head, *map(_line, some)]))
    return "\n\n".join(parts)


def _line(one: Finding) -> str:
    return f"  {one.words}" + (f"\n    {one.fix}" if one.fix else "")
