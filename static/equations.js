/** Equations as their paper prints them: tau_m dV/dt with Greek letters, italics and subscripts. */

import { isGreek, symbolNodes } from "./format.js";

// 10 °C is no capacitance, so the degree belongs to its word.
const WORD = /(°?[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*|\^-?\d+(?:\.\d+)?)/;
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
  const rest = text.slice(1);
  if (text[0] === "d" && !names.has(text) && isSymbol(baseOf(rest), new Set([...names].map(baseOf))))
    return ["d", ...symbolNodes(rest)];
  return isSymbol(text, names) ? symbolNodes(text) : [text];
}

/**
 * What a subscript hangs on.
 * @param {string} name
 */
function baseOf(name) {
  return name.split("_")[0];
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
