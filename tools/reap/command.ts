import { Command, InvalidArgumentError } from "commander";
import { EngineApi } from "../../components/docker/engine-api";
import { parseDuration } from "../../contract/duration";
import { GitlabClient } from "../gitlab/client";
import { listManagers, listRunners } from "../gitlab/runners";
import { refusalToSend } from "../gitlab/token-home";
import { runCommand, TOOL_EXIT, type Io } from "../io";
import { isOwned, planReap, type Found, type ReapPlan, type Remains } from "./plan";
import { findRegistered } from "./registered-runners";
import { removeRemains } from "./remove";
import { findRunnerTokens } from "./runner-tokens";
import { findTargets, readLiving, type Target } from "./targets";

interface Options {
  readonly yes?: true;
  /** Seconds. */
  readonly silence: number;
  readonly gitlabUrl?: string;
}

/** `npm run reap`: removes from GitLab what dead replicas left there. @returns the exit code */
export async function runReap(args: readonly string[], io: Io): Promise<number> {
  let exitCode: number = TOOL_EXIT.ok;
  const command = new Command("reap")
    .description(
      "Lists the managers and runners of this swarm's pools in GitLab that no living replica owns; with --yes removes them, and nothing else.",
    )
    .argument("[services...]", "swarm services; all pools by default")
    .option("-y, --yes", "remove them")
    .option("--silence <duration>", "how long GitLab must not have heard of it", seconds, 600)
    .option("--gitlab-url <url>", "GitLab of services that are gone from the swarm")
    .addHelpText(
      "after",
      "\nGITLAB_TOKEN: access token with the scope api. RUNNER_CI_URL: the GitLab that it is of, where the swarm has pools of several. A manager is removed with its runner's own token: RUNNER_CI_TOKEN, or that of the Pulumi stack in this folder.\nExit codes: 0 nothing is left, 1 something is, 2 the reap could not be done.",
    )
    .action(async (services: readonly string[], options: Options) => {
      exitCode = await reap(services, options, io);
    });
  return runCommand(command, args, io, () => exitCode);
}

function seconds(text: string): number {
  const parsed = parseDuration(text);
  if (parsed === undefined) throw new InvalidArgumentError("It is no duration such as 10m.");
  return parsed;
}

async function reap(services: readonly string[], options: Options, io: Io): Promise<number> {
  const token = io.env["GITLAB_TOKEN"];
  if (token === undefined || token === "") {
    throw new Error("it takes an access token of GitLab with the scope api in GITLAB_TOKEN");
  }
  const engine = new EngineApi(io.env);
  const targets = await findTargets(engine, services, options.gitlabUrl);
  for (const { name } of targets.unmarked) {
    io.out.write(
      `${name}: left alone, its replicas cannot be told from others' (no RUNNER_POOL)\n`,
    );
  }
  const urls = targets.pools.map(({ gitlabUrl }) => gitlabUrl);
  let left = 0;
  for (const target of targets.pools) {
    const refusal = refusalToSend(io.env, target.gitlabUrl, urls);
    if (refusal !== undefined) {
      io.out.write(`${target.name}: left alone, ${refusal}\n`);
      continue;
    }
    left += await reapPool(target, { engine, options, token, io });
  }
  return left === 0 ? TOOL_EXIT.ok : TOOL_EXIT.found;
}

interface Context {
  readonly engine: EngineApi;
  readonly options: Options;
  /** Access token of GitLab. */
  readonly token: string;
  readonly io: Io;
}

/** @returns how many things are left that no living replica owns */
async function reapPool(target: Target, context: Context): Promise<number> {
  const { engine, options, token, io } = context;
  const found = await findRemains(target, token);
  // Docker after GitLab: whoever registered meanwhile has had its task since before.
  const living = await readLiving(engine, target.name);
  const plan = planReap(living, found, options.silence, new Date());
  io.out.write(`${target.name}:\n${describePlan(plan)}`);
  if (options.yes !== true && plan.remove.length > 0) {
    io.out.write(`  dry run, nothing was removed: --yes removes ${plan.remove.length}\n`);
  }
  const failed =
    options.yes === true ? await removeAll(plan.remove, found, target, context) : plan.remove;
  return plan.keep.length + failed.length;
}

/** Looks at GitLab for what is or was the pool's. */
async function findRemains(target: Target, token: string): Promise<Found> {
  const client = new GitlabClient({ apiUrl: apiUrl(target), token });
  const runners = await listRunners(client);
  const managers = await listManagers(
    client,
    runners.map(({ id }) => id),
    (systemId) => systemId.startsWith(target.mark),
  );
  // The note of a runner is not in the list. By its description alone one of before a renaming would be missed.
  const owners = new Set(managers.map(({ runnerId }) => runnerId));
  const likely = runners.filter(
    ({ id, description }) => owners.has(id) || description.startsWith(target.runnerName),
  );
  const registered = await findRegistered(client, target.mark, likely);
  return { managers, registered };
}

function describePlan({ remove, keep }: ReapPlan): string {
  const lines = [
    ...remove.map((remains) => `left behind: ${describe(remains)}`),
    ...keep.map(({ remains, reason }) => `kept: ${describe(remains)}: ${reason}`),
  ];
  return (lines.length === 0 ? ["nothing is left behind"] : lines)
    .map((line) => `  ${line}\n`)
    .join("");
}

function describe({ kind, systemId, runnerId, lastContact }: Remains): string {
  const contact = lastContact === undefined ? "never heard of" : `last heard of ${lastContact}`;
  return kind === "runner"
    ? `runner ${runnerId} of replica ${systemId}, ${contact}`
    : `manager ${systemId} of runner ${runnerId}, ${contact}`;
}

/** @returns those that are still there */
async function removeAll(
  all: readonly Remains[],
  found: Found,
  target: Target,
  { engine, token, io }: Context,
): Promise<readonly Remains[]> {
  if (all.length === 0) return [];
  const access = { apiUrl: apiUrl(target), token, runnerTokens: await findRunnerTokens(io.env) };
  const failed: Remains[] = [];
  for (const remains of all) {
    // Swarm may have started a replica of this system ID again.
    if (isOwned(remains, await readLiving(engine, target.name), found)) {
      io.out.write(`  kept: ${describe(remains)}: its replica is back\n`);
      continue;
    }
    const reason = await removeRemains(remains, access);
    if (reason !== undefined) failed.push(remains);
    io.out.write(
      reason === undefined
        ? `  removed: ${describe(remains)}\n`
        : `  not removed: ${describe(remains)}: ${reason}\n`,
    );
  }
  return failed;
}

function apiUrl({ gitlabUrl }: Target): string {
  return `${gitlabUrl}/api/v4`;
}
