/** What is asked of a model: its parameters, the stimulus, and how it is integrated. */

import { byId, element } from "./dom.js";
import {
  choiceField,
  numberField,
  offer,
  parameterField,
  plain,
  readAll,
  readNumber,
  restoreFields,
  showProblems,
} from "./fields.js";
import { quantity } from "./format.js";
import { stimulusWords } from "./run-note.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./models.js").Model} Model */
/** @typedef {import("./models.js").Preset} Preset */
/** @typedef {import("./connection.js").FieldError} FieldError */

const INTEGRATORS = {
  euler: "Forward Euler",
  exponential_euler: "Exponential Euler",
  exponential_midpoint: "Exponential midpoint",
  semi_implicit_euler: "Semi-implicit Euler",
  rk4: "Runge–Kutta 4",
  euler_maruyama: "Euler–Maruyama",
  map: "Map iteration",
};

export class ModelForm {
  preset = choiceField("/preset", "Published set");
  current = numberField("/current", "Current");
  duration = numberField("/duration", "Duration");
  dt = numberField("/dt", "Time step");
  integrator = choiceField("/integrator", "Integrator");
  /** @type {Field[]} */
  params = [];
  /** @type {Model | null} */
  model = null;
  #params;

  /**
   * @param {string} op
   * @param {() => void} onSubmit
   * @param {() => void} [onChange]
   */
  constructor(op, onSubmit, onChange = () => {}) {
    this.onChange = onChange;
    const runs = [this.current, this.duration, this.dt, this.integrator];
    byId(`${op}-run`).append(...runs.flatMap((field) => field.elements));
    this.preset.element.classList.add("wide");
    byId(`${op}-preset`).append(...this.preset.elements);
    this.#params = element("div", { class: "fields" });
    byId(`${op}-params`).append(this.#params);
    this.preset.control.addEventListener("change", () => this.#fillValues());
    const form = byId(`${op}-form`);
    form.addEventListener("input", onChange);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      onSubmit();
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      if (this.model) this.fill(this.model);
    });
  }

  /** Every field of the form; kinds of forms have more. */
  get fields() {
    const { preset, current, duration, dt, integrator, params } = this;
    return [current, duration, dt, integrator, preset, ...params];
  }

  /**
   * Start anew with a model's own values.
   * @param {Model} model
   */
  fill(model) {
    this.model = model;
    const titled = model.presets.map(({ name, title }) => ({ value: name, label: title }));
    offer(this.preset, [{ value: "", label: "The model's own values" }, ...titled]);
    hidePlace(this.preset.element, titled.length === 0);
    hidePlace(this.#params, model.params.length === 0);
    offer(
      this.integrator,
      model.integrators.map((value) => ({ value, label: integratorLabel(value) })),
    );
    this.integrator.value = model.integrator;
    this.dt.value = plain(model.dt);
    this.current.setUnit(model.current_unit);
    this.duration.setUnit(model.time_unit);
    this.dt.setUnit(model.time_unit);
    this.params = model.params.map(parameterField);
    this.#params.replaceChildren(...this.params.flatMap((field) => field.elements));
    this.#fillValues();
  }

  /** What a published set says, and the model's own values where it says nothing. */
  #fillValues() {
    const model = /** @type {Model} */ (this.model);
    const set = this.chosenSet;
    const driven = set?.stimulus ? [`Driven by ${stimulusWords(set.stimulus, model)}`] : [];
    this.preset.setHint([...driven, set?.source].filter(Boolean).join(". "));
    this.current.control.setAttribute("placeholder", set?.stimulus ? "its stimulus" : "");
    this.current.value = set?.stimulus ? "" : plain(set?.current ?? model.current);
    this.duration.value = plain(set?.duration ?? model.duration);
    model.params.forEach(({ name, default: own }, i) => {
      this.params[i].publish(set?.params[name] ?? own);
    });
    this.onChange();
  }

  /**
   * Take the values of a link; those that are no field of ours stay out.
   * @param {Map<string, string>} values
   */
  restore(values) {
    restoreFields([this.preset], values);
    this.#fillValues();
    restoreFields(this.fields, values);
    this.onChange();
  }

  /** The request as it stands, or null with the problems shown at their fields. */
  read() {
    return readAll(this.fields, () => this.config());
  }

  /** The published set whose values the form began with. */
  get chosenSet() {
    return this.model?.presets.find(({ name }) => name === this.preset.value);
  }

  /** The current, which may be left out where the published set has a stimulus. */
  #readCurrent() {
    return readNumber(this.current, { optional: Boolean(this.chosenSet?.stimulus) });
  }

  /** What drives a run, in words: `at 0.8 nA`. */
  describeDrive() {
    const { model, chosenSet } = this;
    if (!model || this.current.control.disabled) return "";
    if (this.current.value !== "")
      return ` at ${quantity(Number(this.current.value), model.current_unit)}`;
    return chosenSet?.stimulus ? ` under ${stimulusWords(chosenSet.stimulus, model)}` : "";
  }

  /** What every request on a model says. */
  config() {
    const { name } = /** @type {Model} */ (this.model);
    const params = this.#changedParams();
    return {
      name,
      preset: this.preset.value || undefined,
      params: Object.keys(params).length ? params : undefined,
      current: this.current.control.disabled ? undefined : this.#readCurrent(),
      duration: readNumber(this.duration),
      dt: readNumber(this.dt),
      integrator: this.integrator.value,
    };
  }

  #changedParams() {
    /** @type {Record<string, number>} */
    const changed = {};
    for (const field of this.params) {
      if (field.control.disabled) continue;
      const value = readNumber(field, { optional: true });
      if (value !== undefined && field.isChanged) changed[paramOf(field)] = value;
    }
    return changed;
  }

  /**
   * @param {FieldError[]} errors
   * @returns {FieldError[]} those that belong to no field
   */
  showProblems(errors) {
    return showProblems(this.fields, errors);
  }
}

/**
 * The parameter that a field is of.
 * @param {Field} field
 */
export function paramOf(field) {
  return field.pointer.replace("/params/", "");
}

/**
 * Hide the place of an element, of which a gap would be left.
 * @param {HTMLElement} part
 * @param {boolean} hidden
 */
function hidePlace(part, hidden) {
  /** @type {HTMLElement} */ (part.parentElement).hidden = hidden;
}

/** @param {string} name */
function integratorLabel(name) {
  return INTEGRATORS[/** @type {keyof typeof INTEGRATORS} */ (name)] ?? name;
}
