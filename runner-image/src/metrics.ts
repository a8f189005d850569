/** What gitlab-runner tells about itself. */
export interface RunnerMetrics {
  /** Job requests that GitLab has not answered yet. */
  readonly openRequests: number;
  /** Jobs that run. */
  readonly jobs: number;
  /** How often the configuration was read. */
  readonly configLoads: number;
  /** Answers to job requests by status. */
  readonly answers: ReadonlyMap<number, number>;
}

/** Reads gitlab-runner's metrics; undefined while it does not serve them. */
export async function readMetrics(port: number): Promise<RunnerMetrics | undefined> {
  const text = await get(port).catch(() => undefined);
  return text === undefined ? undefined : parseMetrics(text);
}

/** Reads the Prometheus text format as far as it is needed. */
export function parseMetrics(text: string): RunnerMetrics {
  let [openRequests, jobs, configLoads] = [0, 0, 0];
  const answers = new Map<number, number>();
  for (const [, name, labels = "", number] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)) {
    const value = Number(number);
    if (name === "gitlab_runner_request_concurrency") openRequests += value;
    if (name === "gitlab_runner_jobs") jobs += value;
    if (name === "gitlab_runner_configuration_loaded_total") configLoads += value;
    if (
      name === "gitlab_runner_api_request_statuses_total" &&
      labels.includes('endpoint="request_job"')
    ) {
      const status = Number(/status="(-?\d+)"/.exec(labels)?.[1] ?? NaN);
      answers.set(status, (answers.get(status) ?? 0) + value);
    }
  }
  return { openRequests, jobs, configLoads, answers };
}

async function get(port: number): Promise<string> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port, path: "/metrics", agent: false, timeout: 2_000 };
    const outgoing = request(options, (answer) => {
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
