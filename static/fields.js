/** Form fields that know their unit, and say at the field what the server did not like. */

import { element } from "./dom.js";
import { capitalised, letters, number, symbolNodes, unit } from "./format.js";

/** @typedef {import("./models.js").Param} Param */
/** @typedef {import("./connection.js").FieldError} FieldError */

let made = 0;

/** One labelled control. Its pointer is where the server's errors find it: /x_min, /params/g_L. */
export class Field {
  /** What holds where the field is empty, so that what differs can be marked. */
  #published = "";

  /**
   * @param {string} pointer
   * @param {string} name
   * @param {HTMLInputElement | HTMLSelectElement} control
   * @param {(string | Node)[]} label the name as it is printed
   */
  constructor(pointer, name, control, label = [name]) {
    this.pointer = pointer;
    this.name = name;
    this.control = control;
    const id = `field-${++made}`;
    control.id = id;
    control.name = pointer.slice(1).replace("/", ".");
    this.unit = element("span", { class: "unit", id: `${id}-unit` });
    this.hint = element("p", { class: "bounds", id: `${id}-hint`, hidden: true });
    this.problem = element("p", { class: "problem", id: `${id}-problem`, hidden: true });
    control.setAttribute("aria-describedby", `${id}-unit ${id}-hint ${id}-problem`);
    this.element = element(
      "div",
      { class: "field" },
      element("div", { class: "name" }, element("label", { for: id }, ...label), this.unit),
      control,
      this.hint,
    );
    /** What goes into the form: the problem takes a line of its own, below its neighbours, too. */
    this.elements = [this.element, this.problem];
    control.addEventListener("input", () => this.#onInput());
  }

  get value() {
    return this.control.value;
  }

  set value(value) {
    this.control.value = value;
    this.#onInput();
  }

  /** @param {string} value */
  offers(value) {
    const { control } = this;
    if (!(control instanceof HTMLSelectElement)) return true;
    return [...control.options].some((option) => option.value === value);
  }

  /** @param {number} value */
  publish(value) {
    this.#published = plain(value);
    this.control.setAttribute("placeholder", this.#published);
    this.value = this.#published;
  }

  get isChanged() {
    return this.value !== "" && this.value !== this.#published;
  }

  #onInput() {
    this.setProblem("");
    this.element.classList.toggle("changed", this.#published !== "" && this.isChanged);
  }

  /** @param {string} name */
  setUnit(name) {
    this.unit.textContent = unit(name);
  }

  /** @param {string} text */
  setHint(text) {
    this.hint.textContent = text;
    this.hint.hidden = !text;
  }

  /** @param {boolean} disabled */
  setDisabled(disabled) {
    this.control.disabled = disabled;
    this.element.classList.toggle("disabled", disabled);
    this.setProblem("");
  }

  /** @param {string} text what is wrong, to be read after the field's name; empty if nothing is */
  setProblem(text) {
    this.problem.textContent = text && `${this.name} ${text}`;
    this.problem.hidden = !text;
    if (text) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
  }
}

/**
 * @param {string} pointer
 * @param {string} name
 * @param {Record<string, string | number>} [attributes]
 */
export function numberField(pointer, name, attributes = {}) {
  return new Field(pointer, name, numberInput(attributes));
}

/**
 * The field of a model's parameter.
 * @param {Param} param
 */
export function parameterField({ name, unit: unitName, meaning, low, high }) {
  const field = new Field(`/params/${name}`, letters(name), numberInput(), symbolNodes(name));
  field.element.title = capitalised(meaning);
  field.setUnit(unitName);
  field.setHint(`${number(low)} to ${number(high)}`);
  return field;
}

/** @param {Record<string, string | number>} [attributes] */
function numberInput(attributes) {
  return element("input", { type: "number", step: "any", autocomplete: "off", ...attributes });
}

/**
 * @param {string} pointer
 * @param {string} name
 */
export function choiceField(pointer, name) {
  return new Field(pointer, name, element("select"));
}

/**
 * @param {Field} field
 * @param {{value: string, label: string}[]} choices
 */
export function offer(field, choices) {
  field.control.replaceChildren(
    ...choices.map(({ value, label }) => element("option", { value }, label)),
  );
}

/**
 * The number in a field, or undefined with the problem shown. An empty field is undefined, too,
 * and a problem unless it is optional.
 * @param {Field} field
 * @param {{optional?: boolean}} [rule]
 * @returns {number | undefined}
 */
export function readNumber(field, { optional = false } = {}) {
  const { value, validity } = field.control;
  if (value !== "") return Number(value);
  if (validity.badInput || !optional) field.setProblem("needs a number");
  return undefined;
}

/**
 * Read fields as a whole.
 * @template T
 * @param {Field[]} fields
 * @param {() => T} read
 * @returns {T | null} null where a field has a problem, which is then shown
 */
export function readAll(fields, read) {
  for (const field of fields) field.setProblem("");
  const config = read();
  return goToProblem(fields) ? null : config;
}

/**
 * Take the values of a link.
 * @param {Field[]} fields
 * @param {Map<string, string>} values
 */
export function restoreFields(fields, values) {
  for (const field of fields) {
    const value = values.get(field.control.name);
    if (value !== undefined && field.offers(value)) field.value = value;
  }
}

/**
 * Show errors at their fields, open what hides the first of them and go there.
 * @param {Field[]} fields
 * @param {FieldError[]} errors
 * @returns {FieldError[]} those that belong to no field
 */
export function showProblems(fields, errors) {
  const byPointer = new Map(fields.map((field) => [field.pointer, field]));
  const homeless = errors.filter(({ pointer, detail }) => {
    const field = byPointer.get(pointer.replace(/^\/config/, ""));
    field?.setProblem(detail);
    return !field;
  });
  goToProblem(fields);
  return homeless;
}

/**
 * Go to the first field that has a problem.
 * @param {Field[]} fields
 * @returns {boolean} whether there is one
 */
function goToProblem(fields) {
  const first = fields.find((field) => !field.problem.hidden);
  if (!first) return false;
  first.element.closest("details")?.setAttribute("open", "");
  first.control.focus();
  return true;
}

/**
 * A number as a field takes it, without the noise of binary fractions.
 * @param {number} value
 */
export function plain(value) {
  return String(Number(value.toPrecision(12)));
}
