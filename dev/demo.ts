import { readFile } from "node:fs/promises";
import type { Context } from "./context";
import { envCommand, stackEnv } from "./env-file";
import { eventually } from "./eventually";
import type { GitlabServer } from "./gitlab-server";
import { startPlatform, type Platform } from "./platform";
import type { Note, Progress } from "./progress";
import { recoverStack } from "./pulumi/recover";
import { Stack } from "./pulumi/stack";

/** The local platform's stack. Its settings are in Pulumi.dev.yaml. */
export const STACK = "dev";

const JOB_NAME = "demo";
const ONLINE_TIMEOUT_MS = 60_000;
const JOB_TIMEOUT_MS = 120_000;

/**
 * Starts the platform, deploys the stack `dev`, waits until its replicas are online and runs a CI
 * job on them.
 */
export async function demo(context: Context, progress: Progress): Promise<void> {
  const platform = await startPlatform(context, progress, "demo");
  const stack = await openStack(context, platform, STACK);
  const changed = await progress.step("pulumi up", (note) => bringStack(stack, platform, note));
  await progress.step("replicas", (note) => seeReplicas(stack, platform.gitlab, note));
  const rerun = changed || platform.wasRepaired;
  const log = await progress.step("job", (note) => runJob(platform.gitlab, rerun, note));
  if (log !== undefined) progress.print(`\n${indent(log)}\n`);
  else progress.print("\nNothing to do: everything is already up.\n");
  progress.print(nextCommands(context, platform.gitlab.url));
}

/** A stack with everything its commands need, including the token of a GitLab administrator. */
export async function openStack(
  context: Context,
  { tools, facts, gitlab }: Pick<Platform, "tools" | "facts" | "gitlab">,
  name: string,
): Promise<Stack> {
  const token = (await readFile(gitlab.tokenFile, "utf8")).trim();
  const env = { ...stackEnv(facts), GITLAB_TOKEN: token, DOCKER_HOST: facts.dockerHost };
  return new Stack(context, tools.pulumi, name, env);
}

/** @returns true if something changed */
async function bringStack(stack: Stack, { docker }: Platform, note: Note): Promise<boolean> {
  await stack.unlock();
  await stack.select();
  const mended = await recoverStack(stack, docker);
  // Refreshes first: the engine or GitLab may have been restarted since the last run.
  const { same = 0, ...changes } = await stack.up(true);
  const counts = Object.entries(changes).map(([what, count]) => `${count} ${what}`);
  note(counts.length === 0 ? `no changes, ${same} resources` : counts.join(", "));
  return mended || counts.length > 0;
}

interface Manager {
  readonly status: string;
  readonly system_id: string;
}

/** Waits until GitLab shows as many online managers as the stack has replicas. */
async function seeReplicas(stack: Stack, gitlab: GitlabServer, note: Note): Promise<void> {
  const { replicas, runnerId } = await stack.outputs();
  const token = (await readFile(gitlab.tokenFile, "utf8")).trim();
  const managers = await eventually(
    async () => {
      const response = await fetch(`${gitlab.url}/api/v4/runners/${runnerId}/managers`, {
        headers: { "PRIVATE-TOKEN": token },
      });
      const online = ((await response.json()) as Manager[]).filter(isOnline);
      return online.length === replicas && online;
    },
    { what: `GitLab to show ${replicas} managers online`, timeoutMs: ONLINE_TIMEOUT_MS },
  );
  const names = managers.map((manager) => manager.system_id).join(", ");
  note(`${managers.length} online in GitLab: ${names}`);
}

const isOnline = ({ status }: Manager): boolean => status === "online";

/**
 * Runs a CI job on the replicas, unless an earlier job succeeded and nothing has changed since.
 * @returns the job's log
 */
async function runJob(
  { controls }: GitlabServer,
  changed: boolean,
  note: Note,
): Promise<string | undefined> {
  const earlier = (await controls.jobs({ status: "success" })).find(
    ({ name }) => name === JOB_NAME,
  );
  if (!changed && earlier !== undefined) {
    note(`job ${earlier.id} already ran`);
    return undefined;
  }
  const { id } = await controls.enqueueJob({
    name: JOB_NAME,
    script: [
      'echo "This is job $CI_JOB_ID in container $(hostname), taken by $CI_RUNNER_DESCRIPTION"',
      "busybox | sed -n 1p",
    ],
  });
  note(`job ${id} is waiting for a replica`);
  const job = await eventually(
    async () => {
      const now = await controls.job({ id });
      return ["success", "failed", "canceled"].includes(now.status) && now;
    },
    { what: `job ${id} to finish`, timeoutMs: JOB_TIMEOUT_MS },
  );
  const log = await controls.trace({ id });
  note(`job ${id}: ${job.status}, run by ${job.systemId ?? "no replica"} in its own container`);
  if (job.status !== "success") throw new Error(`job ${id} finished as ${job.status}:\n${log}`);
  return log;
}

function nextCommands(context: Context, url: string): string {
  return [
    "Next steps:",
    `  ${envCommand(context).padEnd(52)} set up this shell for the stack`,
    `  ${"pulumi config set replicas 4 && pulumi up".padEnd(52)} scale to four replicas`,
    `  ${url.padEnd(52)} watch runners, managers and jobs, live`,
    `  ${"npm run demo:down".padEnd(52)} remove everything again`,
  ].join("\n");
}

const indent = (text: string): string => text.trimEnd().replace(/^/gm, "    ");
