// Draws what stands around the messages: top bar, sidebar, avatars.

import { ICONS, h, icon, replace } from "./dom.js";
import { fullTime } from "./time.js";

const MOVES = [["now", "Now"], ["+10m", "+10 min"], ["+1h", "+1 h"], ["evening", "Evening"], ["next_morning", "Next morning"], ["next_monday", "Next Monday"]];

/** `on`: person(id), move(name), traffic(), menu(), tour(), reset(). `tour`: {count, isOpen} where there is one. */
export function topbar(box, { state, as, now, moving, up, tour }, on) {
  const people = state.people.filter(({ is_bot: bot }) => !bot);
  if (isDrawn(box, [people, as, moving, up, tour])) return showTime(now, state.me.tz);
  drawn(box,
    h("button", { type: "button", class: "icon-btn menu-btn", "aria-label": "Channels", "aria-expanded": "false", "data-testid": "menu", onclick: on.menu }, icon(ICONS.menu)),
    h("div", { class: "clock" }, icon(ICONS.clock),
      h("time", { id: "clock", "data-testid": "clock", title: `The time of this workspace, in ${state.me.tz}` }),
      h("div", { class: "moves", role: "group", "aria-label": "Move the clock" }, MOVES.map(([move, words]) =>
        h("button", { type: "button", "data-testid": "clock-move", "data-move": move, disabled: Boolean(moving), "aria-busy": moving === move ? "true" : null, onclick: () => on.move(move) }, words)))),
    up ? null : h("span", { class: "down", role: "status", "data-testid": "offline" }, "Reconnecting…"),
    h("label", { class: "acting" }, h("span", { class: "acting-word" }, "Acting as"), avatar(state.me),
      h("select", { "data-testid": "person", "aria-label": "Person you act as", onchange: (event) => on.person(event.target.value), value: as },
        people.map((person) => h("option", { value: person.id }, `${person.real_name}${roleOf(person)}`)))),
    tour ? h("button", { type: "button", class: "tour-btn", "aria-expanded": String(tour.isOpen), "aria-controls": "tour", "data-testid": "tour-toggle", onclick: on.tour }, icon(ICONS.flag), h("span", { class: "word" }, "Tour "), tour.count) : null,
    state.can_reset ? h("button", { type: "button", class: "icon-btn", "data-testid": "reset", "aria-label": "Begin the demo anew", title: "Begin the demo anew", onclick: on.reset }, icon(ICONS.reset)) : null,
    h("button", { type: "button", class: "icon-btn", "data-testid": "traffic-toggle", "aria-label": "Traffic between Slack and the bot", title: "Traffic between Slack and the bot", onclick: on.traffic }, icon(ICONS.traffic)));
  showTime(now, state.me.tz);
}

export function showTime(now, zone) {
  const clock = document.getElementById("clock");
  clock.dataset.now = String(now);
  clock.textContent = fullTime(now, zone);
}

/** Whether this is what stands there: then it is left alone, with its focus and its open lists. */
function isDrawn(box, facts) {
  const mark = JSON.stringify(facts);
  if (box.mark === mark) return true;
  box.mark = mark;
  return false;
}

function drawn(box, ...nodes) {
  const { channel, move, testid } = box.contains(document.activeElement) ? document.activeElement.dataset : {};
  replace(box, ...nodes);
  if (testid) [...box.querySelectorAll(`[data-testid="${testid}"]`)].find((node) => node.dataset.channel === channel && node.dataset.move === move)?.focus();
}

function roleOf(person) {
  const role = person.is_guest ? "guest" : person.role;
  return role ? ` · ${role}` : "";
}

/** `on`: open(channelId), app(). `at`: {channel, tab}. */
export function sidebar(box, { state, at }, on) {
  const { app } = state;
  const own = state.channels.find((channel) => channel.kind === "im" && channel.with === app.bot_user_id);
  const dms = state.channels.filter((channel) => channel.kind === "im" && channel !== own);
  const bot = state.people.find(({ id }) => id === app.bot_user_id) ?? { id: app.bot_user_id, real_name: app.name, is_bot: true };
  if (isDrawn(box, [state.channels, state.people, state.me, state.team, at])) return;
  drawn(box,
    h("div", { class: "team" }, h("b", null, state.team.name)),
    h("div", { class: "rooms" },
      group("Channels", state.channels.filter(({ kind }) => kind === "channel").map((channel) => room(channel, [icon(ICONS.hash), channel.name], at, () => on.open(channel.id)))),
      dms.length ? group("Direct messages", dms.map((channel) => room(channel, [avatar(state.people.find(({ id }) => id === channel.with) ?? { id: channel.with, real_name: channel.name }), channel.name], at, () => on.open(channel.id)))) : null,
      group("Apps", [room(own ?? { id: "app", unread: 0 }, [avatar(bot), app.name], at, on.app)])),
    h("div", { class: "self" }, avatar(state.me), h("div", null, h("b", null, state.me.real_name), h("small", null, `${state.me.is_guest ? "guest" : state.me.role ?? ""} · ${state.me.tz}`))));
}

function group(name, rows) {
  const id = `group-${name.replace(/\W/g, "-").toLowerCase()}`;
  return h("section", { "aria-labelledby": id }, h("h2", { id }, name), h("ul", null, rows));
}

function room(channel, content, at, open) {
  const here = channel.id === at.channel;
  return h("li", null, h("button", { type: "button", class: ["room", here ? "here" : "", channel.unread ? "unread" : ""].join(" "), "aria-current": here ? "page" : null, "data-testid": "channel", "data-channel": channel.id, onclick: open },
    content, channel.unread ? h("span", { class: "unread-count", "data-testid": "unread", "aria-label": `${channel.unread} unread` }, String(channel.unread)) : null));
}

/** A picture of the server's, else initials on a colour of the person's own. */
export function avatar(person) {
  if (person.avatar?.startsWith("/")) return h("img", { class: "avatar", src: person.avatar, alt: "" });
  if (person.is_bot) return h("img", { class: "avatar", src: "/static/icon.svg", alt: "" });
  const words = (person.real_name || person.name || "?").split(/[\s._-]+/).filter(Boolean);
  const initials = words.length > 1 ? words[0][0] + words.at(-1)[0] : words[0].slice(0, 2);
  const hue = [...String(person.id)].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 9, 7);
  return h("span", { class: `avatar hue-${hue}`, "aria-hidden": "true" }, initials.toUpperCase());
}
