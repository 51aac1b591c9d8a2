// Draws rich_text blocks: sections, lists, quotes, preformatted text.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelLink, link, timeNode, userMention } from "./mrkdwn.js";

export function richText(block, surface) {
  return h("div", { class: "b-rich text" }, block.elements.map((part) => piece(part, surface)));
}

function piece(part, surface) {
  const inside = () => (part.elements ?? []).map((leaf) => run(leaf, surface));
  switch (part.type) {
    case "rich_text_section": return h("div", null, inside());
    case "rich_text_quote": return h("blockquote", null, inside());
    case "rich_text_preformatted": return h("pre", { class: "code" }, inside());
    case "rich_text_list":
      return h(part.style === "ordered" ? "ol" : "ul", { class: `indent-${part.indent ?? 0}`, start: part.offset ? part.offset + 1 : null },
        part.elements.map((item) => h("li", null, piece(item, surface))));
    default: return h("div", { class: "unknown" }, `Unknown rich text: ${part.type}`);
  }
}

function run(leaf, surface) {
  switch (leaf.type) {
    case "text": return styled(lines(leaf.text), leaf.style);
    case "link": return styled([link(leaf.url, leaf.text)], leaf.style);
    case "user": return userMention(leaf.user_id, surface);
    case "channel": return channelLink(leaf.channel_id, surface);
    case "emoji": return emoji(leaf.name) ?? `:${leaf.name}:`;
    case "broadcast": return h("span", { class: "mention broadcast" }, `@${leaf.range}`);
    case "usergroup": return h("span", { class: "mention" }, "@group");
    case "date": return timeNode(leaf.timestamp, leaf.format ?? "{date_short} {time}", surface, { fallback: leaf.fallback, address: leaf.url });
    case "tag": return h("span", { class: "tag" }, leaf.text ?? leaf.label ?? "");
    default: return h("span", { class: "unknown" }, leaf.type);
  }
}

function lines(text) {
  return text.split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line]));
}

function styled(nodes, style) {
  const tags = { bold: "b", italic: "i", strike: "s", code: "code" };
  return Object.entries(tags).reduce((inner, [name, tag]) => (style?.[name] ? [h(tag, null, inner)] : inner), nodes);
}
