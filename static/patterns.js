/** Firing patterns, in the order of legends: what they are called and how they are coloured. */

import { capitalised } from "./format.js";

/**
 * Colours that people with any colour vision can tell apart (Okabe and Ito 2008).
 * @type {Record<string, string>}
 */
const COLOURS = {
  silent: "#7d8794",
  single_spike: "#cc79a7",
  tonic: "#0072b2",
  adapting: "#56b4e9",
  bursting: "#e69f00",
  irregular: "#009e73",
  chaotic: "#d55e00",
};
const OTHER = "#f0e442";

export const PATTERNS = Object.keys(COLOURS);

/** @param {string} name */
export function patternColour(name) {
  return COLOURS[name] ?? OTHER;
}

/** @param {string} name */
export function patternName(name) {
  return capitalised(name.replaceAll("_", " "));
}
