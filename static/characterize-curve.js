/** The f-I curve: how often a model fires at each current, drawn and as a table. */

import { number, unit, withUnit } from "./format.js";
import { rateTitle } from "./models.js";
import { axisTitle, colours, tableRow } from "./plot.js";

/** @typedef {import("./models.js").Model} Model */
/** @typedef {import("./characterize.js").Result} Result */
/** @typedef {{currents: number[], rates: (number | null)[]}} Curve */

/**
 * What Plotly needs to draw the curve, with the rheobase marked.
 * @param {Result} result
 * @param {Model} model
 */
export function curvePlot({ fi_curve, threshold_current, units }, model) {
  const { ink, accent, surface } = colours();
  const { currents, rates } = fi_curve;
  const at = `%{x:.4~g} ${unit(model.current_unit)}, %{y:.4~g} ${unit(units.rate_hz)}`;
  const curve = {
    type: "scatter",
    mode: "lines+markers",
    x: currents,
    y: rates,
    line: { color: accent, width: 2 },
    marker: { color: surface, size: 7, line: { color: accent, width: 2 } },
    cliponaxis: false,
    hovertemplate: `${at}<extra></extra>`,
  };
  const end = /** @type {number} */ (currents.at(-1));
  const marked = threshold_current !== null && threshold_current <= end;
  const layout = {
    uirevision: `${model.name} ${end}`,
    margin: { l: 8, r: 16, t: 24, b: 8 },
    hovermode: "closest",
    xaxis: {
      showgrid: false,
      showline: true,
      layer: "below traces",
      title: { text: axisTitle("current", "current", model.current_unit, Infinity) },
    },
    yaxis: { rangemode: "tozero", title: { text: withUnit(rateTitle(model), units.rate_hz) } },
    shapes: marked ? [rheobaseLine(threshold_current, ink)] : [],
    annotations: marked ? [rheobaseName(threshold_current, end, ink)] : [],
  };
  return { traces: [curve], layout };
}

/**
 * @param {number} rheobase
 * @param {string} color
 */
function rheobaseLine(rheobase, color) {
  const place = { x0: rheobase, x1: rheobase, y0: 0, y1: 1, yref: "paper" };
  return { type: "line", ...place, line: { color, width: 1.2, dash: "dot" } };
}

/**
 * @param {number} rheobase
 * @param {number} end of the axis
 * @param {string} color
 */
function rheobaseName(rheobase, end, color) {
  return {
    x: rheobase,
    y: 1,
    yref: "paper",
    yanchor: "top",
    // Below the rheobase there is nothing but zeros to write over.
    xanchor: rheobase > end / 4 ? "right" : "left",
    text: "Rheobase",
    font: { size: 12, color },
    showarrow: false,
  };
}

/**
 * @param {Result} result
 * @param {Model} model
 */
export function curveTable({ fi_curve, units }, model) {
  return {
    caption: `f-I curve of ${model.name}`,
    columns: [
      withUnit("Current", model.current_unit),
      withUnit(rateTitle(model), units.rate_hz),
    ],
    rows: fi_curve.currents.length,
    row: (/** @type {number} */ index) =>
      tableRow(number(fi_curve.currents[index]), [number(fi_curve.rates[index])]),
  };
}
