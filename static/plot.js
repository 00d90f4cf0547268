/** Plotly in the page's colours, and every plot's twin: the same numbers as a table. */

import { element } from "./dom.js";
import { capitalised, escaped, symbol, symbolHtml, withUnit } from "./format.js";

/** @type {Promise<any> | undefined} */
let loading;

/** Plotly, loaded once; the page can be used before it has come. */
export function loadPlotly() {
  loading ??= new Promise((resolve, reject) => {
    const script = element("script", { src: "/vendor/plotly.min.js" });
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => reject(new Error("The plotting library could not be loaded"));
    document.head.append(script);
  });
  return loading;
}

const SETTINGS = {
  displaylogo: false,
  // Named one by one: among the default ones is a button that uploads the plot to a cloud.
  modeBarButtons: [["toImage"], ["zoom2d", "pan2d", "resetScale2d"]],
  plotlyServerURL: "",
  showTips: false,
  doubleClick: "reset",
};

/** The page's colours as they are now. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const of = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    ink: of("--ink"),
    muted: of("--muted"),
    line: of("--line"),
    surface: of("--surface"),
    unknown: of("--unknown"),
    accent: of("--accent"),
    font: of("--font"),
  };
}

/**
 * Draw, or change what is drawn: zoom and hover stay as long as `uirevision` does. False where
 * Plotly is missing, which has been told by then.
 * @param {HTMLElement} container
 * @param {object[]} traces
 * @param {any} layout
 */
export async function draw(container, traces, layout) {
  const Plotly = await loadPlotly().catch(() => null);
  if (!Plotly) return false;
  const fileName = { toImageButtonOptions: { filename: `studio-${container.id}`, scale: 2 } };
  await Plotly.react(container, traces, themed(container, layout), { ...SETTINGS, ...fileName });
  return true;
}

/**
 * Change the marks on a plot that is drawn already, which is far quicker than to draw it again.
 * @param {HTMLElement} container
 * @param {object[]} shapes
 */
export async function redrawMarks(container, shapes) {
  if (!container.classList.contains("js-plotly-plot")) return;
  const Plotly = await loadPlotly();
  await Plotly.relayout(container, { shapes });
}

/**
 * @param {HTMLElement} container
 * @param {any} layout
 */
function themed(container, layout) {
  const { ink, muted, line, surface, font } = colours();
  const axis = {
    color: muted,
    gridcolor: line,
    zeroline: false,
    linecolor: line,
    ticks: "outside",
    ticklen: 4,
    tickcolor: line,
    automargin: true,
    exponentformat: "power",
    title: { font: { size: 13, color: ink }, standoff: 10 },
  };
  return {
    width: container.clientWidth,
    height: container.clientHeight,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: font, size: 12, color: muted },
    hoverlabel: {
      bgcolor: surface,
      bordercolor: line,
      font: { family: font, size: 13, color: ink },
    },
    modebar: { bgcolor: "rgba(0,0,0,0)", color: muted, activecolor: ink },
    // A finger on a plot should scroll the page.
    dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
    showlegend: false,
    separators: ".\u202f",
    ...layout,
    xaxis: merged(axis, layout.xaxis),
    yaxis: merged(axis, layout.yaxis),
  };
}

/**
 * The smallest and the largest of the values that are known.
 * @param {Iterable<number | null>} values null or NaN where one is not known
 */
export function extent(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value === null) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 1];
}

const CHARACTER_PX = 6.3;

/**
 * The fullest title that fits beside an axis: what a quantity means, its symbol and its unit.
 * @param {string} meaning
 * @param {string} name
 * @param {string} unitName
 * @param {number} room in px
 */
export function axisTitle(meaning, name, unitName, room) {
  const { base, subscript } = symbol(name);
  const fixed = withUnit(`${base}${subscript} `, unitName).length;
  const fits = (/** @type {string} */ words) => (words.length + fixed) * CHARACTER_PX <= room;
  const words = [meaning, meaning.split(",")[0]].map(capitalised).find(fits);
  return withUnit(`${words ? `${escaped(words)} ` : ""}${symbolHtml(name)}`, unitName);
}

/**
 * @param {any} axis
 * @param {any} own
 */
function merged(axis, own) {
  return { ...axis, ...own, title: { ...axis.title, ...own?.title } };
}

/**
 * The same as `paint`, but once per frame however often it is called, and never for more than
 * a third of the time, so that a large map leaves the page free while results pour in.
 * @param {() => Promise<void>} paint
 */
export function paced(paint) {
  let due = false;
  let restUntil = 0;
  const turn = async () => {
    if (performance.now() < restUntil) return void requestAnimationFrame(turn);
    due = false;
    const began = performance.now();
    await paint();
    restUntil = performance.now() + 2 * (performance.now() - began);
  };
  return () => {
    if (due) return;
    due = true;
    requestAnimationFrame(turn);
  };
}

/**
 * Paint again when the size of a plot or the theme changes.
 * @param {HTMLElement} container
 * @param {() => void} paint
 */
export function repaintOnChange(container, paint) {
  let width = container.clientWidth;
  new ResizeObserver(() => {
    if (container.clientWidth === width) return;
    width = container.clientWidth;
    if (width) paint();
  }).observe(container);
  new MutationObserver(paint).observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });
}

/**
 * @typedef {object} Table
 * @property {string} caption
 * @property {string[]} columns
 * @property {number} rows
 * @property {(index: number) => HTMLTableRowElement} row
 */

// Cells put into the page at once: a browser lays out about this many without a pause.
const CELLS_AT_ONCE = 4_000;

/** A <details> whose table is built when someone opens it. */
export class TableTwin {
  /**
   * @param {string} summary
   * @param {() => Table} table
   */
  constructor(summary, table) {
    this.table = table;
    this.place = element("div", { class: "table-place" });
    this.details = element("details", {}, element("summary", {}, summary), this.place);
    this.details.addEventListener("toggle", () => this.refresh());
  }

  /** Show what is known now, where the table is open. */
  refresh() {
    this.place.replaceChildren();
    if (!this.details.open) return;
    const table = this.table();
    const body = element("tbody");
    const scroll = { class: "table-scroll", tabindex: 0, role: "region" };
    this.place.append(
      element(
        "div",
        { ...scroll, "aria-label": table.caption },
        element(
          "table",
          {},
          element("caption", {}, table.caption),
          element("thead", {}, headRow(table.columns)),
          body,
        ),
      ),
    );
    this.#page(table, body, 0);
  }

  /**
   * @param {Table} table
   * @param {HTMLTableSectionElement} body
   * @param {number} first
   */
  #page(table, body, first) {
    const size = Math.max(1, Math.floor(CELLS_AT_ONCE / table.columns.length));
    const last = Math.min(table.rows, first + size);
    for (let index = first; index < last; index++) body.append(table.row(index));
    if (last < table.rows) this.place.append(this.#moreButton(table, body, last));
  }

  /**
   * @param {Table} table
   * @param {HTMLTableSectionElement} body
   * @param {number} first
   */
  #moreButton(table, body, first) {
    const more = element(
      "button",
      { type: "button", class: "quiet" },
      `Show more of ${table.rows} rows`,
    );
    more.addEventListener("click", () => {
      more.remove();
      this.#page(table, body, first);
    });
    return more;
  }
}

/** @param {string[]} columns */
export function headRow(columns) {
  return element("tr", {}, ...columns.map((column) => element("th", { scope: "col" }, column)));
}

/**
 * @param {string | (string | Node)[]} heading
 * @param {string[]} values
 */
export function tableRow(heading, values) {
  const cells = values.map((value) => element("td", {}, value));
  return element("tr", {}, element("th", { scope: "row" }, ...[heading].flat()), ...cells);
}
