import { Command, InvalidArgumentError, Option } from "commander";
import { EngineApi } from "../../docker-engine/api";
import { formatDuration, parseDuration } from "../../contract/duration";
import { readPoolAuthorities } from "../docker/pool-authorities";
import { ReplicaLogReader } from "../docker/replica-lines";
import { GitlabClient, type GitlabAccess } from "../gitlab/client";
import { connect } from "../gitlab/connect";
import { whyTokenNotSent } from "../gitlab/token-scope";
import { plainIo, runCommand, TOOL_EXIT, type Io } from "../io";
import { searchGitlab } from "./search";
import {
  DEFAULT_SILENCE_SECONDS,
  isInUse,
  LONG_POLLING_SECONDS,
  planReap,
  type Inventory,
  type Ownership,
  type ReapPlan,
  type StaleEntry,
} from "./plan";
import { ownSystemIds } from "./own-ids";
import { removeEntry } from "./remove";
import { findRunnerTokens } from "./runner-tokens";
import { findTargets, readActiveSystemIds, type Swarm, type Target } from "./targets";

const HELP = `
Environment:
  GITLAB_TOKEN     access token with the \`api\` scope. An instance runner needs the
                   token of an administrator (if Admin Mode is on, with the
                   \`admin_mode\` scope too), a group runner the token of an Owner
                   of the group, a project runner the token of a Maintainer of
                   the project.
  RUNNER_CI_URL    GitLab instance that GITLAB_TOKEN belongs to. Required if the
                   swarm has pools for several instances.
  RUNNER_CI_TOKEN  authentication token of the runner; GitLab deletes a manager only
                   with it. Also used: the token in the file RUNNER_CI_TOKEN_FILE
                   names, and the tokens in the Pulumi stack of this folder.

Exit codes:
  0  nothing stale is left
  1  something stale is left
  2  the command failed, or GITLAB_TOKEN cannot see enough to tell`;

interface Options {
  readonly yes?: true;
  /** Seconds. */
  readonly silence: number;
  readonly gitlabUrl?: string;
  readonly serviceId?: readonly string[];
}

/**
 * Runs `npm run reap`: removes from GitLab what killed replicas left behind.
 * @returns the exit code
 */
export function runReap(args: readonly string[], io: Io): Promise<number> {
  return runCommand(args, io, (exitWith) =>
    new Command("npm run reap --")
      .description(
        "List the runner managers and runners in GitLab that killed replicas of this swarm's pools left behind. With --yes, delete them and nothing else.",
      )
      .argument("[services...]", "pools to check, by service name (default: all)")
      .option("-y, --yes", "delete the listed entries")
      .addOption(
        new Option("--silence <duration>", "minimum time since the last contact with GitLab")
          .argParser(seconds)
          .default(DEFAULT_SILENCE_SECONDS, formatDuration(DEFAULT_SILENCE_SECONDS)),
      )
      .option(
        "--gitlab-url <url>",
        "GitLab instance of named services that are no longer in the swarm. The entries of pools of the same name in other swarms then count, too",
      )
      .option("--service-id <id...>", "IDs of deleted services whose runners count as the pool's")
      .addHelpText("after", HELP)
      .action((services: readonly string[], options: Options) =>
        exitWith(reap(services, options, plainIo(io))),
      ),
  );
}

function seconds(text: string): number {
  const parsed = parseDuration(text);
  if (parsed === undefined) throw new InvalidArgumentError("Expected a duration such as 10m.");
  return parsed;
}

async function reap(services: readonly string[], options: Options, io: Io): Promise<number> {
  const token = io.env["GITLAB_TOKEN"];
  if (token === undefined || token === "") {
    throw new Error("GITLAB_TOKEN must hold an access token with the `api` scope");
  }
  const engine = EngineApi.fromEnv(io.env);
  const swarm = { engine, log: new ReplicaLogReader(engine) };
  const targets = await findTargets(engine, services, options.gitlabUrl);
  for (const { name } of targets.withoutPrefix) {
    io.out.write(
      `${name}: skipped, its managers cannot be identified because its service does not set RUNNER_POOL\n`,
    );
  }
  for (const { name, reason } of targets.skipped) io.out.write(`${name}: skipped, ${reason}\n`);
  if (options.silence < LONG_POLLING_SECONDS) {
    io.err.write(
      `--silence ${formatDuration(options.silence)} is less than 1h: with long polling, GitLab may record the contact of an idle replica only once an hour\n`,
    );
  }
  const urls = targets.pools.map(({ gitlabUrl }) => gitlabUrl);
  const codes: number[] = [];
  for (const target of targets.pools) {
    const refusal = whyTokenNotSent(io.env, target.gitlabUrl, urls);
    if (refusal === undefined) {
      codes.push(await reapPool(target, { swarm, options, token, io }));
    } else {
      io.out.write(`${target.name}: skipped, ${refusal}\n`);
      if (services.length > 0) codes.push(TOOL_EXIT.failed);
    }
  }
  // Pools on another GitLab than the token's are skipped. If all are skipped, the command fails.
  const isNothingDone = targets.pools.length > 0 && codes.length === 0;
  return isNothingDone ? TOOL_EXIT.failed : Math.max(TOOL_EXIT.ok, ...codes);
}

interface Context {
  readonly swarm: Swarm;
  readonly options: Options;
  /** GitLab access token. */
  readonly token: string;
  readonly io: Io;
}

/** @returns the exit code for the pool */
async function reapPool(target: Target, context: Context): Promise<number> {
  const { swarm, options, token, io } = context;
  const { pool } = target;
  const caCertificate = pool && (await readPoolAuthorities(swarm.engine, pool));
  const transport = connect(io.env, { caCertificate });
  const access = { apiUrl: apiUrl(target), token, transport };
  const client = new GitlabClient(access);
  const { inventory, incompleteReason } = await searchGitlab(target, client, swarm.log);
  // Docker is read after GitLab: a replica that registers in between already has its task.
  const activeIds = await readActiveSystemIds(swarm, target.name);
  const ownership = determineOwnership(target, inventory, options.serviceId ?? []);
  const plan = planReap(activeIds, inventory, options.silence, new Date(), ownership);
  io.out.write(`${target.name}:\n${describePlan(plan, incompleteReason)}`);
  if (options.yes !== true && plan.remove.length > 0) {
    io.out.write(`  dry run, nothing was deleted; --yes deletes ${plan.remove.length}\n`);
  }
  const failed =
    options.yes === true
      ? await removeAll(plan.remove, inventory, target, access, context)
      : plan.remove;
  if (incompleteReason !== undefined) return TOOL_EXIT.failed;
  const isLeft = failed.length > 0 || plan.keep.some(({ isForeign }) => !isForeign);
  return isLeft ? TOOL_EXIT.problems : TOOL_EXIT.ok;
}

/**
 * Determines what distinguishes the pool from others with the same name. If its service was deleted
 * and selected by name, every entry counts as its own.
 */
function determineOwnership(
  { pool }: Target,
  { managers }: Inventory,
  gone: readonly string[],
): Ownership {
  if (pool === undefined) return { serviceIds: undefined };
  const serviceIds = [pool.serviceId, ...gone];
  const candidates = managers.map(({ systemId }) => systemId);
  return { serviceIds, systemIds: ownSystemIds(candidates, pool, serviceIds) };
}

/** @param incompleteReason why the token may not see everything, if so */
function describePlan({ remove, keep }: ReapPlan, incompleteReason: string | undefined): string {
  const lines = [
    ...remove.map((entry) => `stale: ${describe(entry)}`),
    ...keep.map(({ entry, reason }) => `kept: ${describe(entry)}: ${reason}`),
    ...(incompleteReason === undefined
      ? []
      : [`cannot tell whether anything is stale: ${incompleteReason}`]),
  ];
  return (lines.length === 0 ? ["nothing is stale"] : lines).map((line) => `  ${line}\n`).join("");
}

function describe({ kind, systemId, runnerId, lastContact }: StaleEntry): string {
  const contact = lastContact === undefined ? "no contact yet" : `last contact ${lastContact}`;
  return kind === "runner"
    ? `runner ${runnerId} of replica ${systemId}, ${contact}`
    : `manager ${systemId} of runner ${runnerId}, ${contact}`;
}

/** @returns the entries that still exist */
async function removeAll(
  all: readonly StaleEntry[],
  inventory: Inventory,
  target: Target,
  access: GitlabAccess,
  { swarm, token, io }: Context,
): Promise<readonly StaleEntry[]> {
  if (all.length === 0) return [];
  const runnerTokens = await findRunnerTokens(io.env, target.gitlabUrl);
  const failed: StaleEntry[] = [];
  for (const entry of all) {
    // Swarm may have restarted a replica with this system ID.
    if (isInUse(entry, await readActiveSystemIds(swarm, target.name), inventory)) {
      io.out.write(`  kept: ${describe(entry)}: its replica is running again\n`);
      continue;
    }
    const reason = await removeEntry(entry, { ...access, token, runnerTokens });
    if (reason !== undefined) failed.push(entry);
    io.out.write(
      reason === undefined
        ? `  deleted: ${describe(entry)}\n`
        : `  not deleted: ${describe(entry)}: ${reason}\n`,
    );
  }
  return failed;
}

function apiUrl({ gitlabUrl }: Target): string {
  return `${gitlabUrl}/api/v4`;
}
