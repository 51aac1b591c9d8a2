// The page: who one acts as, where one is, and what has happened; everything drawn follows from `now`.

import { applyTheme, readAddress, writeAddress } from "./address.js";
import { act as post, getMessages, getState, listen, upload } from "./api.js";
import { toast } from "./dom.js";
import { avatar, showTime, sidebar, topbar } from "./frame.js";
import { modals } from "./modal.js";
import { channelPane, homePane, threadPane } from "./room.js";
import { fullTime } from "./time.js";
import { traffic } from "./traffic.js";
import { stateOf } from "./view_state.js";

const box = Object.fromEntries(["topbar", "sidebar", "main", "thread", "traffic"].map((id) => [id, document.getElementById(id)]));

const now = {
  as: readAddress().as ?? "",
  state: null,
  skew: 0, // seconds from this machine's clock to the workspace's
  up: true,
  moving: null,
  channel: null, // id of the channel, or null in an app without a DM
  tab: "messages",
  newFrom: null,
  messages: [],
  thread: null, // {ts, messages}
  notices: [], // what only this page says: {channel, thread, message}
  dismissed: new Set(),
  values: new Map(), // "channel:ts" or "home" → what is chosen in it
  drafts: new Map(), // "person:channel" or "person:channel:thread" → what is typed there
};
let pane = null;
let threadBoard = null;
let hangUp = () => {};
let refetching = null;
let drawing = null;

const clock = () => Date.now() / 1000 + now.skew;
const channelOf = (id) => now.state?.channels.find((channel) => channel.id === id);
const personOf = (id) => now.state?.people.find((person) => person.id === id);
const act = (type, fields) => post(now.as, type, fields);
const appChannel = () => now.state.channels.find((channel) => channel.kind === "im" && channel.with === now.state.app.bot_user_id);
const inApp = () => !now.channel || now.channel === appChannel()?.id;

/* What drawing needs to know. */

const telling = {
  get me() { return now.as; },
  get as() { return now.as; },
  get zone() { return now.state.me.tz || "UTC"; },
  now: clock,
  person: personOf,
  channel: channelOf,
  goTo: (id) => openChannel(id),
};

const host = Object.assign(Object.create(telling), {
  avatar,
  author: (message) => personOf(message.user) ?? { id: message.user, real_name: message.bot ? now.state.app.name : message.user === "USLACKBOT" ? "Slackbot" : message.user, is_bot: message.bot },
  react: (message, name, add) => said(act("reaction", { channel: now.channel, ts: message.ts, name, add })),
  reply: (message) => openThread(message.thread_ts ?? message.ts),
  dismiss(message) {
    now.dismissed.add(message.ts);
    draw();
  },
  surface: (message) => surface({ kind: "message", key: `${now.channel}:${message.ts}`, list: message.blocks, at: { channel: now.channel, ts: message.ts } }),
});

/** What blocks stand on: see blocks.js. `at` says where a press happened: {channel, ts} or {view_id}. */
function surface({ kind, key, list, at, values = kept(key), errors = {} }) {
  return Object.assign(Object.create(telling), {
    kind, values, errors,
    people: now.state.people.filter(({ is_bot: bot }) => !bot),
    channels: now.state.channels,
    here: now.channel,
    upload: (file) => upload(now.as, file),
    dispatch: (block_id, action_id, value) => said(act("block_action", { ...at, block_id, action_id, value, state: { values: stateOf(list, values) } })),
  });
}

function kept(key) {
  if (!now.values.has(key)) now.values.set(key, {});
  return now.values.get(key);
}

async function said(answering) {
  const answer = await answering;
  if (!answer.ok) toast(answer.error ?? "That did not work.", { bad: true });
  return answer;
}

const modal = modals({
  act,
  surface: ({ view, values, errors }) => surface({ kind: "modal", list: view.blocks, at: { view_id: view.id }, values, errors }),
});
const drawer = traffic(box.traffic, { close: () => toggleTraffic(false) });

/* Drawing. */

function visible(list, thread) {
  const own = now.notices.filter((notice) => notice.channel === now.channel && notice.thread === thread).map(({ message }) => message);
  return [...list, ...own].filter(({ ts }) => !now.dismissed.has(ts)).sort((one, two) => one.ts - two.ts);
}

function draw() {
  if (pane) pane.show(visible(now.messages, null), { newFrom: now.newFrom });
  if (now.thread && threadBoard) threadBoard.show(visible(now.thread.messages, now.thread.ts));
}

/** Once for all that arrives together. */
function drawSoon() {
  drawing ??= setTimeout(() => { drawing = null; draw(); }, 16);
}

function drawFrame() {
  const { state, as, up, moving, channel } = now;
  topbar(box.topbar, { state, as, now: clock(), moving, up }, { person: switchTo, move, traffic: () => toggleTraffic(box.traffic.hidden), menu: () => toggleMenu() });
  sidebar(box.sidebar, { state, at: { channel: channel ?? "app" } }, { open: openChannel, app: () => openApp("home") });
  const unread = state.channels.reduce((sum, one) => sum + one.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${state.team.name}`;
}

function drawHome() {
  const view = now.state.home;
  homePane(box.main, { app: now.state.app, isApp: true, tab: "home" }, view, surface({ kind: "home", key: `home:${now.as}`, list: view?.blocks ?? [], at: { view_id: view?.id } }), { tab: openApp });
}

function toggleMenu(open = !box.sidebar.classList.contains("open")) {
  box.sidebar.classList.toggle("open", open);
  box.topbar.querySelector(".menu-btn").setAttribute("aria-expanded", String(open));
}

function toggleTraffic(open) {
  box.traffic.hidden = !open;
  writeAddress({ traffic: open ? "1" : "" });
  if (open) drawer.draw(telling.zone);
}

const known = () => ({ commands: now.state.commands, hints: now.state.hints, people: now.state.people.filter(({ id }) => id !== now.as) });

/* Going somewhere. */

async function openChannel(id, { thread = null } = {}) {
  const channel = channelOf(id);
  const unread = channel.unread;
  Object.assign(now, { channel: id, tab: "messages", messages: [], newFrom: null });
  closeThread();
  channel.unread = 0;
  drawFrame();
  toggleMenu(false);
  writeAddress({ as: now.as, c: id, tab: "", thread: "" });
  pane = channelPane(box.main, {
    channel, app: now.state.app, isApp: inApp(), tab: "messages", draft: now.drafts.get(`${now.as}:${id}`), known, shortcuts: now.state.shortcuts,
  }, host, { send: (text) => send(text, null), keep: (text) => now.drafts.set(`${now.as}:${id}`, text), tab: openApp, shortcut: (callback_id) => said(act("shortcut", { callback_id })) });
  await refetch();
  if (now.channel !== id) return;
  if (unread) now.newFrom = now.messages.at(-Math.min(unread, now.messages.length))?.ts ?? null;
  draw();
  pane?.toEnd();
  if (thread) await openThread(thread);
  else if (innerWidth > 700) document.getElementById("composer-main")?.focus({ preventScroll: true });
}

async function openApp(tab) {
  const own = appChannel();
  if (tab === "messages" && own) return openChannel(own.id);
  Object.assign(now, { channel: own?.id ?? null, tab: "home", messages: [] });
  pane = null;
  closeThread();
  drawFrame();
  toggleMenu(false);
  writeAddress({ as: now.as, c: own?.id ?? "", tab: "home", thread: "" });
  drawHome();
  await said(act("home_opened", {}));
}

async function openThread(ts) {
  now.thread = { ts, messages: now.messages.filter((message) => message.ts === ts) };
  writeAddress({ thread: ts });
  const key = `${now.as}:${now.channel}:${ts}`;
  const channel = channelOf(now.channel);
  threadBoard = threadPane(box.thread, { name: channel.kind === "channel" ? `#${channel.name}` : channel.name, draft: now.drafts.get(key), known }, host,
    { send: (text) => send(text, ts), keep: (text) => now.drafts.set(key, text), close: closeThread });
  await refetchThread();
  threadBoard?.toEnd();
  document.getElementById("composer-thread")?.focus({ preventScroll: true });
}

function closeThread() {
  now.thread = null;
  threadBoard = null;
  box.thread.hidden = true;
  box.thread.replaceChildren();
  writeAddress({ thread: "" });
}

/** Acts as another person, in the same place where that person can be there. */
async function become(id, wanted = { c: now.channel, tab: now.tab }) {
  hangUp();
  modal.close();
  Object.assign(now, { as: id, notices: [], thread: null });
  await loadState();
  hangUp = listen(now.as, { onEvent: happened, onUp: cameUp, onDown: wentDown });
  if (!box.traffic.hidden) drawer.draw(telling.zone);
  const first = now.state.channels.find(({ kind }) => kind === "channel") ?? now.state.channels[0];
  const stayed = channelOf(wanted.c) ?? sameDm(wanted.c);
  if (wanted.tab === "home" || !(stayed ?? first)) return openApp("home");
  return openChannel((stayed ?? first).id, { thread: wanted.thread });
}

function switchTo(id) {
  become(id).catch((error) => toast(`The server does not answer. ${error.message}`, { bad: true }));
}

/** A DM with the bot has another id for each person: being in one's own, one stays in the app. */
function sameDm(id) {
  return typeof id === "string" && id.startsWith("D") ? appChannel() : undefined;
}

/* What the person does. */

async function send(text, thread) {
  if (text.startsWith("/")) return command(text, thread);
  const answer = await act("message", { channel: now.channel, text, ...(thread ? { thread_ts: thread } : {}) });
  if (!answer.ok) notice(answer.error, thread);
  return answer.ok;
}

async function command(text, thread) {
  const word = text.split(/\s/)[0];
  if (thread) {
    notice(`${word} is not supported in threads. Sorry!`, thread);
    return true;
  }
  const answer = await act("command", { channel: now.channel, text });
  if (!answer.ok) notice(answer.error ?? `${word} failed.`, null);
  return true;
}

/** Slackbot's answer to the person alone; only this page knows it. */
function notice(text, thread) {
  now.notices.push({ channel: now.channel, thread, message: { ts: clock().toFixed(6), user: "USLACKBOT", bot: false, text, blocks: [], reactions: [], ephemeral: true, files: [] } });
  draw();
}

async function move(name) {
  now.moving = name;
  drawFrame();
  const answer = await said(act("clock", { move: name }));
  now.moving = null;
  if (answer.ok) {
    setClock(answer.now);
    toast(`It is ${fullTime(clock(), telling.zone)}.`);
    await catchUp();
  }
  drawFrame();
}

/* What happens. */

const EVENTS = {
  message({ channel, message }) {
    if (!channelOf(channel)) return refetchState();
    if (channel !== now.channel || now.tab === "home") return;
    const isReply = message.thread_ts && message.thread_ts !== message.ts;
    if (!isReply) put(now.messages, message);
    else if (now.thread?.ts === message.thread_ts) put(now.thread.messages, message);
    drawSoon();
    refetch();
  },
  message_changed({ channel, message }) {
    if (channel !== now.channel) return;
    for (const list of [now.messages, now.thread?.messages ?? []]) {
      if (list.some(({ ts }) => ts === message.ts)) put(list, message);
    }
    drawSoon();
  },
  message_deleted({ channel, ts }) {
    if (channel !== now.channel) return;
    now.messages = now.messages.filter((message) => message.ts !== ts);
    if (now.thread) now.thread.messages = now.thread.messages.filter((message) => message.ts !== ts);
    draw();
  },
  unread({ channel, unread }) {
    const room = channelOf(channel);
    if (!room) return refetchState();
    room.unread = channel === now.channel && now.tab !== "home" ? 0 : unread;
    drawFrame();
  },
  channels: () => refetchState(),
  view_opened: ({ view, over }) => modal.open(view, over),
  view_updated: ({ view }) => modal.update(view),
  view_closed: ({ view_id: id }) => (id ? modal.close(id) : modal.closedElsewhere()),
  home({ view }) {
    now.state.home = view;
    if (now.tab === "home") drawHome();
  },
  clock({ now: at }) {
    setClock(at);
    drawFrame();
    draw();
  },
  traffic: (call) => drawer.add(call),
};

function happened(event) {
  if (now.state && Object.hasOwn(EVENTS, event.type)) EVENTS[event.type](event);
}

function put(list, message) {
  const at = list.findIndex(({ ts }) => ts === message.ts);
  if (at >= 0) list[at] = { ...message, reply_count: message.reply_count ?? list[at].reply_count };
  else list.push(message);
}

function setClock(at) {
  now.skew = at - Date.now() / 1000;
}

async function loadState() {
  const state = await getState(now.as);
  Object.assign(now, { state, as: state.me.id });
  setClock(state.now);
}

async function refetchState() {
  try {
    await loadState();
  } catch {
    return; // the socket comes back and catches up
  }
  if (now.tab === "home") now.channel ??= appChannel()?.id ?? null; // the DM may be new
  const here = channelOf(now.channel);
  if (here && now.tab !== "home") here.unread = 0;
  drawFrame();
}

/** Reads the place again, at most once in a while: it brings reply counts and marks the place read. */
function refetch() {
  refetching ??= (async () => {
    await new Promise((go) => setTimeout(go, now.messages.length ? 150 : 0));
    refetching = null;
    const { channel } = now;
    if (!channel || now.tab === "home") return;
    const messages = await getMessages(now.as, channel).catch(() => now.messages);
    if (channel === now.channel) now.messages = messages;
    draw();
  })();
  return refetching;
}

async function refetchThread() {
  const { thread, channel } = now;
  if (!thread) return;
  const replies = await getMessages(now.as, channel, thread.ts).catch(() => thread.messages);
  const root = now.messages.filter((message) => message.ts === thread.ts && !replies.some(({ ts }) => ts === thread.ts));
  thread.messages = [...root, ...replies];
  draw();
}

async function catchUp() {
  await Promise.all([refetchState(), refetch(), refetchThread()]);
  if (now.tab === "home") drawHome();
}

async function cameUp() {
  const wasDown = !now.up;
  now.up = true;
  if (!wasDown) return;
  await catchUp();
  modal.follow(now.state.views ?? []);
}

function wentDown() {
  now.up = false;
  drawFrame();
}

/* The page as a whole. */

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (box.sidebar.classList.contains("open")) toggleMenu(false);
  else if (now.thread) closeThread();
  else if (!box.traffic.hidden) toggleTraffic(false);
});

addEventListener("hashchange", () => {
  const asked = readAddress();
  applyTheme();
  become(asked.as ?? now.as, asked).catch(() => wentDown());
});

setInterval(() => {
  if (now.state) showTime(clock(), telling.zone);
}, 5000);

async function start() {
  applyTheme();
  const asked = readAddress();
  try {
    await become(now.as, asked);
  } catch (error) {
    toast(`The server does not answer yet. ${error.message}`, { bad: true });
    setTimeout(start, 1500);
    return;
  }
  if (asked.traffic) toggleTraffic(true);
}

start();
