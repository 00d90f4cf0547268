/** The catalogue of models: what is known of each, how they are found. */

import { get } from "./connection.js";
import { number, quantity, unit } from "./format.js";

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
 * @property {Record<string, number>} init
 * @property {number | null} current
 * @property {number | null} duration
 * @property {{kind: string} | null} stimulus
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
 * @property {string} without_input what it does then, from its initial states
 * @property {string} tied_to_dt why dt may change how often it fires; empty where it may not
 * @property {string[]} aliases
 * @property {{name: string, reason: string}[]} nearest_to names that have no model, and why
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
 * A time of a model, which in some papers has no unit.
 * @param {Model} model
 * @param {number | undefined} time
 */
export function timeOf({ time_unit }, time) {
  return time_unit === "1" ? `${number(time)} time units` : quantity(time, time_unit);
}

/**
 * What the rate of a model is called.
 * @param {Model} model
 */
export function rateTitle({ spiking }) {
  return spiking ? "Firing rate" : "Rate";
}

/**
 * What the rate of a model without spikes means.
 * @param {Model} model
 */
export function rateMeaning({ units }) {
  const printed = unit(units.rate_hz);
  return `the rate is the mean of what stands for one${printed ? `, in ${printed}` : ""}`;
}

/**
 * The models by family, families in the order of their first model.
 * @param {Model[]} models
 * @returns {Map<string, Model[]>}
 */
export function byFamily(models) {
  /** @type {Map<string, Model[]>} */
  const groups = new Map();
  for (const model of models) {
    groups.set(model.family, [...(groups.get(model.family) ?? []), model]);
  }
  return groups;
}

/**
 * The models that have every word of a text in what they are called or who published them.
 * @param {Model[]} models
 * @param {string} text
 */
export function matching(models, text) {
  const words = folded(text).split(/\s+/).filter(Boolean);
  return models.filter((model) => {
    const told = folded([titleOf(model), ...otherNames(model), ...publishedIn(model)].join(" "));
    return words.every((word) => told.includes(word));
  });
}

/** @param {Model} model */
export function titleOf({ name, title, family }) {
  return `${name} ${title} ${family}`;
}

/** @param {Model} model */
export function otherNames({ aliases, nearest_to }) {
  return [...aliases, ...nearest_to.map(({ name }) => name)];
}

/** @param {Model} model */
export function publishedIn({ sources, presets }) {
  const titles = presets.map(({ title }) => title);
  return [...sources.map(({ authors, year }) => `${authors} ${year}`), ...titles];
}

/**
 * Lower case and without accents, as people type names.
 * @param {string} text
 */
export function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * The models whose names are most like one that is not there.
 * @param {Model[]} models
 * @param {string} name
 */
export function nearest(models, name) {
  const likeness = models.map((model) => ({ model, like: alike(folded(model.name), folded(name)) }));
  const close = likeness.filter(({ like }) => like > 0.3).sort((a, b) => b.like - a.like);
  return close.slice(0, 3).map(({ model }) => model);
}

/**
 * The share of pairs of letters that two names have in common (Dice 1945).
 * @param {string} one
 * @param {string} other
 */
function alike(one, other) {
  const pairs = (/** @type {string} */ text) =>
    new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)));
  const [first, second] = [pairs(one.replace(/neuron$/, "")), pairs(other.replace(/neuron$/, ""))];
  const common = [...first].filter((pair) => second.has(pair)).length;
  return (2 * common) / Math.max(1, first.size + second.size);
}
