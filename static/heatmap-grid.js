/** The cells of a heatmap, as far as they are known. Index = row * width + column, rows along y. */

import { rateTitle } from "./models.js";

/** @typedef {import("./heatmap-form.js").HeatmapConfig} HeatmapConfig */
/** @typedef {import("./models.js").Model} Model */
/** @typedef {"rate_hz" | "spike_count" | "isi_cv" | "latency_ms"} Metric */
/** @typedef {{column: number, row: number}} Cell */

export const METRICS = /** @type {Metric[]} */ ([
  "rate_hz",
  "spike_count",
  "isi_cv",
  "latency_ms",
]);

/**
 * Numbers lie in typed arrays, NaN where there is none, and patterns as an index into their names:
 * a map of 250 000 cells stays small, and its rows go to Plotly as they are.
 */
export class Grid {
  /** @type {Map<Metric | "pattern", Float64Array>} */
  #values;
  /** @type {string[]} */
  patterns = [];
  /** @type {string[][] | null} */
  #status = null;
  /** @type {Record<string, string>} */
  reasons = {};
  isWhole = false;

  /**
   * @param {HeatmapConfig} config
   * @param {Model} model
   */
  constructor(config, model) {
    this.config = config;
    this.model = model;
    this.x = spaced(config.x_min, config.x_max, config.x_steps, config.x_scale);
    this.y = spaced(config.y_min, config.y_max, config.y_steps, config.y_scale);
    const all = [...METRICS, /** @type {const} */ ("pattern")];
    this.#values = new Map(all.map((name) => [name, new Float64Array(this.nCells).fill(NaN)]));
  }

  get nCells() {
    return this.x.length * this.y.length;
  }

  /**
   * Results so far: each item covers neighbouring cells.
   * @param {{first: number, [values: string]: any}[]} items
   */
  merge(items) {
    for (const { first, ...item } of items) this.#write(first, item);
  }

  /** @param {any} result the whole, as the server tells it at the end */
  finish(result) {
    this.x = result.x;
    this.y = result.y;
    this.y.forEach((_, row) => {
      const metrics = METRICS.map((name) => [name, result.metrics[name][row]]);
      const told = { ...Object.fromEntries(metrics), pattern: result.pattern[row] };
      this.#write(row * this.x.length, told);
    });
    this.#status = result.status;
    this.reasons = result.reasons ?? {};
    this.isWhole = true;
  }

  /**
   * @param {number} first
   * @param {Record<string, any[]>} told
   */
  #write(first, told) {
    for (const [name, values] of this.#values) {
      const known = told[name];
      if (!known) continue;
      for (let i = 0; i < known.length; i++) {
        const value = known[i];
        values[first + i] =
          value === null ? NaN : name === "pattern" ? this.#indexOf(value) : value;
      }
    }
  }

  /** @param {string} pattern */
  #indexOf(pattern) {
    const index = this.patterns.indexOf(pattern);
    return index < 0 ? this.patterns.push(pattern) - 1 : index;
  }

  /**
   * Every value of the map: a number, NaN, or for a pattern its index in `patterns`.
   * @param {Metric | "pattern"} metric
   */
  values(metric) {
    return /** @type {Float64Array} */ (this.#values.get(metric));
  }

  /**
   * The same by [row][column].
   * @param {Metric | "pattern"} metric
   */
  rows(metric) {
    const n = this.x.length;
    return this.y.map((_, row) => this.values(metric).subarray(row * n, (row + 1) * n));
  }

  /** @param {Cell} cell */
  at({ column, row }) {
    const index = row * this.x.length + column;
    const known = (/** @type {Metric | "pattern"} */ name) => {
      const value = this.values(name)[index];
      return Number.isNaN(value) ? null : value;
    };
    const pattern = known("pattern");
    return {
      x: this.x[column],
      y: this.y[row],
      values: /** @type {Record<Metric, number | null>} */ (
        Object.fromEntries(METRICS.map((name) => [name, known(name)]))
      ),
      pattern: pattern === null ? null : this.patterns[pattern],
      status: this.#status?.[row][column],
    };
  }

  /** @param {Metric | "pattern"} metric */
  titleOf(metric) {
    return {
      rate_hz: rateTitle(this.model),
      spike_count: "Spike count",
      isi_cv: "ISI CV",
      latency_ms: "Latency of first spike",
      pattern: "Firing pattern",
    }[metric];
  }

  /** @param {Metric | "pattern"} metric */
  unitOf(metric) {
    return this.model.units[metric] ?? "1";
  }

  /**
   * The request that runs one cell alone.
   * @param {Cell} cell
   */
  simulateConfig({ column, row }) {
    const { param_x, param_y, params = {}, ...rest } = this.config;
    const own = Object.entries(rest).filter(([key]) => !/^[xy]_/.test(key));
    const swept = { [param_x]: this.x[column], [param_y]: this.y[row] };
    const { current, ...fixed } = /** @type {Record<string, number>} */ ({ ...params, ...swept });
    return {
      ...Object.fromEntries(own),
      ...(current === undefined ? {} : { current }),
      params: fixed,
    };
  }
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} n
 * @param {string} [scale]
 */
function spaced(low, high, n, scale) {
  const at = (/** @type {number} */ i) => (n === 1 ? 0 : i / (n - 1));
  const value = (/** @type {number} */ share) =>
    scale === "log" ? low * (high / low) ** share : low + (high - low) * share;
  return Array.from({ length: n }, (_, i) => value(at(i)));
}

/**
 * The borders of cells around their centres.
 * @param {number[]} centres
 * @param {string} [scale]
 * @returns {number[]}
 */
export function borders(centres, scale) {
  if (scale === "log") return borders(centres.map(Math.log)).map(Math.exp);
  if (centres.length === 1) return [centres[0] - 0.5, centres[0] + 0.5];
  const between = centres.slice(1).map((centre, i) => (centre + centres[i]) / 2);
  const first = centres[0] - (between[0] - centres[0]);
  const last = 2 * /** @type {number} */ (centres.at(-1)) - /** @type {number} */ (between.at(-1));
  return [first, ...between, last];
}
