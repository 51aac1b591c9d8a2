// Draws Block Kit: one function for each type of block.
//
// `surface` is what a set of blocks stands on: everything mrkdwn.js asks for, and
//   kind: "message" | "modal" | "home"
//   values: {block_id: {action_id: value}}, as Slack's view.state.values; elements fill it in
//   errors: {block_id: text}
//   dispatch(block_id, action_id, value): tells the bot of a block action
//   upload(file): sends a file, answers {ok, file}
//   people, channels: to choose from

import { chart } from "./charts.js";
import { h, s } from "./dom.js";
import { element } from "./elements.js";
import { markdown } from "./markdown.js";
import { textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";
import { dataTable, plainTable } from "./tables.js";

const BLOCKS = {
  section, header, divider, context, actions, input, image, alert,
  rich_text: richText,
  markdown: (block, surface) => h("div", { class: "b-markdown" }, markdown(block.text ?? "", surface)),
  table: plainTable,
  data_table: dataTable,
  data_visualization: chart,
};

/** All blocks of a message or view, each in a box that carries its block_id. */
export function blocks(list, surface) {
  return list.map((block, at) => {
    const withId = { ...block, block_id: block.block_id ?? `block-${at}` };
    return h("div", { class: `block block-${block.type}`, "data-block-id": withId.block_id, "data-block-type": block.type }, drawn(withId, surface));
  });
}

/** A block that is malformed shows itself, and does not take its neighbours with it. */
function drawn(block, surface) {
  if (!Object.hasOwn(BLOCKS, block.type)) return unknown(block);
  try {
    return BLOCKS[block.type](block, surface);
  } catch (error) {
    console.error(error);
    return unknown(block);
  }
}

function unknown(block) {
  return h("div", { class: "unknown", "data-testid": "unknown-block" },
    h("b", null, `Unknown block: ${block.type}`), h("pre", null, JSON.stringify(block, null, 1)));
}

function section(block, surface) {
  const body = h("div", { class: "section-body" },
    block.text ? h("div", { class: "text" }, textObject(block.text, surface)) : null,
    block.fields ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "text" }, textObject(field, surface)))) : null);
  const accessory = block.accessory ? h("div", { class: "accessory" }, element(block.accessory, block, surface)) : null;
  return h("div", { class: "b-section" }, body, accessory);
}

function header(block, surface) {
  return h(surface.kind === "home" ? "h2" : "h3", { class: "b-header" }, textObject(block.text, surface));
}

function divider() {
  return h("hr");
}

function context(block, surface) {
  return h("div", { class: "b-context" }, block.elements.map((part) =>
    part.type === "image" ? picture(part) : h("span", { class: "text" }, textObject(part, surface))));
}

function actions(block, surface) {
  return h("div", { class: "b-actions" }, block.elements.map((part) => element(part, block, surface)));
}

function input(block, surface) {
  const id = `in-${surface.kind}-${block.block_id}`.replace(/[^\w-]/g, "_");
  const error = surface.errors?.[block.block_id];
  const grouped = ["radio_buttons", "checkboxes"].includes(block.element?.type);
  const label = [textObject(block.label, surface), block.optional ? h("span", { class: "optional" }, " (optional)") : null];
  const described = [error ? `${id}-error` : null, block.hint ? `${id}-hint` : null].filter(Boolean).join(" ") || null;
  const control = element(block.element, block, surface, { id, described, invalid: Boolean(error), required: !block.optional });
  return h(grouped ? "fieldset" : "div", { class: error ? "b-input has-error" : "b-input" },
    grouped ? h("legend", { class: "label" }, label) : h("label", { class: "label", for: id }, label),
    control,
    error ? h("div", { class: "error", id: `${id}-error`, role: "alert", "data-testid": "field-error" }, error) : null,
    block.hint ? h("div", { class: "hint", id: `${id}-hint` }, textObject(block.hint, surface)) : null);
}

function image(block, surface) {
  const title = block.title ? h("figcaption", null, textObject(block.title, surface)) : null;
  return h("figure", { class: "b-image" }, title, picture(block));
}

/** Only pictures of this server load: nothing here comes from another host; the rest show what they say. */
function picture(part) {
  const address = part.image_url ?? part.slack_file?.url ?? "";
  const own = address.startsWith("/") || address.startsWith(location.origin) || address.startsWith("data:image/");
  if (own) return h("img", { src: address, alt: part.alt_text ?? "", loading: "lazy" });
  return h("span", { class: "picture", role: "img", "aria-label": part.alt_text ?? "image", title: address }, part.alt_text || "image");
}

const ALERT_MARKS = {
  success: "M4.5 10.5 8.5 14.5 15.5 6", error: "M5.5 5.5l9 9M14.5 5.5l-9 9", warning: "M10 4.5v7M10 15v.1", info: "M10 9v6M10 5.5v.1", default: "M10 9v6M10 5.5v.1",
};

function alert(block, surface) {
  const level = Object.hasOwn(ALERT_MARKS, block.level) ? block.level : "default";
  const mark = s("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true" }, s("path", { d: ALERT_MARKS[level] }));
  const spoken = level === "default" ? null : h("span", { class: "unseen" }, `${level}: `);
  return h("div", { class: `b-alert ${level}`, role: "alert", "data-testid": "alert" }, mark, h("div", { class: "text" }, spoken, textObject(block.text, surface)));
}
