// Builds DOM nodes; the only way this page makes elements, so that no text from anyone is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** An element: `on*` props are listeners, `class`, `data-*` and the rest attributes; null and false props are left out. */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function s(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name !== "value") node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...drawn(children));
  if (props?.value !== undefined) node.value = props.value;
  return node;
}

function drawn(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

export function replace(node, ...children) {
  node.replaceChildren(...drawn(children));
}

/** A line icon of 20 by 20, from the path data given. */
export function icon(path) {
  return s("svg", { viewBox: "0 0 20 20", class: "icon", "aria-hidden": "true", focusable: "false" }, s("path", { d: path }));
}

export const ICONS = {
  hash: "M4 7.5h13M3 12.5h13M8 3 6.5 17M13.5 3 12 17",
  home: "M3 9.5 10 3.5l7 6V17h-5v-4.5H8V17H3z",
  smile: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM7.4 7.8v.6M12.6 7.8v.6M6.5 11.5c1.6 3 5.4 3 7 0",
  reply: "M3.5 4.5h13v9h-7l-3.5 3v-3H3.5zM7 8h6M7 10.6h4",
  send: "M3.5 3.5 17 10 3.5 16.5 5.5 10zM5.5 10H11",
  check: "M4.5 10.5l3.8 3.8 7.4-8",
  reset: "M4 10a6 6 0 1 0 2-4.5M4 3.2v3.4h3.4",
  flag: "M5 17.5v-14M5 4.2h9.5l-2.2 3.3 2.2 3.3H5",
  close: "M4.5 4.5l11 11M15.5 4.5l-11 11",
  dots: "M4.2 10h.1M10 10h.1M15.8 10h.1",
  eye: "M1.8 10c3.8-6.4 12.6-6.4 16.4 0-3.8 6.4-12.6 6.4-16.4 0zM10 7.6a2.4 2.4 0 1 0 0 4.8 2.4 2.4 0 0 0 0-4.8z",
  bolt: "M11 2.5 4.5 11.5h5L9 17.5l6.5-9h-5z",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  traffic: "M6.5 16.5v-13M3.5 6.5l3-3 3 3M13.5 3.5v13M10.5 13.5l3 3 3-3",
  clock: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4zM10 5.8V10l3 2",
  down: "M5.5 8l4.5 4.5L14.5 8",
  back: "M12.5 4.5 7 10l5.5 5.5",
};

let opened = null;

function closePopover() {
  opened?.remove();
  opened = null;
}

/** Opens `content` beside `anchor`; a click elsewhere or Esc closes it. Returns the closing function. */
export function popover(anchor, content, { role = "dialog", label = "" } = {}) {
  closePopover();
  const box = h("div", { class: "popover", role, "aria-label": label || null }, content);
  (anchor.closest("dialog") ?? document.body).append(box);
  opened = box;
  place(box, anchor.getBoundingClientRect());
  const close = (refocus) => {
    if (opened === box) closePopover();
    document.removeEventListener("pointerdown", outside, true);
    if (refocus) anchor.focus();
  };
  const outside = (event) => { if (!box.contains(event.target) && !anchor.contains(event.target)) close(false); };
  document.addEventListener("pointerdown", outside, true);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close(true);
  });
  box.querySelector("input,button")?.focus();
  return close;
}

function place(box, at) {
  const left = Math.min(Math.max(8, at.left), innerWidth - box.offsetWidth - 8);
  const below = at.bottom + 4;
  const top = below + box.offsetHeight > innerHeight - 8 ? Math.max(8, at.top - box.offsetHeight - 4) : below;
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${top}px`;
}

/** A menu of [label, action, testAttributes] under `anchor`, walked by the arrow keys. */
export function menu(anchor, label, entries) {
  let close = () => {};
  const buttons = entries.map(([content, act, attributes]) =>
    h("button", { type: "button", role: "menuitem", class: "menu-item", ...attributes, onclick: () => { close(true); act(); } }, content));
  const list = h("div", { class: "menu" }, buttons);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const at = buttons.indexOf(document.activeElement);
    buttons[(at + step + buttons.length) % buttons.length].focus();
  });
  close = popover(anchor, list, { role: "menu", label });
}

/** A short line at the foot of the page. */
export function toast(text, { bad = false } = {}) {
  const line = h("div", { class: bad ? "toast bad" : "toast", role: bad ? "alert" : null, "data-testid": "toast" }, text);
  const toasts = document.getElementById("toasts");
  toasts.append(line);
  if (toasts.matches(":popover-open")) toasts.hidePopover();
  toasts.showPopover(); // shown last, it stands over a dialog that is open
  setTimeout(() => line.remove(), bad ? 9000 : 4000);
}
