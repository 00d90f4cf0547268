/** The heatmap view: its form, the map as it fills, and the cell that was chosen on it. */

import { byId } from "./dom.js";
import { count, duration } from "./format.js";
import { HeatmapForm } from "./heatmap-form.js";
import { Grid, METRICS } from "./heatmap-grid.js";
import { cellFacts, cellPlace, mapPlot, markShapes } from "./heatmap-map.js";
import { cellTable, moveInTable, STEPS_OF_KEYS } from "./heatmap-table.js";
import { encode } from "./link.js";
import { Operation } from "./operation.js";
import { draw, paced, redrawMarks, repaintOnChange, TableTwin } from "./plot.js";
import { engineNode, runNote } from "./run-note.js";

/** @typedef {import("./app.js").Studio} Studio */
/** @typedef {import("./heatmap-form.js").HeatmapConfig} HeatmapConfig */
/** @typedef {import("./heatmap-grid.js").Cell} Cell */
/** @typedef {import("./heatmap-grid.js").Metric} Metric */
/** @typedef {import("./models.js").Model} Model */
/** @typedef {import("./remembered.js").Watched} Watched */
/** @typedef {import("./simulate.js").TraceView} TraceView */

const HINT = "Click a cell to see its trace, or use the arrow keys and Enter.";

export class HeatmapView extends Operation {
  #plot = byId("heatmap-plot");
  #readout = byId("heatmap-readout");
  #metricPicker = /** @type {HTMLSelectElement} */ (byId("metric"));
  #form = new HeatmapForm(
    () => this.start(),
    () => this.#describeEmpty(),
  );
  #twin = new TableTwin("As a table", () => this.#table());
  #paintSoon = paced(() => this.#paint());
  #markSoon = paced(() => this.#mark());
  /** @type {Model | null} */
  #model = null;
  /** What is on the map. @type {{grid: Grid, model: Model} | null} */
  #shown = null;
  /** @type {Cell | null} */
  #selected = null;
  /** @type {Cell | null} */
  #cursor = null;
  /** The cell that a link names, until its map is there. @type {Cell | null} */
  #linked = null;
  #listening = false;

  /**
   * @param {Studio} studio
   * @param {TraceView} trace
   */
  constructor(studio, trace) {
    super(studio, "heatmap");
    this.trace = trace;
    byId("heatmap-foot").append(this.#twin.details, this.exports);
    byId("run-heatmap").addEventListener("click", () => this.start());
    this.#metricPicker.addEventListener("change", () => this.#onMetric());
    this.#plot.addEventListener("keydown", (event) => this.#onKey(event));
    this.#plot.addEventListener("focus", () => this.#showCursor());
    this.#plot.addEventListener("blur", () => this.#moveCursor(null));
    this.#twin.details.addEventListener("keydown", moveInTable);
    repaintOnChange(this.#plot, this.#paintSoon);
  }

  /**
   * Offer a model's own heatmap.
   * @param {Model} model
   */
  chooseModel(model) {
    this.#model = model;
    this.#linked = null;
    this.#form.fill(model);
  }

  /**
   * Take up what a link says; running it is left to the person.
   * @param {Map<string, string>} values
   */
  restore(values) {
    this.#form.restore(values);
    const metric = values.get("metric") ?? "";
    if ([...METRICS, "pattern"].includes(metric)) this.#metricPicker.value = metric;
    const cell = /^(\d+)-(\d+)$/.exec(values.get("cell") ?? "");
    this.#linked = cell && { column: Number(cell[1]), row: Number(cell[2]) };
  }

  get link() {
    const { config } = this.#shown?.grid ?? { config: { name: this.#model?.name } };
    const metric = this.#metric === "rate_hz" ? undefined : this.#metric;
    const cell = this.#selected ? `${this.#selected.column}-${this.#selected.row}` : undefined;
    return encode("heatmap", { ...config, metric, cell });
  }

  /**
   * Run what the form says, or go on watching.
   * @param {Watched} [watched]
   */
  async start(watched) {
    const config = /** @type {HeatmapConfig | null} */ (watched?.config ?? this.#form.read());
    const model = this.#model;
    if (!config || !model) return;
    /** @type {Grid | null} */
    let grid = null;
    const result = await this.run(config, {
      onNews: (news) => {
        // The old map stays until the server has taken up the new request.
        if (typeof news.pct === "number") grid ??= this.#begin(config, model);
        if (!grid || !news.partial?.cells) return;
        grid.merge(news.partial.cells);
        this.#paintSoon();
      },
      onResult: async (told) => {
        grid ??= this.#begin(config, model);
        grid.finish(told);
        await this.#paint();
      },
      showProblems: (errors) => this.#form.showProblems(errors),
      job: watched?.job,
    });
    this.#twin.refresh();
    if (result && grid) this.#complete(grid, result);
  }

  /**
   * @param {HeatmapConfig} config
   * @param {Model} model
   */
  #begin(config, model) {
    const grid = new Grid(config, model);
    this.#shown = { grid, model };
    this.#selected = null;
    this.#cursor = null;
    this.uncover();
    delete this.root.dataset.cells;
    this.trace.clear("Choose a cell on the map to see how it fires.");
    byId("heatmap-title").textContent = model.title;
    byId("heatmap-note").textContent = note(grid, config);
    for (const option of this.#metricPicker.options) {
      option.textContent = grid.titleOf(/** @type {Metric | "pattern"} */ (option.value));
    }
    this.#readout.textContent = HINT;
    this.#twin.refresh();
    this.#paintSoon();
    this.studio.relink(this);
    return grid;
  }

  /**
   * @param {Grid} grid
   * @param {any} result
   */
  #complete(grid, result) {
    this.root.dataset.cells = String(grid.nCells);
    const ran = { ...result.config, preset: grid.config.preset };
    byId("heatmap-note").replaceChildren(note(grid, ran), engineNode(result));
    if (this.#selected) this.#read(this.#selected);
    this.studio.progress.say(`${count(grid.nCells)} cells in ${duration(result.elapsed_s)}`);
    if (grid.reasons.status)
      this.studio.notice.tell("Some cells have no numbers", [grid.reasons.status]);
    if (this.#linked && contains(grid, this.#linked)) this.#select(this.#linked);
    this.#linked = null;
  }

  get #metric() {
    return /** @type {Metric | "pattern"} */ (this.#metricPicker.value);
  }

  #onMetric() {
    this.#twin.refresh();
    this.studio.relink(this);
    this.#paintSoon();
  }

  async #paint() {
    if (!this.#shown || !this.#plot.clientWidth) return;
    const { grid, model } = this.#shown;
    const size = { width: this.#plot.clientWidth, height: this.#plot.clientHeight };
    const { traces, layout } = mapPlot(grid, model, this.#metric, this.#marks, size);
    if (await draw(this.#plot, traces, layout)) this.#listen();
  }

  #table() {
    const { grid, model } = /** @type {{grid: Grid, model: Model}} */ (this.#shown);
    return cellTable(grid, model, this.#metric, (cell) => this.#select(cell));
  }

  get #marks() {
    return { selected: this.#selected, cursor: this.#cursor };
  }

  async #mark() {
    if (this.#shown) await redrawMarks(this.#plot, markShapes(this.#shown.grid, this.#marks));
  }

  /** Plotly's events can be asked for only once it has drawn. */
  #listen() {
    if (this.#listening) return;
    this.#listening = true;
    /** @type {any} */ (this.#plot).on("plotly_click", (/** @type {any} */ event) => {
      const [row, column] = event.points[0].pointIndex;
      this.#select({ column, row });
    });
  }

  /** @param {Cell} cell */
  #select(cell) {
    if (!this.#shown) return;
    const { grid, model } = this.#shown;
    this.#selected = cell;
    this.#read(cell);
    this.studio.relink(this);
    this.#markSoon();
    this.trace.show(model, grid.simulateConfig(cell), () => cellPlace(grid, model, cell));
  }

  /** @param {Cell} cell */
  #read(cell) {
    if (!this.#shown) return;
    const { grid, model } = this.#shown;
    const facts = cellFacts(grid, cell).join(", ");
    this.#readout.textContent = `${cellPlace(grid, model, cell)}: ${facts}`;
  }

  #showCursor() {
    // A mouse shows where it is by itself.
    if (this.#plot.matches(":focus-visible"))
      this.#moveCursor(this.#selected ?? { column: 0, row: 0 });
  }

  /** @param {Cell | null} cell */
  #moveCursor(cell) {
    this.#cursor = cell;
    if (cell) this.#read(cell);
    this.#markSoon();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.target !== this.#plot || !this.#shown) return;
    const { grid } = this.#shown;
    const at = this.#cursor ?? this.#selected ?? { column: 0, row: 0 };
    const step = STEPS_OF_KEYS[event.key];
    if (step)
      this.#moveCursor(within(grid, { column: at.column + step[0], row: at.row + step[1] }));
    else if (event.key === "Enter" || event.key === " ") this.#select(at);
    else return;
    event.preventDefault();
  }

  #describeEmpty() {
    const cells = this.#form.nCells;
    byId("run-heatmap").textContent = cells
      ? `Run a ${count(cells)}-cell heatmap`
      : "Run the heatmap";
    byId("heatmap-plan").textContent = this.#form.describe();
  }
}

/**
 * @param {Grid} grid
 * @param {Parameters<typeof runNote>[1]} config
 */
function note({ model, x, y }, config) {
  return [runNote(model, config), `${x.length} × ${y.length} cells`].join(" · ");
}

/**
 * @param {Grid} grid
 * @param {Cell} cell
 */
function contains({ x, y }, { column, row }) {
  return column >= 0 && column < x.length && row >= 0 && row < y.length;
}

/**
 * @param {Grid} grid
 * @param {Cell} cell
 */
function within({ x, y }, { column, row }) {
  const clamp = (/** @type {number} */ value, /** @type {number} */ n) =>
    Math.max(0, Math.min(n - 1, value));
  return { column: clamp(column, x.length), row: clamp(row, y.length) };
}
