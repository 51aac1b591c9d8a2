// Slack's mrkdwn as DOM nodes: marks, links, mentions, dates, quotes, code.

import { h } from "./dom.js";
import { GLYPHS, drawnGlyph, emoji } from "./emoji.js";
import { capital, fullTime, slackDate } from "./time.js";

const INLINE = new RegExp([
  "`(?<code>[^`\\n]+)`",
  "<(?<token>[^<>\\n]+)>",
  "(?<url>https?://[^\\s<>|]+[^\\s<>|.,;:!?)\\]'\"*_~])",
  "(?<![\\p{L}\\p{N}*])\\*(?<bold>(?! )(?:<[^<>\\n]*>|`[^`\\n]*`|[^*\\n<`])+?(?<! ))\\*(?![\\p{L}\\p{N}*])",
  "(?<![\\p{L}\\p{N}_])_(?<italic>(?! )(?:<[^<>\\n]*>|`[^`\\n]*`|[^_\\n<`])+?(?<! ))_(?![\\p{L}\\p{N}_])",
  "(?<![\\p{L}\\p{N}~])~(?<strike>(?! )(?:<[^<>\\n]*>|`[^`\\n]*`|[^~\\n<`])+?(?<! ))~(?![\\p{L}\\p{N}~])",
  ":(?<emoji>[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):",
  `(?<glyph>${GLYPHS})`,
].join("|"), "gu");

export function unescapeText(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** The whole of a mrkdwn text. `ctx` gives `me`, `person(id)`, `channel(id)`, `zone`, `now()`, `goTo(channel)`; `verbatim` where bare addresses stay text. */
export function mrkdwn(text, ctx) {
  const nodes = [];
  text.split("```").forEach((piece, at, all) => {
    const fenced = at % 2 === 1 && at < all.length - 1;
    if (fenced) nodes.push(h("pre", { class: "code" }, unescapeText(plainTokens(piece.replace(/^\n|\n$/g, "")))));
    else {
      const prose = at % 2 === 1 ? "```" + piece : piece;
      nodes.push(...lines(at ? prose.replace(/^\n/, "") : prose, ctx));
    }
  });
  return nodes;
}

function lines(text, ctx) {
  const nodes = [];
  let quote = null;
  let isItem = false; // the line before is an item of a list, and ends by itself
  for (const [at, line] of text.split("\n").entries()) {
    const quoted = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    if (quoted) {
      if (quote) quote.append(h("br"));
      else nodes.push(quote = h("blockquote", null));
      quote.append(...inline(quoted[1], ctx));
      continue;
    }
    if (at > 0 && !quote && !isItem) nodes.push(h("br"));
    quote = null;
    const item = /^(\s*)([•◦▪–-]|\d{1,2}\.)\s+(.*)$/.exec(line);
    isItem = Boolean(item);
    if (item) nodes.push(h("span", { class: `list-line indent-${Math.min(3, Math.floor(item[1].length / 2))}` }, h("span", { class: "bullet" }, `${item[2]} `), h("span", null, ...inline(item[3], ctx))));
    else nodes.push(...inline(line, ctx));
  }
  return nodes;
}

/** One line's marks; what stands inside a mark is read again for the others. */
export function inline(text, ctx) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) nodes.push(unescapeText(text.slice(from, match.index)));
    nodes.push(marked(match, ctx, match.index === 0));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(unescapeText(text.slice(from)));
  return nodes;
}

function marked(match, ctx, first) {
  const { code, token, url, bold, italic, strike, emoji: name, glyph } = match.groups;
  if (code !== undefined) return h("code", null, unescapeText(plainTokens(code)));
  if (token !== undefined) return tokenNode(token, ctx, first);
  if (url !== undefined) return ctx.verbatim ? unescapeText(url) : link(unescapeText(url), null);
  if (bold !== undefined) return h("b", null, ...inline(bold, ctx));
  if (italic !== undefined) return h("i", null, ...inline(italic, ctx));
  if (strike !== undefined) return h("s", null, ...inline(strike, ctx));
  if (glyph !== undefined) return drawnGlyph(glyph);
  return emoji(name) ?? match[0];
}

/** Inside code Slack shows a link's address or label as text. */
function plainTokens(text) {
  return text.replace(/<((?:https?:|mailto:)[^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, address, label) => label ?? address);
}

function tokenNode(token, ctx, first) {
  const [head, ...rest] = token.split("|");
  const label = rest.length ? unescapeText(rest.join("|")) : null;
  if (head.startsWith("@")) return userMention(head.slice(1), ctx, label);
  if (head.startsWith("#")) return channelLink(head.slice(1), ctx, label);
  if (head.startsWith("!date^")) return dateNode(head, ctx, label, first);
  if (head.startsWith("!subteam^")) return h("span", { class: "mention" }, label ?? "@group");
  if (head.startsWith("!")) return h("span", { class: "mention broadcast", "data-broadcast": head.slice(1) }, `@${label ?? head.slice(1)}`);
  return link(unescapeText(head), label);
}

export function link(address, label) {
  if (!/^(https?:|mailto:|tel:)/i.test(address)) return label ?? `<${address}>`;
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, label || address.replace(/^mailto:/, ""));
}

export function userMention(id, ctx, label = null) {
  const person = ctx.person(id);
  return h("span", { class: id === ctx.me ? "mention me" : "mention", "data-user": id }, `@${person?.real_name ?? label ?? id}`);
}

export function channelLink(id, ctx, label = null) {
  const name = ctx.channel(id)?.name ?? label;
  if (!name) return h("span", { class: "mention" }, "#private-channel");
  return h("button", { type: "button", class: "mention link", onclick: () => ctx.goTo(id) }, `#${name}`);
}

function dateNode(head, ctx, fallback, first) {
  const [, ts, format = "", address] = head.split("^");
  return timeNode(Number(ts), format, ctx, { fallback, address: address && unescapeText(address), first });
}

export function timeNode(epoch, format, ctx, { fallback = null, address = null, first = false } = {}) {
  const text = slackDate(epoch, format, ctx.zone, ctx.now()) ?? fallback ?? "";
  const shown = first ? capital(text) : text;
  if (!Number.isFinite(epoch)) return h("span", null, shown);
  const node = h("time", { datetime: new Date(epoch * 1000).toISOString(), title: fullTime(epoch, ctx.zone) }, shown);
  return address ? link(address, shown) : node;
}

/** A text object, mrkdwn or plain. */
export function textObject(object, ctx) {
  if (!object) return [];
  if (typeof object === "string") return [object];
  if (object.type === "mrkdwn") return mrkdwn(object.text ?? "", object.verbatim ? Object.assign(Object.create(ctx), { verbatim: true }) : ctx);
  return plainText(object.text ?? "", object.emoji !== false);
}

/** Plain text with line breaks and emoji names, nothing else. */
export function plainText(text, withEmoji = true) {
  return text.split("\n").flatMap((line, at) => {
    const words = line.split(/(:[a-z0-9_+'-]+:)/g).map((word) =>
      (withEmoji && /^:.+:$/.test(word) ? emoji(word.slice(1, -1)) : null) ?? unescapeText(word));
    return at ? [h("br"), ...words] : words;
  });
}
