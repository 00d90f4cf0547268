/** What a campaign has told so far, put together from its events. */

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {string} [unit]
 */

/**
 * @typedef {object} Objective
 * @property {string} name
 * @property {"maximize" | "minimize" | null} [direction]
 * @property {string} [unit]
 */

/**
 * A candidate, and what became of it.
 * @typedef {object} Evaluation
 * @property {string} id
 * @property {number} iteration
 * @property {Record<string, number | string>} parameters
 * @property {Record<string, {mean: number, std: number}> | null} predicted
 * @property {Record<string, number | null> | null} objectives null until it has been evaluated
 * @property {boolean | null} feasible
 * @property {string | null} status
 * @property {string | null} reason
 */

/**
 * @typedef {object} Iteration
 * @property {number} iteration
 * @property {number | null} best
 * @property {number | null} frontSize
 * @property {number | null} trainLoss
 * @property {number | null} valLoss
 */

export class CampaignLog {
  /** @type {Map<string, Evaluation>} */
  #evaluations = new Map();
  /** @type {Iteration[]} */
  iterations = [];
  seq = 0;
  /** The iteration under way, or the last one. */
  iteration = 0;
  /** @type {number | null} */
  elapsed = null;
  /** @type {number | null} */
  eta = null;
  /** @type {string | null} */
  error = null;

  /** @param {Objective[]} objectives */
  constructor(objectives) {
    this.objectives = objectives;
  }

  /** @returns {Evaluation[]} in the order in which they were proposed */
  get evaluations() {
    return [...this.#evaluations.values()];
  }

  /** @returns {Evaluation[]} proposed, and not yet evaluated */
  get pending() {
    return this.evaluations.filter(({ status }) => status === null);
  }

  /** @param {string} id */
  find(id) {
    return this.#evaluations.get(id);
  }

  /**
   * Take an event; false where it is known already.
   * @param {any} event
   */
  take(event) {
    if (event.seq && event.seq <= this.seq) return false;
    this.seq = event.seq ?? this.seq;
    this.elapsed = event.elapsed_s ?? this.elapsed;
    this.eta = event.eta_s ?? null;
    this.iteration = event.iteration ?? this.iteration;
    this.#act(event);
    return true;
  }

  /** @param {any} event */
  #act(event) {
    switch (event.type) {
      case "iteration_started":
        this.error = null;
        this.#at(event.iteration);
        break;
      case "surrogate_trained":
        Object.assign(this.#at(this.iteration), {
          trainLoss: event.metrics.train_loss,
          valLoss: event.metrics.val_loss,
        });
        break;
      case "candidates_proposed":
        for (const candidate of event.candidates) this.#propose(candidate, event.iteration);
        break;
      case "candidates_evaluated":
        for (const result of event.results) this.#evaluate(result, event.iteration);
        break;
      case "iteration_completed":
        this.#complete(event.iteration, event.best_value, event.pareto_size);
        break;
      case "campaign_error":
        this.error = event.error;
    }
  }

  /** @param {number} iteration */
  #at(iteration) {
    let found = this.iterations.find((each) => each.iteration === iteration);
    if (!found) {
      found = { iteration, best: null, frontSize: null, trainLoss: null, valLoss: null };
      this.iterations.push(found);
    }
    return found;
  }

  /**
   * @param {number} iteration
   * @param {number | null} best
   * @param {number} [frontSize]
   */
  #complete(iteration, best, frontSize = this.front.length) {
    Object.assign(this.#at(iteration), { best, frontSize });
  }

  /**
   * @param {any} candidate
   * @param {number} iteration
   */
  #propose({ id, parameters, predicted = null }, iteration) {
    const unknown = { objectives: null, feasible: null, status: null, reason: null };
    this.#evaluations.set(id, { id, iteration, parameters, predicted, ...unknown });
  }

  /**
   * @param {any} result
   * @param {number} iteration
   */
  #evaluate({ id, parameters, objectives, feasible, status, reason = null }, iteration) {
    const known = this.#evaluations.get(id) ?? { id, iteration, parameters, predicted: null };
    this.#evaluations.set(id, { ...known, objectives, feasible, status, reason });
  }

  /** @returns {Evaluation[]} the feasible ones that no other beats in every objective */
  get front() {
    const known = this.evaluations.filter((one) => one.feasible && this.#isWhole(one));
    const costs = known.map((one) => this.#costs(one));
    const isBeaten = (/** @type {number[]} */ mine) =>
      costs.some((other) => {
        const nowhereWorse = other.every((cost, k) => cost <= mine[k]);
        return nowhereWorse && other.some((cost, k) => cost < mine[k]);
      });
    return known.filter((_, i) => !isBeaten(costs[i]));
  }

  /** @param {Evaluation} evaluation */
  #isWhole({ objectives }) {
    return this.objectives.every(({ name }) => typeof objectives?.[name] === "number");
  }

  /** @param {Evaluation} evaluation */
  #costs({ objectives }) {
    return this.objectives.map(({ name, direction }) => {
      const value = /** @type {number} */ (objectives?.[name]);
      return direction === "maximize" ? -value : value;
    });
  }
}
