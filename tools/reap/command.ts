import { Command, InvalidArgumentError } from "commander";
import { EngineApi } from "../../components/docker/engine-api";
import { parseDuration } from "../../contract/duration";
import { GitlabClient } from "../gitlab/client";
import { listManagers, listRunners } from "../gitlab/runners";
import { refusalToSend } from "../gitlab/token-home";
import { runCommand, TOOL_EXIT, type Io } from "../io";
import { planReap, type ReapPlan, type Remains } from "./plan";
import { findRegistered } from "./registered-runners";
import { removeRemains } from "./remove";
import { findRunnerTokens } from "./runner-tokens";
import { findTargets, type Target } from "./targets";

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
  const targets = await findTargets(new EngineApi(io.env), services, options.gitlabUrl);
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
    const plan = await findRemains(target, options.silence, token);
    io.out.write(`${target.name}:\n${describePlan(plan)}`);
    const failed =
      options.yes === true ? await removeAll(plan.remove, target, token, io) : plan.remove;
    left += plan.keep.length + failed.length;
    if (options.yes !== true && plan.remove.length > 0) {
      io.out.write(`  dry run, nothing was removed: --yes removes ${plan.remove.length}\n`);
    }
  }
  return left === 0 ? TOOL_EXIT.ok : TOOL_EXIT.found;
}

/** Looks at GitLab for what the dead replicas of a pool left there. */
async function findRemains(target: Target, silence: number, token: string): Promise<ReapPlan> {
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
  return planReap(target, { managers, registered }, silence, new Date());
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
  target: Target,
  token: string,
  io: Io,
): Promise<readonly Remains[]> {
  if (all.length === 0) return [];
  const access = { apiUrl: apiUrl(target), token, runnerTokens: await findRunnerTokens(io.env) };
  const failed: Remains[] = [];
  for (const remains of all) {
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
