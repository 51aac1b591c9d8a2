// Goes to a channel, a thread or the app's Home, draws it, and says there what a person types.

import { writeAddress } from "./address.js";
import { getMessages } from "./api.js";
import { sidebar, topbar } from "./frame.js";
import { act, appChannel, channelOf, clock, humans, isInApp, loadState, now, said } from "./now.js";
import { channelPane, homePane, threadPane } from "./room.js";
import { homeSurface, messageHost } from "./surfaces.js";

const box = Object.fromEntries(["topbar", "sidebar", "main", "thread"].map((id) => [id, document.getElementById(id)]));

/** The acts of the top bar (person, move, traffic, tour, reset) and what it says of the tour; page.js gives them. */
export const bar = { tourNow: () => null };

let board = null; // the messages in the main pane, where it shows any
let threadBoard = null;
let refetching = null;
let drawing = null;

const host = messageHost({
  reply: (message) => openThread(message.thread_ts ?? message.ts),
  dismiss(message) {
    now.dismissed.add(message.ts);
    draw();
  },
});

const known = () => ({ commands: now.state.commands, hints: now.state.hints, people: humans().filter(({ id }) => id !== now.as) });

/* Drawing */

function visible(list, thread) {
  const own = now.notices.filter((notice) => notice.channel === now.channel && notice.thread === thread).map(({ message }) => message);
  return [...list, ...own].filter(({ ts }) => !now.dismissed.has(ts)).sort((one, two) => one.ts - two.ts);
}

export function draw() {
  board?.show(visible(now.messages, null), { newFrom: now.newFrom });
  if (now.thread) threadBoard?.show(visible(now.thread.messages, now.thread.ts));
}

/** Once for all that arrives together. */
export function drawSoon() {
  drawing ??= setTimeout(() => { drawing = null; draw(); }, 16);
}

export function drawFrame() {
  const { state, as, up, moving, channel } = now;
  topbar(box.topbar, { state, as, now: clock(), moving, up, tour: bar.tourNow() }, { ...bar, menu: () => toggleMenu() });
  sidebar(box.sidebar, { state, at: { channel: channel ?? "app" } }, { open: openChannel, app: () => openApp("home") });
  const unread = state.channels.reduce((sum, one) => sum + one.unread, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${state.team.name}`;
}

export function drawHome() {
  const view = now.state.home;
  homePane(box.main, { app: now.state.app, isApp: true, tab: "home" }, view, homeSurface(view), { tab: openApp });
}

export const isMenuOpen = () => box.sidebar.classList.contains("open");

export function toggleMenu(open = !isMenuOpen()) {
  box.sidebar.classList.toggle("open", open);
  box.topbar.querySelector(".menu-btn").setAttribute("aria-expanded", String(open));
}

/* Going */

export async function openChannel(id, { thread = null } = {}) {
  const channel = channelOf(id);
  const { unread } = channel;
  channel.unread = 0;
  leave({ channel: id, tab: "messages" });
  const draft = `${now.as}:${id}`;
  board = channelPane(box.main, { channel, app: now.state.app, isApp: isInApp(), tab: "messages", draft: now.drafts.get(draft), known, shortcuts: now.state.shortcuts }, host,
    { send: (text) => send(text, null), keep: (text) => now.drafts.set(draft, text), tab: openApp, shortcut: (callback_id) => said(act("shortcut", { callback_id })) });
  await refetch();
  if (now.channel !== id || now.tab === "home") return;
  if (unread) now.newFrom = now.messages.at(-Math.min(unread, now.messages.length))?.ts ?? null;
  draw();
  board?.toEnd();
  if (thread) await openThread(thread);
  else if (innerWidth > 760) document.getElementById("composer-main")?.focus({ preventScroll: true });
}

export async function openApp(tab) {
  const own = appChannel();
  if (tab === "messages" && own) return openChannel(own.id);
  leave({ channel: own?.id ?? null, tab: "home" });
  drawHome();
  await said(act("home_opened", {}));
}

/** Leaves the place one was in for another. */
function leave(place) {
  Object.assign(now, place, { messages: [], newFrom: null });
  board = null;
  closeThread();
  drawFrame();
  toggleMenu(false);
  writeAddress({ as: now.as, c: place.channel, tab: place.tab === "home" ? "home" : "", thread: "" });
}

/** Puts words into the box without sending them. */
export function type(text) {
  const typing = document.getElementById("composer-main");
  typing.value = text;
  typing.dispatchEvent(new Event("input"));
  typing.focus();
}

async function openThread(ts) {
  const channel = channelOf(now.channel);
  const draft = `${now.as}:${now.channel}:${ts}`;
  now.thread = { ts, messages: now.messages.filter((message) => message.ts === ts) };
  writeAddress({ thread: ts });
  threadBoard = threadPane(box.thread, { name: channel.kind === "channel" ? `#${channel.name}` : channel.name, draft: now.drafts.get(draft), known }, host,
    { send: (text) => send(text, ts), keep: (text) => now.drafts.set(draft, text), close: closeThread });
  await refetchThread();
  threadBoard?.toEnd();
  document.getElementById("composer-thread")?.focus({ preventScroll: true });
}

export function closeThread() {
  const from = box.thread.contains(document.activeElement) ? now.thread?.ts : null;
  now.thread = null;
  threadBoard = null;
  box.thread.hidden = true;
  box.thread.replaceChildren();
  writeAddress({ thread: "" });
  if (from) box.main.querySelector(`[data-ts="${from}"]`)?.focus({ preventScroll: true });
}

/* Reading again */

/** Reads the place, at most once in a while: it brings reply counts and marks the place read. */
export function refetch() {
  refetching ??= (async () => {
    await new Promise((go) => setTimeout(go, now.messages.length ? 150 : 0));
    refetching = null;
    const { as, channel } = now;
    if (!channel || now.tab === "home") return;
    const messages = await readUnchanged(() => getMessages(as, channel)).catch(() => now.messages);
    if (as === now.as && channel === now.channel) now.messages = messages;
    draw();
  })();
  return refetching;
}

/** Reads until no news came meanwhile: an answer older than the news would take it away again. */
async function readUnchanged(read) {
  for (;;) {
    const before = now.changes;
    const found = await read();
    if (before === now.changes) return found;
  }
}

async function refetchThread() {
  const { thread, channel } = now;
  if (!thread) return;
  const replies = await readUnchanged(() => getMessages(now.as, channel, thread.ts)).catch(() => thread.messages);
  const root = now.messages.filter((message) => message.ts === thread.ts && !replies.some(({ ts }) => ts === thread.ts));
  thread.messages = [...root, ...replies];
  draw();
}

export async function refetchState() {
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

export async function catchUp() {
  await Promise.all([refetchState(), refetch(), refetchThread()]);
  if (now.tab === "home") drawHome();
}

/* Saying */

/** Answers whether the text was taken, and may leave the box. */
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
