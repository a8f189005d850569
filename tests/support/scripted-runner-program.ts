/** The program behind `scriptedRunner`: it imitates gitlab-runner with its signals and metrics. */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { parse } from "smol-toml";
import type { RunnerScript } from "./scripted-runner";

const script = JSON.parse(process.env["POOL_SCRIPT"] ?? "{}") as RunnerScript;
const folder = process.env["HOME"] ?? "";
const args = process.argv.slice(2);
const configFile = args[args.indexOf("--config") + 1] ?? "";

const signals: string[] = [];
const deafTo = new Set(script.deafTo ?? []);
let [state, workers, openRequests, killed] = ["starting", 0, 0, false];

function note(): void {
  writeFileSync(join(folder, "runner-call.json"), JSON.stringify({ args, signals }));
}

function readConfig(): { readonly listen: string; readonly concurrent: number } {
  const config = parse(readFileSync(configFile, "utf8"));
  const { concurrent, listen_address: listen } = config;
  return { concurrent: Number(concurrent), listen: typeof listen === "string" ? listen : "" };
}

function metrics(): string {
  return [
    `gitlab_runner_request_concurrency{runner="x",system_id="y"} ${openRequests}`,
    `gitlab_runner_jobs{runner="x",state="running"} ${script.jobs ?? 0}`,
    `gitlab_runner_worker_slots_number ${workers}`,
    `gitlab_runner_process_state_info{state="${state}"} 1`,
    'gitlab_runner_api_request_statuses_total{endpoint="request_job",runner="x",status="204"} 1',
    "",
  ].join("\n");
}

function serveMetrics(): void {
  const [host = "", port = ""] = readConfig().listen.split(":");
  createServer((_request, answer) => answer.end(metrics())).listen(Number(port), host);
}

function begin(): void {
  [state, workers] = ["running", readConfig().concurrent];
  if (script.request !== undefined) openRequests = 1;
}

function end(after: number | null | undefined): void {
  if (after === null) return;
  setTimeout(() => process.exit(0), after ?? 0);
}

function heed(name: string, act: () => void): void {
  process.on(name, () => {
    signals.push(name);
    note();
    if (!deafTo.delete(name)) act();
  });
}

heed("SIGHUP", () => {
  if (script.ignoresReload === true || state !== "running") return;
  workers = readConfig().concurrent;
  setTimeout(() => {
    openRequests = 0;
  }, script.request ?? 0);
});
heed("SIGQUIT", () => {
  if (killed) return;
  [state, workers] = ["graceful-shutdown", script.jobs ?? 0];
  end(script.quit);
});
heed("SIGTERM", () => {
  killed = true;
  state = "forceful-shutdown";
  end(script.term);
});

note();
if (script.isSilent !== true) serveMetrics();
const { crash } = script;
if (crash !== undefined) setTimeout(() => process.exit(crash.code), crash.after);
if (script.begin !== null) setTimeout(begin, script.begin ?? 0);
setInterval(() => undefined, 60_000);
