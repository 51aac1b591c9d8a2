// Draws what can be pressed, chosen or typed in a block, and keeps its value in the surface's state.

import { ICONS, h, icon, menu } from "./dom.js";
import { confirmed } from "./confirm.js";
import { inputField } from "./inputs.js";
import { plainText, textObject } from "./mrkdwn.js";
import { choiceList, multiSelect, singleSelect } from "./selects.js";

const ELEMENTS = {
  button, overflow,
  image: (part) => h("span", { class: "picture", role: "img", "aria-label": part.alt_text ?? "image" }, part.alt_text || "image"),
  static_select: singleSelect, users_select: singleSelect, conversations_select: singleSelect, channels_select: singleSelect,
  multi_static_select: multiSelect, multi_users_select: multiSelect, multi_conversations_select: multiSelect, multi_channels_select: multiSelect,
  checkboxes: choiceList, radio_buttons: choiceList,
  plain_text_input: inputField, number_input: inputField, email_text_input: inputField, url_text_input: inputField,
  datepicker: inputField, timepicker: inputField, datetimepicker: inputField, file_input: inputField,
};

/** One element; `field` ({id, described, invalid, required}) where it stands in an input block. */
export function element(part, block, surface, field = {}) {
  const draw = part && Object.hasOwn(ELEMENTS, part.type) ? ELEMENTS[part.type] : null;
  if (!draw) return h("div", { class: "unknown", "data-testid": "unknown-element" }, `Unknown element: ${part?.type}`);
  return draw(part, slot(part, block, surface), surface, field);
}

/** Where an element's value lives: read it, set it, and tell the bot when it should know. */
function slot(part, block, surface) {
  const { block_id } = block;
  const dispatches = block.type !== "input" || block.dispatch_action === true;
  const read = () => surface.values[block_id]?.[part.action_id];
  const set = (value) => { (surface.values[block_id] ??= {})[part.action_id] = { type: part.type, ...value }; };
  const dispatch = async (value) => {
    if (part.confirm && !(await confirmed(part.confirm, surface))) return false;
    await surface.dispatch(block_id, part.action_id, { type: part.type, ...value });
    return true;
  };
  return {
    block, action_id: part.action_id, read, set, dispatches,
    dispatch,
    /** A choice was made: remembered, and sent where the block dispatches; undone where the person says no. */
    async choose(value, undo) {
      const before = read();
      set(value);
      if (dispatches && !(await dispatch(value))) {
        (surface.values[block_id] ??= {})[part.action_id] = before;
        undo?.();
      }
    },
  };
}

function button(part, place, surface) {
  const style = ["primary", "danger"].includes(part.style) ? part.style : "";
  const attributes = { class: `btn ${style}`, "data-action-id": part.action_id, "data-value": part.value ?? null, "aria-label": part.accessibility_label ?? null };
  const words = textObject({ ...part.text, type: "plain_text" }, surface);
  const press = async (event) => {
    const pressed = event.currentTarget;
    if (pressed.getAttribute("aria-busy") === "true") return;
    pressed.setAttribute("aria-busy", "true");
    await place.dispatch({ text: part.text, value: part.value });
    pressed.removeAttribute("aria-busy");
  };
  if (part.url && /^https?:/i.test(part.url)) {
    return h("a", { ...attributes, href: part.url, target: "_blank", rel: "noopener noreferrer", onclick: press }, words);
  }
  return h("button", { ...attributes, type: "button", onclick: press }, words);
}

function overflow(part, place) {
  const trigger = h("button", { type: "button", class: "btn overflow", "aria-haspopup": "menu", "aria-label": part.accessibility_label ?? "More actions", ...{ "data-action-id": part.action_id } }, icon(ICONS.dots));
  const choose = (option) => {
    if (option.url && /^https?:/i.test(option.url)) window.open(option.url, "_blank", "noopener");
    place.dispatch({ selected_option: option });
  };
  trigger.addEventListener("click", () => menu(trigger, "More actions", part.options.map((option) =>
    [overflowLine(option), () => choose(option), { "data-option-value": option.value }])));
  return trigger;
}

function overflowLine(option) {
  return [h("span", null, plainText(option.text.text)), option.description ? h("small", null, plainText(option.description.text)) : null];
}
