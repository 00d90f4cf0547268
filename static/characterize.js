/** The characterize view: a model from all sides. */

import { curvePlot, curveTable } from "./characterize-curve.js";
import { sensitivityTable } from "./characterize-sensitivity.js";
import { byId, element } from "./dom.js";
import { numberField, readNumber } from "./fields.js";
import { capitalised, duration, number, quantity, ratio, symbolNodes, unit } from "./format.js";
import { encode } from "./link.js";
import { ModelForm } from "./model-form.js";
import { rateMeaning, timeOf } from "./models.js";
import { Operation } from "./operation.js";
import { patternColour, patternName } from "./patterns.js";
import { draw, headRow, paced, repaintOnChange, TableTwin, tableRow } from "./plot.js";
import { engineNode, runNote } from "./run-note.js";
import { statRow, statRows } from "./stats.js";
import { Trace } from "./trace.js";

/** @typedef {import("./app.js").Studio} Studio */
/** @typedef {import("./models.js").Model} Model */
/** @typedef {import("./remembered.js").Watched} Watched */
/** @typedef {import("./characterize-curve.js").Curve} Curve */
/** @typedef {import("./characterize-sensitivity.js").Sensitivity} Sensitivity */

/**
 * @typedef {object} Result
 * @property {{current: number, duration: number}} config
 * @property {Record<string, string>} units
 * @property {{t: number[], states: Record<string, (number | null)[]>}} trace
 * @property {number[]} spike_times
 * @property {Record<string, any>} pattern
 * @property {Curve} fi_curve
 * @property {number | null} threshold_current
 * @property {number | null} max_rate
 * @property {Record<string, Record<"min" | "mean" | "max", number | null>>} state_ranges
 * @property {Sensitivity[]} sensitivity
 * @property {string | null} reason
 * @property {Record<string, string>} reasons
 * @property {number} elapsed_s
 * @property {string} engine
 * @property {string} [engine_reason]
 */

/** @typedef {{result: Result, model: Model, asked: {preset?: string}}} Shown */

class CharacterizeForm extends ModelForm {
  #transient = numberField("/transient", "Transient", { placeholder: "0", min: 0 });
  #fiMax = numberField("/fi_max", "f-I curve up to", { placeholder: "automatic" });

  /**
   * @param {() => void} onSubmit
   * @param {() => void} onChange
   */
  constructor(onSubmit, onChange) {
    super("characterize", onSubmit, onChange);
    byId("characterize-run").append(...this.#own.flatMap((field) => field.elements));
  }

  get #own() {
    return [this.#transient, this.#fiMax];
  }

  get fields() {
    return [...this.#own, ...super.fields];
  }

  /** @param {Model} model */
  fill(model) {
    for (const field of this.#own) field.value = "";
    this.#transient.setUnit(model.time_unit);
    this.#fiMax.setUnit(model.current_unit);
    super.fill(model);
  }

  config() {
    const transient = readNumber(this.#transient, { optional: true });
    const fi_max = readNumber(this.#fiMax, { optional: true });
    return { ...super.config(), transient, fi_max };
  }

  /** The request in words. */
  describe() {
    if (!this.model) return "";
    const time = timeOf(this.model, Number(this.duration.value));
    const run = `a run of ${time}${this.describeDrive()}`;
    return `${this.model.title}: ${run}, the f‑I curve, and what each parameter does.`;
  }
}

export class CharacterizeView extends Operation {
  #plot = byId("fi-plot");
  #form = new CharacterizeForm(
    () => this.start(),
    () => this.#say(this.#form.describe()),
  );
  #trace = new Trace("characterize-trace");
  #twin = new TableTwin("As a table", () => curveTable(this.#known.result, this.#known.model));
  #paintSoon = paced(() => this.#paint());
  /** @type {Model | null} */
  #model = null;
  /** @type {Shown | null} */
  #shown = null;

  /** @param {Studio} studio */
  constructor(studio) {
    super(studio, "characterize");
    byId("characterize-pick").append(this.#trace.pick);
    byId("characterize-trace").append(this.#trace.body, this.exports);
    byId("fi-foot").append(this.#twin.details);
    byId("run-characterize").addEventListener("click", () => this.start());
    repaintOnChange(this.#plot, this.#paintSoon);
  }

  get #known() {
    return /** @type {Shown} */ (this.#shown);
  }

  /** @param {Model} model */
  chooseModel(model) {
    this.#model = model;
    this.#form.fill(model);
  }

  /** @param {Map<string, string>} values */
  restore(values) {
    this.#form.restore(values);
  }

  get link() {
    return encode("characterize", this.#shown?.asked ?? { name: this.#model?.name });
  }

  /**
   * Run what the form says, or go on watching.
   * @param {Watched} [watched]
   */
  async start(watched) {
    const asked = watched?.config ?? this.#form.read();
    const model = this.#model;
    if (!asked || !model) return;
    const result = await this.run(asked, {
      onNews: ({ msg }) => this.#say(msg),
      onResult: (result) => this.#show(result, model, asked),
      showProblems: (errors) => this.#form.showProblems(errors),
      job: watched?.job,
    });
    const time = duration(result?.elapsed_s ?? 0);
    if (result) this.studio.progress.say(`${model.name} characterized in ${time}`);
    if (this.root.dataset.state !== "running") this.#say(this.#form.describe());
  }

  /** @param {string} text below the invitation to run */
  #say(text) {
    byId("characterize-plan").textContent = text;
  }

  /**
   * @param {Result} result
   * @param {Model} model
   * @param {Shown["asked"]} asked
   */
  async #show(result, model, asked) {
    this.#shown = { result, model, asked };
    this.uncover();
    this.#showPattern(result, model);
    const note = runNote(model, { ...result.config, preset: asked.preset });
    byId("characterize-note").replaceChildren(note, engineNode(result));
    byId("characterize-stats").replaceChildren(...keyNumbers(result, model));
    byId("fi-note").textContent = curveNote(result);
    byId("sensitivity").replaceChildren(sensitivityTable(result, model));
    byId("ranges").replaceChildren(rangesTable(result, model));
    byId("intervals").replaceChildren(...intervalRows(result, model));
    this.#twin.refresh();
    this.studio.relink(this);
    const { config, units, spike_times, reason } = result;
    const trace = { ...result.trace, config, units, spike_times, reason };
    await Promise.all([this.#trace.show(trace, model), this.#paint()]);
  }

  /**
   * @param {Result} result
   * @param {Model} model
   */
  #showPattern({ pattern, reason }, model) {
    const { pattern: name, description } = pattern;
    const title = byId("characterize-title");
    title.textContent = name ? patternName(name) : reason ? "Diverged" : "No spikes";
    title.style.setProperty("--pattern", name ? patternColour(name) : "var(--control)");
    const why = model.spiking ? "" : rateMeaning(model);
    byId("characterize-description").textContent = capitalised(description ?? reason ?? why);
  }

  async #paint() {
    if (!this.#shown || !this.#plot.clientWidth) return;
    const { result, model } = this.#shown;
    const { traces, layout } = curvePlot(result, model);
    await draw(this.#plot, traces, layout);
  }
}

/**
 * @param {Result} result
 * @param {Model} model
 */
function keyNumbers(result, model) {
  const { pattern, threshold_current, max_rate, units, reasons } = result;
  const [, ...rows] = statRows(pattern, result, model); // the pattern is the headline
  return [
    ...rows.slice(0, 4),
    statRow("Rheobase", quantity(threshold_current, model.current_unit), reasons.threshold_current),
    statRow("Largest rate", quantity(max_rate, units.rate_hz)),
    ...rows.slice(4),
  ];
}

/**
 * @param {Result} result
 * @param {Model} model
 */
function intervalRows({ pattern, reason }, model) {
  if (pattern.isi_mean === null) {
    const lacking = model.spiking ? "needs two spikes" : "the model has no spikes";
    return [element("p", { class: "muted" }, capitalised(reason ?? lacking))];
  }
  const more = "needs three spikes";
  return [
    statRow("Mean", quantity(pattern.isi_mean, model.time_unit)),
    statRow("Shortest", quantity(pattern.isi_min, model.time_unit)),
    statRow("Longest", quantity(pattern.isi_max, model.time_unit)),
    statRow("Local variation", ratio(pattern.local_variation), more),
    statRow("Adaptation", ratio(pattern.adaptation), more),
  ];
}

/** @param {Result} result */
function curveNote({ fi_curve: { currents }, units, reasons }) {
  const range = `${currents.length} currents, 0 to ${quantity(currents.at(-1), units.current)}`;
  return reasons.rates ? `${range}. ${capitalised(reasons.rates)}` : range;
}

/**
 * @param {Result} result
 * @param {Model} model
 */
function rangesTable({ state_ranges, units }, model) {
  const meaning = new Map(model.states.map((state) => [state.name, state.meaning]));
  const rows = Object.entries(state_ranges).map(([name, { min, mean, max }]) => {
    const printed = unit(units[name] ?? "1");
    const row = tableRow(
      [...symbolNodes(name), printed ? ` (${printed})` : ""],
      [min, mean, max].map((value) => number(value, 3)),
    );
    row.title = capitalised(meaning.get(name) ?? "");
    return row;
  });
  return element(
    "table",
    {},
    element("thead", {}, headRow(["State", "Lowest", "Mean", "Highest"])),
    element("tbody", {}, ...rows),
  );
}
