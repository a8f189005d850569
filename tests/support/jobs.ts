import type Docker from "dockerode";
import { isOfGitlab } from "../../dev/job-objects";
import type { EnqueueJob, Gitlab, JobView } from "../../fake-gitlab";
import { eventually } from "./eventually";
import type { FollowedReplica } from "./replica-lines";
import { listContainers } from "./swarm";

/** Script of a job that writes one line per second, so a gap in its log is visible. */
export function tickingScript(seconds: number): string[] {
  return [`for i in $(seq ${seconds}); do echo "tick $i"; sleep 1; done`];
}

/**
 * Script of a job that writes one line per second until `endJobs` ends it. The job outlasts every
 * command of a test, however slow. Its last line reports how many lines it wrote.
 */
export const ENDLESS = [
  'i=0; until [ -e /tmp/end ]; do i=$((i+1)); echo "tick $i"; sleep 1; done; echo "ended after $i"',
];

/**
 * Ends the endless jobs of a service, which then succeed.
 * @param gitlabUrl also ends the jobs that the docker executor runs for this GitLab
 */
export async function endJobs(docker: Docker, service: string, gitlabUrl?: string): Promise<void> {
  const replicas = await listContainers(docker, service);
  const jobContainers =
    gitlabUrl === undefined
      ? []
      : (await docker.listContainers()).filter(({ Labels }) => isOfGitlab(Labels, gitlabUrl));
  for (const { Id, State } of [...replicas, ...jobContainers]) {
    if (State !== "running") continue;
    const exec = await docker.getContainer(Id).exec({ Cmd: ["touch", "/tmp/end"] });
    await exec.start({ Detach: true });
  }
}

/** Waits until `count` replicas have logged that they are draining. */
export async function waitUntilDraining(
  replicas: readonly FollowedReplica[],
  count: number,
  timeoutMs = 60_000,
): Promise<void> {
  const countDraining = (): number =>
    replicas.filter(({ lines }) => lines.some(({ state }) => state === "draining")).length;
  await eventually(() => countDraining() === count, {
    what: `${count} of ${replicas.length} replicas to drain (at first, ${countDraining()} were)`,
    timeoutMs,
  });
}

/**
 * Starts a job. GitLab counts it as running as soon as GitLab has assigned it. Until gitlab-runner
 * has confirmed it, a lost connection or a signal loses the job.
 * @returns its ID, as soon as gitlab-runner has confirmed that it runs the job
 */
export async function startJob(gitlab: Gitlab, job: EnqueueJob): Promise<number> {
  const { id } = await gitlab.enqueueJob(job);
  await gitlab.waitForEvent(
    (event) => event.kind === "request" && event.endpoint === "PUT /jobs/:id" && event.jobId === id,
    { what: `job ${id} to start`, timeoutMs: 30_000 },
  );
  return id;
}

/** Enqueues jobs and waits until each of them runs on a different manager. */
export async function fillRunners(
  gitlab: Gitlab,
  count: number,
  job: EnqueueJob,
  timeoutMs = 60_000,
): Promise<readonly JobView[]> {
  const ids: number[] = [];
  for (let n = 1; n <= count; n += 1) {
    ids.push((await gitlab.enqueueJob({ name: `fill ${n}`, ...job })).id);
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

/**
 * Waits for jobs to end. Fails if a job did not succeed or its log is incomplete.
 * @param seconds how many lines each job wrote; "endless" for jobs that `endJobs` ended
 */
export async function expectIntactLogs(
  gitlab: Gitlab,
  jobs: readonly { readonly id: number }[],
  seconds: number | "endless",
  timeoutMs: number,
): Promise<readonly JobView[]> {
  const ended: JobView[] = [];
  for (const { id } of jobs) {
    const job = await gitlab.waitForJob({ id, timeoutMs });
    const trace = await gitlab.trace({ id });
    const ticks = [...trace.matchAll(/^tick (\d+)$/gm)].map(([, n]) => Number(n));
    const expected =
      seconds === "endless" ? Number(/^ended after (\d+)$/m.exec(trace)?.[1]) : seconds;
    const intact = ticks.length === expected && ticks.every((n, i) => n === i + 1);
    if (job.status !== "success" || !intact || !trace.includes("Job succeeded")) {
      throw new Error(`job ${id} is ${job.status} (${job.failureReason ?? ""}), log:\n${trace}`);
    }
    ended.push(job);
  }
  return ended;
}

/** Waits until each running job has written more output to GitLab. */
export async function waitForMoreOutput(
  gitlab: Gitlab,
  jobs: readonly { readonly id: number }[],
): Promise<void> {
  for (const { id } of jobs) {
    const before = (await gitlab.trace({ id })).length;
    await eventually(async () => (await gitlab.trace({ id })).length > before, {
      what: `job ${id} to write more output`,
      timeoutMs: 30_000,
    });
  }
}
