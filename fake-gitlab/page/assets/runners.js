import { ago, element, followList, setText } from "./dom.js";
import { showStatus } from "./states.js";

const TYPES = { instance_type: "instance", group_type: "group", project_type: "project" };

/** Shows the runners, each with its managers. */
export function showRunners(container, state, now) {
  followList(container, state.runners, {
    create: createRunner,
    update: (card, runner) => {
      const managers = state.managers.filter((manager) => manager.runnerId === runner.id);
      updateRunner(card, runner, managers, now);
    },
  });
}

function createRunner(runner) {
  const heading = element("h3", { id: `runner-${runner.id}` });
  return element(
    "article",
    { className: "card", "aria-labelledby": `runner-${runner.id}` },
    element(
      "div",
      { className: "runner-head" },
      element("div", { className: "runner-name" }, heading, element("p", { className: "quiet" })),
      element("ul", { className: "tags", "aria-label": "Tags" }),
      element("span", { className: "pill" }),
    ),
    element("p", {
      className: "no-managers quiet",
      text: "No managers: no process uses its token.",
    }),
    managersTable(runner),
  );
}

function managersTable(runner) {
  const heads = [
    ["Status"],
    ["System ID"],
    ["Version", "roomy"],
    ["Address", "roomy"],
    ["Last contact"],
    ["Job"],
  ].map(([text, className]) =>
    element("th", { scope: "col", text, ...(className && { className }) }),
  );
  return element(
    "table",
    {},
    element("caption", { className: "unseen", text: `Managers of runner ${runner.id}` }),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody"),
  );
}

function updateRunner(card, runner, managers, now) {
  setText(card.querySelector("h3"), `#${runner.id} ${runner.description ?? "unnamed runner"}`);
  setText(card.querySelector(".runner-name .quiet"), runnerFacts(runner));
  showStatus(card.querySelector(".pill"), runner.status);
  const tags = runner.tags.map((tag) => ({ id: tag }));
  followList(card.querySelector(".tags"), tags, {
    create: ({ id }) => element("li", { text: id }),
    update: () => undefined,
  });
  card.querySelector(".no-managers").hidden = managers.length > 0;
  card.querySelector("table").hidden = managers.length === 0;
  followList(card.querySelector("tbody"), managers, {
    create: createManager,
    update: (row, manager) => updateManager(row, manager, now),
  });
}

function runnerFacts(runner) {
  return [
    `${TYPES[runner.type]} runner`,
    runner.runUntagged ? "runs untagged jobs" : "tagged jobs only",
    ...(runner.accessLevel === "ref_protected" ? ["protected refs only"] : []),
    ...(runner.locked ? ["locked"] : []),
  ].join(" · ");
}

function createManager() {
  return element(
    "tr",
    {},
    element("td", {}, element("span", { className: "pill" })),
    element("td", {}, element("code")),
    element("td", { className: "roomy" }),
    element("td", { className: "roomy" }),
    element("td", { className: "time" }),
    element("td", { className: "time" }),
  );
}

function updateManager(row, manager, now) {
  const [status, systemId, version, address, contact, job] = row.children;
  showStatus(status.firstElementChild, manager.status);
  setText(systemId.firstElementChild, manager.systemId);
  setText(version, manager.version ?? "–");
  setText(address, manager.ipAddress ?? "–");
  setText(contact, ago(manager.contactedAt, now));
  setText(job, manager.runningJobs.map((id) => `#${id}`).join(" ") || "idle");
}
