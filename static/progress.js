/** The bar below the header: there exactly while something runs. */

import { byId } from "./dom.js";
import { timeLeft } from "./format.js";

/** @typedef {import("./connection.js").News} News */

// Screen readers are told this often at most: a frame may come every 50 ms.
const ANNOUNCE_MS = 5_000;
const TITLE = document.title;

/** Something that runs, from its click to its end. */
class Activity {
  /** @type {News} */
  news = { msg: "Starting", pct: 0 };
  /** @type {number | null} */
  endsAt = null;

  /**
   * @param {Progress} progress
   * @param {string} view that it belongs to
   * @param {() => void} stop
   */
  constructor(progress, view, stop) {
    this.progress = progress;
    this.view = view;
    this.stop = stop;
  }

  /** @param {News} news */
  update(news) {
    this.news = news;
    this.endsAt = news.eta_s === undefined ? null : performance.now() + news.eta_s * 1000;
    this.progress.show();
  }

  end() {
    this.progress.remove(this);
  }
}

export class Progress {
  /** @type {Activity[]} */
  #activities = [];
  #view = "";
  #announcedAt = -Infinity;
  #root = byId("progress");
  #message = byId("progress-message");
  #others = byId("progress-others");
  #percent = byId("progress-percent");
  #left = byId("progress-left");
  #bar = byId("progress-bar");
  #fill = byId("progress-fill");
  #stop = byId("stop");
  #status = byId("status");
  #announcer = byId("announcer");

  constructor() {
    this.#stop.addEventListener("click", () => this.#shown?.stop());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.#shown?.stop();
    });
    // The time left runs down between two frames, too.
    setInterval(() => this.#shown && this.#showTimeLeft(this.#shown), 250);
  }

  // Of the view on screen where there is one; the first, so that a quick trace hides no long sweep.
  get #shown() {
    return this.#activities.find(({ view }) => view === this.#view) ?? this.#activities.at(0);
  }

  /**
   * Show what runs in a view rather than in others.
   * @param {string} view
   */
  prefer(view) {
    this.#view = view;
    this.show();
  }

  /**
   * Show at once that something has begun.
   * @param {string} view
   * @param {() => void} stop
   */
  begin(view, stop) {
    const activity = new Activity(this, view, stop);
    this.#activities.push(activity);
    if (this.#shown === activity) this.#announcedAt = -Infinity;
    this.show();
    return activity;
  }

  /** @param {Activity} activity */
  remove(activity) {
    this.#activities = this.#activities.filter((other) => other !== activity);
    this.show();
  }

  /**
   * Say something in the place of the bar, while nothing runs.
   * @param {string} text
   */
  say(text) {
    this.#status.textContent = text;
    this.#announcer.textContent = text;
  }

  /**
   * Take back what was said, unless something else has been said since.
   * @param {string} text
   */
  unsay(text) {
    if (this.#status.textContent === text) this.say("");
  }

  show() {
    const activity = this.#shown;
    this.#root.hidden = !activity;
    this.#status.hidden = Boolean(activity);
    if (activity) this.#showNews(activity);
    else document.title = TITLE;
  }

  /** @param {Activity} activity */
  #showNews(activity) {
    const { msg, pct } = activity.news;
    const others = this.#activities.length - 1;
    this.#others.textContent = others ? `and ${others} more` : "";
    const known = typeof pct === "number";
    const percent = known ? `${Math.floor(pct)} %` : "";
    this.#message.textContent = msg;
    this.#percent.textContent = percent;
    this.#root.classList.toggle("indeterminate", !known);
    this.#fill.style.transform = known ? `scaleX(${pct / 100})` : "";
    this.#bar.setAttribute("aria-valuetext", known ? `${percent}, ${msg}` : msg);
    if (known) this.#bar.setAttribute("aria-valuenow", String(Math.floor(pct)));
    else this.#bar.removeAttribute("aria-valuenow");
    // People look at other tabs meanwhile.
    document.title = known ? `${percent} · ${TITLE}` : TITLE;
    this.#showTimeLeft(activity);
    this.#announce(`${msg} ${percent}`);
  }

  /** @param {Activity} activity */
  #showTimeLeft({ endsAt }) {
    const seconds = endsAt === null ? null : Math.max(0, (endsAt - performance.now()) / 1000);
    this.#left.textContent = seconds === null ? "" : timeLeft(seconds);
  }

  /** @param {string} text */
  #announce(text) {
    const now = performance.now();
    if (now - this.#announcedAt < ANNOUNCE_MS) return;
    this.#announcedAt = now;
    this.#announcer.textContent = text;
  }
}
