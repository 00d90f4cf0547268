/** The key numbers of a run; where there is none, why. */

import { element } from "./dom.js";
import { capitalised, number, quantity, ratio } from "./format.js";
import { patternName } from "./patterns.js";

/** @typedef {import("./models.js").Model} Model */
/**
 * What spikes say.
 * @param {Record<string, any>} stats
 * @param {{units: Record<string, string>, reason?: string | null}} result
 * @param {Model} model
 */
export function statRows(stats, { units, reason }, model) {
  const why = (/** @type {string} */ lacking) => {
    if (reason) return ""; // said once, below
    return model.spiking ? lacking : "the model has no spikes";
  };
  const rows = [
    statRow("Pattern", stats.pattern ? patternName(stats.pattern) : "–", why("")),
    statRow("Rate", quantity(stats.rate_hz, units.rate_hz)),
    statRow("Spikes", number(stats.spike_count)),
    statRow("ISI CV", ratio(stats.isi_cv), why("needs three spikes")),
    statRow("First spike", quantity(stats.latency_ms, units.latency_ms), why("no spike")),
  ];
  return reason ? [...rows, element("p", { class: "reason" }, capitalised(reason))] : rows;
}

/**
 * @param {string} term
 * @param {string} value
 * @param {string} [why] it is a dash, where it is one
 */
export function statRow(term, value, why) {
  const reason = value === "–" && why ? [element("span", { class: "why" }, capitalised(why))] : [];
  const shown = element("dd", {}, value, ...reason);
  return element("div", {}, element("dt", {}, term), shown);
}
