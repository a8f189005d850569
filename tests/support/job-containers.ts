import { rm } from "node:fs/promises";
import type Docker from "dockerode";
import execa from "execa";
import { isOfGitlab } from "../../dev/job-objects";
import type { PlatformFacts } from "../../dev/facts";
import type { EnqueueJob, Gitlab } from "../../fake-gitlab";
import { eventually } from "./eventually";

/** The end of the script of a job that waits until `endJob` ends it. */
export const WAIT = ["echo ready", "until [ -e /tmp/end ]; do sleep 1; done"];

type Lines = Readonly<Record<string, string>>;

/** Waits until a job with the script `WAIT` has printed everything. Returns its values. */
export async function readWaitingJob(gitlab: Gitlab, id: number): Promise<Lines> {
  const { trace, job } = await eventually(
    async () => {
      const seen = { trace: await gitlab.trace({ id }), job: await gitlab.job({ id }) };
      return (seen.job.status === "failed" || /^ready\r?$/m.test(seen.trace)) && seen;
    },
    { what: "the job to print its settings", timeoutMs: 120_000 },
  );
  if (job.status === "failed") {
    throw new Error(`the job failed (${job.failureReason ?? ""}):\n${trace}`);
  }
  return readLines(trace);
}

/** The lines of a log of the form `NAME=VALUE`. */
export function readLines(trace: string): Lines {
  return Object.fromEntries(
    [...trace.matchAll(/^(\w+)=(.*?)\r?$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
}

/** Inspects the containers of a GitLab's job, by gitlab-runner's name for their type. */
export async function inspectContainers(
  docker: Docker,
  gitlabUrl: string,
  id: number,
): Promise<ReadonlyMap<string, Docker.ContainerInspectInfo>> {
  const filters = { label: [`com.gitlab.gitlab-runner.job.id=${id}`] };
  const containers = (await docker.listContainers({ all: true, filters })).filter(({ Labels }) =>
    isOfGitlab(Labels, gitlabUrl),
  );
  const inspected = await Promise.all(
    containers.map(({ Id }) => docker.getContainer(Id).inspect()),
  );
  return new Map(
    inspected.map((one) => [one.Config.Labels["com.gitlab.gitlab-runner.type"] ?? "", one]),
  );
}

/** Ends a job with the script `WAIT`, by its containers. */
export async function endJob(
  docker: Docker,
  containers: ReadonlyMap<string, Docker.ContainerInspectInfo>,
): Promise<void> {
  const container = containers.get("build");
  if (container === undefined) throw new Error("the job has no container");
  const exec = await docker.getContainer(container.Id).exec({ Cmd: ["touch", "/tmp/end"] });
  await exec.start({ Detach: true });
}

/** Queues jobs. Returns their IDs. */
export async function enqueueAll<T extends string>(
  gitlab: Gitlab,
  jobs: Readonly<Record<T, EnqueueJob>>,
): Promise<Readonly<Record<T, number>>> {
  const ids: Partial<Record<T, number>> = {};
  for (const name in jobs) ids[name] = (await gitlab.enqueueJob(jobs[name])).id;
  return ids as Record<T, number>;
}

/** Waits for the end of a job. Returns its status and its log. */
export async function waitForEnd(
  gitlab: Gitlab,
  id: number,
): Promise<{ readonly status: string; readonly trace: string }> {
  const { status } = await gitlab.waitForJob({ id, timeoutMs: 90_000 });
  return { status, trace: await gitlab.trace({ id }) };
}

/** Bits of the kernel's capabilities. */
const CAPABILITIES = { NET_ADMIN: 12, SYS_ADMIN: 21, MKNOD: 27 } as const;

/** @param hexadecimal a set of capabilities, as in /proc/self/status */
export function hasCapability(
  hexadecimal: string | undefined,
  name: keyof typeof CAPABILITIES,
): boolean {
  return ((BigInt(`0x${hexadecimal ?? "0"}`) >> BigInt(CAPABILITIES[name])) & 1n) === 1n;
}

/** Images that disposing of them removes. */
export interface TestImages extends AsyncDisposable {
  /** Gives an image another name. */
  tag(image: string, name: string): Promise<void>;
  /** Builds an image. @param options of `docker build` */
  build(name: string, dockerfile: string, options?: readonly string[]): Promise<void>;
}

export function createImages(docker: Docker, platform: PlatformFacts): TestImages {
  const names: string[] = [];
  const run = (args: readonly string[], input = ""): Promise<unknown> =>
    execa("docker", args, { input, env: { DOCKER_HOST: platform.dockerHost } });
  return {
    async tag(image, name) {
      names.push(name);
      await run(["tag", image, name]);
    },
    async build(name, dockerfile, options = []) {
      names.push(name);
      await run(["build", "--force-rm", ...options, "--tag", name, "-"], dockerfile);
    },
    async [Symbol.asyncDispose]() {
      for (const name of names) await docker.getImage(name).remove({ force: true });
    },
  };
}

/** Removes a temporary folder to which containers wrote as root. */
export async function removeFolder(platform: PlatformFacts, folder: string): Promise<void> {
  const command = ["sh", "-c", "rm -rf /folder/*"];
  await execa(
    "docker",
    ["run", "--rm", "--volume", `${folder}:/folder`, platform.images.job, ...command],
    { env: { DOCKER_HOST: platform.dockerHost } },
  );
  await rm(folder, { recursive: true });
}
