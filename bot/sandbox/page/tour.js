// The tour at the side: what there is to do, ticked off by what happened, shown or done for whoever asks.

import { getTour } from "./api.js";
import { writeAddress, readAddress } from "./address.js";
import { ICONS, h, icon, replace, toast } from "./dom.js";

const WAIT = 300; // milliseconds for news to come together

/**
 * `host`: box, act(type, fields) → answer, show(place) to bring a person to a place, changed() when the count did,
 * takeLeads() → what takes a file of somebody's own leads, or null.
 * Answers {look() to ask the server soon, toggle(open), isOpen(), count()}.
 */
export function tour(host) {
  let stations = [];
  let doing = null;
  let asking = null;

  const isOpen = () => readAddress().tour !== "off";
  const done = () => stations.filter((station) => station.is_done).length;

  function look(wait = WAIT) {
    asking ??= setTimeout(async () => {
      asking = null;
      await ask().catch(() => {}); // the server is away; the next news asks again
    }, wait);
  }

  async function ask() {
    const news = await getTour();
    const waiting = new Set(stations.filter((station) => !station.is_done).map(({ id }) => id));
    stations = news;
    stations.filter(({ id, is_done: isDone }) => isDone && waiting.has(id)).forEach(praise);
    draw();
    host.changed();
  }

  function praise({ title }) {
    const left = stations.length - done();
    toast(`Done: ${title}. ${left ? `${left} to go.` : "That was the tour; the workspace is yours."}`);
  }

  function toggle(open) {
    writeAddress({ tour: open ? "" : "off" });
    draw();
    host.changed();
    if (open) host.box.querySelector("h2")?.focus();
  }

  async function perform(station) {
    doing = station.id;
    draw();
    const answer = await host.act("tour", { station: station.id });
    doing = null;
    if (answer.ok) await show(station.id);
    else draw();
  }

  async function show(id) {
    await ask().catch(() => {}); // what happened a moment ago may have changed where to look
    const { show: place } = stations.find((station) => station.id === id);
    await host.show(place);
    look(); // to be there may be what was asked for
  }

  function draw() {
    host.box.hidden = !stations.length || !isOpen();
    if (host.box.hidden) return host.box.replaceChildren();
    const focused = host.box.contains(document.activeElement) ? document.activeElement.dataset.tour : null;
    const current = stations.find(({ is_done: isDone }) => !isDone);
    replace(host.box, head(), h("progress", { max: stations.length, value: done(), "aria-label": "Stations done" }),
      h("ol", { class: "stations" }, stations.map((station, at) => row(station, at, station === current))),
      h("p", { class: "tour-foot" }, current ? "In any order, or none: everything here can be tried at any time." : "All done. Everything here can be tried as you like."),
      ownLeads(host.takeLeads()));
    if (focused) (host.box.querySelector(`[data-tour="${focused}"]:not(:disabled)`) ?? host.box.querySelector("h2")).focus({ preventScroll: true });
  }

  function ownLeads(take) {
    if (!take) return null;
    const file = h("input", { type: "file", accept: ".csv,text/csv", class: "unseen", tabindex: -1, "aria-hidden": "true", "data-testid": "own-leads", onchange: () => { if (file.files[0]) take(file.files[0]); file.value = ""; } });
    return h("section", { class: "tour-own" }, h("h3", null, "Your last quarter in Baton"),
      h("p", null, "Begin anew with a CSV of your own: an id and a date for each lead; source, tier, accepted, touched, won where you have them. It stays on this machine."),
      h("button", { type: "button", class: "btn", "data-tour": "own", "data-testid": "tour-own", onclick: () => file.click() }, "Choose a CSV file"), file);
  }

  function head() {
    return h("header", { class: "tour-head" }, h("h2", { tabindex: -1 }, "Five minutes with Baton"), h("span", { class: "count" }, `${done()} of ${stations.length}`),
      h("button", { type: "button", class: "icon-btn", "aria-label": "Close the tour", "data-testid": "tour-close", onclick: () => toggle(false) }, icon(ICONS.close)));
  }

  function row(station, at, isCurrent) {
    const { id, title, text, is_done: isDone } = station;
    return h("li", { class: ["station", isDone ? "done" : "", isCurrent ? "current" : ""].join(" "), "data-testid": "station", "data-station": id, "data-done": String(isDone), "aria-current": isCurrent ? "step" : null },
      h("span", { class: "tick", "aria-hidden": "true" }, isDone ? icon(ICONS.check) : String(at + 1)),
      h("div", null, h("h3", null, title, isDone ? h("span", { class: "unseen" }, " (done)") : null), h("p", null, text), buttons(station)));
  }

  function buttons({ id, title, is_done: isDone }) {
    const button = (name, words, press) => h("button", { type: "button", class: "btn", "aria-label": `${words}: ${title}`, "data-tour": `${id}-${name}`, "data-testid": `tour-${name}`, disabled: Boolean(doing), "aria-busy": doing === id && name === "do" ? "true" : null, onclick: press }, words);
    return h("div", { class: "tour-acts" }, button("show", isDone ? "See it" : "Show me", () => show(id)), isDone ? null : button("do", "Do it for me", () => perform({ id })));
  }

  return { look, toggle, isOpen, draw, count: () => (stations.length ? `${done()}/${stations.length}` : "") };
}
