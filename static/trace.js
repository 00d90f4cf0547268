/** A trace: one state of a run over time, its spikes, and both as tables. */

import { element } from "./dom.js";
import { number, withUnit } from "./format.js";
import { draw, paced, repaintOnChange, TableTwin, tableRow } from "./plot.js";
import { clockOf, tracePlot } from "./simulate-plot.js";

/** @typedef {import("./models.js").Model} Model */
/** @typedef {import("./simulate-plot.js").Result} Result */

export class Trace {
  #picker;
  #plot;
  #twins = [
    new TableTwin("Trace as a table", () => this.#table()),
    new TableTwin("Spike times as a table", () => this.#spikeTable()),
  ];
  #paintSoon = paced(() => this.#paint());
  /** @type {{result: Result, model: Model} | null} */
  #shown = null;

  /** @param {string} id what the ids of its parts begin with */
  constructor(id) {
    this.#picker = element("select", { id: `${id}-state` });
    this.#plot = element("div", {
      id: `${id}-plot`,
      class: "plot trace",
      role: "group",
      "aria-label": "Trace over time, with a line at each spike",
    });
    /** Which state is drawn. */
    this.pick = element(
      "div",
      { class: "pick", hidden: true },
      element("label", { for: `${id}-state` }, "State"),
      this.#picker,
    );
    const tables = this.#twins.map((twin) => twin.details);
    this.body = element("div", {}, this.#plot, element("div", { class: "card-foot" }, ...tables));
    this.#picker.addEventListener("change", () => this.#paintSoon());
    repaintOnChange(this.#plot, this.#paintSoon);
  }

  /**
   * @param {Result} result
   * @param {Model} model
   */
  async show(result, model) {
    const sameModel = this.#shown?.model.name === model.name;
    this.#shown = { result, model };
    if (!sameModel) this.#offerStates(result, model);
    for (const twin of this.#twins) twin.refresh();
    await this.#paint();
  }

  /**
   * @param {Result} result
   * @param {Model} model
   */
  #offerStates({ states }, model) {
    const meaning = new Map(model.states.map((state) => [state.name, state.meaning]));
    const options = Object.keys(states).map((name) =>
      element("option", { value: name }, `${name}: ${meaning.get(name) ?? ""}`),
    );
    this.#picker.replaceChildren(...options);
    this.#picker.value = model.output;
    this.pick.hidden = options.length < 2;
  }

  async #paint() {
    if (!this.#shown || !this.#plot.clientWidth) return;
    const { result, model } = this.#shown;
    const height = this.#plot.clientHeight;
    const { traces, layout } = tracePlot(result, model, this.#picker.value, height);
    await draw(this.#plot, traces, layout);
  }

  #table() {
    const { result, model } = /** @type {{result: Result, model: Model}} */ (this.#shown);
    const names = Object.keys(result.states);
    const columns = names.map((name) => withUnit(name, result.units[name] ?? "1"));
    return {
      caption: `States of ${model.name} over time`,
      columns: [clockOf(model), ...columns],
      rows: result.t.length,
      row: (/** @type {number} */ index) =>
        tableRow(
          number(result.t[index], 6),
          names.map((name) => number(result.states[name][index], 5)),
        ),
    };
  }

  #spikeTable() {
    const { result, model } = /** @type {{result: Result, model: Model}} */ (this.#shown);
    const times = result.spike_times;
    return {
      caption: `Spikes of ${model.name}`,
      columns: ["Spike", clockOf(model), withUnit("Interval", model.time_unit)],
      rows: times.length,
      row: (/** @type {number} */ index) => {
        const interval = index ? number(times[index] - times[index - 1]) : "–";
        return tableRow(String(index + 1), [number(times[index], 6), interval]);
      },
    };
  }
}
