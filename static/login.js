/** Signs in: the server keeps the token in a cookie that no script can read. */

import { byId } from "./dom.js";

const form = byId("login");
const token = /** @type {HTMLInputElement} */ (byId("token"));
const problem = byId("problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.hidden = true;
  const said = await signIn(token.value.trim());
  if (said === null) return location.reload(); // the address says what to show
  problem.textContent = said;
  problem.hidden = false;
  token.setAttribute("aria-invalid", "true");
  token.select();
});

/**
 * Null once signed in, else what is wrong.
 * @param {string} value
 */
async function signIn(value) {
  if (!value) return "Paste the token that you were given.";
  try {
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ token: value });
    const response = await fetch("/login", { method: "POST", headers, body });
    if (response.ok) return null;
    const { detail } = await response.json().catch(() => ({}));
    return `That did not work: ${detail ?? `the server answered ${response.status}`}.`;
  } catch {
    return "The server cannot be reached. Is it still running?";
  }
}
