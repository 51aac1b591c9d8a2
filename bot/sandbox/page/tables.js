// Draws table blocks, and data_table blocks with sorting and paging.

import { h } from "./dom.js";
import { element } from "./elements.js";
import { richText } from "./rich_text.js";

function cellContent(cell, block, surface) {
  switch (cell?.type) {
    case "raw_text": return cell.text;
    case "raw_number": return cell.text ?? new Intl.NumberFormat("en-GB").format(cell.value);
    case "rich_text": return richText(cell, surface);
    case "action_cell": return cell.button ?? cell.element ? element(cell.button ?? cell.element, block, surface) : cellContent(cell.fallback, block, surface);
    default: return cell?.text ?? "";
  }
}

export function plainTable(block, surface) {
  const settings = block.column_settings ?? [];
  const [head, ...body] = block.rows ?? [];
  const classes = (at) => [alignment(settings[at]?.align), settings[at]?.is_wrapped ? "wrapped" : ""].join(" ");
  return h("div", { class: "table-box", tabindex: 0, role: "region", "aria-label": "Table" },
    h("table", { class: "table" },
      h("thead", null, h("tr", null, (head ?? []).map((cell, at) => h("th", { scope: "col", class: classes(at) }, cellContent(cell, block, surface))))),
      h("tbody", null, body.map((row) => h("tr", null, row.map((cell, at) => h("td", { class: classes(at) }, cellContent(cell, block, surface))))))));
}

function alignment(align) {
  return ["center", "right"].includes(align) ? align : "";
}

/** What a column is sorted by: numbers where all its cells are numbers, else words. */
function sorter(rows, column) {
  const numeric = rows.every((row) => row[column]?.type === "raw_number");
  const words = new Intl.Collator("en", { numeric: true });
  return numeric ? (one, two) => one[column].value - two[column].value : (one, two) => words.compare(textOf(one[column]), textOf(two[column]));
}

function textOf(cell) {
  return cell?.text ?? JSON.stringify(cell?.elements ?? cell?.fallback?.text ?? "");
}

export function dataTable(block, surface) {
  const [head, ...rows] = block.rows ?? [[]];
  const size = block.page_size ?? 5;
  const numeric = head.map((_, at) => rows.length > 0 && rows.every((row) => row[at]?.type === "raw_number"));
  const state = { column: null, down: false, page: 0 };
  const box = h("div", { class: "data-table", "data-testid": "data-table" });

  function sortBy(column) {
    state.down = state.column === column ? !state.down : false;
    state.column = column;
    state.page = 0;
    draw(`th:nth-child(${column + 1}) button`);
  }

  function ordered() {
    if (state.column === null) return rows;
    const up = [...rows].sort(sorter(rows, state.column));
    return state.down ? up.reverse() : up;
  }

  function headCell(cell, at) {
    const sorted = state.column === at ? (state.down ? "descending" : "ascending") : "none";
    return h("th", { scope: "col", "aria-sort": sorted, class: numeric[at] ? "right" : "" },
      h("button", { type: "button", onclick: () => sortBy(at) }, cellContent(cell, block, surface), h("span", { class: "arrow", "aria-hidden": "true" }, { none: "↕", ascending: "↑", descending: "↓" }[sorted])));
  }

  function bodyCell(cell, at) {
    const named = at === (block.row_header_column_index ?? 0);
    return h(named ? "th" : "td", { scope: named ? "row" : null, class: numeric[at] ? "right" : "" }, cellContent(cell, block, surface));
  }

  function pager() {
    if (rows.length <= size) return null;
    const last = Math.ceil(rows.length / size) - 1;
    const step = (by, label, sign) => h("button", { type: "button", class: "plain", "aria-label": label, disabled: by < 0 ? state.page === 0 : state.page === last,
      onclick: () => { state.page += by; draw(`[aria-label="${label}"]`); } }, sign);
    const from = state.page * size;
    return h("div", { class: "pager" }, step(-1, "Previous page", "‹"), h("span", { "aria-live": "polite" }, `${from + 1}–${Math.min(from + size, rows.length)} of ${rows.length}`), step(1, "Next page", "›"));
  }

  function draw(refocus) {
    const shown = ordered().slice(state.page * size, state.page * size + size);
    box.replaceChildren(...[
      h("div", { class: "table-box" }, h("table", { class: "table" }, h("caption", null, block.caption ?? ""),
        h("thead", null, h("tr", null, head.map(headCell))),
        h("tbody", null, shown.map((row) => h("tr", null, row.map(bodyCell)))))),
      pager(),
    ].filter(Boolean));
    if (refocus) box.querySelector(refocus)?.focus();
  }

  draw();
  return box;
}
