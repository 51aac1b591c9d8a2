// Draws a list of messages: authors, blocks, reactions, threads, days, the unread mark.

import { fileAddress } from "./api.js";
import { blocks } from "./blocks.js";
import { ICONS, h, icon } from "./dom.js";
import { emoji } from "./emoji.js";
import { focusSpot, restore } from "./modal.js";
import { mrkdwn, plainText } from "./mrkdwn.js";
import { pickEmoji } from "./picker.js";
import { clockTime, dayHeading, dayOf, fullTime } from "./time.js";

const GROUPED_FOR = 300; // seconds in which one author's messages stand under one name

/**
 * Brings `box` to show `list`, leaving what did not change untouched, so that focus, scroll and half-typed fields stay.
 * `host`: what mrkdwn.js asks for, and as, react(message, name, add), reply(message) or null, dismiss(message), surface(message).
 */
export function showMessages(box, list, host, { newFrom = null } = {}) {
  const today = dayOf(host.now(), host.zone);
  const entries = [];
  let before = null;
  for (const message of list) {
    const day = dayOf(Number(message.ts), host.zone);
    const newDay = !before || dayOf(Number(before.ts), host.zone) !== day;
    if (newDay) entries.push({ key: `day-${day}`, mark: today, make: () => divider("day", dayHeading(Number(message.ts), host.zone, host.now())) });
    if (message.ts === newFrom) entries.push({ key: "new", mark: newFrom, make: () => divider("new", "New") });
    const compact = !newDay && message.ts !== newFrom && follows(before, message);
    entries.push({ key: message.ts, mark: markOf(message, host, [today, compact]), make: () => row(message, host, compact) });
    before = message;
  }
  reconcile(box, entries);
}

function markOf(message, host, more) {
  const text = JSON.stringify([message, host.zone, host.as, ...more]);
  return text.includes("{ago}") ? `${text}${Math.floor(host.now() / 60)}` : text;
}

function follows(before, message) {
  return before.user === message.user && !before.ephemeral && !message.ephemeral && message.ts - before.ts < GROUPED_FOR && !before.reply_count;
}

function reconcile(box, entries) {
  const drawn = new Map([...box.children].map((node) => [node.dataset.key, node]));
  let at = box.firstElementChild;
  for (const { key, mark, make } of entries) {
    const old = drawn.get(key);
    const node = old?.mark === mark ? old : renewed(old, make(), key, mark);
    if (old && at === old) at = node;
    if (node === at) at = at.nextElementSibling;
    else box.insertBefore(node, at);
    drawn.delete(key);
  }
  drawn.forEach((node) => node.remove());
}

/** Puts the new drawing in the old one's place, focus included. */
function renewed(old, node, key, mark) {
  node.dataset.key = key;
  node.mark = mark;
  if (!old) return node;
  const spot = focusSpot(old);
  old.replaceWith(node);
  restore(node, spot);
  return node;
}

function divider(kind, words) {
  return h("div", { class: `divider ${kind}`, role: "separator", "data-testid": kind === "new" ? "new-mark" : null }, h("span", null, words));
}

function row(message, host, compact) {
  const at = Number(message.ts);
  const author = host.author(message);
  const time = h("time", { class: "at", datetime: new Date(at * 1000).toISOString(), title: fullTime(at, host.zone) }, clockTime(at, host.zone));
  const head = compact ? null : h("div", { class: "head" }, h("b", { class: "author" }, author.real_name), author.is_bot ? h("span", { class: "badge" }, "APP") : null, time, edited(message));
  const classes = ["message", compact ? "compact" : "", message.ephemeral ? "ephemeral" : ""].join(" ");
  return h("article", { class: classes, tabindex: -1, "data-testid": "message", "data-ts": message.ts, "data-user": message.user, "data-ephemeral": message.ephemeral ? "true" : null, "aria-label": `${author.real_name}, ${clockTime(at, host.zone)}` },
    message.ephemeral ? h("div", { class: "only-you" }, icon(ICONS.eye), "Only visible to you") : null,
    h("div", { class: "gutter" }, compact ? time : host.avatar(author)),
    h("div", { class: "body" }, head, content(message, host, compact), attached(message, host), reactions(message, host), threadLine(message, host),
      message.ephemeral ? h("button", { type: "button", class: "plain dismiss", onclick: () => host.dismiss(message) }, "Dismiss") : null),
    message.ephemeral ? null : toolbar(message, host));
}

function edited(message) {
  return message.edited ? h("span", { class: "edited" }, " (edited)") : null;
}

/** A message without a head of its own says here that it was edited. */
function content(message, host, compact) {
  const mark = compact ? edited(message) : null;
  if (!message.blocks?.length) return h("div", { class: "text", "data-testid": "text" }, mrkdwn(message.text ?? "", host), mark);
  return h("div", { class: "blocks" }, blocks(message.blocks, host.surface(message)), mark);
}

function attached(message, host) {
  if (!message.files?.length) return null;
  return h("ul", { class: "files" }, message.files.map((file) => h("li", { "data-testid": "attached" }, plainText(file.name ?? file.title ?? file.id, false), " ",
    h("a", { href: fileAddress(host.as, file.id), download: file.name ?? "", "data-testid": "download", "aria-label": `Download ${file.name}` }, "Download"))));
}

function reactions(message, host) {
  if (!message.reactions?.length) return null;
  const pills = message.reactions.filter(({ users }) => users.length).map(({ name, users }) => {
    const mine = users.includes(host.as);
    const who = users.map((id) => (id === host.as ? "You" : host.person(id)?.real_name ?? id)).join(", ");
    return h("button", { type: "button", class: mine ? "reaction mine" : "reaction", "aria-pressed": String(mine), title: `${who} reacted with :${name}:`, "aria-label": `${name}, ${users.length}: ${who}`,
      "data-testid": "reaction", "data-name": name, onclick: () => host.react(message, name, !mine) }, emoji(name) ?? `:${name}:`, h("span", { class: "count" }, String(users.length)));
  });
  return h("div", { class: "reactions" }, pills, h("button", { type: "button", class: "reaction add", "aria-label": "Add reaction", onclick: (event) => pick(event, message, host) }, icon(ICONS.smile)));
}

function threadLine(message, host) {
  if (!message.reply_count || !host.reply) return null;
  return h("button", { type: "button", class: "replies", "data-testid": "replies", onclick: () => host.reply(message) }, `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`, h("span", null, "View thread"));
}

function pick(event, message, host) {
  pickEmoji(event.currentTarget, (name) => {
    const mine = message.reactions?.some((one) => one.name === name && one.users.includes(host.as));
    if (!mine) host.react(message, name, true);
  });
}

function toolbar(message, host) {
  const mine = message.reactions?.some(({ name, users }) => name === "white_check_mark" && users.includes(host.as));
  return h("div", { class: "toolbar", role: "toolbar", "aria-label": "Message actions" },
    h("button", { type: "button", "aria-label": mine ? "Take back your check mark" : "React with a check mark", title: "Check mark", "data-testid": "react-check", onclick: () => host.react(message, "white_check_mark", !mine) }, emoji("white_check_mark")),
    h("button", { type: "button", "aria-label": "Add reaction", title: "Add reaction", "data-testid": "add-reaction", onclick: (event) => pick(event, message, host) }, icon(ICONS.smile)),
    host.reply ? h("button", { type: "button", "aria-label": "Reply in thread", title: "Reply in thread", "data-testid": "reply-in-thread", onclick: () => host.reply(message) }, icon(ICONS.reply)) : null);
}
