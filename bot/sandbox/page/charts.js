// Draws data_visualization blocks as inline SVG: bars, lines, areas, pies; colours go by order, as in Slack.

import { h, s } from "./dom.js";

let numbers = null; // made when the first chart is: it would hold up every page

function told(number) {
  numbers ??= new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
  return numbers.format(number);
}

export function chart(block) {
  const { chart: spec = {} } = block;
  const draw = { pie, bar: axes, line: axes, area: axes }[spec.type];
  if (!draw) return h("div", { class: "unknown", "data-testid": "unknown-block" }, `Unknown chart: ${spec.type}`);
  const names = spec.type === "pie" ? (spec.segments ?? []).map(({ label }) => label) : (spec.series ?? []).map(({ name }) => name);
  return h("figure", { class: "chart", "data-testid": "chart", "data-chart": spec.type },
    h("figcaption", null, block.title ?? ""),
    draw(spec, block.title ?? ""),
    h("ul", { class: "legend" }, names.map((name, at) => h("li", null, h("i", { class: `swatch series-${at % 12}` }), name))),
    spoken(spec));
}

/** The same figures for a screen reader. */
function spoken(spec) {
  const rows = spec.type === "pie" ? (spec.segments ?? []).map(({ label, value }) => [label, value])
    : (spec.axis_config?.categories ?? []).map((category, at) => [category, ...(spec.series ?? []).map((one) => one.data[at]?.value)]);
  return h("table", { class: "unseen" },
    spec.series ? h("tr", null, ["", ...spec.series.map(({ name }) => name)].map((name) => (name ? h("th", { scope: "col" }, name) : h("td")))) : null,
    rows.map(([head, ...values]) => h("tr", null, h("th", { scope: "row" }, head), values.map((value) => h("td", null, String(value))))));
}

/** Round marks from below the least to above the greatest value, about five of them. */
function marks(least, greatest) {
  const span = greatest - least || Math.abs(greatest) || 1;
  const rough = span / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) * power;
  const from = Math.floor(least / step);
  const to = Math.max(Math.ceil(greatest / step), from + 1);
  return Array.from({ length: to - from + 1 }, (_, at) => (from + at) * step);
}

function axes(spec, title) {
  const series = spec.series ?? [];
  const { categories = [], x_label: xLabel, y_label: yLabel } = spec.axis_config ?? {};
  const values = series.flatMap(({ data }) => data.map(({ value }) => value));
  const ticks = marks(Math.min(0, ...values), Math.max(0, ...values));
  const area = layout(categories, ticks, Boolean(xLabel), Boolean(yLabel));
  const y = (value) => area.bottom - ((value - ticks[0]) / (ticks.at(-1) - ticks[0])) * (area.bottom - area.top);
  const band = (area.right - area.left) / Math.max(1, categories.length);
  const x = (at) => area.left + band * (at + 0.5);
  const shapes = { bar: bars, line: lines, area: lines }[spec.type](series, { x, y, band, categories, filled: spec.type === "area" });
  return s("svg", { viewBox: `0 0 ${area.width} ${area.height}`, role: "img", "aria-label": `${title}: ${spec.type} chart, figures follow` },
    grid(ticks, area, y), categoryLabels(categories, area, x), shapes,
    xLabel ? s("text", { class: "axis-title", x: (area.left + area.right) / 2, y: area.height - 4, "text-anchor": "middle" }, xLabel) : null,
    yLabel ? s("text", { class: "axis-title", x: 12, y: (area.top + area.bottom) / 2, "text-anchor": "middle", transform: `rotate(-90 12 ${(area.top + area.bottom) / 2})` }, yLabel) : null);
}

function layout(categories, ticks, hasXLabel, hasYLabel) {
  const width = innerWidth < 640 ? 380 : 460;
  const longest = Math.max(0, ...categories.map((name) => name.length)) * 6.2;
  const left = 14 + Math.max(...ticks.map((tick) => told(tick).length)) * 6.5 + (hasYLabel ? 16 : 0);
  const right = width - 10;
  const tilted = longest + 6 > (right - left) / Math.max(1, categories.length);
  const foot = (tilted ? Math.min(84, longest * 0.62 + 16) : 22) + (hasXLabel ? 18 : 0);
  const bottom = 208;
  return { width, left, right, top: 10, bottom, height: bottom + foot, tilted };
}

function grid(ticks, area, y) {
  return ticks.map((tick) => [
    s("line", { class: tick === 0 ? "zero" : "grid", x1: area.left, x2: area.right, y1: y(tick), y2: y(tick) }),
    s("text", { class: "tick", x: area.left - 6, y: y(tick) + 3.5, "text-anchor": "end" }, told(tick)),
  ]);
}

function categoryLabels(categories, area, x) {
  return categories.map((name, at) => {
    const place = area.tilted ? { x: x(at) + 4, y: area.bottom + 14, "text-anchor": "end", transform: `rotate(-36 ${x(at) + 4} ${area.bottom + 14})` } : { x: x(at), y: area.bottom + 16, "text-anchor": "middle" };
    return s("text", { class: "tick", ...place }, name);
  });
}

function bars(series, { x, y, band, categories }) {
  const width = Math.min(46, (band * 0.76) / Math.max(1, series.length));
  return series.map(({ name, data }, order) => data.map(({ value }, at) => {
    const left = x(at) - (width * series.length) / 2 + order * width;
    return s("rect", { class: `fill-${order % 12}`, x: left + 0.5, width: Math.max(1, width - 1), y: Math.min(y(value), y(0)), height: Math.max(0.5, Math.abs(y(value) - y(0))), rx: 2 },
      s("title", null, `${categories[at]}, ${name}: ${told(value)}`));
  }));
}

function lines(series, { x, y, categories, filled }) {
  return series.map(({ name, data }, order) => {
    const points = data.map(({ value }, at) => `${x(at)},${y(value)}`);
    const under = filled && points.length ? s("polygon", { class: `under fill-${order % 12}`, points: [`${x(0)},${y(0)}`, ...points, `${x(points.length - 1)},${y(0)}`].join(" ") }) : null;
    return [under, s("polyline", { class: `stroke-${order % 12}`, points: points.join(" ") }),
      data.map(({ value }, at) => s("circle", { class: `fill-${order % 12}`, cx: x(at), cy: y(value), r: 3 }, s("title", null, `${categories[at]}, ${name}: ${told(value)}`)))];
  });
}

function pie(spec, title) {
  const segments = spec.segments ?? [];
  const total = segments.reduce((sum, { value }) => sum + value, 0) || 1;
  let turned = 0;
  const slices = segments.map(({ label, value }, order) => {
    const share = value / total;
    const slice = s("path", { class: `fill-${order % 12} slice`, d: slicePath(turned, turned + share) }, s("title", null, `${label}: ${told(value)} (${Math.round(share * 100)} %)`));
    const middle = (turned + share / 2) * 2 * Math.PI;
    turned += share;
    const words = share < 0.05 ? null : s("text", { class: "share", x: 110 + 62 * Math.sin(middle), y: 110 - 62 * Math.cos(middle) + 4, "text-anchor": "middle" }, `${Math.round(share * 100)} %`);
    return [slice, words];
  });
  return s("svg", { viewBox: "0 0 220 220", class: "pie", role: "img", "aria-label": `${title}: pie chart, figures follow` }, slices);
}

function slicePath(from, to) {
  const at = (turn) => `${110 + 96 * Math.sin(turn * 2 * Math.PI)} ${110 - 96 * Math.cos(turn * 2 * Math.PI)}`;
  if (to - from > 0.9999) return "M110 14a96 96 0 1 1-.01 0z";
  return `M110 110L${at(from)}A96 96 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}z`;
}
