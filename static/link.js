/** The link that shows what is on screen: a view and its request, after the # of the address. */

/**
 * @param {string} view
 * @param {object} request nested objects become dotted keys: params.tau_w=100
 */
export function encode(view, request) {
  const query = new URLSearchParams();
  for (const [key, value] of flat(request)) query.set(key, String(value));
  return query.size ? `#${view}?${query}` : `#${view}`;
}

/**
 * @param {object} request
 * @param {string} [prefix]
 * @returns {[string, unknown][]}
 */
function flat(request, prefix = "") {
  return Object.entries(request).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (typeof value === "object") return flat(value, `${prefix}${key}.`);
    return /** @type {[string, unknown][]} */ ([[prefix + key, value]]);
  });
}

/**
 * @param {string} hash
 * @returns {{view: string, values: Map<string, string>}}
 */
export function decode(hash) {
  const [view, query] = hash.replace(/^#/, "").split("?", 2);
  return { view, values: new Map(new URLSearchParams(query)) };
}

/**
 * Of what a view shows now: every run would otherwise be one more step for the back button.
 * @param {string} link
 */
export function replace(link) {
  if (link !== location.hash) history.replaceState(null, "", link);
}

/**
 * Of another view, from which the back button leads back.
 * @param {string} link
 */
export function push(link) {
  if (link !== location.hash) history.pushState(null, "", link);
}
