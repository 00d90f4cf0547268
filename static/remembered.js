/** What this tab watches, kept over a reload: the jobs go on, and so does who watches them. */

/** @typedef {{job: string, config: any}} Watched */

const KEY = "studio.watched";

/**
 * What a view was watching when the page was left.
 * @returns {Record<string, Watched>}
 */
export function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {}; // where storage is blocked a reload finds nothing
  }
}

/**
 * @param {string} view
 * @param {Watched} [watched] nothing where its job has ended
 */
export function remember(view, watched) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ ...remembered(), [view]: watched }));
  } catch {
    // as above
  }
}

/** Remember nothing any more. */
export function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // as above
  }
}
