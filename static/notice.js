/** What went wrong, said calmly above the results. */

import { byId, element } from "./dom.js";

/** @typedef {import("./connection.js").Failure} Failure */
/** @typedef {import("./connection.js").FieldError} FieldError */

export class Notice {
  #root = byId("notice");

  constructor() {
    byId("notice-close").addEventListener("click", () => this.clear());
  }

  clear() {
    this.#root.hidden = true;
  }

  /**
   * @param {string} title
   * @param {string[]} [details]
   */
  tell(title, details = []) {
    byId("notice-title").textContent = title;
    byId("notice-details").replaceChildren(...details.map((detail) => element("li", {}, detail)));
    this.#root.hidden = false;
  }

  /**
   * @param {Failure} failure
   * @param {FieldError[]} errors those that no field has shown
   */
  fail(failure, errors) {
    const title = errors.length ? "This could not be run" : failure.message;
    this.tell(
      title,
      errors.map(({ pointer, detail }) => `${nameOf(pointer)}: ${detail}`),
    );
  }
}

/** @param {string} pointer */
function nameOf(pointer) {
  return (
    pointer
      .replace(/^\/config/, "")
      .split("/")
      .filter(Boolean)
      .join(" ") || "request"
  );
}
