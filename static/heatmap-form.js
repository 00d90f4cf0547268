/** What is asked of a heatmap: two axes, besides what is asked of a model. */

import { byId, element } from "./dom.js";
import { choiceField, numberField, offer, plain, readNumber } from "./fields.js";
import { capitalised, number, quantity } from "./format.js";
import { ModelForm, paramOf } from "./model-form.js";
import { quantityOf, timeOf } from "./models.js";

/** @typedef {import("./models.js").Model} Model */

/**
 * @typedef {object} HeatmapConfig
 * @property {string} name
 * @property {string} param_x
 * @property {number} x_min
 * @property {number} x_max
 * @property {number} x_steps
 * @property {string} [x_scale]
 * @property {string} param_y
 * @property {number} y_min
 * @property {number} y_max
 * @property {number} y_steps
 * @property {string} [y_scale]
 * @property {string} [preset]
 * @property {number} [current]
 * @property {number} [duration]
 * @property {number} [dt]
 * @property {string} [integrator]
 * @property {Record<string, number>} [params]
 */

/** @typedef {"x" | "y"} AxisName */

const STEPS = 15;

/**
 * Axes that show a model's transitions well; any other model starts from its current.
 * @type {Record<string, {x: string, y: string, ranges: Record<string, [number, number]>}>}
 */
const STARTS = {
  AdExNeuron: { x: "a", y: "b", ranges: { a: [0, 8], b: [0, 0.16] } },
  HodgkinHuxleyNeuron: { x: "current", y: "g_Na", ranges: { current: [0, 20], g_Na: [60, 180] } },
};

/**
 * The range that an axis is first given.
 * @param {Model} model
 * @param {string} name
 * @returns {[number, number]}
 */
function startRange(model, name) {
  const chosen = STARTS[model.name]?.ranges[name];
  if (chosen) return chosen;
  if (name === "current") return model.current ? upwards(0, 2 * model.current) : [0, 1];
  const param = model.params.find((candidate) => candidate.name === name);
  if (!param) return [0, 1];
  const around = param.default ? upwards(0.5 * param.default, 1.5 * param.default) : [-1, 1];
  return [Math.max(param.low, around[0]), Math.min(param.high, around[1])];
}

/**
 * @param {number} a
 * @param {number} b
 * @returns {[number, number]}
 */
function upwards(a, b) {
  return a < b ? [a, b] : [b, a];
}

/** The fields of one axis. */
class Axis {
  /**
   * @param {AxisName} name
   * @param {string} legend
   */
  constructor(name, legend) {
    this.name = name;
    this.param = choiceField(`/param_${name}`, "Parameter");
    this.scale = choiceField(`/${name}_scale`, "Scale");
    this.min = numberField(`/${name}_min`, "From");
    this.max = numberField(`/${name}_max`, "To");
    this.steps = numberField(`/${name}_steps`, "Steps", { step: 1, min: 1 });
    offer(this.scale, [
      { value: "linear", label: "Linear" },
      { value: "log", label: "Log" },
    ]);
    this.fields = [this.param, this.scale, this.min, this.max, this.steps];
    this.element = element(
      "fieldset",
      { class: "axis" },
      element("legend", {}, legend),
      ...this.fields.flatMap((field) => field.elements),
    );
  }

  /** @param {Model} model */
  offer(model) {
    const names = ["current", ...model.params.map((param) => param.name)];
    offer(
      this.param,
      names.map((name) => ({ value: name, label: choiceLabel(model, name) })),
    );
    this.scale.value = "linear";
    this.steps.value = String(STEPS);
  }

  /**
   * @param {Model} model
   * @param {string} name
   */
  sweep(model, name) {
    const [low, high] = startRange(model, name);
    const swept = quantityOf(model, name);
    this.param.value = name;
    this.min.value = plain(low);
    this.max.value = plain(high);
    this.min.setUnit(swept.unit);
    this.max.setUnit(swept.unit);
  }

  read() {
    const { name } = this;
    return {
      [`param_${name}`]: this.param.value,
      [`${name}_min`]: readNumber(this.min),
      [`${name}_max`]: readNumber(this.max),
      [`${name}_steps`]: readNumber(this.steps),
      [`${name}_scale`]: this.scale.value === "linear" ? undefined : this.scale.value,
    };
  }
}

export class HeatmapForm extends ModelForm {
  #x = new Axis("x", "Horizontal axis");
  #y = new Axis("y", "Vertical axis");

  /**
   * @param {() => void} onSubmit
   * @param {() => void} onChange
   */
  constructor(onSubmit, onChange) {
    super("heatmap", onSubmit, onChange);
    byId("heatmap-axes").append(this.#x.element, this.#y.element);
    for (const axis of this.#axes) {
      axis.param.control.addEventListener("change", () => this.#onSweep(axis));
    }
  }

  get #axes() {
    return [this.#x, this.#y];
  }

  get fields() {
    return [...this.#x.fields, ...this.#y.fields, ...super.fields];
  }

  /** @param {Model} model */
  fill(model) {
    const first = model.params[0]?.name ?? "current";
    const start = STARTS[model.name] ?? { x: "current", y: first };
    for (const axis of this.#axes) {
      axis.offer(model);
      axis.sweep(model, start[axis.name]);
    }
    super.fill(model);
    this.#settle();
  }

  /** @param {Axis} axis */
  #onSweep(axis) {
    if (this.model) axis.sweep(this.model, axis.param.value);
    this.#settle();
  }

  /** A quantity on an axis has no fixed value besides. */
  #settle() {
    const swept = this.#axes.map((axis) => axis.param.value);
    this.current.setDisabled(swept.includes("current"));
    for (const field of this.params) field.setDisabled(swept.includes(paramOf(field)));
    this.onChange();
  }

  /** @param {Map<string, string>} values */
  restore(values) {
    for (const axis of this.#axes) {
      const name = values.get(axis.param.control.name);
      const known = name === "current" || this.model?.params.some((param) => param.name === name);
      if (this.model && name !== undefined && known) axis.sweep(this.model, name);
    }
    super.restore(values);
    this.#settle();
  }

  config() {
    return { ...super.config(), ...this.#x.read(), ...this.#y.read() };
  }

  /** How many cells the form asks for, or null while that is not a number. */
  get nCells() {
    const cells = Number(this.#x.steps.value) * Number(this.#y.steps.value);
    return Number.isInteger(cells) && cells > 0 ? cells : null;
  }

  /** The request in words. */
  describe() {
    const { model } = this;
    if (!model) return "";
    const axes = this.#axes.map((axis) => {
      const swept = quantityOf(model, axis.param.value);
      const from = number(Number(axis.min.value));
      return `${swept.meaning} from ${from} to ${quantity(Number(axis.max.value), swept.unit)}`;
    });
    const time = timeOf(model, Number(this.duration.value));
    return `${capitalised(axes[0])}, ${axes[1]}; ${time}${this.describeDrive()} in every cell.`;
  }
}

/**
 * @param {Model} model
 * @param {string} name
 */
function choiceLabel(model, name) {
  return name === "current" ? "current" : `${name}: ${quantityOf(model, name).meaning}`;
}
