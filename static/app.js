/** The page: where its parts meet. */

import { CampaignView } from "./campaign.js";
import { CharacterizeView } from "./characterize.js";
import { Connection } from "./connection.js";
import { byId } from "./dom.js";
import { HeatmapView } from "./heatmap.js";
import { decode, encode, push, replace } from "./link.js";
import { ModelPicker } from "./model-picker.js";
import { ModelView } from "./model.js";
import { loadModels } from "./models.js";
import { Notice } from "./notice.js";
import { loadPlotly } from "./plot.js";
import { Progress } from "./progress.js";
import { remembered } from "./remembered.js";
import { ScanView } from "./scan.js";
import { TraceView } from "./simulate.js";
import { Tabs } from "./tabs.js";
import { showUser } from "./user.js";

/** @typedef {import("./connection.js").News} News */
/** @typedef {import("./connection.js").Running} Running */
/** @typedef {import("./connection.js").State} State */
/** @typedef {import("./operation.js").Operation} Operation */

/**
 * A run with its place in the progress bar: `end` takes that back, `abandon` stops the run, too.
 * @typedef {{running: Running, end: () => void, abandon: () => void}} Launched
 */

/** @typedef {HeatmapView | CharacterizeView | ScanView | ModelView | CampaignView} View */

/**
 * What every view is given.
 * @typedef {object} Studio
 * @property {(of: Operation, config: object, onNews: (news: News) => void, job?: string) => Launched} launch
 * @property {Progress} progress
 * @property {Notice} notice
 * @property {(view: View) => void} relink what the view shows has changed, and its link with it
 * @property {(link: string) => void} open go where a link leads, and run what it says
 */

const FIRST_MODEL = "AdExNeuron";

/** @type {Record<State, [string, string]>} */
const STATES = {
  connecting: ["Connecting", "Opening the connection to the server"],
  live: ["Live", "Results arrive as they are computed"],
  http: [
    "HTTP only",
    "Your network blocks WebSockets: everything works, but progress is not shown",
  ],
  lost: ["Reconnecting", "Connection lost, reconnecting"],
  offline: ["Offline", "The server cannot be reached; trying again"],
};

const progress = new Progress();
const notice = new Notice();
const connection = new Connection(onState);
/** @type {Studio} */
const studio = { launch, progress, notice, relink, open };
const heatmap = new HeatmapView(studio, new TraceView(studio, "simulate", "heatmap"));
const characterize = new CharacterizeView(studio);
const scan = new ScanView(studio);
const about = new ModelView(studio, new TraceView(studio, "published", "model"));
const campaign = new CampaignView(studio);
const views = new Map(
  /** @type {View[]} */ ([heatmap, characterize, scan, about, campaign]).map((each) => [
    each.name,
    each,
  ]),
);
const tabs = new Tabs((name) => {
  if (name === view.name) return;
  show(name);
  push(view.link);
});
const picker = new ModelPicker((model) => {
  for (const each of [heatmap, characterize, about]) each.chooseModel(model);
  const title = byId("model-title");
  title.textContent = model.title;
  title.setAttribute("href", about.link);
});
/** @type {View} */
let view = heatmap;
let offered = false;

/** @param {string} name */
function show(name) {
  view = views.get(name) ?? heatmap;
  tabs.show(view.name);
  progress.prefer(view.name);
  if (view !== scan) preparePlots();
  if (view === campaign) campaign.shown();
}

/** Ahead of the first result, since it takes a moment. */
async function preparePlots() {
  try {
    await loadPlotly();
  } catch (error) {
    notice.tell(/** @type {Error} */ (error).message, ["Tables show every result meanwhile."]);
  }
}

/** @type {Studio["relink"]} */
function relink(changed) {
  if (changed === view) replace(view.link);
}

/** @type {Studio["open"]} */
function open(link) {
  push(link);
  followLink({ anew: true });
  view.start();
}

/**
 * Start an operation, with its progress on display from this moment on.
 * @param {Operation} of
 * @param {object} config
 * @param {(news: News) => void} onNews
 * @param {string} [job] that runs it already
 * @returns {Launched}
 */
function launch({ op, place }, config, onNews, job) {
  const activity = progress.begin(place, () => running.stop());
  const onTold = (/** @type {News} */ news) => {
    activity.update(news);
    onNews(news);
  };
  const running = connection.run(op, config, onTold, job);
  const end = () => activity.end();
  const abandon = () => {
    running.stop();
    end();
  };
  return { running, end, abandon };
}

/** @param {State} state */
function onState(state) {
  const [text, explanation] = STATES[state];
  const place = byId("connection");
  place.dataset.state = state;
  place.title = explanation;
  byId("connection-text").textContent = text;
  if (state !== "live" && state !== "connecting") progress.say(explanation);
  else for (const [, said] of Object.values(STATES)) progress.unsay(said);
  if (state === "live" || state === "http") offerModels();
}

async function offerModels() {
  if (offered) return;
  offered = true;
  try {
    const models = await loadModels();
    picker.offer(models);
    scan.offer(models);
    notice.clear();
    followLink();
    takeUp();
  } catch (error) {
    offered = false;
    notice.tell(/** @type {Error} */ (error).message, ["The models will appear once it answers."]);
  }
}

/**
 * Show what the address names; without a name, the model that is chosen or the first.
 * @param {{anew?: boolean}} [how] whether to fill a form that the link has filled before
 */
function followLink({ anew = false } = {}) {
  const { view: name, values } = decode(location.hash);
  show(name);
  if (!picker.isReady) return; // it will be followed once the models are there
  const named = values.get("name");
  const model = named ? picker.find(named) : picker.chosen;
  if (named && !model)
    notice.tell(`This server has no model called ${named}`, picker.explain(named));
  const chosen = model ?? picker.find(FIRST_MODEL);
  if (chosen) picker.choose(chosen);
  if (view === campaign) return campaign.restore(values);
  // A view that shows the link already keeps what its form holds.
  if (!values.size || (named && !model) || (location.hash === view.link && !anew)) return;
  // What the link leaves out is as the model has it.
  if (model && !(view instanceof ScanView)) view.chooseModel(model);
  view.restore(values);
}

/** Go on watching what ran when the page was left. */
function takeUp() {
  for (const [name, watched] of Object.entries(remembered())) {
    const each = [heatmap, characterize, scan].find((one) => one.name === name);
    const model = picker.find(watched.config.name);
    if (!each || (!model && each !== scan)) continue;
    if (model && !(each instanceof ScanView)) each.chooseModel(model);
    each.restore(decode(encode(name, watched.config)).values);
    each.start(watched);
  }
}

function switchTheme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark";
  try {
    localStorage.setItem("studio.theme", root.dataset.theme);
  } catch {
    // Where storage is blocked the choice lasts as long as the page.
  }
}

showUser(byId("sign-out"));
byId("theme").addEventListener("click", switchTheme);
addEventListener("hashchange", () => followLink());
show(decode(location.hash).view);
connection.open();
offerModels();
