/** The model view: equations, quantities, published sets and sources, with a trace to try them. */

import { byId, element } from "./dom.js";
import { equationNodes } from "./equations.js";
import { capitalised, number, quantity, symbolNodes, unit } from "./format.js";
import { encode } from "./link.js";
import { rateMeaning, timeOf } from "./models.js";
import { headRow } from "./plot.js";
import { runNote, stimulusWords } from "./run-note.js";

/** @typedef {import("./app.js").Studio} Studio */
/** @typedef {import("./models.js").Model} Model */
/** @typedef {import("./models.js").Param} Param */
/** @typedef {import("./models.js").Preset} Preset */
/** @typedef {import("./models.js").Source} Source */
/** @typedef {import("./models.js").State} State */
/** @typedef {import("./simulate.js").TraceView} TraceView */

const CLOCKS = {
  ms: "",
  1: "Time has no unit in its paper.",
  iteration: "Time is counted in iterations.",
};

export class ModelView {
  name = "model";
  /** @type {Model | null} */
  #model = null;

  /**
   * @param {Studio} studio
   * @param {TraceView} trace
   */
  constructor(studio, trace) {
    this.studio = studio;
    this.trace = trace;
    byId("model-actions").addEventListener("click", (event) => this.#onLink(event));
    byId("model-sets").addEventListener("click", (event) => this.#onLink(event));
  }

  get link() {
    return encode("model", { name: this.#model?.name });
  }

  /** @param {Model} model */
  chooseModel(model) {
    if (model === this.#model) return;
    this.#model = model;
    this.trace.clear("Choose a run to see its trace.");
    this.#showHead(model);
    const names = new Set([...model.states, ...model.params].map(({ name }) => name));
    byId("model-equations").replaceChildren(
      ...model.equations.map((line) => element("p", {}, ...equationNodes(line, names))),
    );
    byId("model-params").replaceChildren(paramTable(model.params));
    byId("model-params-card").hidden = model.params.length === 0;
    byId("model-states").replaceChildren(stateTable(model.states));
    byId("model-sets").replaceChildren(...this.#sets(model));
    byId("model-sources").replaceChildren(...model.sources.map(sourceItem));
    this.studio.relink(this);
  }

  restore() {}

  start() {}

  /** @param {Model} model */
  #showHead(model) {
    byId("model-name").textContent = model.title;
    const names = [model.name, ...model.aliases.map((alias) => `also ${alias}`)];
    byId("model-note").textContent = [...names, capitalised(model.family)].join(" · ");
    const remarks = [
      model.spiking ? "" : `No spikes: ${rateMeaning(model)}.`,
      CLOCKS[/** @type {keyof typeof CLOCKS} */ (model.time_unit)],
      `Without input it ${model.without_input}.`,
      model.spiking && model.tied_to_dt && model.time_unit !== "iteration"
        ? `How often it fires depends on dt: ${model.tied_to_dt}.`
        : "",
      ...model.nearest_to.map(({ name, reason }) => `The nearest to ${name}: ${reason}.`),
    ];
    byId("model-remarks").textContent = remarks.filter(Boolean).join(" ");
    byId("model-actions").replaceChildren(
      linkTo("Characterize", "characterize", { name: model.name }),
      linkTo("Heatmap", "heatmap", { name: model.name }),
    );
  }

  /**
   * The canonical run and every published set, each with a button that runs it.
   * @param {Model} model
   */
  #sets(model) {
    const { name, current, duration } = model;
    const own = driveWords(model, { current, stimulus: null, duration });
    return [
      this.#set(model, { name }, "The model's own values", own, ""),
      ...model.presets.map((preset) => {
        const asked = { name, preset: preset.name };
        return this.#set(model, asked, preset.title, setWords(preset, model), preset.source);
      }),
    ];
  }

  /**
   * @param {Model} model
   * @param {{name: string, preset?: string}} asked
   * @param {string} title
   * @param {(Node | string)[]} words
   * @param {string} source
   */
  #set(model, asked, title, words, source) {
    const run = element("button", { type: "button", "aria-label": `Run: ${title}` }, "Run");
    run.addEventListener("click", () => {
      const note = (/** @type {any} */ { config }) =>
        runNote(model, { ...config, preset: asked.preset });
      this.trace.show(model, asked, note);
      this.trace.root.scrollIntoView({ block: "nearest" });
    });
    return element(
      "li",
      {},
      element(
        "div",
        {},
        element("p", { class: "set-title" }, title),
        element("p", { class: "small" }, ...words),
        element("p", { class: "small muted" }, source),
      ),
      element("div", { class: "set-actions" }, run, linkTo("Characterize", "characterize", asked)),
    );
  }

  /**
   * A plain click on a link to another view runs what it says, too.
   * @param {MouseEvent} event
   */
  #onLink(event) {
    const link = /** @type {HTMLElement} */ (event.target).closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.studio.open(link.hash);
  }
}

/**
 * @param {string} text
 * @param {string} view
 * @param {object} asked
 */
function linkTo(text, view, asked) {
  return element("a", { href: encode(view, asked) }, text);
}

/**
 * What a published set changes, and what drives it.
 * @param {Preset} preset
 * @param {Model} model
 */
function setWords(preset, model) {
  const values = Object.entries({ ...preset.params, ...preset.init }).flatMap(([name, value]) => [
    ...symbolNodes(name),
    `\u00a0=\u00a0${number(value)}, `,
  ]);
  return [...values, ...driveWords(model, preset)];
}

/**
 * @param {Model} model
 * @param {Pick<Preset, "current" | "stimulus" | "duration">} run
 */
function driveWords(model, { current, stimulus, duration }) {
  const drive = stimulus
    ? [stimulusWords(stimulus, model)]
    : [...symbolNodes("current"), `\u00a0=\u00a0${quantity(current ?? model.current, model.current_unit)}`];
  return [...drive, ` for ${timeOf(model, duration ?? model.duration)}`];
}

/** @param {Param[]} params */
function paramTable(params) {
  return table(
    ["", "Value", "Unit", "Range", "Meaning"],
    params.map((param) => [
      symbolNodes(param.name),
      number(param.default),
      unit(param.unit),
      `${number(param.low)} to ${number(param.high)}`,
      capitalised(param.meaning),
    ]),
  );
}

/** @param {State[]} states */
function stateTable(states) {
  return table(
    ["", "Start", "Unit", "Meaning"],
    states.map(({ name, initial, unit: unitName, meaning }) => [
      symbolNodes(name),
      typeof initial === "number" ? number(initial) : symbolNodes(initial),
      unit(unitName),
      capitalised(meaning),
    ]),
  );
}

/**
 * @param {string[]} head
 * @param {(string | Node[])[][]} rows
 */
function table(head, rows) {
  const cells = rows.map(([first, ...rest]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, ...first),
      ...rest.map((cell) => element("td", {}, ...[cell].flat())),
    ),
  );
  const titles = headRow(["Symbol", ...head.slice(1)]);
  return element("table", {}, element("thead", {}, titles), element("tbody", {}, ...cells));
}

/** @param {Source} source */
function sourceItem({ authors, year, title, journal, doi, where }) {
  const ended = /[.?!]$/.test(title) ? title : `${title}.`;
  const address = `https://doi.org/${doi}`;
  const linked = doi
    ? [" ", element("a", { href: address, rel: "noreferrer" }, `doi:${doi}`)]
    : [];
  return element(
    "li",
    {},
    element("p", {}, `${authors} (${year}). ${ended} `, element("i", {}, journal), ".", ...linked),
    ...(where ? [element("p", { class: "muted" }, capitalised(where))] : []),
  );
}
