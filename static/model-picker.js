/** The model picker: a combobox that finds a model by any word of what it is called or published as. */

import { byId, element } from "./dom.js";
import { capitalised } from "./format.js";
import { byFamily, folded, matching, nearest, otherNames, publishedIn, titleOf } from "./models.js";

/** @typedef {import("./models.js").Model} Model */

const PAGE = 8;

export class ModelPicker {
  #input = /** @type {HTMLInputElement} */ (byId("model"));
  #list = byId("model-list");
  /** @type {Model[]} */
  #models = [];
  /** @type {Model | null} */
  #chosen = null;
  /** @type {HTMLElement[]} */
  #options = [];
  #active = -1;

  /** @param {(model: Model) => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.#input.addEventListener("focus", () => this.#input.select());
    this.#input.addEventListener("click", () => this.#open(""));
    this.#input.addEventListener("input", () => this.#open(this.#input.value));
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#input.addEventListener("blur", () => this.#leave());
    // Pressing on the list must not take the focus, or the list would close before the click.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => this.#onClick(event));
  }

  /** @param {Model[]} models */
  offer(models) {
    this.#models = models;
    this.#input.disabled = models.length === 0;
    this.#input.placeholder = `Search ${models.length} models`;
  }

  /**
   * @param {string} name
   * @returns {Model | undefined}
   */
  find(name) {
    return this.#models.find((model) => model.name === name || model.aliases.includes(name));
  }

  /**
   * What to say of a name that no model has.
   * @param {string} name
   */
  explain(name) {
    for (const model of this.#models) {
      const lacking = model.nearest_to.find((other) => other.name === name);
      if (lacking) return [`${capitalised(lacking.reason)}. The nearest model is ${model.name}.`];
    }
    const close = nearest(this.#models, name).map((model) => model.name);
    return close.length ? [`Did you mean ${close.join(" or ")}?`] : [];
  }

  get isReady() {
    return this.#models.length > 0;
  }

  get chosen() {
    return this.#chosen;
  }

  /** @param {Model} model */
  choose(model) {
    const isNew = model !== this.#chosen;
    this.#chosen = model;
    this.#input.value = model.name;
    this.#close();
    if (isNew) this.onChoose(model);
  }

  get #isOpen() {
    return !this.#list.hidden;
  }

  /** @param {string} text */
  #open(text) {
    const found = matching(this.#models, text);
    if (found.length) this.#fill(byFamily(found), text);
    else this.#fill(new Map([["No model matches. The nearest names", nearest(this.#models, text)]]), "");
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    const meant = text.trim() ? this.find(text.trim()) : this.#chosen;
    const first = text.trim() ? 0 : -1;
    this.#activate(meant ? this.#options.findIndex(isOf(meant)) : first);
  }

  /**
   * @param {Map<string, Model[]>} groups
   * @param {string} text that was searched for
   */
  #fill(groups, text) {
    const shown = [...groups].map(([family, models], i) => groupOf(family, models, i, text));
    this.#list.replaceChildren(...shown);
    this.#list.scrollTop = 0;
    this.#options = [
      .../** @type {NodeListOf<HTMLElement>} */ (this.#list.querySelectorAll("[role=option]")),
    ];
    this.#active = -1;
  }

  #close() {
    this.#list.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  #activate(index) {
    this.#options[this.#active]?.setAttribute("aria-selected", "false");
    this.#active = index;
    const option = this.#options[index];
    if (!option) return this.#input.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    // The first of a family is shown with its heading.
    (option.previousElementSibling?.matches(".family")
      ? option.previousElementSibling
      : option
    ).scrollIntoView({ block: "nearest" });
    option.scrollIntoView({ block: "nearest" });
    return this.#input.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };
    const step = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (step) this.#move(step);
    else if (event.key === "Enter") this.#chooseNamed(this.#options[this.#active]?.dataset.name);
    else if (event.key === "Escape" && this.#isOpen) this.#restore();
    else return;
    event.preventDefault();
  }

  /** @param {number} by */
  #move(by) {
    if (!this.#isOpen) return this.#open("");
    const last = this.#options.length - 1;
    return this.#activate(Math.min(last, Math.max(0, this.#active + by)));
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const option = /** @type {HTMLElement} */ (event.target).closest("[role=option]");
    if (option) this.#chooseNamed(/** @type {HTMLElement} */ (option).dataset.name);
  }

  /** @param {string | undefined} name */
  #chooseNamed(name) {
    const model = this.#isOpen && name ? this.find(name) : this.find(this.#input.value.trim());
    if (model) this.choose(model);
  }

  #leave() {
    const typed = this.find(this.#input.value.trim());
    if (typed) this.choose(typed);
    else this.#restore();
  }

  #restore() {
    this.#input.value = this.#chosen?.name ?? "";
    this.#close();
  }
}

/**
 * @param {Model} model
 * @returns {(option: HTMLElement) => boolean}
 */
function isOf(model) {
  return (option) => option.dataset.name === model.name;
}

/**
 * @param {string} family
 * @param {Model[]} models
 * @param {number} index
 * @param {string} text
 */
function groupOf(family, models, index, text) {
  const id = `model-family-${index}`;
  const heading = element("div", { class: "family", id, role: "presentation" }, capitalised(family));
  const options = models.map((model) => optionOf(model, text));
  return element("div", { role: "group", "aria-labelledby": id }, heading, ...options);
}

/**
 * @param {Model} model
 * @param {string} text
 */
function optionOf(model, text) {
  const why = whyFound(model, text);
  return element(
    "div",
    {
      role: "option",
      id: `model-${model.name}`,
      "data-name": model.name,
      "aria-selected": "false",
    },
    element("span", { class: "name" }, model.name),
    element("span", { class: "muted" }, model.title),
    ...(why ? [element("span", { class: "found muted" }, why)] : []),
  );
}

/**
 * What of a model has the words that were searched for, where its name, title and family have not.
 * @param {Model} model
 * @param {string} text
 */
function whyFound(model, text) {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const missing = words.filter((word) => !folded(titleOf(model)).includes(word));
  const has = (/** @type {string} */ told) => missing.some((word) => folded(told).includes(word));
  const name = missing.length ? otherNames(model).find(has) : undefined;
  const lacking = model.nearest_to.find((other) => other.name === name);
  if (lacking) return `Nearest to ${name}: ${lacking.reason}`;
  if (name) return `Also called ${name}`;
  return missing.length ? publishedIn(model).filter(has).slice(0, 2).join("; ") : "";
}
