/** The trace view: one cell of a map, run alone. */

import { byId } from "./dom.js";
import { Operation } from "./operation.js";
import { statRows } from "./stats.js";
import { Trace } from "./trace.js";

/** @typedef {import("./app.js").Studio} Studio */
/** @typedef {import("./models.js").Model} Model */

export class TraceView extends Operation {
  #trace = new Trace("trace");

  /** @param {Studio} studio */
  constructor(studio) {
    super(studio, "simulate");
    byId("trace-pick").append(this.#trace.pick);
    byId("trace-body").append(this.#trace.body);
  }

  /** Wait for a cell of a new map: the trace that is shown belongs to the old one. */
  clear() {
    this.abandon();
    this.#uncover(false);
    this.#hint("Choose a cell on the map to see how it fires.");
    this.setState("empty");
  }

  /**
   * Run one cell and draw its trace.
   * @param {Model} model
   * @param {object} config
   * @param {string} place where the cell lies
   */
  async show(model, config, place) {
    this.#hint("Running this cell");
    await this.run(config, {
      onResult: async (result) => {
        byId("trace-place").textContent = place;
        byId("trace-stats").replaceChildren(...statRows(result.stats, result, model));
        this.#uncover(true);
        await this.#trace.show(result, model);
      },
    });
    if (this.root.dataset.state === "running") return; // another cell by now
    this.#hint("This cell has not been run. Choose it again to run it.");
  }

  /** @param {boolean} hasTrace */
  #uncover(hasTrace) {
    for (const part of ["place", "stats", "pick", "body"]) byId(`trace-${part}`).hidden = !hasTrace;
    byId("trace-hint").hidden = hasTrace;
  }

  /** @param {string} text shown while there is no trace */
  #hint(text) {
    byId("trace-hint").textContent = text;
  }
}
