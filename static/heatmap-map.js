/** The map of a heatmap: how a grid of cells is drawn. */

import { escaped, letters, number, quantity, ratio, symbolHtml, unit, withUnit } from "./format.js";
import { borders } from "./heatmap-grid.js";
import { quantityOf } from "./models.js";
import { PATTERNS, patternColour, patternName } from "./patterns.js";
import { axisTitle, colours, extent } from "./plot.js";

/** @typedef {import("./heatmap-grid.js").Grid} Grid */
/** @typedef {import("./heatmap-grid.js").Cell} Cell */
/** @typedef {import("./heatmap-grid.js").Metric} Metric */
/** @typedef {import("./models.js").Model} Model */
/** @typedef {{selected: Cell | null, cursor: Cell | null}} Marks */

const NARROW = 520;
// What lies beside the axes of a map, and above and below, in px.
const SIDES = 160;
const ENDS = 60;
const BAR_BELOW = 122;
// Below, a CV is rounding, which should not fill the whole scale of colours.
const SMALLEST_CV = 0.01;
// Up to this many cells each has its own text at the pointer; more would take too long to write,
// and so would any while the map fills.
const TOLD_CELLS = 10_000;

/**
 * What Plotly needs to draw a grid.
 * @param {Grid} grid
 * @param {Model} model
 * @param {Metric | "pattern"} metric
 * @param {Marks} marks
 * @param {{width: number, height: number}} size
 */
export function mapPlot(grid, model, metric, marks, { width, height }) {
  const { config } = grid;
  const narrow = width < NARROW;
  const edges = edgesOf(grid);
  const trace = {
    type: "heatmap",
    ...edges,
    xgap: grid.x.length > 40 ? 0 : 1,
    ygap: grid.y.length > 40 ? 0 : 1,
    ...(metric === "pattern" ? patternPaint(grid, narrow) : metricPaint(grid, metric, narrow)),
    ...(grid.isWhole && grid.nCells <= TOLD_CELLS
      ? hoverTexts(grid, model)
      : hoverNumbers(grid, model, metric)),
    hoverongaps: true,
  };
  const layout = {
    uirevision: JSON.stringify([config.name, edges.x, edges.y]),
    margin: { l: 8, r: 8, t: 30, b: narrow ? BAR_BELOW : 8 },
    plot_bgcolor: colours().unknown,
    xaxis: axisLayout(model, config.param_x, edges.x, config.x_scale, width - SIDES),
    yaxis: axisLayout(model, config.param_y, edges.y, config.y_scale, height - ENDS),
    shapes: markShapes(grid, marks),
  };
  return { traces: [trace], layout };
}

/**
 * The frames around the chosen cell and the one that the keyboard points at.
 * @param {Grid} grid
 * @param {Marks} marks
 */
export function markShapes(grid, marks) {
  const edges = edgesOf(grid);
  return [...frame(marks.selected, edges, "solid"), ...frame(marks.cursor, edges, "dot")];
}

/** @param {Grid} grid */
function edgesOf({ x, y, config }) {
  return { x: borders(x, config.x_scale), y: borders(y, config.y_scale) };
}

/**
 * @param {Grid} grid
 * @param {Metric} metric
 * @param {boolean} narrow
 */
function metricPaint(grid, metric, narrow) {
  const [low, high] = extent(grid.values(metric));
  // Rates and counts are read against nothing; latencies against each other.
  const bottom = metric === "latency_ms" ? low : 0;
  const top = metric === "isi_cv" ? Math.max(high, SMALLEST_CV) : high;
  return {
    z: grid.rows(metric),
    colorscale: "Viridis",
    zmin: bottom,
    zmax: top > bottom ? top : bottom + 1,
    colorbar: colourBar(withUnit(grid.titleOf(metric), grid.unitOf(metric)), narrow),
  };
}

/**
 * @param {Grid} grid
 * @param {boolean} narrow
 */
function patternPaint(grid, narrow) {
  const place = (/** @type {string} */ name) => PATTERNS.indexOf(name);
  const names = grid.patterns.toSorted((a, b) => place(a) - place(b));
  const shown = names.length ? names : PATTERNS;
  const order = grid.patterns.map((name) => names.indexOf(name));
  const bar = colourBar(grid.titleOf("pattern"), narrow);
  return {
    z: grid.rows("pattern").map((row) => row.map((index) => order[index] ?? NaN)),
    zmin: -0.5,
    zmax: shown.length - 0.5,
    colorscale: shown.flatMap((name, i) => [
      [i / shown.length, patternColour(name)],
      [(i + 1) / shown.length, patternColour(name)],
    ]),
    colorbar: { ...bar, tickvals: shown.map((_, i) => i), ticktext: shown.map(patternName) },
  };
}

/**
 * @param {string} title
 * @param {boolean} narrow
 */
function colourBar(title, narrow) {
  const { ink } = colours();
  const common = { outlinewidth: 0, thickness: 12, ticklen: 3, tickcolor: "rgba(0,0,0,0)" };
  const text = { text: title, font: { size: 13, color: ink } };
  if (!narrow)
    return {
      ...common,
      len: 1,
      lenmode: "fraction",
      ypad: 0,
      xpad: 12,
      title: { ...text, side: "right" },
    };
  const below = { orientation: "h", yref: "container", y: 0, yanchor: "bottom", ypad: 0, len: 1 };
  return { ...common, ...below, xpad: 0, title: { ...text, side: "bottom" } };
}

/**
 * @param {Model} model
 * @param {string} name
 * @param {number[]} edges
 * @param {string | undefined} scale
 * @param {number} room for its title, in px
 */
function axisLayout(model, name, edges, scale, room) {
  const { meaning, unit: unitName } = quantityOf(model, name);
  const isLog = scale === "log";
  const ends = [edges[0], /** @type {number} */ (edges.at(-1))];
  return {
    type: isLog ? "log" : "linear",
    range: isLog ? ends.map(Math.log10) : ends,
    showgrid: false,
    showline: false,
    title: { text: axisTitle(meaning, name, unitName, room) },
  };
}

/**
 * A frame around a cell that shows on every colour of the scale.
 * @param {Cell | null} cell
 * @param {{x: number[], y: number[]}} edges
 * @param {"solid" | "dot"} dash
 */
function frame(cell, edges, dash) {
  if (!cell) return [];
  const { column, row } = cell;
  const place = {
    type: "rect",
    x0: edges.x[column],
    x1: edges.x[column + 1],
    y0: edges.y[row],
    y1: edges.y[row + 1],
  };
  return [
    { ...place, line: { color: "#10141a", width: 5 } },
    { ...place, line: { color: "#ffffff", width: 2, dash } },
  ];
}

/**
 * @param {Grid} grid
 * @param {Model} model
 */
function hoverTexts(grid, model) {
  const text = grid.y.map((_, row) =>
    grid.x.map((_, column) => hoverText(grid, model, { column, row })),
  );
  return { text, hovertemplate: "%{text}<extra></extra>" };
}

/**
 * @param {Grid} grid
 * @param {Model} model
 * @param {Metric | "pattern"} metric
 */
function hoverNumbers(grid, model, metric) {
  const line = (/** @type {string} */ name, /** @type {string} */ value) =>
    `${symbolHtml(name)} %{${value}:.4~g} ${unit(quantityOf(model, name).unit)}`;
  const at = `${line(grid.config.param_x, "x")}, ${line(grid.config.param_y, "y")}`;
  if (metric === "pattern") return { hovertemplate: `${at}<extra></extra>` };
  const shown = `${grid.titleOf(metric)} %{z:.4~g} ${unit(grid.unitOf(metric))}`;
  return { hovertemplate: `${at}<br>${shown}<extra></extra>` };
}

/**
 * @param {Grid} grid
 * @param {Model} model
 * @param {Cell} cell
 */
function hoverText(grid, model, cell) {
  const { config } = grid;
  const { x, y } = grid.at(cell);
  const line = (/** @type {string} */ name, /** @type {number} */ value) =>
    `${symbolHtml(name)} ${quantity(value, quantityOf(model, name).unit)}`;
  const at = `${line(config.param_x, x)}, ${line(config.param_y, y)}`;
  return [at, ...cellFacts(grid, cell).map(escaped)].join("<br>");
}

/**
 * Where a cell lies, in words.
 * @param {Grid} grid
 * @param {Model} model
 * @param {Cell} cell
 */
export function cellPlace(grid, model, cell) {
  const { config } = grid;
  const { x, y } = grid.at(cell);
  const part = (/** @type {string} */ name, /** @type {number} */ value) =>
    `${letters(name)} = ${quantity(value, quantityOf(model, name).unit)}`;
  return `${part(config.param_x, x)}, ${part(config.param_y, y)}`;
}

/**
 * What is known of a cell, one fact a line.
 * @param {Grid} grid
 * @param {Cell} cell
 * @returns {string[]}
 */
export function cellFacts(grid, cell) {
  const { values, pattern, status } = grid.at(cell);
  if (status === "diverged") return ["diverged: no numbers"];
  if (values.rate_hz === null) return [grid.isWhole ? "no numbers" : "not computed yet"];
  const rate = quantity(values.rate_hz, grid.unitOf("rate_hz"));
  if (!grid.model.spiking) return [`rate ${rate}`];
  const spikes = values.spike_count === 1 ? "1 spike" : `${number(values.spike_count)} spikes`;
  const facts = [`${rate}, ${spikes}`];
  const regularity = values.isi_cv === null ? [] : [`ISI CV ${ratio(values.isi_cv)}`];
  const order = [...(pattern ? [patternName(pattern).toLowerCase()] : []), ...regularity];
  if (order.length) facts.push(order.join(", "));
  if (values.latency_ms !== null) {
    facts.push(`first spike at ${quantity(values.latency_ms, grid.unitOf("latency_ms"))}`);
  }
  return facts;
}
