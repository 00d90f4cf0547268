/** A card with the trace of one run: of a cell of a map, or of a published set. */

import { byId, element } from "./dom.js";
import { Operation } from "./operation.js";
import { engineNode } from "./run-note.js";
import { statRows } from "./stats.js";
import { Trace } from "./trace.js";

/** @typedef {import("./app.js").Studio} Studio */
/** @typedef {import("./models.js").Model} Model */

export class TraceView extends Operation {
  #trace;
  #title;
  #note = element("p", { class: "muted note" });
  #stats = element("dl", { class: "stats key" });
  #hint = element("p", { class: "hint muted" });

  /**
   * @param {Studio} studio
   * @param {string} name
   * @param {string} place
   */
  constructor(studio, name, place) {
    super(studio, name, "simulate", place);
    this.#trace = new Trace(name);
    this.#title = element("h2", { id: `${name}-title` }, "Trace");
    const words = element("div", {}, this.#title, this.#note);
    const head = element("header", { class: "card-head" }, words, this.#trace.pick);
    this.root.append(head, this.#stats, this.#hint, this.#trace.body, this.exports);
  }

  /**
   * Wait for a choice: the trace that is shown belongs to something that is gone.
   * @param {string} hint what to choose
   */
  clear(hint) {
    this.abandon();
    this.#uncover(false);
    this.#hint.textContent = hint;
    this.setState("empty");
  }

  /**
   * Run one column and draw its trace.
   * @param {Model} model
   * @param {object} config
   * @param {(result: any) => string} note what was run
   */
  async show(model, config, note) {
    this.#hint.textContent = "Running";
    await this.run(config, {
      onResult: async (result) => {
        this.#note.replaceChildren(note(result), engineNode(result));
        this.#stats.replaceChildren(...statRows(result.stats, result, model));
        this.#uncover(true);
        await this.#trace.show(result, model);
      },
    });
    if (this.root.dataset.state === "running") return; // another run by now
    this.#hint.textContent = "This has not been run. Choose it again to run it.";
  }

  /** @param {boolean} hasTrace */
  #uncover(hasTrace) {
    for (const part of [this.#note, this.#stats, this.#trace.body]) part.hidden = !hasTrace;
    if (!hasTrace) this.#trace.pick.hidden = this.exports.hidden = true;
    this.#hint.hidden = hasTrace;
  }
}
