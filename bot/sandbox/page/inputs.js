// Draws the elements in which something is typed, dated or uploaded.

import { h } from "./dom.js";
import { hooks } from "./hooks.js";
import { plainText } from "./mrkdwn.js";
import { toEpoch, toLocal } from "./time.js";

/** For each type: its HTML input, where the initial value stands, and what goes into the state. */
const KINDS = {
  plain_text_input: { html: "text", initial: "initial_value", value: (text) => ({ value: text || null }) },
  number_input: { html: "text", initial: "initial_value", value: (text) => ({ value: text || null }), extra: { inputmode: "decimal" } },
  email_text_input: { html: "text", initial: "initial_value", value: (text) => ({ value: text || null }), extra: { inputmode: "email" } },
  url_text_input: { html: "text", initial: "initial_value", value: (text) => ({ value: text || null }), extra: { inputmode: "url" } },
  datepicker: { html: "date", initial: "initial_date", value: (text) => ({ selected_date: text || null }), picked: true, extra: { min: "2000-01-01" } },
  timepicker: { html: "time", initial: "initial_time", value: (text) => ({ selected_time: text || null }), picked: true },
  datetimepicker: { html: "datetime-local", initial: "initial_date_time", picked: true, extra: { min: "2000-01-01T00:00" },
    value: (text, zone) => ({ selected_date_time: text ? toEpoch(text, zone) : null }), shown: (epoch, zone) => toLocal(epoch, zone) },
};

export function inputField(part, place, surface, field) {
  if (part.type === "file_input") return fileInput(part, place, surface, field);
  const kind = KINDS[part.type];
  const kept = place.read();
  const show = kind.shown ?? ((value) => value);
  const initial = part[kind.initial] === undefined ? "" : show(part[kind.initial], surface.zone);
  const now = kept ? keptText(kept, show, surface.zone) : String(initial);
  const box = control(part, kind, field);
  box.value = now;
  if (!kept) place.set(kind.value(now, surface.zone));
  wire(box, part, kind, place, surface);
  return box;
}

function keptText(kept, show, zone) {
  if (kept.selected_date_time) return show(kept.selected_date_time, zone);
  return kept.value ?? kept.selected_date ?? kept.selected_time ?? "";
}

function control(part, kind, field) {
  const attributes = { class: "field", ...hooks(part, field), placeholder: part.placeholder?.text ?? null, maxlength: part.max_length ?? null, ...kind.extra };
  if (part.multiline) return h("textarea", { ...attributes, rows: 4 });
  return h("input", { ...attributes, type: kind.html, autocomplete: "off" });
}

function wire(box, part, kind, place, surface) {
  const value = () => kind.value(box.value, surface.zone);
  if (kind.picked) {
    box.addEventListener("change", () => { if (box.validity.valid) place.choose(value()); }); // a year half typed is below the least
    return;
  }
  const triggers = part.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let waiting = null;
  box.addEventListener("input", () => {
    place.set(value());
    if (!place.dispatches || !triggers.includes("on_character_entered")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => place.dispatch(value()), 250);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    if (place.dispatches && triggers.includes("on_enter_pressed")) {
      event.preventDefault();
      place.dispatch(value());
    }
  });
}

function fileInput(part, place, surface, field) {
  const kept = place.read()?.files ?? [];
  const list = h("ul", { class: "files" });
  const several = (part.max_files ?? 10) > 1;
  const accept = part.filetypes?.map((type) => `.${type}`).join(",") ?? null;
  const picker = h("input", { ...hooks(part, field), type: "file", class: "field", accept, multiple: several });
  let files = [...kept];
  const show = () => {
    place.set({ files });
    list.replaceChildren(...files.map((file) => fileLine(file, () => { files = files.filter((other) => other !== file); picker.value = ""; show(); })));
  };
  picker.addEventListener("change", async () => {
    const chosen = [...picker.files];
    if (!several) files = [];
    for (const file of chosen.slice(0, (part.max_files ?? 10) - files.length)) {
      const answer = await surface.upload(file);
      if (answer.ok) files = [...files, answer.file];
      else list.append(h("li", { class: "error", role: "alert" }, answer.error ?? "The file was not taken."));
    }
    show();
  });
  show();
  return h("div", { class: "file-input" }, picker, list);
}

function fileLine(file, remove) {
  return h("li", { "data-testid": "file" }, h("span", null, plainText(file.name ?? file.id, false)), h("small", null, file.size ? ` ${size(file.size)} ` : " "),
    h("button", { type: "button", class: "plain", onclick: remove, "aria-label": `Remove ${file.name}` }, "Remove"));
}

function size(bytes) {
  return bytes < 1024 ? `${bytes} bytes` : bytes < 1048576 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}
