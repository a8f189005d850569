import type Docker from "dockerode";
import type { EnqueueJob, Gitlab, JobView } from "../../local/gitlab";
import { eventually } from "./eventually";
import { listContainers } from "./swarm";

/** Script of a job that writes a line a second, so that a log that was cut off shows it. */
export function tickingScript(seconds: number): string[] {
  return [`for i in $(seq ${seconds}); do echo "tick $i"; sleep 1; done`];
}

/** Script of a job of the shell executor that runs until `endJobs` tells it. */
export const ENDLESS = ["until [ -e /tmp/end ]; do echo tick; sleep 1; done"];

/** Lets the endless jobs on the replicas of a service succeed. */
export async function endJobs(docker: Docker, service: string): Promise<void> {
  for (const { Id, State } of await listContainers(docker, service)) {
    if (State !== "running") continue;
    const exec = await docker.getContainer(Id).exec({ Cmd: ["touch", "/tmp/end"] });
    await exec.start({ Detach: true });
  }
}

/**
 * Starts a job. GitLab counts one as running as soon as it has handed it out, gitlab-runner only when it has said so: until then
 * a lost connection or a signal loses it.
 * @returns its number, when gitlab-runner has said that it runs it
 */
export async function beginJob(gitlab: Gitlab, job: EnqueueJob): Promise<number> {
  const { id } = await gitlab.enqueueJob(job);
  await gitlab.waitForEvent(
    (event) => event.kind === "request" && event.endpoint === "PUT /jobs/:id" && event.jobId === id,
    { what: `job ${id} to begin`, timeoutMs: 30_000 },
  );
  return id;
}

/** Enqueues jobs and waits until each runs on a manager of its own. */
export async function occupy(
  gitlab: Gitlab,
  count: number,
  job: EnqueueJob,
  timeoutMs = 60_000,
): Promise<readonly JobView[]> {
  const ids: number[] = [];
  for (let n = 1; n <= count; n += 1) {
    ids.push((await gitlab.enqueueJob({ name: `occupy ${n}`, ...job })).id);
  }
  return eventually(
    async () => {
      const jobs = await Promise.all(ids.map((id) => gitlab.job({ id })));
      const managers = new Set(jobs.map(({ systemId }) => systemId));
      return jobs.every(({ status }) => status === "running") && managers.size === count && jobs;
    },
    { what: `${count} jobs to run on ${count} managers`, timeoutMs },
  );
}

/** Waits for jobs to end and fails if one did not succeed or its log is not whole. */
export async function expectWhole(
  gitlab: Gitlab,
  jobs: readonly { readonly id: number }[],
  seconds: number,
  timeoutMs: number,
): Promise<readonly JobView[]> {
  const ended: JobView[] = [];
  for (const { id } of jobs) {
    const job = await gitlab.waitForJob({ id, timeoutMs });
    const trace = await gitlab.trace({ id });
    const ticks = [...trace.matchAll(/^tick (\d+)$/gm)].map(([, n]) => Number(n));
    const whole = ticks.length === seconds && ticks.every((n, i) => n === i + 1);
    if (job.status !== "success" || !whole || !trace.includes("Job succeeded")) {
      throw new Error(`job ${id} is ${job.status} (${job.failureReason ?? ""}), log:\n${trace}`);
    }
    ended.push(job);
  }
  return ended;
}
