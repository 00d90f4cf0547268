/** The model picker: a combobox that finds a model by any word of its name, title or family. */

import { byId, element } from "./dom.js";
import { capitalised } from "./format.js";

/** @typedef {import("./models.js").Model} Model */

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
  }

  /**
   * @param {string} name
   * @returns {Model | undefined}
   */
  find(name) {
    return this.#models.find((model) => model.name === name || model.aliases?.includes(name));
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
    byId("model-title").textContent = model.title;
    this.#close();
    if (isNew) this.onChoose(model);
  }

  get #activeName() {
    return this.#isOpen ? this.#options[this.#active]?.dataset.name : undefined;
  }

  get #isOpen() {
    return !this.#list.hidden;
  }

  /** @param {string} text */
  #open(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.#models.filter((model) =>
      words.every((word) => wordsOf(model).includes(word)),
    );
    this.#fill(found);
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    const meant = words.length ? this.find(text.trim()) : this.#chosen;
    this.#activate(Math.max(words.length ? 0 : -1, meant ? found.indexOf(meant) : -1));
  }

  /** @param {Model[]} found */
  #fill(found) {
    const groups = [...byFamily(found)].map(([family, models], index) =>
      groupOf(family, models, index),
    );
    const none = element("p", { class: "none" }, "No model matches. Try a part of its name.");
    this.#list.replaceChildren(...(groups.length ? groups : [none]));
    this.#options = [
      .../** @type {NodeListOf<HTMLElement>} */ (this.#list.querySelectorAll("[role=option]")),
    ];
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
    option.scrollIntoView({ block: "nearest" });
    return this.#input.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp")
      this.#move(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter") this.#chooseNamed(this.#activeName);
    else if (event.key === "Escape" && this.#isOpen) this.#restore();
    else return;
    event.preventDefault();
  }

  /** @param {1 | -1} by */
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
    const model = this.find(name ?? this.#input.value.trim());
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

/** @param {Model} model */
function wordsOf(model) {
  return [model.name, model.title, model.family, ...(model.aliases ?? [])].join(" ").toLowerCase();
}

/** @param {Model[]} models */
function byFamily(models) {
  /** @type {Map<string, Model[]>} */
  const groups = new Map();
  for (const model of models)
    groups.set(model.family, [...(groups.get(model.family) ?? []), model]);
  return groups;
}

/**
 * @param {string} family
 * @param {Model[]} models
 * @param {number} index
 */
function groupOf(family, models, index) {
  const id = `model-family-${index}`;
  const heading = element(
    "div",
    { class: "family", id, role: "presentation" },
    capitalised(family),
  );
  return element("div", { role: "group", "aria-labelledby": id }, heading, ...models.map(optionOf));
}

/** @param {Model} model */
function optionOf(model) {
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
  );
}
