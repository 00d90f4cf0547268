/** Sensitivity: what a tenth more or less of each parameter does to the rate, in bars. */

import { element } from "./dom.js";
import { capitalised, number, symbolNodes, unit } from "./format.js";
import { quantityOf } from "./models.js";
import { headRow } from "./plot.js";

/** @typedef {import("./models.js").Model} Model */
/** @typedef {import("./characterize.js").Result} Result */

/**
 * @typedef {object} Sensitivity
 * @property {string} param
 * @property {number} low
 * @property {number} high
 * @property {number | null} rate_low
 * @property {number | null} rate_high
 * @property {number | null} rate_change
 */

/**
 * @param {Result} result
 * @param {Model} model
 */
export function sensitivityTable({ sensitivity, units }, model) {
  if (!sensitivity.length) return element("p", { class: "muted" }, "This model has no parameters.");
  const rate = unit(units.rate_hz);
  const largest = Math.max(...sensitivity.map((row) => Math.abs(row.rate_change ?? 0))) || 1;
  const title = rate ? `Change of rate (${rate})` : "Change of rate";
  return element(
    "table",
    { class: "sensitivity" },
    element(
      "thead",
      {},
      headRow(["Parameter", "Meaning", title, "Lower", "Rate", "Higher", "Rate"]),
    ),
    element("tbody", {}, ...sensitivity.map((row) => rowOf(row, model, largest))),
  );
}

/**
 * @param {Sensitivity} row
 * @param {Model} model
 * @param {number} largest change
 */
function rowOf({ param, low, high, rate_low, rate_high, rate_change }, model, largest) {
  const { unit: unitName, meaning } = quantityOf(model, param);
  const title = capitalised(meaning);
  const name = element("th", { scope: "row", title }, ...symbolNodes(param));
  const printed = unit(unitName);
  if (printed) name.append(` (${printed})`);
  return element(
    "tr",
    { "data-param": param },
    name,
    element("td", { class: "meaning" }, title),
    barCell(rate_change, largest),
    element("td", {}, number(low)),
    element("td", { class: "rate" }, number(rate_low)),
    element("td", {}, number(high)),
    element("td", { class: "rate" }, number(rate_high)),
  );
}

/**
 * A bar from the middle, to the right for more and to the left for less.
 * @param {number | null} change
 * @param {number} largest
 */
function barCell(change, largest) {
  const share = Math.abs(change ?? 0) / largest;
  const side = (change ?? 0) < 0 ? "less" : "more";
  const sign = (change ?? 0) > 0 ? "+" : "";
  const bar = element("span", { class: "bar" });
  bar.style.setProperty("--share", String(share));
  const shown = element("span", { class: "change" }, `${sign}${number(change)}`);
  const diverging = element("div", { class: `diverging ${side}` }, bar, shown);
  return element("td", { class: "bars" }, diverging);
}
