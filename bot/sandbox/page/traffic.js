// The drawer that shows what goes between Slack and the bot.

import { ICONS, h, icon } from "./dom.js";
import { clockTime } from "./time.js";

const KEPT = 400;

/** Answers {add(event), draw(zone)}; newest last, as a log reads. */
export function traffic(box, { close }) {
  const calls = [];
  const rows = h("ol");
  const log = h("div", { class: "calls", role: "log", "aria-live": "off", tabindex: 0, "aria-label": "Calls, newest last" }, rows);
  const search = h("input", { type: "search", class: "field", placeholder: "Filter, e.g. chat.update", "aria-label": "Filter the traffic", "data-testid": "traffic-filter" });
  const count = h("span", { class: "count" });
  let zone = "UTC";
  box.append(
    h("header", { class: "panel-head" }, h("h2", null, "Traffic ", count), search, h("p", { class: "legend-line" }, h("span", { class: "to-bot" }, "→ bot"), " events, commands, presses · ", h("span", { class: "to-slack" }, "→ Slack"), " the bot's calls"),
      h("button", { type: "button", class: "plain", onclick: clear }, "Clear"),
      h("button", { type: "button", class: "icon-btn", "aria-label": "Close the traffic", onclick: close }, icon(ICONS.close))),
    log);
  search.addEventListener("input", redraw);

  function clear() {
    calls.length = 0;
    redraw();
  }

  function matches(call) {
    return !search.value.trim() || JSON.stringify([call.what, call.body, call.answer]).toLowerCase().includes(search.value.trim().toLowerCase());
  }

  function redraw() {
    rows.replaceChildren(...calls.filter(matches).map((call) => line(call, zone)));
    count.textContent = String(calls.length);
  }

  function add(call) {
    calls.push(call);
    if (calls.length > KEPT) calls.shift();
    if (box.hidden) return;
    const atEnd = log.scrollTop + log.clientHeight > log.scrollHeight - 40;
    if (rows.childElementCount >= KEPT) rows.firstElementChild.remove();
    if (matches(call)) rows.append(line(call, zone));
    count.textContent = String(calls.length);
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  return { add, draw(shownIn) { zone = shownIn; redraw(); log.scrollTop = log.scrollHeight; } };
}

function line(call, zone) {
  const toBot = call.direction === "to_bot";
  const summary = h("summary", null,
    h("time", null, call.at ? clockTime(call.at, zone, true) : ""),
    h("span", { class: toBot ? "to-bot" : "to-slack" }, toBot ? "→ bot" : "→ Slack"),
    h("b", null, call.what),
    h("span", { class: call.ok ? "status" : "status bad" }, call.ok ? "ok" : call.answer?.error ?? String(call.status ?? "failed")),
    h("span", { class: "ms" }, call.ms === undefined || call.ms === null ? "" : `${Math.round(call.ms)} ms`));
  const details = h("details", { "data-testid": "call", "data-what": call.what, "data-direction": call.direction }, summary);
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(h("h4", null, "Sent"), pretty(call.body), h("h4", null, `Answer${call.status ? ` (${call.status})` : ""}`), pretty(call.answer));
  });
  return h("li", null, details);
}

function pretty(value) {
  return h("pre", null, JSON.stringify(value ?? null, null, 2));
}
