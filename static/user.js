/** Who has signed in, where people do. */

import { forget } from "./remembered.js";

/** The name of whoever has signed in; null where nobody has to. */
export function user() {
  const kept = document.cookie.split("; ").find((each) => each.startsWith("studio_user="));
  return kept ? decodeURIComponent(kept.slice("studio_user=".length)) : null;
}

/** The server answers with the page to sign in on, which comes back here. */
export function signIn() {
  location.reload();
}

/**
 * Show who it is, on the button that signs them out.
 * @param {HTMLElement} button
 */
export function showUser(button) {
  const name = user();
  if (!name) return;
  button.textContent = name;
  button.title = "Sign out";
  button.setAttribute("aria-label", `Sign out ${name}`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    await fetch("/logout", { method: "POST" }).catch(() => null);
    forget(); // what this tab watched is not the next one's
    signIn();
  });
}
