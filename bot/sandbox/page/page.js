// The page: begins, follows what happens, and lets one act as another and move the clock.

import { applyTheme, readAddress, writeAddress } from "./address.js";
import { getState, listen, upload } from "./api.js";
import { confirmed } from "./confirm.js";
import { toast } from "./dom.js";
import { showTime } from "./frame.js";
import { modals } from "./modal.js";
import { act, appChannel, channelOf, clock, loadState, now, said, setClock } from "./now.js";
import { bar, catchUp, closeThread, draw, drawFrame, drawHome, drawSoon, isMenuOpen, openApp, openChannel, refetch, refetchState, toggleMenu, type } from "./places.js";
import { point } from "./point.js";
import { modalSurface, zone } from "./surfaces.js";
import { fullTime } from "./time.js";
import { tour } from "./tour.js";
import { traffic } from "./traffic.js";

const trafficBox = document.getElementById("traffic");
const drawer = traffic(trafficBox, { close: () => toggleTraffic(false) });
const modal = modals({ act, surface: modalSurface });
const guide = tour({ box: document.getElementById("tour"), act: (type, fields) => said(act(type, fields)), show: showPlace, changed: () => drawFrame(), takeLeads: () => (now.state.can_take_leads ? takeLeads : null) });
let hangUp = () => {};
let typedByTour = false; // the words in the box are the tour's

/** Acts as a person, in the same place where that person can be there. */
async function become(id, wanted = { c: now.channel, tab: now.tab }) {
  hangUp();
  modal.close();
  if (id !== now.as) now.notices = [];
  now.as = id;
  await loadState();
  hangUp = listen(now.as, { onEvent: happened, onUp: cameUp, onDown: wentDown });
  if (!trafficBox.hidden) drawer.draw(zone());
  return goTo(wanted);
}

function goTo(wanted) {
  const first = now.state.channels.find(({ kind }) => kind === "channel") ?? now.state.channels[0];
  const place = channelOf(wanted.c) ?? ownDm(wanted.c) ?? first;
  if (wanted.tab === "home" || !place) return openApp("home");
  return openChannel(place.id, { thread: wanted.thread });
}

/** A DM with the bot has another id for each person: being in one's own, one stays in the app. */
function ownDm(id) {
  return typeof id === "string" && id.startsWith("D") ? appChannel() : undefined;
}

async function move(name) {
  now.moving = name;
  drawFrame();
  const answer = await said(act("clock", { move: name }));
  now.moving = null;
  if (answer.ok) {
    setClock(answer.now);
    toast(`It is ${fullTime(clock(), zone())}.`);
    await catchUp();
  }
  drawFrame();
}

/** Brings whoever looks to where a station of the tour is: {as, c, ts, thread, say, move}. */
async function showPlace({ as, c, ts, thread, say, move: button }) {
  modal.close();
  if (as && (as !== now.as || c !== now.channel || now.tab === "home" || thread)) await become(as, { c, thread });
  if (say || typedByTour) type(say ?? "");
  typedByTour = Boolean(say);
  point(button ? `[data-move="${button}"]` : `[data-ts="${ts}"]`);
}

async function reset() {
  const sure = { title: { type: "plain_text", text: "Begin the demo anew?" }, text: { type: "plain_text", text: "Everything done here is forgotten, and it is Thursday morning again." }, confirm: { type: "plain_text", text: "Begin anew" } };
  if (await confirmed(sure, modalSurface({ view: { blocks: [] } }))) await begin("reset", {});
}

async function takeLeads(file) {
  const answer = await said(upload(now.as, file));
  if (answer.ok) await begin("leads", { file: answer.file.id });
}

/** Begins anew, and comes back when the demo is there again. */
async function begin(type, fields) {
  const answer = await said(act(type, fields));
  if (!answer.ok) return;
  toast("The demo begins anew…");
  hangUp();
  let state = null;
  while (!state?.can_reset) {
    await new Promise((go) => setTimeout(go, 400));
    state = await getState(now.as).catch(() => null);
  }
  location.reload();
}

function toggleTraffic(open) {
  trafficBox.hidden = !open;
  writeAddress({ traffic: open ? "1" : "" });
  if (open) drawer.draw(zone());
}

Object.assign(bar, {
  person: (id, wanted) => become(id, wanted).catch((error) => toast(`The server does not answer. ${error.message}`, { bad: true })),
  move,
  traffic: () => toggleTraffic(trafficBox.hidden),
  tour: () => guide.toggle(!guide.isOpen()),
  tourNow: () => (guide.count() ? { count: guide.count(), isOpen: guide.isOpen() } : null),
  reset,
});

/* What happens */

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
    drawSoon();
  },
  unread({ channel, unread }) {
    const room = channelOf(channel);
    if (!room) return refetchState();
    room.unread = channel === now.channel && now.tab !== "home" ? 0 : unread;
    drawFrame();
  },
  channels: catchUp,
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
  if (event.type.startsWith("message")) now.changes += 1;
  if (event.type !== "traffic") guide.look();
  if (Object.hasOwn(EVENTS, event.type)) EVENTS[event.type](event);
}

function put(list, message) {
  const at = list.findIndex(({ ts }) => ts === message.ts);
  if (at >= 0) list[at] = message;
  else list.push(message);
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

/* The page as a whole */

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  if (isMenuOpen()) toggleMenu(false);
  else if (now.thread) closeThread();
  else if (!trafficBox.hidden) toggleTraffic(false);
});

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address says where one is
  (document.getElementById("composer-main") ?? document.getElementById("main")).focus();
});

addEventListener("hashchange", () => {
  const asked = readAddress();
  applyTheme();
  toggleTraffic(Boolean(asked.traffic));
  guide.draw();
  if (asked.as && asked.as !== now.as) bar.person(asked.as, asked);
  else goTo(asked);
});

setInterval(() => { if (now.state) showTime(clock(), zone()); }, 5000);

async function start() {
  applyTheme();
  const asked = readAddress();
  try {
    await become(now.as, asked);
    guide.look(0);
    if (asked.traffic) toggleTraffic(true);
  } catch (error) {
    toast(`The server does not answer yet. ${error.message}`, { bad: true });
    setTimeout(start, 1500);
  }
}

start();
