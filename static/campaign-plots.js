/** How a campaign is drawn: its convergence, its front and its surrogates, each also as a table. */

import { number, withUnit } from "./format.js";
import { colours, extent, tableRow } from "./plot.js";

/** @typedef {import("./campaign-log.js").CampaignLog} CampaignLog */
/** @typedef {import("./campaign-log.js").Evaluation} Evaluation */
/** @typedef {import("./campaign-log.js").Objective} Objective */
/** @typedef {{traces: any[], layout: any}} Plot */

const MARGIN = { l: 8, r: 16, t: 24, b: 8 };

/** @param {Objective} objective */
const titleOf = ({ name, unit }) => withUnit(name.replaceAll("_", " "), unit ?? "");

/** @param {Objective[]} objectives */
export function progressTitle(objectives) {
  return objectives.length === 1 ? `Best ${titleOf(objectives[0])}` : "Hypervolume";
}

/**
 * @param {CampaignLog} log
 * @returns {Plot}
 */
export function convergencePlot({ iterations, objectives }) {
  const { accent, surface } = colours();
  const done = iterations.filter(({ best }) => best !== null);
  const line = {
    type: "scatter",
    mode: "lines+markers",
    x: done.map(({ iteration }) => iteration),
    y: done.map(({ best }) => best),
    line: { color: accent, width: 2 },
    marker: { color: surface, size: 7, line: { color: accent, width: 2 } },
    cliponaxis: false,
    hovertemplate: "iteration %{x}: %{y:.5~g}<extra></extra>",
  };
  return {
    traces: [line],
    layout: {
      uirevision: "convergence",
      margin: MARGIN,
      hovermode: "closest",
      xaxis: { showgrid: false, showline: true, tickformat: "d", title: { text: "Iteration" } },
      yaxis: { title: { text: progressTitle(objectives) } },
    },
  };
}

/** @param {CampaignLog} log */
export function convergenceTable({ iterations, objectives }) {
  return {
    caption: `${progressTitle(objectives)} by iteration`,
    columns: ["Iteration", progressTitle(objectives), "On the front", "Training loss", "Validation loss"],
    rows: iterations.length,
    row(/** @type {number} */ index) {
      const { iteration, best, frontSize, trainLoss, valLoss } = iterations[index];
      const numbers = [best, frontSize, trainLoss, valLoss].map((value) => number(value));
      return tableRow(String(iteration), numbers);
    },
  };
}

/**
 * What has been reached: one objective in the order of evaluation, two or three against each other,
 * more as lines from axis to axis.
 * @param {CampaignLog} log
 * @param {string | null} chosen id of the evaluation that stands out
 * @returns {Plot}
 */
export function frontPlot(log, chosen) {
  const n = log.objectives.length;
  if (n === 1) return orderPlot(log, chosen);
  if (n === 2) return planePlot(log, chosen);
  return n === 3 ? spacePlot(log, chosen) : parallelPlot(log);
}

/**
 * The evaluations in the groups in which they are drawn.
 * @param {CampaignLog} log
 */
function groups(log) {
  const front = log.front;
  const onFront = new Set(front.map(({ id }) => id));
  const known = log.evaluations.filter(({ status }) => status === "ok");
  return {
    front,
    others: known.filter((one) => one.feasible && !onFront.has(one.id)),
    infeasible: known.filter(({ feasible }) => !feasible),
  };
}

/**
 * @param {Evaluation[]} evaluations
 * @param {Objective} objective
 */
const values = (evaluations, { name }) => evaluations.map(({ objectives }) => objectives?.[name] ?? null);

/** @param {Evaluation[]} evaluations */
const ids = (evaluations) => evaluations.map(({ id }) => id);

const HOVER = "%{customdata}<br>%{x:.5~g}, %{y:.5~g}<extra></extra>";

/**
 * @param {CampaignLog} log
 * @param {string | null} chosen
 */
function planePlot(log, chosen) {
  const { muted, accent } = colours();
  const { front, others, infeasible } = groups(log);
  const [a, b] = log.objectives;
  const sorted = front.toSorted((one, other) => (one.objectives?.[a.name] ?? 0) - (other.objectives?.[a.name] ?? 0));
  const dots = (/** @type {Evaluation[]} */ of, /** @type {any} */ style) => ({
    type: "scatter",
    mode: "markers",
    x: values(of, a),
    y: values(of, b),
    customdata: ids(of),
    cliponaxis: false,
    hovertemplate: HOVER,
    ...style,
  });
  return {
    traces: [
      dots(infeasible, { name: "Infeasible", marker: { color: muted, size: 7, symbol: "x-thin-open", opacity: 0.7 } }),
      dots(others, { name: "Dominated", marker: { color: muted, size: 7, opacity: 0.45 } }),
      { ...predicted(log, a, b), name: "Being evaluated" },
      dots(sorted, {
        name: "Front",
        mode: "lines+markers",
        // between two points of the front nothing better than the worse of each is known
        line: { color: accent, width: 1.5, shape: a.direction === "maximize" ? "vh" : "hv" },
        marker: { color: accent, size: 9 },
      }),
      dots(chosenOnes(log, chosen), { ...ring(), hoverinfo: "skip", showlegend: false }),
    ],
    layout: {
      uirevision: "front",
      margin: MARGIN,
      hovermode: "closest",
      showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      xaxis: { showline: true, title: { text: titleOf(a) } },
      yaxis: { title: { text: titleOf(b) } },
    },
  };
}

/**
 * @param {CampaignLog} log
 * @param {string | null} chosen
 */
function chosenOnes(log, chosen) {
  const found = chosen === null ? undefined : log.find(chosen);
  return found?.objectives ? [found] : [];
}

/** What surrounds the chosen point. */
function ring() {
  const { ink } = colours();
  return {
    mode: "markers",
    marker: { color: "rgba(0,0,0,0)", size: 15, line: { color: ink, width: 2 } },
  };
}

/**
 * Where the surrogates expect what is being evaluated, with their doubt.
 * @param {CampaignLog} log
 * @param {Objective} a
 * @param {Objective} b
 */
function predicted({ pending }, a, b) {
  const { accent } = colours();
  const foreseen = pending.filter(({ predicted: known }) => known?.[a.name] && known[b.name]);
  const of = (/** @type {Objective} */ { name }, /** @type {"mean" | "std"} */ what) =>
    foreseen.map((one) => /** @type {any} */ (one.predicted)[name][what]);
  const bars = (/** @type {Objective} */ objective) => ({
    type: "data",
    array: of(objective, "std"),
    color: accent,
    thickness: 1,
    width: 0,
  });
  return {
    type: "scatter",
    mode: "markers",
    x: of(a, "mean"),
    y: of(b, "mean"),
    error_x: bars(a),
    error_y: bars(b),
    customdata: ids(foreseen),
    marker: { color: accent, size: 8, symbol: "circle-open" },
    hovertemplate: HOVER,
    cliponaxis: false,
  };
}

/**
 * @param {CampaignLog} log
 * @param {string | null} chosen
 */
function orderPlot(log, chosen) {
  const { muted, accent } = colours();
  const [objective] = log.objectives;
  const place = new Map(log.evaluations.map(({ id }, index) => [id, index + 1]));
  const { front, others, infeasible } = groups(log);
  const dots = (/** @type {Evaluation[]} */ of, /** @type {any} */ style) => ({
    type: "scatter",
    mode: "markers",
    x: of.map(({ id }) => place.get(id)),
    y: values(of, objective),
    customdata: ids(of),
    cliponaxis: false,
    hovertemplate: HOVER,
    ...style,
  });
  return {
    traces: [
      dots(infeasible, { name: "Infeasible", marker: { color: muted, size: 7, symbol: "x-thin-open", opacity: 0.7 } }),
      dots(others, { name: "Evaluated", marker: { color: muted, size: 7, opacity: 0.55 } }),
      dots(front, { name: "Best", marker: { color: accent, size: 10 } }),
      dots(chosenOnes(log, chosen), { ...ring(), hoverinfo: "skip", showlegend: false }),
    ],
    layout: {
      uirevision: "front",
      margin: MARGIN,
      hovermode: "closest",
      showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom" },
      xaxis: { showline: true, title: { text: "Evaluation" } },
      yaxis: { title: { text: titleOf(objective) } },
    },
  };
}

/**
 * @param {CampaignLog} log
 * @param {string | null} chosen
 */
function spacePlot(log, chosen) {
  const { muted, accent, line, ink } = colours();
  const { front, others, infeasible } = groups(log);
  const [a, b, c] = log.objectives;
  const dots = (/** @type {Evaluation[]} */ of, /** @type {any} */ marker, /** @type {string} */ name) => ({
    type: "scatter3d",
    mode: "markers",
    x: values(of, a),
    y: values(of, b),
    z: values(of, c),
    customdata: ids(of),
    name,
    marker,
    hovertemplate: "%{customdata}<br>%{x:.5~g}, %{y:.5~g}, %{z:.5~g}<extra></extra>",
  });
  const axis = (/** @type {Objective} */ objective) => ({
    title: { text: titleOf(objective), font: { color: ink } },
    color: muted,
    gridcolor: line,
  });
  return {
    traces: [
      dots(infeasible, { color: muted, size: 3, symbol: "x", opacity: 0.5 }, "Infeasible"),
      dots(others, { color: muted, size: 3, opacity: 0.5 }, "Dominated"),
      dots(front, { color: accent, size: 5 }, "Front"),
      dots(chosenOnes(log, chosen), { color: ink, size: 7, symbol: "circle-open" }, "Chosen"),
    ],
    layout: {
      uirevision: "front",
      margin: { l: 0, r: 0, t: 8, b: 0 },
      scene: { uirevision: "front", xaxis: axis(a), yaxis: axis(b), zaxis: axis(c) },
    },
  };
}

/**
 * A line for each evaluation, from objective to objective, each scaled to its range.
 * @param {CampaignLog} log
 */
function parallelPlot(log) {
  const { muted, accent, ink } = colours();
  const { front, others } = groups(log);
  const ends = log.objectives.map((objective) => extent(values([...others, ...front], objective)));
  const lines = (/** @type {Evaluation[]} */ of, /** @type {any} */ style) => ({
    type: "scatter",
    mode: "lines",
    x: of.flatMap(() => [...log.objectives.keys(), null]),
    y: of.flatMap((one) => [
      ...log.objectives.map(({ name }, k) => scaled(one.objectives?.[name] ?? null, ends[k])),
      null,
    ]),
    hoverinfo: "skip",
    ...style,
  });
  const label = (/** @type {number} */ k, /** @type {0 | 1} */ end) => ({
    x: k,
    y: end,
    yanchor: end ? "bottom" : "top",
    text: number(ends[k][end]),
    font: { size: 12, color: ink },
    showarrow: false,
  });
  return {
    traces: [
      lines(others, { name: "Dominated", line: { color: muted, width: 1 }, opacity: 0.35 }),
      lines(front, { name: "Front", line: { color: accent, width: 2 } }),
    ],
    layout: {
      uirevision: "front",
      margin: MARGIN,
      showlegend: true,
      legend: { orientation: "h", x: 0, y: 1.08, yanchor: "bottom" },
      xaxis: {
        tickvals: [...log.objectives.keys()],
        ticktext: log.objectives.map(titleOf),
        range: [-0.3, log.objectives.length - 0.7],
      },
      yaxis: { visible: false, range: [-0.08, 1.08] },
      annotations: [...log.objectives.keys()].flatMap((k) => [label(k, 0), label(k, 1)]),
    },
  };
}

/**
 * @param {number | null} value
 * @param {number[]} ends
 */
function scaled(value, [low, high]) {
  return value === null ? null : (value - low) / (high - low || 1);
}

/** @param {CampaignLog} log */
export function frontTable(log) {
  const front = log.front;
  const parameters = Object.keys(front[0]?.parameters ?? {});
  return {
    caption: log.objectives.length === 1 ? "The best evaluation" : "The front",
    columns: ["Candidate", ...parameters, ...log.objectives.map(titleOf)],
    rows: front.length,
    row(/** @type {number} */ index) {
      const { id, parameters: chosen, objectives } = front[index];
      const of = (/** @type {unknown} */ value) => (typeof value === "number" ? number(value) : String(value));
      return tableRow(id, [
        ...parameters.map((name) => of(chosen[name])),
        ...log.objectives.map(({ name }) => number(objectives?.[name])),
      ]);
    },
  };
}

/**
 * What was predicted against what came, with the line on which they are the same.
 * @param {CampaignLog} log
 * @param {Objective} objective
 * @returns {Plot}
 */
export function surrogatePlot(log, objective) {
  const { muted, accent } = colours();
  const told = foretold(log, objective);
  const of = (/** @type {"mean" | "std"} */ what) =>
    told.map((one) => /** @type {any} */ (one.predicted)[objective.name][what]);
  const actual = values(told, objective);
  const all = [...of("mean"), ...actual];
  const ends = all.length ? [Math.min(...all), Math.max(...all)] : [0, 1];
  return {
    traces: [
      {
        type: "scatter",
        mode: "lines",
        x: ends,
        y: ends,
        line: { color: muted, width: 1, dash: "dot" },
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        mode: "markers",
        x: of("mean"),
        y: actual,
        error_x: { type: "data", array: of("std"), color: accent, thickness: 1, width: 0 },
        customdata: ids(told),
        marker: { color: accent, size: 7 },
        cliponaxis: false,
        hovertemplate: "%{customdata}<br>predicted %{x:.4~g}, found %{y:.4~g}<extra></extra>",
      },
    ],
    layout: {
      uirevision: `surrogate ${objective.name}`,
      margin: MARGIN,
      hovermode: "closest",
      xaxis: { showline: true, title: { text: "Predicted" } },
      yaxis: { title: { text: "Found" } },
    },
  };
}

/**
 * @param {CampaignLog} log
 * @param {Objective} objective
 */
function foretold(log, { name }) {
  return log.evaluations.filter(
    ({ predicted: known, objectives }) => known?.[name] && typeof objectives?.[name] === "number",
  );
}

/**
 * @param {CampaignLog} log
 * @param {Objective} objective
 */
export function surrogateTable(log, objective) {
  const told = foretold(log, objective);
  return {
    caption: `${titleOf(objective)}: predicted and found`,
    columns: ["Candidate", "Predicted", "Deviation", "Found"],
    rows: told.length,
    row(/** @type {number} */ index) {
      const { id, predicted: known, objectives } = told[index];
      const { mean, std } = /** @type {any} */ (known)[objective.name];
      return tableRow(id, [number(mean), number(std), number(objectives?.[objective.name])]);
    },
  };
}
