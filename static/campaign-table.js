/** The candidates of a campaign as rows: what was predicted of each, then what came. */

import { byId, element } from "./dom.js";
import { number, withUnit } from "./format.js";

/** @typedef {import("./campaign-log.js").CampaignLog} CampaignLog */
/** @typedef {import("./campaign-log.js").Evaluation} Evaluation */
/** @typedef {import("./campaign-log.js").Objective} Objective */
/** @typedef {import("./campaign-log.js").Parameter} Parameter */

export class CandidateTable {
  #head = byId("candidates-head");
  #body = byId("candidates-rows");
  /** @type {Map<string, HTMLTableRowElement>} */
  #rows = new Map();
  /** @type {Parameter[]} */
  #parameters = [];
  /** @type {Objective[]} */
  #objectives = [];

  /** @param {(id: string) => void} onChoose */
  constructor(onChoose) {
    this.#body.addEventListener("click", (event) => {
      const row = /** @type {HTMLElement} */ (event.target).closest("tr");
      if (row?.dataset.id && getSelection()?.type !== "Range") onChoose(row.dataset.id);
    });
  }

  /**
   * Begin anew, for another campaign.
   * @param {Parameter[]} parameters
   * @param {Objective[]} objectives
   */
  begin(parameters, objectives) {
    [this.#parameters, this.#objectives] = [parameters, objectives];
    this.#rows.clear();
    this.#body.replaceChildren();
    const titles = [...parameters, ...objectives].map(({ name, unit }) =>
      withUnit(name.replaceAll("_", " "), unit ?? ""),
    );
    const heads = ["Candidate", ...titles, "Outcome"];
    this.#head.replaceChildren(...heads.map((title) => element("th", { scope: "col" }, title)));
  }

  /**
   * Bring every row up to date; the rest of the page, and where it is scrolled to, stays.
   * @param {CampaignLog} log
   */
  refresh(log) {
    const front = new Set(log.front.map(({ id }) => id));
    for (const evaluation of log.evaluations) this.#show(evaluation, front.has(evaluation.id));
  }

  /** @param {string | null} id of the row that stands out */
  choose(id) {
    for (const [key, row] of this.#rows) row.toggleAttribute("data-chosen", key === id);
    const row = this.#rows.get(id ?? "");
    row?.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {Evaluation} evaluation
   * @param {boolean} isOnFront
   */
  #show(evaluation, isOnFront) {
    const known = this.#rows.get(evaluation.id);
    const row = known ?? element("tr", { "data-id": evaluation.id });
    row.toggleAttribute("data-front", isOnFront);
    const state = evaluation.status ?? "pending";
    if (row.dataset.status !== state) {
      row.dataset.status = state;
      row.replaceChildren(...this.#cells(evaluation));
    }
    if (known) return;
    this.#rows.set(evaluation.id, row);
    this.#body.prepend(row); // the newest first
  }

  /** @param {Evaluation} evaluation */
  #cells(evaluation) {
    const { id, parameters } = evaluation;
    const name = element("button", { type: "button", class: "cell" }, id);
    return [
      element("th", { scope: "row" }, name),
      ...this.#parameters.map((parameter) => element("td", {}, printed(parameters[parameter.name]))),
      ...this.#objectives.map((objective) => objectiveCell(evaluation, objective)),
      element("td", { class: "outcome" }, outcome(evaluation)),
    ];
  }
}

/** @param {number | string | undefined} value */
function printed(value) {
  return typeof value === "number" ? number(value) : (value ?? "–");
}

/**
 * @param {Evaluation} evaluation
 * @param {Objective} objective
 */
function objectiveCell({ predicted, objectives, status }, { name }) {
  const foreseen = predicted?.[name];
  const guess = foreseen ? `${number(foreseen.mean)} ± ${number(foreseen.std, 2)}` : "";
  const shown = status === null ? guess || "–" : number(objectives?.[name]);
  const below = status !== null && guess ? [element("span", { class: "guess" }, guess)] : [];
  return element("td", { class: status === null ? "guess" : null }, shown, ...below);
}

/** @param {Evaluation} evaluation */
function outcome({ status, feasible, reason }) {
  if (status === null) return "Being evaluated";
  if (status !== "ok") return reason ?? "Failed";
  return feasible ? "" : "Infeasible";
}
