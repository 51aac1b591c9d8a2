// Lets a person choose an emoji.

import { h, popover } from "./dom.js";
import { emoji, offered } from "./emoji.js";

export function pickEmoji(anchor, choose) {
  let close = () => {};
  const grid = h("div", { class: "emoji-grid", role: "listbox", "aria-label": "Emoji" });
  const search = h("input", { type: "search", class: "field", placeholder: "Search emoji", "aria-label": "Search emoji", "data-testid": "emoji-search" });
  const none = h("p", { role: "status" });
  const show = () => {
    const asked = search.value.trim().replace(/:/g, "").toLowerCase();
    const names = offered().filter((name) => name.includes(asked));
    none.textContent = names.length ? "" : "No emoji of this name.";
    grid.replaceChildren(...names.map((name) => h("button", { type: "button", role: "option", "aria-label": name, title: `:${name}:`, "data-emoji": name, onclick: () => { close(true); choose(name); } }, emoji(name))));
  };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") grid.firstElementChild?.click();
    else if (event.key === "ArrowDown") grid.querySelector("button")?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  grid.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [...grid.children];
    all[Math.min(all.length - 1, Math.max(0, all.indexOf(document.activeElement) + step))].focus();
  });
  show();
  close = popover(anchor, h("div", { class: "picker", "data-testid": "emoji-picker" }, search, none, grid), { label: "Choose an emoji" });
}
