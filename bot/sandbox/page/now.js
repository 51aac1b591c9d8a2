// What the page knows: who one acts as, where one is, what was read from the server.

import { act as post, getState } from "./api.js";
import { readAddress } from "./address.js";
import { toast } from "./dom.js";

export const now = {
  as: readAddress().as ?? "",
  state: null, // the answer of /page/state
  skew: 0, // seconds from this machine's clock to the workspace's
  up: true, // the socket is open
  moving: null, // the move of the clock under way
  channel: null, // id of the channel, or null in an app without a DM
  tab: "messages", // or "home"
  newFrom: null, // ts of the first message not read before
  messages: [],
  changes: 0, // how often news of messages came
  thread: null, // {ts, messages}
  notices: [], // what only this page says: {channel, thread, message}
  dismissed: new Set(), // ts of ephemeral messages
  values: new Map(), // "channel:ts" or "home:person" → what is chosen there
  drafts: new Map(), // "person:channel" or "person:channel:thread" → what is typed there
};

export const clock = () => Date.now() / 1000 + now.skew;
export const channelOf = (id) => now.state?.channels.find((channel) => channel.id === id);
export const personOf = (id) => now.state?.people.find((person) => person.id === id);
export const humans = () => now.state.people.filter(({ is_bot: bot }) => !bot);
export const appChannel = () => now.state.channels.find((channel) => channel.kind === "im" && channel.with === now.state.app.bot_user_id);
export const isInApp = () => !now.channel || now.channel === appChannel()?.id;

export function setClock(at) {
  now.skew = at - Date.now() / 1000;
}

let early = getState(now.as).catch(() => null); // asked for while the rest of the page is on its way

export async function loadState() {
  const asked = early;
  early = null;
  const state = (await asked) ?? (await getState(now.as));
  Object.assign(now, { state, as: state.me.id });
  setClock(state.now);
}

/** One act of the person one acts as. */
export const act = (type, fields) => post(now.as, type, fields);

/** Shows why an act failed, where it did. */
export async function said(answering) {
  const answer = await answering;
  if (!answer.ok) toast(answer.error ?? "That did not work.", { bad: true });
  return answer;
}
