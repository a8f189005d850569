import { callHttp } from "../system/http-call";

/** Limits for reading gitlab-runner's metrics. Normally they take a few ms and 50 KB. */
const TIMEOUT_MS = 2_000;
const MAX_BYTES = 4 * 1024 * 1024;

/** What gitlab-runner reports about itself. */
export interface RunnerMetrics {
  /** Job requests that GitLab has not answered yet. */
  readonly openRequests: number;
  /** Running jobs. */
  readonly jobs: number;
  /**
   * Workers. Each asks for a job and runs it. gitlab-runner has workers once it handles signals.
   */
  readonly workers: number;
  /** `starting`, `running`, `graceful-shutdown` or `forceful-shutdown`. */
  readonly state: string;
  /** How often job requests returned each status; -1 means no response. */
  readonly answers: ReadonlyMap<number, number>;
  /** Jobs that failed because of the runner or its engine, not because of their script. */
  readonly systemFailures: number;
}

/** Reads gitlab-runner's metrics. @returns undefined while it does not serve them */
export async function readMetrics(port: number): Promise<RunnerMetrics | undefined> {
  const text = await get(port).catch(() => undefined);
  return text === undefined ? undefined : parseMetrics(text);
}

/**
 * Counts the job requests that returned a job (201), none (204), or none because of a race (409).
 */
export function countServed({ answers }: RunnerMetrics): number {
  return [201, 204, 409].reduce((sum, status) => sum + (answers.get(status) ?? 0), 0);
}

/**
 * Lists how often job requests returned each status, whether a job runs, and how many jobs failed
 * because of the runner. watch.sh needs this only without bash; with bash it reads the metrics
 * itself.
 */
export async function listAnswers(port: number): Promise<string> {
  const metrics = await readMetrics(port);
  if (metrics === undefined) return "";
  const lines = [...metrics.answers].map(([status, count]) => `${status} ${count}\n`);
  const { jobs, systemFailures } = metrics;
  if (jobs > 0) lines.push("busy\n");
  if (systemFailures > 0) lines.push(`failed ${systemFailures}\n`);
  return lines.join("");
}

const FAILURES = "gitlab_runner_failed_jobs_total";
const STATUSES = "gitlab_runner_api_request_statuses_total";

/** Parses as much of the Prometheus text format as is needed. */
function parseMetrics(text: string): RunnerMetrics {
  let [openRequests, jobs, workers, systemFailures, state] = [0, 0, 0, 0, ""];
  const answers = new Map<number, number>();
  for (const [, name, labels = "", number] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const value = Number(number);
    if (name === "gitlab_runner_request_concurrency") openRequests += value;
    if (name === "gitlab_runner_jobs") jobs += value;
    if (name === "gitlab_runner_worker_slots_number") workers = value;
    if (name === "gitlab_runner_process_state_info" && value === 1)
      state = readLabel(labels, "state");
    if (name === FAILURES && readLabel(labels, "failure_reason") === "runner_system_failure")
      systemFailures += value;
    if (name === STATUSES && readLabel(labels, "endpoint") === "request_job") {
      const status = Number(readLabel(labels, "status"));
      answers.set(status, (answers.get(status) ?? 0) + value);
    }
  }
  return { openRequests, jobs, workers, state, answers, systemFailures };
}

function readLabel(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
}

async function get(port: number): Promise<string> {
  const { status, text } = await callHttp({
    target: new URL(`http://127.0.0.1:${port}/metrics`),
    method: "GET",
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  });
  if (status !== 200) throw new Error(`metrics: ${status}`);
  return text;
}
