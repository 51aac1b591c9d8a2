// Draws the elements in which one or several things are chosen.

import { h } from "./dom.js";
import { hooks } from "./hooks.js";
import { textObject } from "./mrkdwn.js";

/** What a type chooses from, and under which names Slack carries the choice. */
const SOURCES = {
  static: { one: "selected_option", many: "selected_options", initialOne: "initial_option", initialMany: "initial_options",
    groups: (part) => (part.option_groups ?? [{ label: null, options: part.options ?? [] }]).map((group) => ({ label: group.label?.text, entries: group.options.map(optionEntry) })) },
  users: { one: "selected_user", many: "selected_users", initialOne: "initial_user", initialMany: "initial_users",
    groups: (_, surface) => [{ entries: surface.people.map((person) => ({ key: person.id, label: person.real_name || person.name, value: person.id })) }] },
  conversations: { one: "selected_conversation", many: "selected_conversations", initialOne: "initial_conversation", initialMany: "initial_conversations",
    groups: (part, surface) => [{ entries: surface.channels.filter((channel) => offeredIn(part, channel)).map(channelEntry) }] },
  channels: { one: "selected_channel", many: "selected_channels", initialOne: "initial_channel", initialMany: "initial_channels",
    groups: (_, surface) => [{ entries: surface.channels.filter((channel) => channel.kind === "channel").map(channelEntry) }] },
};

function optionEntry(option) {
  const more = option.description?.text ? ` · ${option.description.text}` : "";
  return { key: option.value, label: option.text.text + more, value: option };
}

function channelEntry(channel) {
  return { key: channel.id, label: channel.kind === "channel" ? `#${channel.name}` : channel.name, value: channel.id };
}

function offeredIn(part, channel) {
  const wanted = part.filter?.include;
  if (!wanted) return true;
  return channel.kind === "im" ? wanted.includes("im") : wanted.includes("public") || wanted.includes("private");
}

function sourceOf(part) {
  return SOURCES[part.type.replace(/^multi_/, "").replace(/_select$/, "")];
}

const keyOf = (value) => (value && typeof value === "object" ? value.value : value);

function options(groups) {
  return groups.map(({ label, entries }) => {
    const drawn = entries.map((entry) => h("option", { value: entry.key }, entry.label));
    return label ? h("optgroup", { label }, drawn) : drawn;
  });
}

function initial(part, source, surface) {
  if (part.default_to_current_conversation && surface.here) return part[source.initialOne] ?? surface.here;
  return part[source.initialOne] ?? null;
}

export function singleSelect(part, place, surface, field) {
  const source = sourceOf(part);
  const groups = source.groups(part, surface);
  const find = (key) => groups.flatMap((group) => group.entries).find((entry) => entry.key === key);
  const kept = place.read();
  const now = kept ? kept[source.one] : initial(part, source, surface);
  if (!kept) place.set({ [source.one]: now });
  const placeholder = h("option", { value: "" }, part.placeholder?.text ?? "Choose…");
  const box = h("select", { class: "field select", ...hooks(part, field) }, placeholder, options(groups));
  box.value = keyOf(now) ?? "";
  box.addEventListener("change", () => {
    const before = keyOf(place.read()?.[source.one]) ?? "";
    place.choose({ [source.one]: find(box.value)?.value ?? null }, () => { box.value = before; });
  });
  return box;
}

/** Chosen things as chips, and a select that adds one more. */
export function multiSelect(part, place, surface, field) {
  const source = sourceOf(part);
  const groups = source.groups(part, surface);
  const entries = groups.flatMap((group) => group.entries);
  if (!place.read()) place.set({ [source.many]: part[source.initialMany] ?? [] });
  const chips = h("div", { class: "chips" });
  const box = h("select", { class: "field select", ...hooks(part, field) });
  const chosen = () => place.read()[source.many];
  const change = async (values) => { await place.choose({ [source.many]: values }, draw); draw(); };
  function draw() {
    const keys = chosen().map(keyOf);
    const full = keys.length >= (part.max_selected_items ?? Infinity);
    chips.replaceChildren(...chosen().map((value) => chip(entries.find((entry) => entry.key === keyOf(value))?.label ?? keyOf(value),
      () => change(chosen().filter((other) => keyOf(other) !== keyOf(value))))));
    const left = groups.map((group) => ({ ...group, entries: group.entries.filter((entry) => !keys.includes(entry.key)) }));
    box.replaceChildren(h("option", { value: "" }, part.placeholder?.text ?? "Add…"), ...options(left).flat());
    box.disabled = full;
  }
  box.addEventListener("change", () => change([...chosen(), entries.find((entry) => entry.key === box.value).value]));
  draw();
  return h("div", { class: "multi" }, chips, box);
}

function chip(label, remove) {
  return h("span", { class: "chip", "data-testid": "chip" }, label, h("button", { type: "button", "aria-label": `Remove ${label}`, onclick: remove }, "×"));
}

/** Checkboxes and radio buttons. */
export function choiceList(part, place, surface, field) {
  const many = part.type === "checkboxes";
  const name = many ? "selected_options" : "selected_option";
  if (!place.read()) place.set({ [name]: many ? part.initial_options ?? [] : part.initial_option ?? null });
  const marked = () => [place.read()[name]].flat().filter(Boolean).map(keyOf);
  const group = `g-${field.id ?? `${place.block.block_id}-${part.action_id}`}`;
  const boxes = part.options.map((option) => {
    const box = h("input", { type: many ? "checkbox" : "radio", name: group, value: option.value, "data-option-value": option.value, checked: marked().includes(option.value) });
    const note = option.description ? h("small", null, textObject(option.description, surface)) : null;
    return { box, row: h("label", { class: "choice" }, box, h("span", null, textObject(option.text, surface), note)) };
  });
  const show = () => boxes.forEach(({ box }) => { box.checked = marked().includes(box.value); });
  const read = () => part.options.filter((_, at) => boxes[at].box.checked);
  boxes.forEach(({ box }) => box.addEventListener("change", () => place.choose({ [name]: many ? read() : read()[0] ?? null }, show)));
  return h("div", { class: "choices", ...hooks(part, field), role: many ? "group" : "radiogroup" }, boxes.map(({ row }) => row));
}
