/** A new campaign: its configuration as text, which the server checks. */

import { Failure, get, send } from "./connection.js";
import { byId, element } from "./dom.js";

/** @typedef {import("./app.js").Studio} Studio */
/** @typedef {import("./campaign.js").Campaign} Campaign */
/** @typedef {import("./connection.js").FieldError} FieldError */

export class CampaignForm {
  #form = byId("campaign-form");
  #text = /** @type {HTMLTextAreaElement} */ (byId("campaign-config"));
  #example = /** @type {HTMLSelectElement} */ (byId("campaign-example"));
  #problems = byId("campaign-problems");
  #start = /** @type {HTMLButtonElement} */ (byId("campaign-run"));
  #loaded = "";
  /** @type {{ name: string, title: string, text: string }[]} */
  #examples = [];

  /**
   * @param {Studio} studio
   * @param {(campaign: Campaign) => void} onStarted
   */
  constructor(studio, onStarted) {
    this.studio = studio;
    this.onStarted = onStarted;
    this.#example.addEventListener("change", () => this.#load());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#run();
    });
    this.#text.addEventListener("input", () => this.#showProblems([]));
  }

  /** What is there to begin with; what a person has typed is never replaced unasked. */
  async offer() {
    if (!this.#examples.length) await this.#list();
    if (!this.#text.value) this.#load();
  }

  async #list() {
    const { examples } = await get("/api/v1/examples").catch(() => ({ examples: [] }));
    this.#examples = examples;
    const options = examples.map(({ name, title }) => element("option", { value: name }, title));
    this.#example.replaceChildren(...options);
  }

  #load() {
    const typed = this.#text.value !== this.#loaded && this.#text.value.trim();
    if (typed && !confirm("Replace what you have written by the example?")) return;
    const chosen = this.#examples.find(({ name }) => name === this.#example.value);
    if (!chosen) return;
    this.#text.value = this.#loaded = chosen.text;
    this.#showProblems([]);
  }

  async #run() {
    this.#start.disabled = true;
    this.studio.notice.clear();
    this.#showProblems([]);
    try {
      const yaml = { type: "application/yaml", text: this.#text.value };
      const campaign = await send("POST", "/api/v1/campaigns", yaml);
      await send("POST", `/api/v1/campaigns/${campaign.id}/start`, {});
      this.onStarted(campaign);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.errors.length) this.#showProblems(error.errors);
      else this.studio.notice.fail(error, []);
    } finally {
      this.#start.disabled = false;
    }
  }

  /** @param {FieldError[]} errors */
  #showProblems(errors) {
    this.#problems.hidden = !errors.length;
    const lines = errors.map(({ pointer, detail }) =>
      element("li", {}, element("code", {}, pathOf(pointer)), ` ${detail}`),
    );
    this.#problems.replaceChildren(...lines);
    if (errors.length) this.#text.setAttribute("aria-invalid", "true");
    else this.#text.removeAttribute("aria-invalid");
  }
}

/**
 * A JSON pointer as the path of a field: /parameters/0/bounds is parameters[0].bounds
 * @param {string} pointer
 */
function pathOf(pointer) {
  const parts = pointer.split("/").filter(Boolean);
  return parts
    .map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : `${i ? "." : ""}${part}`))
    .join("");
}
