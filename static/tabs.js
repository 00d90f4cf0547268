/** The tabs that switch between views. */

/** @typedef {HTMLElement & {dataset: {view: string}}} Tab */

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

export class Tabs {
  #tabs = /** @type {Tab[]} */ ([...document.querySelectorAll("[role=tab]")]);
  #parts = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-of]")]);
  #panel = /** @type {HTMLElement} */ (document.querySelector("[role=tabpanel]"));

  /** @param {(view: string) => void} onChoose */
  constructor(onChoose) {
    this.onChoose = onChoose;
    for (const tab of this.#tabs) {
      tab.addEventListener("click", () => this.onChoose(tab.dataset.view));
      tab.addEventListener("keydown", (event) => this.#onKey(event, tab));
    }
  }

  /**
   * Show the parts of a view, and hide those of the others.
   * @param {string} view
   */
  show(view) {
    for (const tab of this.#tabs) {
      const isChosen = tab.dataset.view === view;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
    for (const part of this.#parts) part.hidden = !part.dataset.of?.split(" ").includes(view);
    this.#panel.dataset.view = view;
    this.#panel.setAttribute("aria-labelledby", `tab-${view}`);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Tab} tab
   */
  #onKey({ key }, tab) {
    const n = this.#tabs.length;
    const step = STEPS[/** @type {keyof typeof STEPS} */ (key)];
    const ends = { Home: 0, End: n - 1 };
    const place = step
      ? (this.#tabs.indexOf(tab) + step + n) % n
      : ends[/** @type {keyof typeof ends} */ (key)];
    const next = this.#tabs[place];
    if (!next) return;
    next.focus();
    this.onChoose(next.dataset.view);
  }
}
