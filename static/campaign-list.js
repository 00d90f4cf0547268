/** Every campaign in a table, the newest first. */

import { Failure, get } from "./connection.js";
import { byId, element } from "./dom.js";
import { capitalised, number } from "./format.js";

/** @typedef {import("./campaign.js").Campaign} Campaign */

const AGAIN_MS = 3_000;
const COLUMNS = ["Campaign", "State", "Iteration", "Best", "Domain", "Begun"];

export class CampaignList {
  #place = byId("campaign-list");
  #again = 0;

  /** @param {(id: string) => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose;
    this.#place.addEventListener("click", (event) => {
      const row = /** @type {HTMLElement} */ (event.target).closest("tr");
      if (!row?.dataset.id || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.onChoose(row.dataset.id);
    });
  }

  /** Ask the server now, and again for as long as the list is looked at. */
  async load() {
    clearTimeout(this.#again);
    try {
      this.#show((await get("/api/v1/campaigns")).campaigns);
    } catch (error) {
      if (!(error instanceof Failure)) throw error; // the header tells that the server is away
    }
    const isSeen = () => this.#place.checkVisibility() && !document.hidden;
    this.#again = setTimeout(() => isSeen() && this.load(), AGAIN_MS);
  }

  /** @param {Campaign[]} campaigns */
  #show(campaigns) {
    byId("campaign-none").hidden = campaigns.length > 0;
    this.#place.hidden = !campaigns.length;
    const focused = document.activeElement?.closest("tr")?.dataset.id;
    const head = COLUMNS.map((title) => element("th", { scope: "col" }, title));
    this.#place.replaceChildren(
      element(
        "table",
        { class: "campaign-table" },
        element("thead", {}, element("tr", {}, ...head)),
        element("tbody", {}, ...campaigns.map(rowOf)),
      ),
    );
    /** @type {HTMLElement | null} */ (
      focused ? this.#place.querySelector(`tr[data-id="${CSS.escape(focused)}"] a`) : null
    )?.focus();
  }
}

/** @param {Campaign & {best?: Record<string, number> | null, created?: string}} campaign */
function rowOf({ id, name, state, iteration, max_iterations, best, domain, created }) {
  const link = element("a", { href: `#campaign?id=${encodeURIComponent(id)}` }, name);
  const badge = element("span", { class: "badge", "data-state": state }, capitalised(state));
  const reached = Object.entries(best ?? {}).map(([key, value]) => `${key} ${number(value)}`);
  const begun = created ? new Date(created).toLocaleString() : "–";
  return element(
    "tr",
    { "data-id": id },
    element("th", { scope: "row" }, link),
    element("td", {}, badge),
    element("td", {}, `${iteration} of ${max_iterations}`),
    element("td", { class: "best" }, reached.join(", ") || "–"),
    element("td", {}, domain.replaceAll("_", " ")),
    element("td", {}, begun),
  );
}
