/** How numbers, units, symbols and times are written for people. */

const GREEK = {
  alpha: "α",
  beta: "β",
  gamma: "γ",
  delta: "δ",
  epsilon: "ε",
  zeta: "ζ",
  eta: "η",
  theta: "θ",
  kappa: "κ",
  lambda: "λ",
  mu: "μ",
  nu: "ν",
  xi: "ξ",
  pi: "π",
  rho: "ρ",
  sigma: "σ",
  tau: "τ",
  phi: "φ",
  chi: "χ",
  psi: "ψ",
  omega: "ω",
  Delta: "Δ",
  Gamma: "Γ",
  Theta: "Θ",
  Lambda: "Λ",
  Phi: "Φ",
  Omega: "Ω",
  Psi: "Ψ",
  inf: "∞",
};

const THIN_SPACE = "\u202f";
const HARD_SPACE = "\u00a0";
const MINUS = "\u2212";
const NO_UNIT = new Set(["", "1"]);

/**
 * A number in at most `digits` significant digits; a dash where there is none.
 * @param {number | null | undefined} value
 * @param {number} [digits]
 */
export function number(value, digits = 4) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const rounded = Number(value.toPrecision(digits));
  if (Number.isInteger(rounded) && Math.abs(rounded) >= 10_000) return count(rounded);
  const small = rounded !== 0 && Math.abs(rounded) < 1e-4;
  return (small ? rounded.toExponential() : String(rounded)).replaceAll("-", MINUS);
}

/**
 * A ratio that is read to the third decimal at best.
 * @param {number | null} value
 */
export function ratio(value) {
  return value === null ? number(value) : number(Number(value.toFixed(3)), 3);
}

/**
 * A whole number with its thousands apart.
 * @param {number} value
 */
export function count(value) {
  return value.toLocaleString("en").replaceAll(",", THIN_SPACE).replace("-", MINUS);
}

/**
 * A unit as it is printed: uA/cm2 becomes µA/cm²; empty where there is none.
 * @param {string} name
 */
export function unit(name) {
  if (NO_UNIT.has(name)) return "";
  if (name === "iteration") return "iterations";
  return name
    .replace(/\bu(?=[A-Za-z])(?!nits)/g, "µ")
    .replace(/\*/g, "·")
    .replace(/([A-Za-z])\^?(-?\d)/g, (_, letter, power) => letter + superscript(power));
}

/** @param {string} power */
function superscript(power) {
  const digits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  return [...power].map((sign) => (sign === "-" ? "⁻" : digits[Number(sign)])).join("");
}

/**
 * A number with its unit.
 * @param {number | null | undefined} value
 * @param {string} unitName
 */
export function quantity(value, unitName) {
  const printed = value === null ? "" : unit(unitName);
  return printed ? `${number(value)}${HARD_SPACE}${printed}` : number(value);
}

/**
 * A title with its unit in parentheses, where it has one.
 * @param {string} title
 * @param {string} unitName
 */
export function withUnit(title, unitName) {
  const printed = unit(unitName);
  return printed ? `${title} (${printed})` : title;
}

/**
 * A parameter's name as its paper prints it, in parts: tau_m is τ with the subscript m.
 * @param {string} name
 * @returns {{base: string, subscript: string}}
 */
export function symbol(name) {
  if (name === "current") return { base: "I", subscript: "" };
  const [base, ...rest] = name.split("_");
  return { base: greek(base), subscript: rest.map(greek).join(",") };
}

/** @param {string} word */
export function isGreek(word) {
  return Object.hasOwn(GREEK, word);
}

/** @param {string} word */
function greek(word) {
  return isGreek(word) ? GREEK[/** @type {keyof typeof GREEK} */ (word)] : word;
}

/**
 * A symbol in the little HTML that Plotly and the page share.
 * @param {string} name
 */
export function symbolHtml(name) {
  const { base, subscript } = symbol(name);
  const lower = subscript ? `<sub>${escaped(subscript)}</sub>` : "";
  return `<i>${escaped(base)}</i>${lower}`;
}

/**
 * A symbol as nodes.
 * @param {string} name
 * @returns {Node[]}
 */
export function symbolNodes(name) {
  const { base, subscript } = symbol(name);
  const nodes = [document.createElement("i")];
  nodes[0].textContent = base;
  if (subscript) {
    nodes.push(document.createElement("sub"));
    nodes[1].textContent = subscript;
  }
  return nodes;
}

/**
 * A symbol in plain text: τ_m.
 * @param {string} name
 */
export function letters(name) {
  const { base, subscript } = symbol(name);
  return subscript ? `${base}_${subscript}` : base;
}

/**
 * A name that may be broken between its words: PersistentSodium|Potassium|Neuron.
 * @param {string} name
 * @returns {(string | Node)[]}
 */
export function breakable(name) {
  const words = name.split(/(?<=[a-z0-9])(?=[A-Z])/);
  return words.flatMap((word, i) => (i ? [document.createElement("wbr"), word] : [word]));
}

/** @param {string} text */
export function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** @param {string} text */
export function capitalised(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * A length of time.
 * @param {number} seconds
 */
export function duration(seconds) {
  if (seconds < 0.0995) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 9.95) return `${Number(seconds.toPrecision(2))} s`;
  return wholeSeconds(Math.round(seconds));
}

/**
 * The time left, in words that do not jitter.
 * @param {number} seconds
 */
export function timeLeft(seconds) {
  return seconds < 1 ? "under 1 s left" : `${wholeSeconds(Math.ceil(seconds))} left`;
}

/** @param {number} seconds */
function wholeSeconds(seconds) {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
