// Draws the standard Markdown of a markdown block: headings, lists, quotes, tables, code, links, emphasis.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { link } from "./mrkdwn.js";

const INLINE = /`([^`\n]+)`|!?\[([^\]\n]*)\]\(([^()\s]+)\)|\*\*(?=\S)([^\n]+?)\*\*|~~([^~\n]+)~~|(?<![\w*])\*(?=\S)([^*\n]+)\*|(?<![\w_])_(?=\S)([^_\n]+)_(?!\w)|<?(https?:\/\/[^\s<>]+[^\s<>.,;:!?)])>?|:([a-z0-9_+'-]+):/g;

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    nodes.push(text.slice(from, match.index), marked(match));
    from = match.index + match[0].length;
  }
  return [...nodes, text.slice(from)];
}

function marked([whole, code, label, address, bold, strike, star, under, url, name]) {
  if (code !== undefined) return h("code", null, code);
  if (address !== undefined) return link(address, label);
  if (bold !== undefined) return h("b", null, inline(bold));
  if (strike !== undefined) return h("s", null, inline(strike));
  if (star ?? under) return h("i", null, inline(star ?? under));
  if (url !== undefined) return link(url, null);
  return emoji(name) ?? whole;
}

const cells = (line) => line.replace(/^\s*\||\|\s*$/g, "").split("|").map((cell) => cell.trim());

/** Each kind of block of lines: how it begins, which lines go on with it, and how it is drawn. */
const KINDS = [
  { first: /^```/, take: (lines) => 1 + until(lines.slice(1), (line) => line.startsWith("```")) + 1,
    draw: (lines) => h("pre", { class: "code" }, lines.slice(1).filter((line, at, all) => at < all.length - 1 || !line.startsWith("```")).join("\n")) },
  { first: /^#{1,6}\s/, take: () => 1, draw: ([line]) => h(`h${Math.min(6, line.indexOf(" ") + 2)}`, null, inline(line.replace(/^#+\s+/, ""))) },
  { first: /^\s*(---+|\*\*\*+)\s*$/, take: () => 1, draw: () => h("hr") },
  { first: /^>/, take: (lines) => until(lines, (line) => !line.startsWith(">")), draw: (lines) => h("blockquote", null, breaks(lines.map((line) => line.replace(/^>\s?/, "")))) },
  { first: /^\s*[-*+]\s/, take: (lines) => until(lines, (line) => !/^\s*[-*+]\s/.test(line)), draw: (lines) => list("ul", lines) },
  { first: /^\s*\d+[.)]\s/, take: (lines) => until(lines, (line) => !/^\s*\d+[.)]\s/.test(line)), draw: (lines) => list("ol", lines) },
  { first: /^\s*\|/, take: (lines) => until(lines, (line) => !/^\s*\|/.test(line)), draw: table },
];

function until(lines, stop) {
  const at = lines.findIndex(stop);
  return at === -1 ? lines.length : at;
}

function breaks(lines) {
  return lines.flatMap((line, at) => (at ? [h("br"), ...inline(line)] : inline(line)));
}

function list(tag, lines) {
  return h(tag, null, lines.map((line) => h("li", { class: `indent-${Math.min(3, Math.floor(line.search(/\S/) / 2))}` }, inline(line.replace(/^\s*(?:[-*+]|\d+[.)])\s+/, "")))));
}

function table(lines) {
  const ruled = /^[\s|:-]+$/.test(lines[1] ?? "");
  const body = lines.slice(ruled ? 2 : 0);
  return h("table", { class: "table" },
    ruled ? h("thead", null, h("tr", null, cells(lines[0]).map((cell) => h("th", { scope: "col" }, inline(cell))))) : null,
    h("tbody", null, body.map((line) => h("tr", null, cells(line).map((cell) => h("td", null, inline(cell)))))));
}

export function markdown(text) {
  const nodes = [];
  let lines = text.split("\n");
  while (lines.length) {
    if (!lines[0].trim()) { lines = lines.slice(1); continue; }
    const kind = KINDS.find(({ first }) => first.test(lines[0]));
    const count = kind ? kind.take(lines) : Math.max(1, until(lines, (line) => !line.trim() || KINDS.some(({ first }) => first.test(line))));
    const taken = lines.slice(0, count);
    nodes.push(kind ? kind.draw(taken) : h("p", null, breaks(taken)));
    lines = lines.slice(count);
  }
  return nodes;
}
