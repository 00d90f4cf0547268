/** What was run, in words: the model, its published set, what drives it, and the engine. */

import { element } from "./dom.js";
import { capitalised, number, quantity } from "./format.js";
import { timeOf } from "./models.js";

/** @typedef {import("./models.js").Model} Model */
/** @typedef {{kind: string, [value: string]: any}} Stimulus */

/** @type {Record<string, (stimulus: Stimulus, model: Model) => string>} */
const WORDS = {
  constant: ({ amplitude }, model) => `a current of ${quantity(amplitude, model.current_unit)}`,
  step: ({ amplitude, onset, end, baseline }, model) =>
    `a step ${baseline ? `from ${number(baseline)} ` : ""}to ${quantity(amplitude, model.current_unit)}` +
    span(onset, end, model),
  ramp: ({ initial, final, onset, end }, model) =>
    `a ramp from ${number(initial)} to ${quantity(final, model.current_unit)}` +
    span(onset, end, model),
  pulses: ({ amplitude, width, period, onset, count, baseline }, model) =>
    `${count ?? "endless"} pulses ${baseline ? `from ${number(baseline)} ` : ""}to ` +
    `${quantity(amplitude, model.current_unit)} of ${timeOf(model, width)}, one in ` +
    `${timeOf(model, period)}${span(onset, null, model)}`,
  noise: ({ mean, std }, model) =>
    `noise of ${number(mean)} ± ${quantity(std, model.current_unit)}`,
  recorded: ({ values }) => `a recorded current of ${values.length} samples`,
  piecewise: ({ values, onset }, model) => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const range = `between ${number(low)} and ${quantity(high, model.current_unit)}`;
    return `a course of ${values.length} points ${range}${span(onset, null, model)}`;
  },
};

/**
 * @param {Stimulus} stimulus
 * @param {Model} model
 */
export function stimulusWords(stimulus, model) {
  return WORDS[stimulus.kind]?.(stimulus, model) ?? stimulus.kind;
}

/**
 * @param {number} onset
 * @param {number | null | undefined} end
 * @param {Model} model
 */
function span(onset, end, model) {
  if (!onset) return end ? ` until ${timeOf(model, end)}` : "";
  return end ? ` from ${number(onset)} to ${timeOf(model, end)}` : ` from ${timeOf(model, onset)} on`;
}

/**
 * Which model ran, under which current or stimulus and for how long.
 * @param {Model} model
 * @param {{current?: number | null, stimulus?: any, duration?: number, preset?: string | null}} config
 */
export function runNote(model, { preset, current, stimulus, duration }) {
  const set = model.presets.find(({ name }) => name === preset);
  const drive = stimulus ? stimulusWords(stimulus, model) : currentWords(model, current);
  return [model.name, set?.title.toLowerCase(), drive, timeOf(model, duration)]
    .filter(Boolean)
    .join(" · ");
}

/**
 * @param {Model} model
 * @param {number | null | undefined} current
 */
function currentWords(model, current) {
  return current === undefined || current === null
    ? ""
    : `I = ${quantity(current, model.current_unit)}`;
}

/**
 * What ran a job, for the end of a note; why that, for whoever points at it or listens.
 * @param {{engine: string, engine_reason?: string}} result
 */
export function engineNode({ engine, engine_reason: why }) {
  const heard = why ? [element("span", { class: "only-heard" }, `, ${why}`)] : [];
  const title = why && capitalised(why);
  return element("span", { class: "engine", title }, ` · ${engine} engine`, ...heard);
}
