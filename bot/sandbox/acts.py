"""What a person does in Slack, and how Slack lets the bot know: the same for the page and for tests."""

from dataclasses import dataclass

from bot.sandbox import payloads, reads
from bot.sandbox.delivery import Delivery
from bot.sandbox.hooks import Hooks, respond
from bot.sandbox.inputs import initial_values
from bot.sandbox.manifest import Manifest
from bot.sandbox.people import Channel, Message, Person
from bot.sandbox.refusals import Json, SlackError
from bot.sandbox.sockets import NEVER_ACKED, Answer
from bot.sandbox.uses import Use, remember, used
from bot.sandbox.workspace import Workspace

NO_ANSWER = (NEVER_ACKED, "http_timeout")
BUTTON_FAILED = "Sorry, that didn't work. The app did not respond. Try again?"


@dataclass
class Acts:
    """People's acts; each waits for the bot's acknowledgement and returns what the person would see."""

    slack: Workspace
    delivery: Delivery
    hooks: Hooks
    manifest: Manifest

    async def command(self, user: str, channel_id: str, line: str, thread_ts: str | None = None) -> Json:
        """Type a slash command; answers {ok, ack, message} or {ok: false, error}."""
        word, _, text = line.strip().partition(" ")
        known = {command["command"]: command for command in self.manifest.commands}
        try:
            person, channel = self._here(user, channel_id)
        except SlackError as refused:
            return refusal(refused.code)
        if thread_ts:
            return refusal(f"{word} is not supported in threads. Sorry!")
        if word not in known or person.team_id != self.slack.team_id:
            return refusal(f"{word} is not a valid command.")
        text = text.strip()
        if known[word].get("should_escape"):
            text = payloads.escaped(self.slack, text, with_names=True)
        payload = payloads.command(self.slack, self.hooks, person, channel, (word, text))
        answer = await self.delivery.ask("slash_commands", payload)
        if not answer.is_acked:
            return refusal(_command_failure(word, answer))
        return self._answered(person, channel, word, answer.body)

    def _answered(self, person: Person, channel: Channel, word: str, body: Json | None) -> Json:
        if not body or not (body.get("text") or body.get("blocks")):
            return {"ok": True, "ack": body, "message": None}
        try:
            message = respond(self.slack, channel, person.id, body)
        except SlackError as refused:
            words = f'{word} failed with the error "invalid_command_response"'
            return refusal(words) | {"reason": refused.code, "messages": refused.messages}
        return {"ok": True, "ack": body, "message": shown(self.slack, channel, message)}

    async def say(self, user: str, channel_id: str, text: str, thread_ts: str | None = None) -> Json:
        """Write a message; the bot hears of it where it subscribed to."""
        person, channel = self._here(user, channel_id)
        parent = channel.messages.get(thread_ts or "")
        message = Message(
            ts=self.slack.next_ts(),
            user=person.id,
            text=payloads.escaped(self.slack, text),
            thread_ts=(parent.thread_ts or parent.ts) if parent else None,
        )
        self.slack.post(channel, message)
        if self.slack.bot_user_id in channel.members:
            kind = {"im": "im", "groups": "group"}.get(channel.scope_kind, "channel")
            event = self.slack.as_slack(message) | {"channel": channel.id, "channel_type": kind}
            await self.delivery.event(event | {"event_ts": message.ts})
        return {"ok": True, "message": shown(self.slack, channel, message)}

    async def react(self, user: str, channel_id: str, ts: str, name: str, *, add: bool = True) -> Json:
        """Put a reaction on a message or take it back; `acked` says whether the bot took the event."""
        person, channel = self._here(user, channel_id)
        with self.slack.lock:
            message = self.slack.message(channel, ts)
            (reads.put_reaction if add else reads.take_reaction)(
                self.slack, channel, message, person.id, name
            )
            kind = "reaction_added" if add else "reaction_removed"
            event = reads.reaction_event(self.slack, kind, channel, message, (person.id, name))
        is_heard = self.slack.bot_user_id in channel.members
        return {"ok": True, "acked": await self.delivery.event(event) if is_heard else False}

    async def press(self, user: str, channel_id: str, ts: str, use: Use) -> Json:
        """Use a control of a message. Raises LookupError."""
        person, channel = self._here(user, channel_id)
        message = self.slack.message(channel, ts, also_ephemeral=True)
        if message.only_for not in (None, user):
            raise SlackError("message_not_found")
        values = initial_values(message.blocks)
        action = self._used(message.blocks, values, use)
        payload = payloads.message_action(
            self.slack, person, channel, message, action=action, values=values, hooks=self.hooks
        )
        return _pressed(await self.delivery.ask("interactive", payload))

    async def press_in_view(self, user: str, view_id: str, use: Use) -> Json:
        """Use a control of App Home or of an open modal. Raises LookupError."""
        person, view = self.slack.person(user), self.view(user, view_id)
        action = self._used(view["blocks"], view["state"]["values"], use)
        payload = payloads.view_action(self.slack, person, view, action)
        return _pressed(await self.delivery.ask("interactive", payload))

    def _used(self, blocks: list[Json], values: Json, use: Use) -> Json:
        """Return the action, and put what was typed and chosen into `values`."""
        block, element, value = used(blocks, use)
        with self.slack.lock:
            for block_id, actions in use.state.items():
                values.setdefault(block_id, {}).update(actions)
            remember(values, block, element, value)
            return payloads.action(self.slack, block, element, value)

    async def shortcut(self, user: str, callback_id: str) -> Json:
        """Run a global shortcut."""
        if callback_id not in {one["callback_id"] for one in self.manifest.shortcuts}:
            return refusal(f"There is no shortcut {callback_id}.")
        payload = payloads.shortcut(self.slack, self.slack.person(user), callback_id)
        return _pressed(await self.delivery.ask("interactive", payload))

    async def open_home(self, user: str) -> Json:
        """Open the app's Home tab."""
        person = self.slack.person(user)
        event: Json = {
            "type": "app_home_opened",
            "user": person.id,
            "channel": self.slack.dm(self.slack.bot_user_id, person.id).id,
            "tab": "home",
            "event_ts": self.slack.next_ts(),
        }
        if person.id in self.slack.homes:
            event["view"] = self.slack.homes[person.id]
        return {"ok": True, "acked": await self.delivery.event(event)}

    def view(self, user: str, view_id: str) -> Json:
        """Find a view that this person sees."""
        seen: list[Json | None] = [*self.slack.stacks.get(user, ()), self.slack.homes.get(user)]
        for view in seen:
            if view is not None and view["id"] == view_id:
                return view
        raise SlackError("not_found")

    def _here(self, user: str, channel_id: str) -> tuple[Person, Channel]:
        person, channel = self.slack.person(user), self.slack.channel(channel_id)
        if person.is_deleted or user not in channel.members:
            raise SlackError("channel_not_found")
        if channel.is_archived:
            raise SlackError("is_archived")
        return person, channel


def refusal(words: str) -> Json:
    return {"ok": False, "error": words}


def shown(slack: Workspace, channel: Channel, message: Message) -> Json:
    """Return a message as tests and the driving side see it: Slack's shape and its channel."""
    answer = slack.as_slack(message, full_metadata=True)
    return answer | {"channel": channel.id, "is_ephemeral": message.only_for is not None}


def _command_failure(word: str, answer: Answer) -> str:
    if answer.failure in NO_ANSWER:
        return f"{word} failed because the app did not respond"
    return f'{word} failed with the error "dispatch_failed"'


def _pressed(answer: Answer) -> Json:
    return {"ok": True} if answer.is_acked else refusal(BUTTON_FAILED)
