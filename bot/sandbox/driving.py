"""How tests and the demo's seeding drive the sandbox: people act, and what Slack shows is read."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any, TypeVar

from bot.sandbox import modals, views
from bot.sandbox.acts import shown
from bot.sandbox.page_api import keep_file
from bot.sandbox.parts import Parts
from bot.sandbox.people import Channel, Person
from bot.sandbox.reads import shown_person
from bot.sandbox.refusals import Json
from bot.sandbox.traffic import Call
from bot.sandbox.uses import Use

T = TypeVar("T")


class Driving:
    """Acts return what the person would see, after the bot acknowledged; reads return copies."""

    def __init__(self, parts: Parts, loop: asyncio.AbstractEventLoop) -> None:
        self.parts = parts
        self._loop = loop

    def run(self, doing: Awaitable[T]) -> T:
        """Do something on the sandbox's loop and wait for it."""

        async def awaited() -> T:
            return await doing

        return asyncio.run_coroutine_threadsafe(awaited(), self._loop).result()

    # --- the workspace -------------------------------------------------------------------------------

    def add_person(self, name: str, **facts: Any) -> Person:
        """Add an account: id, real_name, tz, role, email, is_restricted, is_bot, team_id."""
        return self.parts.slack.add_person(name, **facts)

    def add_channel(
        self, name: str, members: Iterable[str] = (), *, with_bot: bool = True, **facts: Any
    ) -> Channel:
        """Add a channel: id, topic, is_private, is_shared; the bot is in it unless told otherwise."""
        slack = self.parts.slack
        everyone = [*members, *([slack.bot_user_id] if with_bot else [])]
        return slack.add_channel(name, everyone, **facts)

    def add_usergroup(self, id: str, users: Iterable[str]) -> None:  # noqa: A002 - Slack's word
        """Add a user group; nobody hears of it."""
        self.parts.slack.usergroups[id] = list(users)

    def change_usergroup(self, id: str, users: Iterable[str]) -> None:  # noqa: A002 - Slack's word
        """Change who is in a user group; the bot hears of it by subteam_members_changed."""
        slack = self.parts.slack
        before, after = slack.usergroups[id], list(users)
        slack.usergroups[id] = after
        added, removed = [u for u in after if u not in before], [u for u in before if u not in after]
        event = {
            "type": "subteam_members_changed",
            "subteam_id": id,
            "team_id": slack.team_id,
            "date_update": int(slack.now()),
            "added_users": added,
            "added_users_count": str(len(added)),
            "removed_users": removed,
            "removed_users_count": str(len(removed)),
            "event_ts": slack.next_ts(),
        }
        self.run(self.parts.delivery.event(event))

    def add_file(self, user: str, name: str, content: bytes) -> str:
        """Upload a file as a modal's file input does; returns its id."""
        return keep_file(self.parts.slack, user, name, content).id

    def person(self, user: str) -> Person:
        return self.parts.slack.person(user)

    def invite(self, channel: str, user: str | None = None) -> None:
        """Bring a person, or the bot, into a channel."""
        self._move("member_joined_channel", channel, user)

    def kick(self, channel: str, user: str | None = None) -> None:
        self._move("member_left_channel", channel, user)

    def _move(self, kind: str, channel: str, user: str | None) -> None:
        slack = self.parts.slack
        place, who = slack.channel(channel), user or slack.bot_user_id
        if kind == "member_joined_channel":
            place.members.append(who)
        else:
            place.members.remove(who)
        slack.tell("channels")
        event = {"type": kind, "user": who, "channel": channel, "channel_type": "C", "team": slack.team_id}
        self.run(self.parts.delivery.event(event | {"event_ts": slack.next_ts()}))

    def archive(self, channel: str, *, is_archived: bool = True) -> None:
        self.parts.slack.channel(channel).is_archived = is_archived

    def set_status(self, user: str, text: str, emoji: str = "", expiration: int = 0) -> None:
        """Set a person's status; the bot hears of it by user_change."""
        self.change_person(user, status_text=text, status_emoji=emoji, status_expiration=expiration)

    def change_person(self, user: str, **facts: Any) -> None:
        """Change an account (tz, is_deleted, is_restricted, …); the bot hears of it by user_change."""
        slack, person = self.parts.slack, self.person(user)
        for name, value in facts.items():
            setattr(person, name, value)
        person.updated = int(slack.now())
        event = {"type": "user_change", "user": shown_person(slack, user), "event_ts": slack.next_ts()}
        self.run(self.parts.delivery.event(event))

    def revoke_tokens(self, *, are_revoked: bool = True) -> None:
        self.parts.slack.is_revoked = are_revoked

    def uninstall(self) -> None:
        """Take the app out: its token is revoked at once, and the bot hears of it last."""
        slack = self.parts.slack
        self.revoke_tokens()
        gone = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [slack.bot_user_id]}}
        for event in (gone, {"type": "app_uninstalled"}):
            self.run(self.parts.delivery.event(event | {"event_ts": slack.next_ts()}))

    def withdraw(self) -> None:
        """Take this workspace out of its organisation's installation; the bot hears of it last."""
        self._access("team_access_revoked", is_withdrawn=True)

    def grant(self) -> None:
        """Bring this workspace into its organisation's installation again."""
        self._access("team_access_granted", is_withdrawn=False)

    def _access(self, kind: str, *, is_withdrawn: bool) -> None:
        slack = self.parts.slack
        slack.is_withdrawn = is_withdrawn
        event = {"type": kind, "team_ids": [slack.team_id], "event_ts": slack.next_ts()}
        self.run(self.parts.delivery.event(event))

    def ignore_rates(self) -> None:
        """Answer no 429 of its own, for tests that are not about rates."""
        self.parts.slack.rates.are_kept = False

    # --- people act ----------------------------------------------------------------------------------

    def command(self, user: str, channel: str, line: str) -> Json:
        """Type a slash command; {ok, ack, message} or {ok: false, error}."""
        return self.run(self.parts.acts.command(user, channel, line))

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Json:
        return self.run(self.parts.acts.say(user, channel, text, thread_ts))

    def react(self, user: str, channel: str, ts: str, name: str) -> Json:
        """Put a reaction on; {ok, acked}. Raises SlackError as Slack refuses (already_reacted, …)."""
        return self.run(self.parts.acts.react(user, channel, ts, name))

    def unreact(self, user: str, channel: str, ts: str, name: str) -> Json:
        return self.run(self.parts.acts.react(user, channel, ts, name, add=False))

    def press(
        self, user: str, where: Json, action_id: str, value: Any = None, *, block_id: str | None = None
    ) -> Json:
        """Use a control of a message or view: `where` is what messages(), dms(), views() or home() gave.

        `value` chooses among buttons of one action_id, or is what is chosen. Raises LookupError.
        """
        use = Use(action_id, block_id, value)
        if "root_view_id" in where:
            return self.run(self.parts.acts.press_in_view(user, where["id"], use))
        return self.run(self.parts.acts.press(user, where["channel"], where["ts"], use))

    def submit(self, user: str, values: Json, *, view_id: str | None = None) -> Json:
        """Fill in the top modal, {block_id: {action_id: value}}, and submit it.

        Answers {ok, response_action, errors?, view?}, or {ok: false, error}.
        """
        return self.run(modals.submit(self.parts.acts, user, view_id or self.views(user)[-1]["id"], values))

    def close(self, user: str) -> Json:
        """Cancel the top modal."""
        return self.run(modals.close(self.parts.acts, user, self.views(user)[-1]["id"]))

    def dismiss(self, user: str) -> None:
        """Take all modals off a screen without the bot knowing, as a reload does."""
        views.close(self.parts.slack, user, every=True)

    def shortcut(self, user: str, callback_id: str) -> Json:
        return self.run(self.parts.acts.shortcut(user, callback_id))

    def open_home(self, user: str) -> Json:
        return self.run(self.parts.acts.open_home(user))

    # --- what is seen --------------------------------------------------------------------------------

    def messages(self, channel: str) -> list[Json]:
        """List all messages of a channel with their replies, oldest first, ephemeral ones left out."""
        slack = self.parts.slack
        with slack.lock:
            place = slack.channel(channel)
            return [shown(slack, place, message) for message in place.messages.values()]

    def dms(self, user: str) -> list[Json]:
        """List what person and bot wrote to each other."""
        slack = self.parts.slack
        return self.messages(slack.dm(slack.bot_user_id, user).id)

    def dm_channel(self, user: str) -> str:
        slack = self.parts.slack
        return slack.dm(slack.bot_user_id, user).id

    def ephemerals(self, user: str) -> list[Json]:
        """List what only this person was shown, oldest first, in all channels."""
        slack = self.parts.slack
        with slack.lock:
            found = [
                shown(slack, place, message)
                for place in slack.channels.values()
                for message in place.ephemerals.values()
                if message.only_for == user
            ]
        return sorted(found, key=lambda message: str(message["ts"]))

    def views(self, user: str) -> list[Json]:
        """List the modals open on a person's screen, the top one last."""
        return list(self.parts.slack.stacks.get(user, ()))

    def home(self, user: str) -> Json | None:
        return self.parts.slack.homes.get(user)

    @property
    def traffic(self) -> list[Call]:
        return list(self.parts.traffic.calls)

    def calls(self, what: str) -> list[Call]:
        """List the calls of one method, or deliveries ("/sla", "block_actions", "event reaction_added")."""
        return [call for call in self.traffic if call.what == what]

    # --- what goes wrong -----------------------------------------------------------------------------

    def fail(self, what: str, kind: str, times: int | None = 1, **how: Any) -> None:
        """Order a fault; see faults.Faults.fail."""
        self.parts.faults.fail(what, kind, times, **how)

    def heal(self) -> None:
        self.parts.faults.heal()

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Send Socket Mode's disconnect frame (warning, refresh_requested, link_disabled)."""
        self.run(self.parts.sockets.disconnect(reason))

    def drop_connections(self) -> None:
        self.run(self.parts.sockets.drop())

    @property
    def connections(self) -> int:
        return len(self.parts.sockets.connections)

    def verify_url(self) -> bool:
        return self.run(self.parts.delivery.verify_url())
