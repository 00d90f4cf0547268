/** How one run is drawn: a state over time, and its spikes. */

import { symbolHtml } from "./format.js";
import { axisTitle, colours, extent } from "./plot.js";

/** @typedef {import("./models.js").Model} Model */

/**
 * @typedef {object} Result
 * @property {number[]} t
 * @property {Record<string, (number | null)[]>} states
 * @property {number[]} spike_times
 * @property {Record<string, string>} units
 * @property {{duration: number}} config
 * @property {string | null} [reason]
 */

// What lies above and below the trace, in px.
const ENDS = 50;

const CLOCKS = { ms: "Time (ms)", 1: "Time (dimensionless)", iteration: "Iteration" };

/**
 * What the axis of time is called.
 * @param {Model} model
 */
export function clockOf({ time_unit }) {
  return CLOCKS[/** @type {keyof typeof CLOCKS} */ (time_unit)];
}

/**
 * What Plotly needs to draw one state and the spikes.
 * @param {Result} result
 * @param {Model} model
 * @param {string} state
 * @param {number} height
 */
export function tracePlot(result, model, state, height) {
  const { ink, accent } = colours();
  const values = result.states[state];
  const unitName = result.units[state] ?? "1";
  const [low, high] = extent(result.reason ? beforeDiverging(values) : values);
  const span = high - low || 1;
  const top = high + 0.12 * span;
  const line = {
    type: "scatter",
    mode: "lines",
    x: result.t,
    y: values,
    line: { color: ink, width: 1.4, simplify: false },
    hovertemplate: `%{x:.6~g}, ${symbolHtml(state)} %{y:.5~g}<extra></extra>`,
  };
  const spikes = {
    type: "scatter",
    mode: "lines",
    ...spikeMarks(result.spike_times, result.t, values, top),
    line: { color: accent, width: 1.4 },
    hoverinfo: "skip",
  };
  const end = Math.max(/** @type {number} */ (result.t.at(-1)), result.config.duration);
  const meaning = model.states.find(({ name }) => name === state)?.meaning ?? "";
  const layout = {
    uirevision: `${model.name} ${state} ${end}`,
    margin: { l: 8, r: 12, t: 28, b: 8 },
    hovermode: "closest",
    xaxis: {
      range: [result.t[0], end],
      showgrid: false,
      showline: true,
      title: { text: clockOf(model) },
    },
    yaxis: {
      range: [low - 0.06 * span, top + 0.04 * span],
      title: { text: axisTitle(meaning, state, unitName, height - ENDS) },
    },
  };
  return { traces: [spikes, line], layout };
}

/**
 * What a diverging trace was like before: its last values would flatten all others.
 * @param {(number | null)[]} values
 */
function beforeDiverging(values) {
  const bound = 10 * Math.max(1, Math.abs(values[0] ?? 0));
  return values.filter((value) => value !== null && Math.abs(value) <= bound);
}

/**
 * A line from the trace to the top at each spike: a reset would otherwise hide the spike, since
 * the trace of an integrate-and-fire model never leaves the threshold upwards.
 * @param {number[]} times
 * @param {number[]} t
 * @param {(number | null)[]} values
 * @param {number} top
 */
function spikeMarks(times, t, values, top) {
  /** @type {(number | null)[]} */
  const x = [];
  /** @type {(number | null)[]} */
  const y = [];
  for (const time of times) {
    x.push(time, time, null);
    y.push(values[lastBefore(t, time)] ?? top, top, null);
  }
  return { x, y };
}

/**
 * Index of the last time before another, by bisection.
 * @param {number[]} t
 * @param {number} time
 */
function lastBefore(t, time) {
  let low = 0;
  let high = t.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (t[middle] < time) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
