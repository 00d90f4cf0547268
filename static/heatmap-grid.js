/** The cells of a heatmap, as far as they are known. Index = row * width + column, rows along y. */

/** @typedef {import("./heatmap-form.js").HeatmapConfig} HeatmapConfig */
/** @typedef {"rate_hz" | "spike_count" | "isi_cv" | "latency_ms"} Metric */
/** @typedef {{column: number, row: number}} Cell */

export const METRICS = /** @type {const} */ ({
  rate_hz: { title: "Firing rate" },
  spike_count: { title: "Spike count" },
  isi_cv: { title: "ISI CV" },
  latency_ms: { title: "Latency of first spike" },
});

export class Grid {
  /** @type {Record<Metric, (number | null)[]>} */
  #metrics;
  /** @type {(string | null)[]} */
  #pattern;
  /** @type {(string | null)[]} */
  #status;
  /** @type {Record<string, string>} */
  reasons = {};
  isWhole = false;

  /**
   * @param {HeatmapConfig} config
   * @param {Record<string, string>} units the model's
   */
  constructor(config, units) {
    this.config = config;
    this.units = units;
    this.x = spaced(config.x_min, config.x_max, config.x_steps, config.x_scale);
    this.y = spaced(config.y_min, config.y_max, config.y_steps, config.y_scale);
    const nothing = () => Array(this.nCells).fill(null);
    this.#metrics = {
      rate_hz: nothing(),
      spike_count: nothing(),
      isi_cv: nothing(),
      latency_ms: nothing(),
    };
    this.#pattern = nothing();
    this.#status = nothing();
  }

  get nCells() {
    return this.x.length * this.y.length;
  }

  /**
   * Results so far: each item covers neighbouring cells.
   * @param {{first: number, [values: string]: any}[]} items
   */
  merge(items) {
    for (const { first, ...item } of items) {
      for (const metric of metricNames) write(this.#metrics[metric], first, item[metric]);
      write(this.#pattern, first, item.pattern);
      write(this.#status, first, item.status);
    }
  }

  /** @param {any} result the whole, as the server tells it at the end */
  finish(result) {
    this.x = result.x;
    this.y = result.y;
    for (const metric of metricNames) this.#metrics[metric] = result.metrics[metric].flat();
    this.#pattern = result.pattern.flat();
    this.#status = result.status.flat();
    this.reasons = result.reasons ?? {};
    this.isWhole = true;
  }

  /**
   * @param {Metric | "pattern"} metric
   * @returns {(number | string | null)[][]} [row][column]
   */
  rows(metric) {
    const values = metric === "pattern" ? this.#pattern : this.#metrics[metric];
    return this.y.map((_, row) => values.slice(row * this.x.length, (row + 1) * this.x.length));
  }

  /** @param {Cell} cell */
  at({ column, row }) {
    const index = row * this.x.length + column;
    return {
      x: this.x[column],
      y: this.y[row],
      values: /** @type {Record<Metric, number | null>} */ (
        Object.fromEntries(metricNames.map((name) => [name, this.#metrics[name][index]]))
      ),
      pattern: this.#pattern[index],
      status: this.#status[index],
    };
  }

  /** @param {Metric | "pattern"} metric */
  unitOf(metric) {
    return this.units[metric] ?? "1";
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

const metricNames = /** @type {Metric[]} */ (Object.keys(METRICS));

/**
 * @param {any[]} values
 * @param {number} first
 * @param {any[] | undefined} told
 */
function write(values, first, told) {
  told?.forEach((value, offset) => {
    values[first + offset] = value;
  });
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
