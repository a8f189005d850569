import { ago, duration, element, followList, setText } from "./dom.js";
import { showStatus } from "./states.js";

/** Shows the jobs. A click selects one. */
export function showJobs(body, state, now, { chosen, choose }) {
  followList(body, state.jobs, {
    create: (job) => createJob(job, choose),
    update: (row, job) => {
      row.dataset.chosen = String(job.id === chosen);
      row.querySelector("button").setAttribute("aria-pressed", String(job.id === chosen));
      updateJob(row, job, now);
    },
  });
}

function createJob(job, choose) {
  const button = element("button", { className: "link", type: "button" });
  button.addEventListener("click", () => choose(job.id));
  return element(
    "tr",
    {},
    element("td", {}, element("span", { className: "pill" })),
    element(
      "td",
      {},
      button,
      element("span", { className: "sub" }),
      element("span", { className: "sub bad" }),
    ),
    element("td", { className: "roomy time" }),
    element("td", { className: "number" }),
  );
}

function updateJob(row, job, now) {
  const [status, what, queued, took] = row.children;
  showStatus(status.firstElementChild, job.status);
  const [button, place, failure] = what.children;
  setText(button, `#${job.id} ${job.name}`);
  setText(place, jobPlace(job));
  setText(failure, (job.failureReason ?? "").replaceAll("_", " "));
  failure.hidden = job.failureReason === null;
  setText(queued, ago(job.queuedAt ?? job.createdAt, now));
  setText(took, jobTime(job, now));
}

/** Describes the project of a job and where it runs. */
export function jobPlace(job) {
  return [
    job.project,
    ...(job.systemId === null ? [] : [job.systemId]),
    ...(job.tags.length === 0 ? [] : [job.tags.join(", ")]),
    ...(job.retriedAs === null ? [] : [`retried as #${job.retriedAs}`]),
  ].join(" · ");
}

/** Formats how long a job has run. */
export function jobTime(job, now) {
  return job.startedAt === null ? "–" : duration((job.finishedAt ?? now) - job.startedAt);
}
