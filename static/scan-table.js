/** The table of a scan: a row for each model, filled as results come, sorted and filtered. */

import { byId, element } from "./dom.js";
import { breakable, capitalised, count, number, quantity } from "./format.js";
import { byFamily, folded, matching } from "./models.js";
import { PATTERNS, patternColour, patternName } from "./patterns.js";

/** @typedef {import("./models.js").Model} Model */

/**
 * What a scan tells of a model; a model that waits for its turn has but a name and a family.
 * @typedef {object} Item
 * @property {string} name
 * @property {string} family
 * @property {string | null} [pattern]
 * @property {string | null} [description]
 * @property {number | null} [rate_hz]
 * @property {string} [rate_unit]
 * @property {number | null} [spike_count]
 * @property {number} [current]
 * @property {string} [current_unit]
 * @property {number} [duration]
 * @property {string} [time_unit]
 * @property {string} [status]
 * @property {string | null} [reason]
 * @property {string | null} [engine]
 */

/**
 * A column: what it is sorted by, and what its cell shows.
 * @typedef {object} Column
 * @property {string} key
 * @property {string} title
 * @property {(item: Item) => string | number | null | undefined} order
 * @property {(item: Item) => (Node | string)[]} cell
 * @property {boolean} [isNumber]
 */

/** @type {Column[]} */
const COLUMNS = [
  textColumn("name", "Model", ({ name }) => name),
  {
    ...textColumn("pattern", "Pattern", ({ pattern }) => pattern && patternName(pattern)),
    cell: ({ pattern }) => (pattern ? patternLabel(pattern) : ["–"]),
  },
  textColumn("description", "What it does", told),
  numberColumn("rate_hz", "Rate", ({ rate_hz, rate_unit }) => quantity(rate_hz, rate_unit ?? "1")),
  {
    ...numberColumn("spike_count", "Spikes", ({ spike_count }) => number(spike_count)),
    cell: (item) => [hasNoSpikes(item) ? "–" : number(item.spike_count)],
  },
  numberColumn("current", "Current", (item) => quantity(item.current, item.current_unit ?? "1")),
  numberColumn("duration", "Duration", (item) => quantity(item.duration, item.time_unit ?? "1")),
  textColumn("family", "Family", ({ family }) => capitalised(family)),
];

const NONE = "none";

export class ScanTable {
  #head = byId("scan-head");
  #body = byId("scan-rows");
  #chips = byId("scan-chips");
  #filter = /** @type {HTMLInputElement} */ (byId("scan-filter"));
  #family = /** @type {HTMLSelectElement} */ (byId("scan-family"));
  /** @type {Model[]} */
  #models = [];
  /** @type {Map<string, {item: Item, row: HTMLTableRowElement}>} */
  #rows = new Map();
  /** @type {Map<string, HTMLButtonElement>} */
  #chipOf = new Map();
  #pattern = "";
  #sort = "";

  /** @param {() => void} onChange what is shown, by a person's hand */
  constructor(onChange) {
    this.onChange = onChange;
    this.#head.append(...COLUMNS.map((column) => this.#heading(column)));
    this.#filter.addEventListener("input", () => this.refresh());
    this.#filter.addEventListener("change", onChange);
    this.#family.addEventListener("change", () => this.#change());
    this.#filter.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.#filter.value) return;
      event.preventDefault(); // or else it would stop what runs
      this.#filter.value = "";
      this.#change();
    });
  }

  /** What a link says of it. */
  get shown() {
    const [filter, family] = [this.#filter.value, this.#family.value];
    const asked = { filter, family, pattern: this.#pattern, sort: this.#sort };
    return Object.fromEntries(Object.entries(asked).filter(([, value]) => value));
  }

  /** @param {Map<string, string>} values */
  restore(values) {
    this.#filter.value = values.get("filter") ?? "";
    this.#family.value = values.get("family") ?? "";
    this.#pattern = values.get("pattern") ?? "";
    this.#sort = values.get("sort") ?? "";
    this.refresh();
  }

  /** @param {Model[]} models */
  offer(models) {
    this.#models = models;
    const families = [...byFamily(models)].map(([family, members]) =>
      element("option", { value: family }, `${capitalised(family)} (${members.length})`),
    );
    this.#family.replaceChildren(element("option", { value: "" }, "All families"), ...families);
  }

  /**
   * A row for each model, which wait for their results.
   * @param {(name: string) => string} link where a model's name leads
   */
  begin(link) {
    const rows = this.#models.map(({ name, family, title }) => {
      const leads = element("a", { href: link(name), title }, ...breakable(name));
      const heading = element("th", { scope: "row" }, leads);
      const item = { name, family };
      const cells = COLUMNS.slice(1).map(({ key, cell, isNumber }) => {
        const known = key === "family" ? cell(item) : [];
        return element("td", { class: isNumber ? "number" : "text" }, ...known);
      });
      const row = element("tr", { "data-status": "waiting" }, heading, ...cells);
      return /** @type {const} */ ([name, { item, row }]);
    });
    this.#rows = new Map(rows);
    this.#body.replaceChildren();
    this.#chipOf.clear();
    this.#chips.replaceChildren();
    this.refresh();
  }

  /** @param {Item[]} items */
  merge(items) {
    for (const item of items) {
      const known = this.#rows.get(item.name);
      if (!known) continue;
      known.item = item;
      known.row.dataset.status = item.status;
      if (item.engine) known.row.title = `${item.engine} engine`;
      COLUMNS.forEach(({ cell }, i) => {
        if (i) known.row.cells[i].replaceChildren(...cell(item));
      });
    }
  }

  /** Bring order, filter and counts up to date. */
  refresh() {
    const found = [...this.#rows.values()];
    const words = folded(this.#filter.value).split(/\s+/).filter(Boolean);
    const published = new Set(
      matching(this.#models, this.#filter.value).map((model) => model.name),
    );
    let shown = 0;
    for (const { item, row } of found) {
      row.hidden = !(this.#isWanted(item) && (published.has(item.name) || does(item, words)));
      if (!row.hidden) shown += 1;
    }
    byId("scan-none").hidden = shown > 0 || found.length === 0;
    this.#arrange(this.#sorted(found).map(({ row }) => row));
    this.#countPatterns(
      found.map(({ item }) => item).filter(({ family }) => [family, ""].includes(this.#family.value)),
    );
    this.#showSort();
    const all = count(found.length);
    byId("scan-count").textContent =
      shown === found.length ? `${all} models` : `${count(shown)} of ${all} models`;
  }

  #change() {
    this.refresh();
    this.onChange();
  }

  /**
   * Whether a model is of the family and the pattern that were chosen.
   * @param {Item} item
   */
  #isWanted(item) {
    if (this.#pattern && kindOf(item) !== this.#pattern) return false;
    return !this.#family.value || item.family === this.#family.value;
  }

  /** @param {{item: Item, row: HTMLTableRowElement}[]} rows */
  #sorted(rows) {
    const column = COLUMNS.find(({ key }) => key === this.#sort.replace("-", ""));
    if (!column) return rows;
    const down = this.#sort.startsWith("-") ? -1 : 1;
    return rows.sort((a, b) => {
      const [first, second] = [column.order(a.item) ?? null, column.order(b.item) ?? null];
      if (first !== null && second !== null) return down * compare(first, second);
      return Number(first === null) - Number(second === null); // what is not known comes last
    });
  }

  /**
   * Rows in their order; those in place stay untouched, and keep the focus.
   * @param {HTMLTableRowElement[]} rows
   */
  #arrange(rows) {
    let place = this.#body.firstChild;
    for (const row of rows) {
      if (row === place) place = place.nextSibling;
      else this.#body.insertBefore(row, place);
    }
  }

  /** @param {Item[]} items */
  #countPatterns(items) {
    /** @type {Map<string, number>} */
    const counts = new Map([["", items.length]]);
    for (const item of items) {
      const kind = kindOf(item);
      if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    for (const kind of ["", ...PATTERNS, NONE]) {
      const n = counts.get(kind) ?? 0;
      if (n || kind === this.#pattern || this.#chipOf.has(kind)) this.#showChip(kind, n);
    }
  }

  /**
   * @param {string} kind
   * @param {number} n
   */
  #showChip(kind, n) {
    const chip = this.#chipOf.get(kind) ?? this.#newChip(kind);
    /** @type {HTMLElement} */ (chip.lastElementChild).textContent = count(n);
    chip.setAttribute("aria-pressed", String(kind === this.#pattern));
  }

  /** @param {string} kind */
  #newChip(kind) {
    const label = kind === "" ? ["All"] : kind === NONE ? ["No pattern"] : patternLabel(kind);
    const chip = element("button", { type: "button", class: "chip" }, ...label, element("b"));
    chip.addEventListener("click", () => {
      this.#pattern = this.#pattern === kind ? "" : kind;
      this.#change();
    });
    this.#chipOf.set(kind, chip);
    const order = ["", ...PATTERNS, NONE].filter((other) => this.#chipOf.has(other));
    const next = this.#chipOf.get(order[order.indexOf(kind) + 1]);
    this.#chips.insertBefore(chip, next ?? null);
    return chip;
  }

  /** @param {Column} column */
  #heading({ key, title, isNumber }) {
    const button = element("button", { type: "button", class: "sort" }, title);
    button.addEventListener("click", () => {
      this.#sort = this.#sort === key ? `-${key}` : key;
      this.#change();
    });
    const kind = isNumber ? "number" : "text";
    return element("th", { scope: "col", class: kind, "data-key": key }, button);
  }

  #showSort() {
    for (const heading of /** @type {HTMLCollectionOf<HTMLElement>} */ (this.#head.children)) {
      const isSorted = heading.dataset.key === this.#sort.replace("-", "");
      const direction = this.#sort.startsWith("-") ? "descending" : "ascending";
      if (isSorted) heading.setAttribute("aria-sort", direction);
      else heading.removeAttribute("aria-sort");
    }
  }
}

/**
 * @param {string | number} a
 * @param {string | number} b
 */
function compare(a, b) {
  return typeof a === "string" ? a.localeCompare(String(b)) : a - Number(b);
}

/** @param {Item} item */
function kindOf({ pattern, status }) {
  return status ? (pattern ?? NONE) : null;
}

/**
 * Whether what a model does has all the words.
 * @param {Item} item
 * @param {string[]} words
 */
function does({ pattern, description }, words) {
  const text = folded(`${pattern && patternName(pattern)} ${description}`);
  return words.every((word) => text.includes(word));
}

/**
 * A model that ran well and has no pattern has no spikes either.
 * @param {Item} item
 */
function hasNoSpikes({ status, pattern }) {
  return status === "ok" && pattern === null;
}

/**
 * What a model does, or why nothing is known of it.
 * @param {Item} item
 */
function told(item) {
  if (hasNoSpikes(item)) return "No spikes: the mean of what stands for a rate";
  return [item.description, item.reason].filter(Boolean).map(capitalised).join(". ");
}

/** @param {string} name */
function patternLabel(name) {
  const dot = element("span", { class: "pattern-dot", "aria-hidden": "true" });
  dot.style.background = patternColour(name);
  return [dot, patternName(name)];
}

/**
 * @param {string} key
 * @param {string} title
 * @param {(item: Item) => string | null | undefined} text
 * @returns {Column}
 */
function textColumn(key, title, text) {
  return { key, title, order: text, cell: (item) => [text(item) ?? "–"] };
}

/**
 * @param {keyof Item} key
 * @param {string} title
 * @param {(item: Item) => string} text
 * @returns {Column}
 */
function numberColumn(key, title, text) {
  return { key, title, order: (item) => item[key], cell: (item) => [text(item)], isNumber: true };
}
