"""Each workspace's Slack, by the token that its installation holds."""

import logging
from functools import lru_cache, partial

from sqlalchemy import Engine

from bot import database
from bot.answers import UNINSTALLED, Refused
from bot.context import Clock
from bot.exchange import Exchange
from bot.gateway import Gateway
from bot.seal import Seal
from bot.services import installations

log = logging.getLogger(__name__)

CLIENTS_KEPT = 512


class Installations:
    """Gateways by workspace; the token is read for each call, so every process stops and goes on at once."""

    def __init__(self, engine: Engine, clock: Clock, seal: Seal, exchange: Exchange) -> None:
        self.seal = seal
        self.exchange = exchange
        self._engine = engine
        self._clock = clock
        # By the sealed token: a token that was renewed gets a client of its own.
        self._gateway = lru_cache(maxsize=CLIENTS_KEPT)(self._open)

    def of(self, workspace: int | str) -> Gateway:
        """Give the Slack of a workspace. Raises Refused, without a call, where it is not served any more."""
        with database.reading(self._engine) as session:
            found = installations.token_of(session, workspace)
        if found is None:
            raise Refused("account_inactive")
        return self._gateway(found.tenant, found.team_id, found.bot_token)

    def _open(self, tenant: str, team_id: str, sealed: str) -> Gateway:
        return Gateway(
            self.seal.opened(sealed, tenant),
            self.exchange.api_url,
            team_id=team_id if tenant != team_id else None,
            on_dead_token=partial(self._stop, tenant, sealed),
        )

    def _stop(self, tenant: str, sealed: str, code: str) -> None:
        log.warning("the token of %s is dead (%s); it takes another installation", tenant, code)
        with database.transaction(self._engine) as session:
            installations.stop(session, tenant, sealed, self._clock.now(), has_left=code in UNINSTALLED)
