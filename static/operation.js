/** What every view does with its operation: run it, one at a time, and say how it ended. */

import { Failure } from "./connection.js";
import { byId, element } from "./dom.js";
import { remember } from "./remembered.js";

/** @typedef {import("./app.js").Studio} Studio */
/** @typedef {import("./app.js").Launched} Launched */
/** @typedef {import("./connection.js").News} News */
/** @typedef {import("./connection.js").FieldError} FieldError */
/** @typedef {import("./remembered.js").Watched} Watched */

/**
 * What a view does as its operation runs.
 * @typedef {object} Handlers
 * @property {(news: News) => void} [onNews]
 * @property {(result: any) => Promise<void>} [onResult]
 * @property {(errors: FieldError[]) => FieldError[]} [showProblems] tells which no field has shown
 * @property {string} [job] that runs the request already
 */

const FORMATS = ["csv", "json", "npz"];

export class Operation {
  /** @type {{launched: Launched, asked: string} | null} */
  #running = null;

  /**
   * @param {Studio} studio
   * @param {string} name of the part of the page that shows it
   * @param {string} [op] what is asked of the server
   * @param {string} [place] the view that it belongs to
   */
  constructor(studio, name, op = name, place = name) {
    this.studio = studio;
    this.name = name;
    this.op = op;
    this.place = place;
    this.root = byId(`${name}-view`);
    /** Leads to the result as files. */
    this.exports = element("nav", { class: "exports", "aria-label": "Export", hidden: true });
  }

  /** Stop what runs, and hear no more of it. */
  abandon() {
    this.#running?.launched.abandon();
    this.#end();
  }

  /**
   * Run a request in place of the one that runs; the same request twice is one.
   * @param {object} config
   * @param {Handlers} handlers
   * @returns {Promise<any>} the result, or null where the run has not come to its end
   */
  async run(config, { onNews, onResult, showProblems = (errors) => errors, job }) {
    const asked = JSON.stringify(config);
    if (this.#running?.asked === asked) return null;
    this.abandon();
    this.studio.notice.clear();
    this.#reveal();
    this.setState("running");
    this.exports.hidden = true;
    let percent = 0;
    let known = job;
    const onTold = (/** @type {News} */ news) => {
      percent = news.pct ?? percent;
      if (news.job && news.job !== known) this.#keep({ job: (known = news.job), config });
      onNews?.(news);
    };
    const launched = this.studio.launch(this, config, onTold, job);
    this.#running = { launched, asked };
    const isCurrent = () => this.#running?.launched === launched;
    try {
      const result = await launched.running.result;
      if (isCurrent()) await onResult?.(result);
      if (!isCurrent()) return null;
      this.#offerExports(launched.running.job);
      this.setState("complete");
      return result;
    } catch (error) {
      if (isCurrent()) this.#fail(error, percent, showProblems);
      return null;
    } finally {
      if (isCurrent()) this.#end();
      launched.end();
    }
  }

  #end() {
    if (this.#running) this.#keep(undefined);
    this.#running = null;
  }

  /**
   * A trace is run again in a moment; what takes long is found again after a reload.
   * @param {Watched | undefined} watched
   */
  #keep(watched) {
    if (this.name === this.place) remember(this.name, watched);
  }

  /** Results take the place of the invitation to run. */
  uncover() {
    byId(`${this.name}-empty`).hidden = true;
    byId(`${this.name}-result`).hidden = false;
    byId(`${this.name}-form`).querySelector("[type=submit]")?.classList.add("primary");
  }

  /** @param {string | null} job */
  #offerExports(job) {
    const links = FORMATS.map((format) => {
      const href = `/api/v1/jobs/${job}/result?format=${format}`;
      return element("a", { href, download: true }, format.toUpperCase());
    });
    this.exports.replaceChildren(element("span", { class: "muted" }, "Export"), ...links);
    this.exports.hidden = !job;
  }

  /** @param {"empty" | "running" | "complete" | "stopped" | "error"} state */
  setState(state) {
    this.root.dataset.state = state;
  }

  /** On small screens the form is below the results. */
  #reveal() {
    if (this.root.getBoundingClientRect().bottom < innerHeight / 2) this.root.scrollIntoView();
  }

  /**
   * @param {unknown} error
   * @param {number} percent
   * @param {(errors: FieldError[]) => FieldError[]} showProblems
   */
  #fail(error, percent, showProblems) {
    const { notice, progress } = this.studio;
    this.setState("error");
    if (!(error instanceof Failure)) throw error;
    if (error.code === "cancelled") {
      this.setState("stopped");
      progress.say(percent ? `Stopped at ${Math.floor(percent)} %` : "Stopped");
      return;
    }
    const homeless = showProblems(error.errors);
    if (!error.errors.length || homeless.length) notice.fail(error, homeless);
    else progress.say("Not started: see the marked field");
  }
}
