// The box to type in: sends on Enter, and hints at commands and people.

import { ICONS, h, icon } from "./dom.js";
import { hintsFor } from "./hints.js";

/**
 * `options`: id, testid, placeholder, draft, label, known() → {commands, hints, people},
 * keep(text) to remember a draft, send(text) → true where it was taken, extra: nodes beside the send button.
 */
export function composer(options) {
  const list = h("ul", { class: "hints", role: "listbox", id: `${options.id}-hints`, "aria-label": "Suggestions", "data-testid": "hint-list", hidden: true });
  const box = h("textarea", { id: options.id, rows: 1, placeholder: options.placeholder, "aria-label": options.label, "data-testid": options.testid, spellcheck: "true",
    "aria-autocomplete": "list", "aria-controls": list.id, value: options.draft ?? "" });
  const send = h("button", { type: "button", class: "send", "aria-label": "Send", "data-testid": options.testid === "composer" ? "send" : `${options.testid}-send`, onclick: submit }, icon(ICONS.send));
  let hints = [];
  let picked = -1;

  function grow() {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 220)}px`;
    send.classList.toggle("ready", Boolean(box.value.trim()));
  }

  function look() {
    const found = hintsFor(box.value, box.selectionStart, options.known());
    hints = found.entries;
    picked = found.picked;
    show();
  }

  function show() {
    list.hidden = !hints.length;
    picked = Math.min(picked, hints.length - 1);
    list.replaceChildren(...hints.map((hint, at) => h("li", { role: "option", id: `${options.id}-hint-${at}`, "aria-selected": String(at === picked), "data-testid": "hint", "data-word": hint.word,
      onpointerdown: (event) => { event.preventDefault(); complete(hint); } }, h("b", null, hint.title), hint.usage ? h("code", null, hint.usage) : null, h("span", null, hint.description ?? ""))));
    if (picked >= 0) {
      box.setAttribute("aria-activedescendant", `${options.id}-hint-${picked}`);
      list.children[picked].scrollIntoView({ block: "nearest" });
    } else box.removeAttribute("aria-activedescendant");
  }

  function complete(hint) {
    const rest = box.value.slice(box.selectionStart);
    const start = box.value.slice(0, hint.from) + hint.insert;
    box.value = start + rest.replace(/^\S*\s?/, "");
    box.setSelectionRange(start.length, start.length);
    changed();
  }

  function changed() {
    options.keep(box.value);
    grow();
    look();
  }

  async function submit() {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    changed();
    if (await options.send(text)) return;
    if (!box.value) { box.value = text; changed(); }
  }

  function keyed(event) {
    if (event.isComposing) return;
    if (hints.length && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      picked = (picked + (event.key === "ArrowDown" ? 1 : -1) + hints.length + (picked < 0 && event.key === "ArrowUp" ? 1 : 0)) % hints.length;
      show();
    } else if (hints.length && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      complete(hints[Math.max(0, picked)]);
    } else if (hints.length && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      hints = [];
      show();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      if (hints.length && picked >= 0) complete(hints[picked]);
      else submit();
    }
  }

  box.addEventListener("input", changed);
  box.addEventListener("keydown", keyed);
  box.addEventListener("blur", () => { hints = []; show(); });
  requestAnimationFrame(grow);
  return h("div", { class: "composer" }, list, box, h("div", { class: "composer-foot" }, options.extra ?? null, h("span", { class: "tip" }, "Shift + Enter for a new line"), send));
}
