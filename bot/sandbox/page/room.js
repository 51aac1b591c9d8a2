// Draws the place one is in: a channel, the app's messages, its Home, or a thread beside it.

import { blocks } from "./blocks.js";
import { composer } from "./composer.js";
import { ICONS, h, icon, menu, replace } from "./dom.js";
import { showMessages } from "./messages.js";
import { focusSpot, restore } from "./modal.js";

const NEAR = 80; // pixels from the end at which a list follows new messages

const isAtEnd = (list) => list.scrollTop + list.clientHeight > list.scrollHeight - NEAR;

/** A list of messages over a box to type in; `show(list, options)` draws, `toEnd()` scrolls. */
function board(label, testid, host) {
  const list = h("div", { class: "messages", role: "log", "aria-label": label, "aria-relevant": "additions", tabindex: 0, "data-testid": testid });
  const show = (messages, options) => {
    const wasAtEnd = isAtEnd(list);
    showMessages(list, messages, host, options);
    if (wasAtEnd) list.scrollTop = list.scrollHeight;
  };
  const toEnd = () => {
    const mark = list.querySelector(".divider.new");
    const last = list.lastElementChild;
    list.scrollTop = mark ? mark.offsetTop - list.offsetTop - 60 : list.scrollHeight;
    if (!mark && last?.offsetHeight > list.clientHeight) list.scrollTop = last.offsetTop - list.offsetTop; // a long one is read from its beginning
  };
  let follows = true;
  list.addEventListener("scroll", () => { follows = isAtEnd(list); });
  new ResizeObserver(() => { if (follows) list.scrollTop = list.scrollHeight; }).observe(list);
  return { list, show, toEnd };
}

/** The main pane for a channel or DM. `on`: send(text), keep(text), tab(name), shortcut(id); `about`: {channel, app, isApp, draft, known, shortcuts}. */
export function channelPane(box, about, host, on) {
  const { channel } = about;
  const name = about.isApp ? about.app.name : channel.kind === "channel" ? `#${channel.name}` : channel.name;
  const messages = board(`Messages in ${name}`, "messages", host);
  const typing = composer({
    id: "composer-main", testid: "composer", label: `Message to ${name}`, placeholder: `Message ${name}`, draft: about.draft,
    known: about.known, keep: on.keep, send: on.send, extra: shortcutsButton(about.shortcuts, on),
  });
  const topic = channel.topic ? h("p", { class: "topic" }, channel.topic) : null;
  replace(box, paneHead(name, topic, about, on), messages.list, channel.is_member === false ? h("p", { class: "not-in" }, `You are not in ${name}.`) : typing);
  return messages;
}

function paneHead(name, topic, about, on) {
  const title = h("h1", { "data-testid": "place" }, name);
  return h("header", { class: "pane-head" }, h("div", { class: "pane-title" }, title, topic), about.isApp ? tabs(about.tab, on) : null);
}

function tabs(current, on) {
  const tab = (id, words) => h("button", { type: "button", role: "tab", "aria-selected": String(current === id), "data-testid": `${id}-tab`, onclick: () => on.tab(id) }, words);
  return h("div", { class: "tabs", role: "tablist" }, tab("home", "Home"), tab("messages", "Messages"));
}

function shortcutsButton(shortcuts, on) {
  if (!shortcuts.length) return null;
  const button = h("button", { type: "button", class: "icon-btn", "aria-label": "Shortcuts", title: "Shortcuts", "aria-haspopup": "menu", "data-testid": "shortcuts" }, icon(ICONS.bolt));
  button.addEventListener("click", () => menu(button, "Shortcuts", shortcuts.map((one) =>
    [[h("span", null, one.name), h("small", null, one.description ?? "")], () => on.shortcut(one.callback_id), { "data-shortcut": one.callback_id }])));
  return button;
}

/** The app's Home; `surface` holds what is chosen in it, so that a new view keeps it. */
export function homePane(box, about, view, surface, on) {
  const before = box.querySelector(".home");
  const spot = before ? focusSpot(before) : null;
  const scrolled = before?.scrollTop ?? 0;
  const body = h("div", { class: "home", role: "tabpanel", "aria-label": "Home", tabindex: 0, "data-testid": "home", "data-view-id": view?.id ?? null },
    view ? h("div", { class: "blocks" }, blocks(view.blocks ?? [], surface)) : h("p", { class: "empty" }, `${about.app.name} has shown nothing here yet.`));
  replace(box, paneHead(about.app.name, null, about, on), body);
  body.scrollTop = scrolled;
  restore(body, spot);
}

/** The thread beside the place. `on`: send, keep, close. */
export function threadPane(box, about, host, on) {
  const messages = board("Thread", "thread-messages", Object.assign(Object.create(host), { reply: null }));
  const typing = composer({ id: "composer-thread", testid: "thread-composer", label: "Reply in thread", placeholder: "Reply…", draft: about.draft,
    known: () => ({ ...about.known(), commands: [] }), keep: on.keep, send: on.send });
  replace(box, h("header", { class: "panel-head" }, h("h2", null, "Thread"), h("small", null, about.name),
    h("button", { type: "button", class: "icon-btn", "aria-label": "Close the thread", "data-testid": "thread-close", onclick: on.close }, icon(ICONS.close))), messages.list, typing);
  box.hidden = false;
  return messages;
}
