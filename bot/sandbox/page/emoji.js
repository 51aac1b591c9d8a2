// Emoji by their short names: the common ones drawn here, so that they show on a machine without an emoji font.

import { h, s } from "./dom.js";

const NAMES = {
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", heavy_multiplication_x: "✖️", warning: "⚠️",
  "+1": "👍", "-1": "👎", eyes: "👀", raised_hands: "🙌", clap: "👏", pray: "🙏", wave: "👋", muscle: "💪", ok_hand: "👌", point_right: "👉",
  heart: "❤️", tada: "🎉", rocket: "🚀", fire: "🔥", star: "⭐", sparkles: "✨", trophy: "🏆", dart: "🎯", bulb: "💡", bell: "🔔",
  no_bell: "🔕", hourglass: "⌛", hourglass_flowing_sand: "⏳", alarm_clock: "⏰", stopwatch: "⏱️", clock3: "🕒", calendar: "📆", date: "📅",
  chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", bar_chart: "📊", memo: "📝", clipboard: "📋", inbox_tray: "📥", outbox_tray: "📤",
  email: "📧", telephone_receiver: "📞", speech_balloon: "💬", thought_balloon: "💭", link: "🔗", lock: "🔒", mag: "🔍", handshake: "🤝", page_facing_up: "📄",
  paperclip: "📎", pushpin: "📌", gear: "⚙️", question: "❓", exclamation: "❗", information_source: "ℹ️", no_entry: "⛔", no_entry_sign: "🚫", recycle: "♻️",
  red_circle: "🔴", large_green_circle: "🟢", large_yellow_circle: "🟡", large_blue_circle: "🔵", large_orange_circle: "🟠", white_circle: "⚪", black_circle: "⚫",
  large_green_square: "🟩", large_red_square: "🟥", large_yellow_square: "🟨", arrow_up: "⬆️", arrow_down: "⬇️", arrow_right: "➡️", arrow_left: "⬅️",
  arrows_counterclockwise: "🔄", palm_tree: "🌴", beach_with_umbrella: "🏖️", airplane: "✈️", face_with_thermometer: "🤒", house: "🏠", coffee: "☕",
  smile: "😄", grin: "😁", joy: "😂", slightly_smiling_face: "🙂", thinking_face: "🤔", sweat_smile: "😅", sob: "😭", sunglasses: "😎", 100: "💯",
};

const ALIASES = {
  thumbsup: "+1", thumbsdown: "-1", green_circle: "large_green_circle", yellow_circle: "large_yellow_circle", blue_circle: "large_blue_circle",
  orange_circle: "large_orange_circle", spiral_calendar_pad: "calendar", phone: "telephone_receiver", envelope: "email", red_square: "large_red_square",
  green_square: "large_green_square", yellow_square: "large_yellow_square",
};

const disc = (colour) => [["circle", { cx: 10, cy: 10, r: 8, fill: colour }]];
const square = (colour) => [["rect", { x: 2, y: 2, width: 16, height: 16, rx: 2.5, fill: colour }]];
const stroke = (d, colour, width = 2.4) => ["path", { d, fill: "none", stroke: colour, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" }];
const shape = (d, colour) => ["path", { d, fill: colour }];

const THUMB = "M3 9h3.4v8H3zM7.4 9.2 10.6 2.4c1.8 0 2.6 1.2 2.2 2.9L12.2 8h3.6c1.3 0 2 1 1.7 2.2l-1.3 5.4c-.2.9-.9 1.4-1.8 1.4H9.2l-1.8-.9z";

const DRAWN = {
  white_check_mark: [...square("#2e9e5b"), stroke("M5.8 10.4 8.8 13.4 14.4 6.8", "#fff")],
  heavy_check_mark: [stroke("M3.5 11 8 15.5 16.5 5", "#2e9e5b", 3)],
  ballot_box_with_check: [...square("#2f7fd1"), stroke("M5.8 10.4 8.8 13.4 14.4 6.8", "#fff")],
  x: [stroke("M4.5 4.5l11 11M15.5 4.5l-11 11", "#d6324a", 3.2)],
  warning: [shape("M10 2 19 17.5H1z", "#f2b01e"), stroke("M10 8v4.2M10 14.9v.1", "#3b2f00", 1.9)],
  "+1": [shape(THUMB, "#f2b632")],
  "-1": [["path", { d: THUMB, fill: "#f2b632", transform: "rotate(180 10 10)" }]],
  eyes: [["ellipse", { cx: 5.8, cy: 10, rx: 4, ry: 5.6, fill: "#fff", stroke: "#888", "stroke-width": 0.7 }], ["ellipse", { cx: 14.2, cy: 10, rx: 4, ry: 5.6, fill: "#fff", stroke: "#888", "stroke-width": 0.7 }],
    ["circle", { cx: 4.8, cy: 10.6, r: 2, fill: "#333" }], ["circle", { cx: 13.2, cy: 10.6, r: 2, fill: "#333" }]],
  heart: [shape("M10 17.2C-2 9.4 4.2 1.2 10 6.2c5.8-5 12 3.2 0 11z", "#dd2e44")],
  star: [shape("M10 1.8l2.5 5.4 5.9.7-4.4 4 1.2 5.8L10 14.8l-5.2 2.9L6 11.9l-4.4-4 5.9-.7z", "#f4b62c")],
  fire: [shape("M10 1.5c.8 3.2 5.8 5 5.8 10.3A5.8 6.2 0 0 1 10 18.2a5.8 6.2 0 0 1-5.8-6.4c0-2.3 1.2-3.8 2.3-5 .3 1.2.9 1.8 1.5 2.1C7.8 6.2 8.6 3.5 10 1.5z", "#f0662d"),
    shape("M10 10c.5 1.6 2.8 2.3 2.8 4.7A2.8 3 0 0 1 10 17.6a2.8 3 0 0 1-2.8-2.9c0-1.9 1.8-2.7 2.8-4.7z", "#ffcc4d")],
  hourglass_flowing_sand: [stroke("M5 2.5h10M5 17.5h10", "#9a6b3f", 1.8), shape("M6 3h8c0 4-2.5 5.5-3.3 7 .8 1.5 3.3 3 3.3 7H6c0-4 2.5-5.5 3.3-7C8.5 8.5 6 7 6 3z", "#bcd7ee"), shape("M7.3 16.6c0-1.8 1.5-2.5 2.7-3.6 1.2 1.1 2.7 1.8 2.7 3.6zM7.6 6.2h4.8c-.6 1.5-1.7 2.3-2.4 3.3-.7-1-1.8-1.8-2.4-3.3z", "#e8b04b")],
  tada: [shape("M2 18 7 6.5 13.5 13z", "#e7a93b"), stroke("M11 7c0-2 1-3.5 3-4M13 9.5c1.5-1 3-1 4.5 0M15 5.5l1.5-1.5M9 3v1.5", "#d6324a", 1.5), stroke("M16.5 12.5v1M6.5 2.5l.5.8", "#2f7fd1", 1.6)],
  bell: [shape("M10 2c3.5 0 5 2.5 5 5.5 0 4 1.7 5 2 6.5H3c.3-1.5 2-2.5 2-6.5C5 4.5 6.5 2 10 2z", "#f0b429"), ["circle", { cx: 10, cy: 16, r: 2, fill: "#a06a00" }]],
  dart: [["circle", { cx: 10, cy: 10, r: 8, fill: "#d6324a" }], ["circle", { cx: 10, cy: 10, r: 5.4, fill: "#fff" }], ["circle", { cx: 10, cy: 10, r: 2.8, fill: "#d6324a" }]],
  raised_hands: [stroke("M6 17V6.5M3.5 9v3.5c0 2 1 3 2.5 3M14 17V6.5M16.5 9v3.5c0 2-1 3-2.5 3M2 5 1.2 3.5M18 5l.8-1.5M10 4V2", "#e5a93a", 2)],
  question: [stroke("M6.5 7C6.5 2 14 2.5 13.5 7c-.2 2.5-3.5 2.5-3.5 5.5M10 16.4v.1", "#d6324a", 2.8)],
  no_entry: [...disc("#d6324a"), ["rect", { x: 4.5, y: 8.5, width: 11, height: 3, fill: "#fff" }]],
  information_source: [...square("#2f7fd1"), stroke("M10 9.2v5M10 5.8v.1", "#fff", 2.2)],
  red_circle: disc("#d6324a"), large_green_circle: disc("#2e9e5b"), large_yellow_circle: disc("#f4c22c"), large_blue_circle: disc("#2f7fd1"),
  large_orange_circle: disc("#f0862d"), white_circle: disc("#d7d9dc"), black_circle: disc("#34383c"),
  large_green_square: square("#2e9e5b"), large_red_square: square("#d6324a"), large_yellow_square: square("#f4c22c"),
};

const BY_GLYPH = new Map(Object.keys(DRAWN).map((name) => [NAMES[name], name]));

/** Finds in a text what can be drawn here, as a source for RegExp. */
export const GLYPHS = [...BY_GLYPH.keys()].join("|");

/** A node for an emoji that was written as itself, such as ✅. */
export function drawnGlyph(glyph) {
  return emoji(BY_GLYPH.get(glyph));
}

/** The name as Slack stores it: no skin tone, no alias. */
export function plainName(name) {
  const bare = name.split("::")[0];
  return ALIASES[bare] ?? bare;
}

let coloured = null;

/** Whether this machine can draw colour emoji at all. */
function hasEmojiFont() {
  if (coloured !== null) return coloured;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 20;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.font = "16px sans-serif";
  pen.fillText("\u{1F600}", 0, 16);
  const { data } = pen.getImageData(0, 0, 20, 20);
  coloured = data.some((value, at) => at % 4 === 0 && value !== data[at + 2]);
  return coloured;
}

/** A node for one emoji, or null where the name is not known. */
export function emoji(name) {
  const plain = plainName(name);
  if (Object.hasOwn(DRAWN, plain)) {
    const drawing = s("svg", { viewBox: "0 0 20 20", class: "emoji", role: "img", "aria-label": `:${plain}:` }, s("title", null, `:${plain}:`));
    drawing.append(...DRAWN[plain].map(([tag, props]) => s(tag, props)));
    return drawing;
  }
  if (!Object.hasOwn(NAMES, plain)) return null;
  const glyph = hasEmojiFont() ? NAMES[plain] : `:${plain}:`;
  return h("span", { class: "emoji-text", role: "img", "aria-label": `:${plain}:`, title: `:${plain}:` }, glyph);
}

/** The names a picker can offer on this machine. */
export function offered() {
  return hasEmojiFont() ? Object.keys(NAMES) : Object.keys(DRAWN);
}
