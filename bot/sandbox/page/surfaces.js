// What blocks and messages stand on: who reads them, and what a press in them does.

import { writeAddress } from "./address.js";
import { upload } from "./api.js";
import { avatar } from "./frame.js";
import { act, channelOf, clock, humans, now, personOf, said } from "./now.js";
import { stateOf } from "./view_state.js";

/** What mrkdwn.js asks for. */
const reader = {
  get me() { return now.as; },
  get as() { return now.as; },
  get zone() { return now.state.me.tz || "UTC"; },
  now: clock,
  person: personOf,
  channel: channelOf,
  goTo(id) {
    writeAddress({ c: id, tab: "", thread: "" });
    dispatchEvent(new HashChangeEvent("hashchange"));
  },
};

export const zone = () => reader.zone;

/** See blocks.js; `at` says where a press happens: {channel, ts} or {view_id}. */
export function surface({ kind, list, at, values, errors = {} }) {
  return Object.assign(Object.create(reader), {
    kind, values, errors,
    people: humans(),
    channels: now.state.channels,
    here: now.channel,
    upload: (file) => upload(now.as, file),
    dispatch: (block_id, action_id, value) => said(act("block_action", { ...at, block_id, action_id, value, state: { values: stateOf(list, values) } })),
  });
}

/** What was chosen in a place, kept from one drawing to the next. */
function kept(key) {
  if (!now.values.has(key)) now.values.set(key, {});
  return now.values.get(key);
}

export function modalSurface({ view, values, errors }) {
  return surface({ kind: "modal", list: view.blocks, at: { view_id: view.id }, values, errors });
}

export function homeSurface(view) {
  return surface({ kind: "home", list: view?.blocks ?? [], at: { view_id: view?.id }, values: kept(`home:${now.as}`) });
}

/** What messages.js asks for; `on`: reply(message), dismiss(message). */
export function messageHost(on) {
  return Object.assign(Object.create(reader), {
    avatar, ...on,
    author: authorOf,
    react: (message, name, add) => said(act("reaction", { channel: now.channel, ts: message.ts, name, add })),
    surface: (message) => surface({ kind: "message", list: message.blocks, at: { channel: now.channel, ts: message.ts }, values: kept(`${now.channel}:${message.ts}`) }),
  });
}

function authorOf(message) {
  const name = message.bot ? now.state.app.name : message.user === "USLACKBOT" ? "Slackbot" : message.user;
  return personOf(message.user) ?? { id: message.user, real_name: name, is_bot: message.bot };
}
