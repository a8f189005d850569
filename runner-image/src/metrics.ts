/** What gitlab-runner tells about itself. */
export interface RunnerMetrics {
  /** Job requests that GitLab has not answered yet. */
  readonly openRequests: number;
  /** Jobs that run. */
  readonly jobs: number;
  /** Workers, each of which asks for a job and runs it; they are there once gitlab-runner heeds signals. */
  readonly workers: number;
  /** `starting`, `running`, `graceful-shutdown` or `forceful-shutdown`. */
  readonly state: string;
  /** Answers to job requests by status; -1 is no answer. */
  readonly answers: ReadonlyMap<number, number>;
}

/** Reads gitlab-runner's metrics; undefined while it does not serve them. */
export async function readMetrics(port: number): Promise<RunnerMetrics | undefined> {
  const text = await get(port).catch(() => undefined);
  return text === undefined ? undefined : parseMetrics(text);
}

const STATUSES = "gitlab_runner_api_request_statuses_total";

/** Reads the Prometheus text format as far as it is needed. */
export function parseMetrics(text: string): RunnerMetrics {
  let [openRequests, jobs, workers, state] = [0, 0, 0, ""];
  const answers = new Map<number, number>();
  for (const [, name, labels = "", number] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const value = Number(number);
    if (name === "gitlab_runner_request_concurrency") openRequests += value;
    if (name === "gitlab_runner_jobs") jobs += value;
    if (name === "gitlab_runner_worker_slots_number") workers = value;
    if (name === "gitlab_runner_process_state_info" && value === 1)
      state = labelIn(labels, "state");
    if (name === STATUSES && labelIn(labels, "endpoint") === "request_job") {
      const status = Number(labelIn(labels, "status"));
      answers.set(status, (answers.get(status) ?? 0) + value);
    }
  }
  return { openRequests, jobs, workers, state, answers };
}

function labelIn(labels: string, name: string): string {
  return new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
}

async function get(port: number): Promise<string> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: "/metrics", agent: false, timeout: 2_000 };
    const outgoing = request(options, (answer) => {
      if (answer.statusCode !== 200) {
        outgoing.destroy(new Error(`metrics: ${answer.statusCode ?? 0}`));
        return;
      }
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        resolve(Buffer.concat(chunks).toString("utf8"));
      });
      answer.on("error", reject);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("no metrics in 2 s")));
    outgoing.on("error", reject).end();
  });
}
