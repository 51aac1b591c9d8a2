"""After an outage of Slack: what is due comes at once, in order, and once."""

from datetime import timedelta

import pytest

from bot.jobs.outcomes import instant_of
from tests.jobs.world import World

OUTAGE = timedelta(minutes=10)
FIRST_WITHIN = timedelta(seconds=65)
"""Where a post of the outage's first moment is in doubt, its place waits until Slack has settled."""


@pytest.mark.parametrize("fault", ["close", "server_error", "rate_limited", "accept_then_close"])
def test_after_ten_minutes_without_slack_all_comes_within_seconds(world: World, fault: str) -> None:
    begun = world.clock.at
    world.slack.fail("*", fault, times=None, seconds=30)
    for number in range(10):
        world.want(f"card:{number}", f"C{1 + number % 2}")
        world.settle_down(timedelta(minutes=1))
        world.clock.at = begun + timedelta(minutes=number + 1)
        world.deliver()
    healed_at = world.clock.at
    assert healed_at - begun == OUTAGE
    world.slack.heal()
    world.settle_down()
    stamps = {
        place: [instant_of(str(one["ts"])) for one in world.slack.messages(place)] for place in ("C1", "C2")
    }
    first = min(at for some in stamps.values() for at in some if at > healed_at)
    last = max(at for some in stamps.values() for at in some)
    print(f"first after {first - healed_at}, last after {last - healed_at}")
    assert [line.split()[0] for line in world.texts("C1")] == [f"card:{n}" for n in range(0, 10, 2)]
    assert [line.split()[0] for line in world.texts("C2")] == [f"card:{n}" for n in range(1, 10, 2)]
    assert first - healed_at <= FIRST_WITHIN
