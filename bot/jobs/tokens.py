"""Renew the tokens that end soon, where the app rotates them: one process at a time, each token once."""

import logging

from bot.answers import Ambiguous, Limited, Refused, Unreached
from bot.context import Context
from bot.installations import Installations
from bot.services import installations

log = logging.getLogger(__name__)


def run(context: Context) -> int:
    """Renew what is due; what fails is tried again, for the old token still holds for a while."""
    gateways = context.gateways
    if not isinstance(gateways, Installations):
        return 0
    with context.reading() as session:
        due = installations.to_renew(session, context.now())
    return sum(_renew(context, gateways, tenant) for tenant in due)


def _renew(context: Context, gateways: Installations, tenant: str) -> bool:
    with context.transaction() as session:
        refresh_token = installations.claim_renewal(session, gateways.seal, tenant, context.now())
    if refresh_token is None:
        return False
    try:
        grant = gateways.exchange.renewed(refresh_token)
    except (Refused, Limited, Unreached, Ambiguous) as why:
        log.warning("the token of %s could not be renewed: %s", tenant, why)
        return False
    with context.transaction() as session:
        installations.renew(session, gateways.seal, tenant, grant, context.now())
    return True
