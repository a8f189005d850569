import { setText } from "./dom.js";
import { showJobs } from "./jobs.js";
import { LogPanel } from "./log.js";
import { showRunners } from "./runners.js";

const byId = (id) => document.getElementById(id);
const log = new LogPanel();

/** The latest data from the server, and the difference between its clock and ours. */
let state;
let clockShift = 0;
let chosen;
let knownStatus;

const feed = new EventSource("-/fake-gitlab/feed");
feed.addEventListener("state", ({ data }) => {
  state = JSON.parse(data);
  clockShift = state.now - Date.now();
  showConnection("good", "live");
  announceChanges();
  show();
});
feed.addEventListener("error", () => showConnection("bad", "connection lost"));

// Keeps times such as "3 s ago" up to date.
setInterval(() => state !== undefined && show(), 1000);

function showConnection(level, text) {
  const pill = byId("connection");
  pill.dataset.state = level;
  setText(pill, text);
  byId("lost").hidden = level !== "bad";
}

function show() {
  const now = Date.now() + clockShift;
  setText(byId("where"), `${state.url} · version ${state.version}`);
  showFigures();
  byId("no-runners").hidden = state.runners.length > 0;
  showRunners(byId("runners"), state, now);
  byId("no-jobs").hidden = state.jobs.length > 0;
  byId("jobs-card").hidden = state.jobs.length === 0;
  showJobs(byId("jobs"), state, now, { chosen, choose });
  byId("more-jobs").hidden = state.olderJobs === 0;
  setText(byId("more-jobs"), `and ${state.olderJobs} older jobs`);
  const job = state.jobs.find(({ id }) => id === chosen);
  if (job !== undefined) log.describe(job, now);
  chooseFromAddress();
}

function showFigures() {
  const online = state.managers.filter(({ status }) => status === "online").length;
  setText(byId("figure-online"), String(online));
  for (const [figure, count] of Object.entries(state.counts)) {
    setText(byId(`figure-${figure}`), String(count));
  }
}

function choose(id) {
  chosen = id;
  history.replaceState(null, "", `#job-${id}`);
  log.open(id);
  show();
  // On a narrow page the log is below the list.
  if (window.innerWidth < 1080) byId("log").scrollIntoView({ block: "start" });
}

/** `/#job-12` opens the log of job 12. */
function chooseFromAddress() {
  if (chosen !== undefined) return;
  const id = Number(/^#job-(\d+)$/.exec(location.hash)?.[1]);
  if (state.jobs.some((job) => job.id === id)) choose(id);
}

/** Announces changes to screen readers. */
function announceChanges() {
  const before = knownStatus;
  knownStatus = new Map(state.jobs.map(({ id, status }) => [id, status]));
  if (before === undefined) return;
  const changed = state.jobs.filter(({ id, status }) => before.get(id) !== status);
  if (changed.length === 0) return;
  setText(
    byId("news"),
    changed.map(({ id, name, status }) => `Job ${id} ${name}: ${status}`).join(". "),
  );
}
