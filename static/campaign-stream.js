/**
 * Follows a campaign: over its WebSocket, and by Server-Sent Events where a network blocks that.
 *
 * Whoever comes back says the last seq that was seen, so that nothing is lost and nothing told twice.
 */

import { openSocket, SIGNED_OUT } from "./connection.js";
import { signIn } from "./user.js";

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
const NORMAL = 1000;
const REFUSED = 4400; // and above: to ask again changes nothing

export class CampaignStream {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {EventSource | null} */
  #events = null;
  #failures = 0;
  #retry = 0;
  #closed = false;

  /**
   * @param {string} id
   * @param {() => number} seq that was seen last
   * @param {(event: any) => void} onEvent
   * @param {(isLive: boolean) => void} onState
   */
  constructor(id, seq, onEvent, onState) {
    this.id = id;
    this.seq = seq;
    this.onEvent = onEvent;
    this.onState = onState;
    this.#connect();
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.close();
    this.#events?.close();
  }

  async #connect() {
    let wasOpen = false;
    try {
      const socket = await openSocket(`/ws/campaigns/${this.id}?after=${this.seq()}`);
      if (this.#closed) return socket.close();
      this.#socket = socket;
      socket.onopen = () => {
        wasOpen = true;
        this.onState(true);
      };
      socket.onmessage = ({ data }) => this.#receive(data);
      socket.onclose = ({ code }) => this.#ended(code, wasOpen);
    } catch {
      this.#listen();
    }
  }

  /** @param {string} text */
  #receive(text) {
    this.#failures = 0;
    if (!this.#closed) this.onEvent(JSON.parse(text));
  }

  /**
   * @param {number} code
   * @param {boolean} wasOpen
   */
  #ended(code, wasOpen) {
    this.#socket = null;
    if (this.#closed) return;
    if (code === SIGNED_OUT) return signIn();
    this.onState(code === NORMAL);
    if (code === NORMAL || code >= REFUSED) return;
    if (!wasOpen && this.#failures > 1) this.#listen();
    else this.#later();
  }

  #later() {
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#retry = setTimeout(() => this.#connect(), wait * (0.5 + Math.random() / 2));
  }

  /** The second way; an EventSource comes back by itself. */
  #listen() {
    if (this.#closed || this.#events) return;
    this.#events = new EventSource(`/api/v1/campaigns/${this.id}/events`);
    this.#events.onopen = () => this.onState(true);
    this.#events.onmessage = ({ data }) => this.#receive(data);
    this.#events.onerror = () => this.onState(false);
  }
}
