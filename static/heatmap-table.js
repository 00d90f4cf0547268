/** The cells of a heatmap as a table, in which a cell can be chosen, too. */

import { element } from "./dom.js";
import { letters, number, ratio, withUnit } from "./format.js";
import { quantityOf } from "./models.js";
import { patternName } from "./patterns.js";

/** @typedef {import("./heatmap-grid.js").Grid} Grid */
/** @typedef {import("./heatmap-grid.js").Cell} Cell */
/** @typedef {import("./heatmap-grid.js").Metric} Metric */
/** @typedef {import("./models.js").Model} Model */
/** @typedef {import("./plot.js").Table} Table */

/**
 * Columns to the right and rows upwards that a key leads.
 * @type {Record<string, [number, number]>}
 */
export const STEPS_OF_KEYS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/**
 * @param {Grid} grid
 * @param {Model} model
 * @param {Metric | "pattern"} metric
 * @param {(cell: Cell) => void} onChoose
 * @returns {Table}
 */
export function cellTable(grid, model, metric, onChoose) {
  const { param_x, param_y } = grid.config;
  const shown = withUnit(grid.titleOf(metric), grid.unitOf(metric));
  const axis = (/** @type {string} */ name) =>
    withUnit(letters(name), quantityOf(model, name).unit);
  const values = grid.rows(metric);
  const print = metric === "isi_cv" ? ratio : number;
  const text = (/** @type {number} */ value) => {
    if (metric !== "pattern" || Number.isNaN(value)) return print(value);
    return patternName(grid.patterns[value]);
  };
  return {
    caption: `${shown}: ${axis(param_x)} across, ${axis(param_y)} down`,
    columns: [`${letters(param_y)} \\ ${letters(param_x)}`, ...grid.x.map((x) => number(x))],
    rows: grid.y.length,
    row(index) {
      const row = grid.y.length - 1 - index; // the largest y comes first, as on the map
      const cells = Array.from(values[row], (value, column) =>
        cellButton(text(value), index === 0 && column === 0, () => onChoose({ column, row })),
      );
      return element("tr", {}, element("th", { scope: "row" }, number(grid.y[row])), ...cells);
    },
  };
}

/**
 * @param {string} text
 * @param {boolean} isEntry the one stop of the tab key: inside the table the arrow keys lead on
 * @param {() => void} onClick
 */
function cellButton(text, isEntry, onClick) {
  const tabindex = isEntry ? 0 : -1;
  const button = element("button", { type: "button", class: "cell", tabindex }, text);
  button.addEventListener("click", onClick);
  return element("td", {}, button);
}

/**
 * Go to the cell that an arrow key leads to.
 * @param {KeyboardEvent} event
 */
export function moveInTable(event) {
  const step = STEPS_OF_KEYS[event.key];
  const cell = /** @type {HTMLElement} */ (event.target).closest("td");
  const table = cell?.closest("table");
  if (!step || !cell || !table) return;
  const { rowIndex } = /** @type {HTMLTableRowElement} */ (cell.parentElement);
  const beside = table.rows[rowIndex - step[1]]?.cells[cell.cellIndex + step[0]];
  beside?.querySelector("button")?.focus();
  event.preventDefault();
}
