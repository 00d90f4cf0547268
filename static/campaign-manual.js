/** Where a laboratory hands in what it measured: a row for each candidate that waits. */

import { byId, element } from "./dom.js";
import { number, withUnit } from "./format.js";

/** @typedef {import("./campaign.js").Campaign} Campaign */
/** @typedef {import("./campaign-log.js").CampaignLog} CampaignLog */
/** @typedef {import("./campaign-log.js").Evaluation} Evaluation */
/** @typedef {import("./campaign-log.js").Objective} Objective */

export class ManualResults {
  #root = byId("manual");
  #rows = byId("manual-rows");
  #shown = "";

  /** @param {(results: object[]) => Promise<boolean>} onResults */
  constructor(onResults) {
    this.onResults = onResults;
    byId("manual-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  /**
   * @param {Campaign} campaign
   * @param {CampaignLog} log
   */
  show({ id, state, config }, { pending, objectives }) {
    const waits = config.domain === "manual" && state === "waiting" && pending.length > 0;
    this.#root.hidden = !waits;
    const shown = [id, ...pending.map((one) => one.id)].join(" ");
    if (!waits || shown === this.#shown) return; // what is being typed stays
    this.#shown = shown;
    const titles = [...config.parameters, ...objectives].map(({ name, unit }) =>
      withUnit(name.replaceAll("_", " "), unit ?? ""),
    );
    const heads = ["Candidate", ...titles].map((title) => element("th", { scope: "col" }, title));
    byId("manual-head").replaceChildren(...heads);
    this.#rows.replaceChildren(...pending.map((one) => rowOf(one, config.parameters, objectives)));
  }

  async #submit() {
    const rows = [...this.#rows.querySelectorAll("tr")];
    const results = rows.map(resultOf).filter((result) => result !== null);
    if (results.length && (await this.onResults(results))) this.#shown = "";
  }
}

/**
 * @param {Evaluation} evaluation
 * @param {{name: string}[]} parameters
 * @param {Objective[]} objectives
 */
function rowOf({ id, parameters: chosen }, parameters, objectives) {
  const printed = (/** @type {string | number} */ value) =>
    typeof value === "number" ? number(value) : value;
  const fields = objectives.map(({ name }) => {
    const label = `${name.replaceAll("_", " ")} of ${id}`;
    const field = { type: "number", step: "any", name, "aria-label": label, autocomplete: "off" };
    return element("td", {}, element("input", field));
  });
  return element(
    "tr",
    { "data-id": id },
    element("th", { scope: "row" }, id),
    ...parameters.map(({ name }) => element("td", {}, printed(chosen[name]))),
    ...fields,
  );
}

/**
 * What a row says, or null while it is not filled in.
 * @param {HTMLTableRowElement} row
 */
function resultOf(row) {
  const fields = [...row.querySelectorAll("input")];
  if (!fields.every(({ value }) => value !== "")) return null;
  const objectives = Object.fromEntries(fields.map(({ name, value }) => [name, Number(value)]));
  return { id: row.dataset.id, objectives };
}
