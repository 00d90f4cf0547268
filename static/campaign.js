/** The campaign view: the list of campaigns, and one of them as it goes on. */

import { CampaignLog } from "./campaign-log.js";
import { CampaignForm } from "./campaign-form.js";
import { CampaignList } from "./campaign-list.js";
import {
  convergencePlot,
  convergenceTable,
  frontPlot,
  frontTable,
  progressTitle,
  surrogatePlot,
  surrogateTable,
} from "./campaign-plots.js";
import { CampaignStream } from "./campaign-stream.js";
import { CandidateTable } from "./campaign-table.js";
import { ManualResults } from "./campaign-manual.js";
import { Failure, get, send } from "./connection.js";
import { byId, element } from "./dom.js";
import { capitalised, count, duration, number, timeLeft } from "./format.js";
import { encode } from "./link.js";
import { TableTwin, draw, paced, repaintOnChange } from "./plot.js";
import { statRow } from "./stats.js";

/** @typedef {import("./app.js").Studio} Studio */
/** @typedef {import("./models.js").Model} Model */

/**
 * @typedef {object} Campaign
 * @property {string} id
 * @property {string} name
 * @property {string} domain
 * @property {string} state
 * @property {string | null} [reason]
 * @property {number} iteration
 * @property {number} max_iterations
 * @property {any} config
 */

const PATH = "/api/v1/campaigns";

/** What a person may do, by state. */
const ACTIONS = {
  start: ["created"],
  pause: ["sampling", "running", "waiting"],
  resume: ["paused"],
  cancel: ["created", "sampling", "running", "waiting", "paused"],
  extend: ["converged", "completed", "failed", "cancelled"],
  delete: ["converged", "completed", "failed", "cancelled"],
};
const ENDED = ACTIONS.delete;

export class CampaignView {
  name = "campaign";
  /** @type {Campaign | null} */
  #campaign = null;
  /** @type {string | null} the id of what is shown, or is about to be */
  #opening = null;
  #log = new CampaignLog([]);
  /** @type {CampaignStream | null} */
  #stream = null;
  /** @type {string | null} */
  #chosen = null;
  #list = new CampaignList((id) => this.#open(id));
  #form;
  #manual = new ManualResults((results) => this.#post("evaluations", { results }));
  #table = new CandidateTable((id) => this.#choose(id));
  #objective = /** @type {HTMLSelectElement} */ (byId("surrogate-objective"));
  #twins;
  #refreshSoon = paced(() => this.#refresh());
  #heardAt = 0;

  /** @param {Studio} studio */
  constructor(studio) {
    this.studio = studio;
    this.#form = new CampaignForm(studio, (campaign) => this.#open(campaign.id));
    const objective = () => this.#log.objectives[this.#objective.selectedIndex];
    this.#twins = [
      this.#twin("convergence", () => convergenceTable(this.#log)),
      this.#twin("front", () => frontTable(this.#log)),
      this.#twin("surrogate", () => surrogateTable(this.#log, objective())),
    ];
    for (const plot of ["convergence", "front", "surrogate"]) {
      repaintOnChange(byId(`${plot}-plot`), () => this.#campaign && this.#paint());
    }
    this.#objective.addEventListener("change", () => this.#paint());
    byId("campaign-back").addEventListener("click", () => this.#close());
    for (const action of Object.keys(ACTIONS)) {
      byId(`campaign-${action}`).addEventListener("click", () => this.#act(action));
    }
    setInterval(() => this.#showClock(), 1000);
  }

  /**
   * @param {string} plot
   * @param {() => import("./plot.js").Table} table
   */
  #twin(plot, table) {
    const twin = new TableTwin("As a table", table);
    byId(`${plot}-foot`).append(twin.details);
    return twin;
  }

  get link() {
    return encode("campaign", this.#campaign ? { id: this.#campaign.id } : {});
  }

  /** Models are no business of a campaign's page: it names its own in its configuration. */
  chooseModel() {}

  start() {}

  /** What is listed is asked for each time that the view comes up. */
  shown() {
    if (this.#campaign) return;
    this.#list.load();
    this.#form.offer();
  }

  /** @param {Map<string, string>} values */
  restore(values) {
    const id = values.get("id");
    if (!id) this.#close();
    else if (id !== this.#opening) this.#open(id);
  }

  #close() {
    this.#stream?.close();
    this.#stream = this.#campaign = this.#opening = null;
    byId("campaign-one").hidden = true;
    byId("campaign-all").hidden = false;
    this.shown();
    this.studio.relink(this);
  }

  /** @param {string} id */
  async #open(id) {
    this.studio.notice.clear();
    this.#stream?.close();
    this.#opening = id;
    const campaign = await this.#ask(() => get(`${PATH}/${encodeURIComponent(id)}`));
    if (this.#opening !== id) return; // another one was opened meanwhile
    if (!campaign) {
      this.#opening = null;
      return;
    }
    this.#campaign = campaign;
    this.#chosen = null;
    const { parameters, objectives } = campaign.config;
    this.#log = new CampaignLog(objectives);
    this.#table.begin(parameters, objectives);
    this.#objective.replaceChildren(
      ...objectives.map(({ name }) => element("option", { value: name }, name.replaceAll("_", " "))),
    );
    byId("campaign-all").hidden = true;
    byId("campaign-one").hidden = false;
    this.#showState();
    this.studio.relink(this);
    this.#follow();
  }

  #follow() {
    const { id } = /** @type {Campaign} */ (this.#campaign);
    this.#stream = new CampaignStream(
      id,
      () => this.#log.seq,
      (event) => this.#receive(event),
      (isLive) => byId("campaign-one").toggleAttribute("data-lost", !isLive),
    );
    this.#refreshSoon();
  }

  /** @param {any} event */
  #receive(event) {
    const campaign = /** @type {Campaign} */ (this.#campaign);
    const isNews = this.#log.take(event);
    this.#heardAt = performance.now();
    if (event.state) campaign.state = event.state;
    else if (isNews && !ENDED.includes(campaign.state)) campaign.state = "running";
    if (event.type === "campaign_completed" || event.type === "campaign_error") this.#reload();
    if (isNews || event.state) this.#refreshSoon();
  }

  /** How a campaign ended, and why, is told by the server in its own words. */
  async #reload() {
    const id = this.#campaign?.id;
    const campaign = await this.#ask(() => get(`${PATH}/${id}`));
    if (!campaign || this.#campaign?.id !== id) return;
    this.#campaign = campaign;
    this.#refreshSoon();
  }

  async #refresh() {
    if (!this.#campaign) return;
    this.#showState();
    this.#table.refresh(this.#log);
    this.#manual.show(this.#campaign, this.#log);
    for (const twin of this.#twins) twin.refresh();
    await this.#paint();
  }

  #showState() {
    const campaign = /** @type {Campaign} */ (this.#campaign);
    const { name, domain, state, config } = campaign;
    const most = campaign.max_iterations;
    const root = byId("campaign-one");
    root.dataset.state = state;
    byId("campaign-name").textContent = name;
    byId("campaign-state").textContent = capitalised(state);
    const reason = campaign.reason ?? this.#log.error;
    byId("campaign-note").textContent = [domain.replaceAll("_", " "), reason].filter(Boolean).join(" · ");
    const iteration = Math.max(this.#log.iteration, 0);
    const done = ENDED.includes(state) && state !== "failed" ? 1 : this.#share(most);
    byId("campaign-fill").style.transform = `scaleX(${done})`;
    byId("campaign-bar").setAttribute("aria-valuenow", String(Math.floor(100 * done)));
    byId("campaign-stats").replaceChildren(
      statRow("Iteration", `${iteration} of ${most}`),
      statRow("Evaluations", count(this.#log.evaluations.filter(({ status }) => status).length)),
      ...this.#bestRows(config.objectives),
      element("div", {}, element("dt", {}, "Elapsed"), element("dd", { id: "campaign-elapsed" }, "–")),
      element("div", {}, element("dt", {}, "Time left"), element("dd", { id: "campaign-left" }, "–")),
    );
    for (const [action, states] of Object.entries(ACTIONS)) {
      byId(`campaign-${action}`).hidden = !states.includes(state);
    }
    byId("campaign-extend-by").hidden = !ACTIONS.extend.includes(state);
    const told = `${PATH}/${campaign.id}/results?format=`;
    for (const format of ["csv", "json"]) byId(`campaign-${format}`).setAttribute("href", told + format);
    this.#showClock();
  }

  /** @param {number} most */
  #share(most) {
    const done = this.#log.iterations.filter(({ iteration, best }) => iteration > 0 && best !== null);
    return Math.min(1, done.length / most);
  }

  /** @param {import("./campaign-log.js").Objective[]} objectives */
  #bestRows(objectives) {
    const last = this.#log.iterations.findLast(({ best }) => best !== null);
    const rows = [statRow(progressTitle(objectives), number(last?.best))];
    if (objectives.length > 1) rows.push(statRow("On the front", number(last?.frontSize)));
    return rows;
  }

  /** The clock goes on between two events; the time left runs down. */
  #showClock() {
    if (!this.#campaign) return;
    const { elapsed, eta } = this.#log;
    const runs = ["sampling", "running"].includes(this.#campaign.state);
    const since = runs ? (performance.now() - this.#heardAt) / 1000 : 0;
    byId("campaign-elapsed").textContent = elapsed === null ? "–" : duration(elapsed + since);
    byId("campaign-left").textContent =
      runs && eta !== null ? timeLeft(Math.max(0, eta - since)) : "–";
  }

  async #paint() {
    const log = this.#log;
    const objective = log.objectives[this.#objective.selectedIndex];
    const several = log.objectives.length > 1;
    byId("front-title").textContent = several ? "Pareto front" : "Evaluations";
    /** @type {Record<string, () => import("./campaign-plots.js").Plot>} */
    const plots = {
      convergence: () => convergencePlot(log),
      front: () => frontPlot(log, this.#chosen),
      surrogate: () => surrogatePlot(log, objective),
    };
    // each is made when its turn comes: what was told meanwhile is in it
    for (const [name, plot] of Object.entries(plots)) {
      const { traces, layout } = plot();
      await draw(byId(`${name}-plot`), traces, layout);
    }
    this.#listenToFront();
  }

  /** A click on a point chooses its candidate; the plot has to be there first. */
  #listenToFront() {
    const plot = /** @type {any} */ (byId("front-plot"));
    if (plot.dataset.listens || !plot.on) return;
    plot.dataset.listens = "true";
    plot.on("plotly_click", (/** @type {any} */ { points }) => {
      const id = points[0]?.customdata;
      if (id) this.#choose(id);
    });
  }

  /** @param {string} id */
  #choose(id) {
    this.#chosen = this.#chosen === id ? null : id;
    this.#table.choose(this.#chosen);
    this.#paint();
  }

  /** @param {string} action */
  async #act(action) {
    const { id, name } = /** @type {Campaign} */ (this.#campaign);
    if (action === "delete") {
      if (!confirm(`Delete the campaign ${name} with all its results?`)) return;
      if ((await this.#ask(() => send("DELETE", `${PATH}/${id}`))) !== null) this.#close();
      return;
    }
    if (action === "cancel" && !confirm(`Cancel the campaign ${name}? What it found is kept.`)) return;
    const by = /** @type {HTMLInputElement} */ (byId("campaign-extend-iterations"));
    await this.#post(action, action === "extend" ? { iterations: Number(by.value) } : {});
  }

  /**
   * @param {string} action
   * @param {object} body
   */
  async #post(action, body) {
    const { id } = /** @type {Campaign} */ (this.#campaign);
    const told = await this.#ask(() => send("POST", `${PATH}/${id}/${action}`, body));
    if (told === null) return false;
    // of the rest the stream tells, in its order
    if (action === "extend" || action === "start") {
      await this.#reload();
      this.#stream?.close();
      this.#follow();
    }
    return true;
  }

  /**
   * What the server answers, or null where it refused, which is then said.
   * @template T
   * @param {() => Promise<T>} asking
   * @returns {Promise<T | null>}
   */
  async #ask(asking) {
    try {
      return await asking();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.studio.notice.fail(error, error.errors);
      return null;
    }
  }
}
