"""The workspace as JSON: who is there and what was said, to go on from another time."""

from base64 import b64decode, b64encode
from copy import deepcopy
from dataclasses import asdict

from bot.sandbox.people import Channel, File, Message, Person
from bot.sandbox.refusals import Json
from bot.sandbox.workspace import Workspace


def dump(slack: Workspace) -> Json:
    """Give all that stays; open modals, triggers and response URLs do not outlive the process."""
    with slack.lock:
        return {
            "people": [asdict(one) for one in slack.people.values()],
            "channels": [asdict(one) for one in slack.channels.values()],
            "files": [
                asdict(one) | {"content": b64encode(one.content).decode()} for one in slack.files.values()
            ],
            **deepcopy({"usergroups": slack.usergroups, "homes": slack.homes, "counted": slack.counted}),
        }


def load(slack: Workspace, kept: Json) -> None:
    """Bring a workspace to what was kept, which stays as it is: others may begin from it too."""
    kept = deepcopy(kept)
    with slack.lock:
        slack.people = {one["id"]: Person(**one) for one in kept["people"]}
        slack.channels = {one["id"]: _channel(one) for one in kept["channels"]}
        slack.files = {
            one["id"]: File(**one | {"content": b64decode(one["content"])}) for one in kept["files"]
        }
        slack.usergroups, slack.homes = kept["usergroups"], kept["homes"]
        slack.counted = kept["counted"]


def _channel(kept: Json) -> Channel:
    messages = {
        place: {ts: Message(**message) for ts, message in kept[place].items()}
        for place in ("messages", "ephemerals")
    }
    return Channel(**kept | messages)
