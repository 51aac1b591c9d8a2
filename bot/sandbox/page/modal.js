// Shows modal views as a stack of dialogs: opened, pushed, updated, submitted, closed.

import { blocks } from "./blocks.js";
import { ICONS, h, icon } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { faults, stateOf } from "./view_state.js";

/**
 * `host` gives act(type, fields) and surface(fields): what blocks need besides values and errors.
 * Answers {open(view, over), update(view), close(...viewIds), closedElsewhere(), follow(views)}; a view is known by its id.
 */
export function modals(host) {
  let stack = [];
  let closing = null;
  const typed = new Map(); // view id → values, for a view that comes back from under another
  const dialog = h("dialog", { class: "modal", "data-testid": "modal", "aria-labelledby": "modal-title" });
  dialog.addEventListener("cancel", (event) => { event.preventDefault(); if (stack.length) dismiss(stack.at(-1)); });
  dialog.addEventListener("pointerdown", (event) => { if (event.target === dialog && stack.length === 1 && outside(event)) dismiss(stack[0]); });
  dialog.addEventListener("input", forgive);
  document.body.append(dialog);

  /** What was wrong with a field is no longer said once it is changed. */
  function forgive({ target }) {
    const field = target.closest("[data-block-id]");
    const layer = stack.at(-1);
    if (!field || !layer?.errors[field.dataset.blockId]) return;
    delete layer.errors[field.dataset.blockId];
    field.querySelector(".error")?.remove();
    target.removeAttribute("aria-invalid");
  }

  const outside = ({ clientX: x, clientY: y }) => {
    const box = dialog.getBoundingClientRect();
    return x < box.left || x > box.right || y < box.top || y > box.bottom;
  };

  function open(view, over) {
    clearTimeout(closing);
    const at = stack.findIndex((other) => other.view.id === view.id);
    if (at >= 0) {
      const isTop = at === stack.length - 1;
      stack = stack.slice(0, at + 1);
      return isTop ? update(view) : draw(true);
    }
    if (!typed.has(view.id)) typed.set(view.id, {});
    const layer = { view, values: typed.get(view.id), errors: {}, busy: false, failure: null };
    stack = over ? [...stack.slice(0, stack.findIndex((other) => other.view.id === over) + 1 || stack.length), layer] : [layer];
    draw(true);
  }

  /** What a person typed stays where block and action keep their ids, as in Slack. */
  function update(view, instead = view.id) {
    const layer = stack.find((other) => other.view.id === instead) ?? stack.find((other) => other.view.root_view_id === view.id);
    if (!layer) return;
    Object.assign(layer, { view, values: stateOf(view.blocks, layer.values), errors: {}, failure: null });
    typed.set(view.id, layer.values);
    draw(false);
  }

  function close(...ids) {
    stack = ids.length ? stack.filter(({ view }) => !ids.includes(view.id)) : [];
    draw(true);
  }

  /** Slack says that a view closed; where another lay under it, that one is said to open next. */
  function closedElsewhere() {
    clearTimeout(closing);
    closing = setTimeout(close, 40);
  }

  /** After a lost connection: the views that are open there are the ones open here. */
  function follow(views) {
    const ids = views.map(({ id }) => id);
    stack = stack.filter(({ view }) => ids.includes(view.id));
    views.forEach((view, at) => open(view, ids[at - 1]));
    if (!views.length) draw(true);
  }

  async function dismiss(...layers) {
    close(...layers.map(({ view }) => view.id));
    for (const { view } of layers.reverse()) await host.act("view_closed", { view_id: view.id });
  }

  async function submit(layer) {
    if (layer.busy) return;
    const values = stateOf(layer.view.blocks, layer.values);
    layer.errors = faults(layer.view.blocks, values);
    if (Object.keys(layer.errors).length) return draw(false, true);
    Object.assign(layer, { busy: true, failure: null });
    draw(false);
    const ids = stack.map(({ view }) => view.id);
    const answer = await host.act("view_submission", { view_id: layer.view.id, values });
    layer.busy = false;
    followed(layer, answer, ids);
  }

  function followed(layer, answer, ids) {
    if (!answer.ok) { layer.failure = answer.error ?? "We had some trouble connecting. Try again?"; return draw(false); }
    switch (answer.response_action) {
      case "errors": layer.errors = answer.errors ?? {}; return draw(false, true);
      case "update": return answer.view ? update(answer.view, layer.view.id) : draw(false);
      case "push": return answer.view ? open(answer.view, layer.view.id) : draw(false);
      case "clear": return close(...ids);
      default: return close(layer.view.id);
    }
  }

  function draw(fresh, toError = false) {
    const layer = stack.at(-1);
    if (!layer) return empty();
    const spot = fresh ? null : focusSpot(dialog);
    const scrolled = fresh ? 0 : dialog.querySelector(".modal-body")?.scrollTop ?? 0;
    dialog.dataset.viewId = layer.view.id;
    dialog.dataset.callbackId = layer.view.callback_id ?? "";
    dialog.replaceChildren(content(layer));
    if (!dialog.open) dialog.showModal();
    dialog.querySelector(".modal-body").scrollTop = scrolled;
    const first = dialog.querySelector(toError ? "[aria-invalid]" : ".modal-body .field:not([type=file]), .modal-body input, .modal-foot button");
    if (toError || fresh) first?.focus();
    else restore(dialog, spot);
  }

  function empty() {
    if (dialog.open) dialog.close();
    dialog.replaceChildren();
    delete dialog.dataset.viewId;
    delete dialog.dataset.callbackId;
  }

  function content(layer) {
    const { view } = layer;
    const surface = host.surface({ kind: "modal", view, values: layer.values, errors: layer.errors });
    const stray = Object.entries(layer.errors).filter(([id]) => !view.blocks.some((block) => block.block_id === id && block.type === "input"));
    return h("form", { class: "modal-form", novalidate: true, onsubmit: (event) => { event.preventDefault(); if (view.submit) submit(layer); } },
      head(layer, surface),
      h("div", { class: "modal-body" },
        layer.failure ? h("div", { class: "b-alert error", role: "alert", "data-testid": "modal-failure" }, layer.failure) : null,
        stray.map(([, text]) => h("div", { class: "b-alert error", role: "alert" }, text)),
        blocks(view.blocks, surface)),
      foot(layer, surface));
  }

  function head({ view }, surface) {
    const back = stack.length > 1 ? h("button", { type: "button", class: "icon-btn", "aria-label": "Back", onclick: () => dismiss(stack.at(-1)) }, icon(ICONS.back)) : null;
    return h("header", { class: "modal-head" }, back, h("h2", { id: "modal-title", "data-testid": "modal-title" }, textObject(view.title, surface)),
      h("button", { type: "button", class: "icon-btn", "aria-label": "Close", "data-testid": "modal-x", onclick: () => dismiss(...stack) }, icon(ICONS.close)));
  }

  function foot({ view, busy }, surface) {
    return h("footer", { class: "modal-foot" },
      h("button", { type: "button", class: "btn", "data-testid": "modal-close", onclick: () => dismiss(stack.at(-1)) }, view.close ? textObject(view.close, surface) : view.submit ? "Cancel" : "Close"),
      view.submit ? h("button", { type: "submit", class: "btn primary", "data-testid": "modal-submit", "aria-busy": busy ? "true" : null }, textObject(view.submit, surface)) : null);
  }

  return { open, update, close, closedElsewhere, follow };
}

/** Where the focus is, in words that survive a redraw. */
export function focusSpot(root) {
  const active = document.activeElement;
  if (!root.contains(active)) return null;
  const block = active.closest("[data-block-id]")?.dataset.blockId;
  const action = active.dataset.actionId ?? active.closest("[data-action-id]")?.dataset.actionId;
  const caret = typeof active.selectionStart === "number" ? [active.selectionStart, active.selectionEnd] : null;
  return { block, action, testid: active.dataset.testid, value: active.dataset.optionValue, caret };
}

/** Puts the focus back on the same element of the new drawing, else on what holds it. */
export function restore(root, spot) {
  if (!spot) return;
  const among = [...root.querySelectorAll("[data-action-id],[data-testid],[data-option-value]")];
  const same = among.find((node) => (spot.action
    ? (node.dataset.actionId ?? node.closest("[data-action-id]")?.dataset.actionId) === spot.action && node.dataset.optionValue === spot.value && node.closest("[data-block-id]")?.dataset.blockId === spot.block
    : spot.testid && node.dataset.testid === spot.testid));
  (same ?? root).focus({ preventScroll: true });
  if (same && spot.caret && same.setSelectionRange) {
    try { same.setSelectionRange(...spot.caret); } catch { /* dates and the like have no caret */ }
  }
}
