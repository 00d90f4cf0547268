/**
 * Runs operations on the server: over one WebSocket, and over plain HTTP where a network blocks it.
 *
 * A job belongs to the server, so a lost socket loses nothing: after reconnecting, the page
 * attaches to its jobs again and is told what it missed.
 */

import { signIn, user } from "./user.js";

/** @typedef {{pointer: string, detail: string}} FieldError */

/**
 * @typedef {object} Frame
 * @property {"progress" | "complete" | "error" | "heartbeat"} type
 * @property {string} [id]
 * @property {string} [job]
 * @property {number} [seq]
 * @property {number} [pct]
 * @property {string} [step]
 * @property {string} [msg]
 * @property {number} [eta_s]
 * @property {any} [partial]
 * @property {any} [result]
 * @property {string} [code]
 * @property {FieldError[]} [errors]
 */

/**
 * What a person is told while something runs; pct is null where progress is not known.
 * @typedef {{msg: string, pct?: number | null, eta_s?: number, partial?: any, job?: string}} News
 */

/** @typedef {"connecting" | "live" | "http" | "lost" | "offline"} State */

/** @typedef {{result: Promise<any>, stop: () => void, readonly job: string | null}} Running */

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
const HANDSHAKE_MS = 5_000;
// Busy workers are heard of every 2 s, so this much silence means a connection that died unnoticed.
const SILENCE_MS = 20_000;
const STABLE_MS = 5_000;
const STOP_MS = 3_000;
export const SIGNED_OUT = 4401;

const CONNECTING = "Connecting";
const LOST = "Connection lost, reconnecting";
const OVER_HTTP = "Running over HTTP: your network blocks WebSockets, so progress is not shown";

/** A request that was refused, failed or was stopped. */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {string} code
   * @param {FieldError[]} [errors]
   */
  constructor(message, code, errors = []) {
    super(message);
    this.code = code;
    this.errors = errors;
  }
}

/** One request on its way to its single end. */
class Run {
  /** @type {string | null} */
  job = null;
  seq = 0;
  /** Whether the server has been given the request over a socket. */
  asked = false;
  stopping = false;
  settled = false;
  /** @type {AbortController | null} */
  http = null;

  /**
   * @param {string} id
   * @param {string} op
   * @param {object} config
   * @param {(news: News) => void} onNews
   */
  constructor(id, op, config, onNews) {
    this.id = id;
    this.op = op;
    this.config = config;
    this.onNews = onNews;
    /** @type {Promise<any>} */
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.result.catch(() => {}); // whoever asked has handlers of their own
  }

  /** The message that starts this run, or finds it again. */
  opening() {
    const { op, config, id, job, seq } = this;
    return job ? { op: "attach", job, after: seq, id } : { op, config, id };
  }

  /** @param {News} news */
  tell(news) {
    if (!this.settled && !this.stopping) this.onNews(news);
  }

  /** @param {Frame} frame */
  receive(frame) {
    this.job = frame.job ?? this.job;
    this.seq = frame.seq ?? this.seq;
    if (frame.type === "complete") this.settle(() => this.resolve(frame.result));
    else if (frame.type === "error") this.fail(failureOf(frame));
    else if (frame.type === "progress") this.tell({ ...frame, msg: frame.msg ?? "" });
  }

  /** @param {Failure} failure */
  fail(failure) {
    this.settle(() => this.reject(failure));
  }

  /** @param {() => void} end */
  settle(end) {
    if (this.settled) return;
    this.settled = true;
    end();
  }
}

/** @param {Frame} frame */
function failureOf(frame) {
  return new Failure(frame.msg ?? "The job failed", frame.code ?? "failed", frame.errors);
}

/** The page's way to the server. */
export class Connection {
  /** @type {State} */
  #state = "connecting";
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<string, Run>} */
  #runs = new Map();
  #lastId = 0;
  #failures = 0;
  #opening = false;
  #openedAt = 0;
  #heardAt = 0;
  #retry = 0;
  #handshake = 0;

  /** @param {(state: State) => void} onState */
  constructor(onState) {
    this.onState = onState;
  }

  /** Connect, and stay connected. */
  open() {
    this.#connect();
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    setInterval(() => this.#noticeSilence(), 5_000);
  }

  /**
   * Run an operation. The promise is rejected with a Failure, also when it was stopped.
   * @param {string} op
   * @param {object} config
   * @param {(news: News) => void} onNews
   * @param {string | null} [job] that runs this already
   * @returns {Running}
   */
  run(op, config, onNews, job = null) {
    const run = new Run(`r${++this.#lastId}`, op, config, onNews);
    run.job = job;
    this.#runs.set(run.id, run);
    this.#forward(run);
    return {
      result: run.result,
      stop: () => this.#stop(run),
      get job() {
        return run.job;
      },
    };
  }

  /** @param {Run} run */
  #forward(run) {
    if (run.http) return;
    if (run.stopping && !run.job) this.#runs.delete(run.id);
    else if (this.#state === "live") this.#ask(run);
    else if (this.#state === "http" && !run.stopping) this.#runOverHttp(run);
    else run.tell({ msg: this.#state === "connecting" ? CONNECTING : LOST, pct: null });
  }

  /** @param {Run} run */
  #ask(run) {
    run.asked = true;
    const cancels = run.stopping && run.job;
    this.#send(cancels ? { op: "cancel", job: run.job, id: run.id } : run.opening());
  }

  /** @param {object} message */
  #send(message) {
    this.#heardAt = performance.now(); // silence counts from the last time an answer was due
    this.#socket?.send(JSON.stringify(message));
  }

  /** @param {Run} run */
  #stop(run) {
    if (run.settled || run.stopping) return;
    run.tell({ msg: "Stopping", pct: null });
    run.stopping = true;
    const stopped = () => run.fail(new Failure("Stopped", "cancelled"));
    if (run.http) run.http.abort();
    else if (!run.asked) this.#runs.delete(run.id);
    else if (run.job && this.#state === "live") this.#ask(run);
    // The server's word is waited for only while there is hope of it.
    const heard = run.asked && this.#state === "live";
    setTimeout(stopped, heard ? STOP_MS : 0);
  }

  async #connect() {
    clearTimeout(this.#retry);
    if (this.#opening) return;
    this.#opening = true;
    /** @type {WebSocket} */
    let socket;
    try {
      socket = await openSocket("/ws/progress");
    } catch {
      this.#failed();
      return;
    } finally {
      this.#opening = false;
    }
    this.#socket = socket;
    let isOpen = false;
    const mine = () => this.#socket === socket;
    // Some proxies swallow the handshake and never answer.
    this.#handshake = setTimeout(() => mine() && !isOpen && this.#drop(), HANDSHAKE_MS);
    socket.onopen = () => {
      if (!mine()) return;
      isOpen = true;
      this.#opened();
    };
    socket.onmessage = (event) => mine() && this.#receive(event.data);
    socket.onclose = ({ code }) => {
      if (code === SIGNED_OUT) signIn();
      else if (mine()) isOpen ? this.#lost() : this.#failed();
    };
  }

  #opened() {
    clearTimeout(this.#handshake);
    this.#openedAt = performance.now();
    this.#become("live");
  }

  /** @param {string} text */
  #receive(text) {
    this.#heardAt = performance.now();
    this.#failures = 0;
    /** @type {Frame} */
    const frame = JSON.parse(text);
    const run = this.#runs.get(frame.id ?? "") ?? this.#runOf(frame.job);
    if (!run) return;
    if (frame.code === "not_found" && run.job && !run.stopping) {
      // The server has forgotten the job, after a restart say. Running it again changes nothing.
      run.job = null;
      run.seq = 0;
      this.#ask(run);
      return;
    }
    const unknownUntilNow = !run.job;
    run.receive(frame);
    if (frame.type === "complete" || frame.type === "error") this.#runs.delete(run.id);
    else if (run.stopping && unknownUntilNow && run.job) this.#ask(run);
  }

  /** @param {string | undefined} job */
  #runOf(job) {
    return job ? [...this.#runs.values()].find((run) => run.job === job) : undefined;
  }

  #lost() {
    clearTimeout(this.#handshake);
    this.#socket = null;
    if (performance.now() - this.#openedAt > STABLE_MS) this.#failures = 0;
    this.#become("lost");
    this.#connectLater();
  }

  /** Give up a socket that does not answer, without waiting for its close. */
  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    if (this.#state === "live") this.#lost();
    else this.#failed();
  }

  async #failed() {
    clearTimeout(this.#handshake);
    this.#socket = null;
    const wasLost = this.#state === "lost";
    this.#connectLater();
    const reachable = await serverAnswers();
    if (this.#state === "live") return;
    if (!reachable) this.#become("offline");
    // A server that is just back may take its sockets a moment later than its pages.
    else if (!wasLost || this.#failures > 2) this.#become("http");
  }

  #connectLater() {
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    clearTimeout(this.#retry);
    // Jitter, so that many pages do not knock at once when a server comes back.
    this.#retry = setTimeout(() => this.#connect(), wait * (0.5 + Math.random() / 2));
  }

  /** Something has changed for the better: do not wait for the next try. */
  #hurry() {
    if (!this.#socket) this.#connect();
  }

  #noticeSilence() {
    const waiting = [...this.#runs.values()].some((run) => run.asked && !run.settled);
    const silent = performance.now() - this.#heardAt > SILENCE_MS;
    if (this.#state === "live" && waiting && silent) this.#drop();
  }

  /** @param {State} state */
  #become(state) {
    if (this.#state === state) return;
    this.#state = state;
    this.onState(state);
    for (const run of this.#runs.values()) this.#forward(run);
  }

  /** @param {Run} run */
  async #runOverHttp(run) {
    run.http = new AbortController();
    run.tell({ msg: OVER_HTTP, pct: null });
    try {
      const told = await post(`/api/v1/${run.op}`, run.config, run.http.signal);
      run.job = told.headers.get("Content-Location")?.split("/").at(-2) ?? null;
      const result = await answer(told);
      run.settle(() => run.resolve(result));
    } catch (error) {
      run.fail(asFailure(error));
    } finally {
      this.#runs.delete(run.id);
    }
  }
}

async function serverAnswers() {
  try {
    await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(3_000) });
    return true;
  } catch {
    return false;
  }
}

/** @param {unknown} error */
function asFailure(error) {
  if (error instanceof Failure) return error;
  if (error instanceof DOMException && error.name === "AbortError") {
    return new Failure("Stopped", "cancelled");
  }
  return new Failure("The server cannot be reached. Is it still running?", "unreachable");
}

/**
 * @param {string} path
 * @param {object} body
 * @param {AbortSignal} signal
 */
async function post(path, body, signal) {
  const headers = { "Content-Type": "application/json" };
  // whoever stops it or leaves ends the run: over HTTP nobody can come back for it
  const config = JSON.stringify({ ...body, detached: false });
  return fetch(path, { method: "POST", headers, body: config, signal });
}

/**
 * What a GET answers; throws a Failure.
 * @param {string} path
 */
export async function get(path) {
  try {
    return await answer(await fetch(path));
  } catch (error) {
    throw asFailure(error);
  }
}

/**
 * What a request that changes something answers; throws a Failure.
 * @param {"POST" | "DELETE"} method
 * @param {string} path
 * @param {object} [body] or a text with its type
 */
export async function send(method, path, body) {
  const { type = "application/json", text = JSON.stringify(body) } = /** @type {any} */ (body ?? {});
  const content = body && { headers: { "Content-Type": type }, body: text };
  try {
    return await answer(await fetch(path, { method, ...content }));
  } catch (error) {
    throw asFailure(error);
  }
}

/**
 * A socket of the server's, with a ticket where people sign in.
 * @param {string} path
 */
export async function openSocket(path) {
  const address = new URL(path, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  if (!user()) return new WebSocket(address);
  const { ticket } = await send("POST", "/api/v1/ticket");
  return new WebSocket(address, ["studio.v1.json", `studio.ticket.${ticket}`]);
}

/** @param {Response} response */
async function answer(response) {
  if (response.status === 204) return undefined;
  if (response.ok) return response.json();
  if (response.status === 401) signIn();
  // A proxy in between may answer for the server, with something that is no JSON.
  const problem = await response.json().catch(() => ({}));
  const message = problem.detail ?? problem.title ?? `The server answered ${response.status}`;
  throw new Failure(message, problem.code ?? "failed", problem.errors);
}
