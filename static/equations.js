/** Equations as their paper prints them: tau_m dV/dt with Greek letters, italics and subscripts. */

import { isGreek, symbolNodes } from "./format.js";

const WORD = /([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*|\^-?\d+(?:\.\d+)?)/;
const SIGNS = /** @type {const} */ ([
  [/<- /g, "← "],
  [/>=/g, "≥"],
  [/<=/g, "≤"],
  [/-/g, "−"],
  [/'/g, "′"],
]);

/**
 * @param {string} text
 * @param {Set<string>} names of states and parameters, which are symbols whatever they look like
 * @returns {(Node | string)[]}
 */
export function equationNodes(text, names) {
  return text.split(WORD).flatMap((part, index) => (index % 2 ? word(part, names) : [signs(part)]));
}

/**
 * @param {string} text
 * @param {Set<string>} names
 * @returns {(Node | string)[]}
 */
function word(text, names) {
  if (text.startsWith("^")) {
    const power = document.createElement("sup");
    power.textContent = signs(text.slice(1));
    return [power];
  }
  if (isSymbol(text, names)) return symbolNodes(text);
  const rest = text.slice(1);
  return text[0] === "d" && isSymbol(rest, names) ? ["d", ...symbolNodes(rest)] : [text];
}

/**
 * Whether a word is a symbol rather than English or a function; a lone "a" is the article, unless
 * the model has a quantity of that name.
 * @param {string} text
 * @param {Set<string>} names
 */
function isSymbol(text, names) {
  return names.has(text) || text.includes("_") || isGreek(text) || /^[b-zA-Z]$/.test(text);
}

/** @param {string} text */
function signs(text) {
  return SIGNS.reduce((changed, [sign, printed]) => changed.replace(sign, printed), text);
}
