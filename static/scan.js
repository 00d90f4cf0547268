/** The scan view: every model of the catalogue, named by its firing pattern. */

import { byId } from "./dom.js";
import { numberField, readAll, readNumber, restoreFields, showProblems } from "./fields.js";
import { count, duration } from "./format.js";
import { encode } from "./link.js";
import { Operation } from "./operation.js";
import { paced } from "./plot.js";
import { ScanTable } from "./scan-table.js";

/** @typedef {import("./app.js").Studio} Studio */
/** @typedef {import("./models.js").Model} Model */
/** @typedef {import("./remembered.js").Watched} Watched */

const ITS_OWN = { placeholder: "model's own" };

export class ScanView extends Operation {
  #current = numberField("/current", "Current", ITS_OWN);
  #duration = numberField("/duration", "Duration", ITS_OWN);
  #fields = [this.#current, this.#duration];
  #table = new ScanTable(() => this.studio.relink(this));
  #refreshSoon = paced(async () => this.#table.refresh());
  #asked = {};

  /** @param {Studio} studio */
  constructor(studio) {
    super(studio, "scan");
    byId("scan-run").append(...this.#fields.flatMap((field) => field.elements));
    byId("scan-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
    byId("scan-count").after(this.exports);
    byId("scan-rows").addEventListener("click", (event) => this.#onClick(event));
  }

  /** @param {Model[]} models */
  offer(models) {
    this.#table.offer(models);
    byId("run-scan").textContent = `Scan ${count(models.length)} models`;
  }

  /** @param {Map<string, string>} values */
  restore(values) {
    for (const field of this.#fields) field.value = "";
    restoreFields(this.#fields, values);
    this.#table.restore(values);
  }

  get link() {
    return encode("scan", { ...this.#asked, ...this.#table.shown });
  }

  /**
   * Run what the form says, or go on watching.
   * @param {Watched} [watched]
   */
  async start(watched) {
    const asked = watched?.config ?? this.#read();
    if (!asked) return;
    /** @type {ScanTable | null} */
    let table = null;
    const result = await this.run(asked, {
      onNews: ({ pct, partial }) => {
        if (typeof pct === "number") table ??= this.#begin(asked);
        if (!table || !partial?.models) return;
        table.merge(partial.models);
        this.#refreshSoon();
      },
      onResult: async ({ models }) => {
        table ??= this.#begin(asked);
        table.merge(models);
        table.refresh();
      },
      showProblems: (errors) => showProblems(this.#fields, errors),
      job: watched?.job,
    });
    if (!result) return;
    const models = `${count(result.models.length)} models`;
    this.studio.progress.say(`${models} in ${duration(result.elapsed_s)}`);
  }

  #read() {
    return readAll(this.#fields, () => ({
      current: readNumber(this.#current, { optional: true }),
      duration: readNumber(this.#duration, { optional: true }),
    }));
  }

  /** @param {{current?: number, duration?: number}} asked */
  #begin(asked) {
    this.#asked = asked;
    this.uncover();
    byId("scan-form").classList.remove("empty");
    const link = (/** @type {string} */ name) => encode("characterize", { name, ...asked });
    this.#table.begin(link);
    this.studio.relink(this);
    return this.#table;
  }

  /**
   * A row leads to the characterization of its model, which a plain click runs, too.
   * @param {MouseEvent} event
   */
  #onClick(event) {
    const row = /** @type {HTMLElement} */ (event.target).closest("tr");
    const link = row?.querySelector("a");
    const selects = getSelection()?.type === "Range";
    if (!link || selects || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.studio.open(link.hash);
  }
}
