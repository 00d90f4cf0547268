/** The catalogue of models, and the page's card about one of them. */

import { get } from "./connection.js";
import { byId, element } from "./dom.js";
import { capitalised, number, quantity, symbolNodes, unit } from "./format.js";

/**
 * @typedef {object} Param
 * @property {string} name
 * @property {number} default
 * @property {string} unit
 * @property {number} low
 * @property {number} high
 * @property {string} meaning
 */

/** @typedef {{name: string, unit: string, initial: number | string, meaning: string}} State */

/**
 * @typedef {object} Source
 * @property {string} authors
 * @property {number} year
 * @property {string} title
 * @property {string} journal
 * @property {string | null} doi
 * @property {string} where
 */

/**
 * A published set of parameters with its stimulus; null is as the model has it.
 * @typedef {object} Preset
 * @property {string} name
 * @property {string} title
 * @property {Record<string, number>} params
 * @property {number | null} current
 * @property {number | null} duration
 * @property {object | null} stimulus
 * @property {string} source
 */

/**
 * @typedef {object} Model
 * @property {string} name
 * @property {string} family
 * @property {string} title
 * @property {string} output
 * @property {string} current_unit
 * @property {number} current
 * @property {number} duration
 * @property {number} dt
 * @property {string} integrator
 * @property {string[]} integrators
 * @property {string} time_unit
 * @property {Record<string, string>} units of every quantity of its results
 * @property {Param[]} params
 * @property {State[]} states
 * @property {string[]} equations
 * @property {Source[]} sources
 * @property {Preset[]} presets
 * @property {boolean} spiking
 * @property {string[]} [aliases]
 */

/**
 * Every model of the server; throws a Failure.
 * @returns {Promise<Model[]>}
 */
export async function loadModels() {
  return (await get("/api/v1/models")).models;
}

/**
 * A parameter of a model, or its current, which an axis may sweep like one.
 * @param {Model} model
 * @param {string} name
 * @returns {{name: string, unit: string, meaning: string}}
 */
export function quantityOf(model, name) {
  const param = model.params.find((candidate) => candidate.name === name);
  return param ?? { name, unit: model.current_unit, meaning: "current" };
}

/**
 * Which model ran, under which current and for how long.
 * @param {Model} model
 * @param {{current?: number | null, duration?: number, preset?: string}} config
 */
export function runNote(model, { preset, current, duration }) {
  const set = model.presets.find(({ name }) => name === preset);
  const named = set ? [set.title.toLowerCase()] : [];
  const driven = current === undefined || current === null ? [] : [`I = ${quantity(current, model.current_unit)}`];
  return [model.name, ...named, ...driven, timeOf(model, duration)].join(" · ");
}

/**
 * A time of a model, which in some papers has no unit.
 * @param {Model} model
 * @param {number | undefined} time
 */
export function timeOf({ time_unit }, time) {
  return time_unit === "1" ? `${number(time)} time units` : quantity(time, time_unit);
}

/**
 * Where a model comes from and what it says.
 * @param {Model} model
 */
export function showAbout(model) {
  byId("about").replaceChildren(
    element("p", { class: "about-title" }, model.title),
    element("p", { class: "muted" }, capitalised(model.family)),
    element(
      "div",
      { class: "equations", tabindex: 0, role: "group", "aria-label": "Equations" },
      ...model.equations.map((line) => element("code", {}, line)),
    ),
    element(
      "dl",
      { class: "symbols" },
      ...model.states.flatMap(stateRow),
      ...model.params.flatMap(paramRow),
    ),
    element("ul", { class: "sources" }, ...model.sources.map(sourceItem)),
  );
}

/** @param {State} state */
function stateRow(state) {
  const printed = unit(state.unit);
  const term = element("dt", {}, ...symbolNodes(state.name));
  return [term, element("dd", {}, printed ? `${state.meaning}, ${printed}` : state.meaning)];
}

/** @param {Param} param */
function paramRow(param) {
  const term = element("dt", {}, ...symbolNodes(param.name));
  const value = element("span", { class: "value" }, quantity(param.default, param.unit));
  return [term, element("dd", {}, `${param.meaning} `, value)];
}

/** @param {Source} source */
function sourceItem(source) {
  const title = source.doi
    ? element("a", { href: `https://doi.org/${source.doi}`, rel: "noreferrer" }, source.title)
    : source.title;
  const place = [source.journal, source.where].filter(Boolean).join("; ");
  return element("li", {}, `${source.authors} (${source.year}). `, title, `. ${place}`);
}
