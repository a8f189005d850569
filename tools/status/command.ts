import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { EngineApi } from "../../docker-engine/api";
import { activeTasks } from "../docker/active-tasks";
import { readPoolAuthorities } from "../docker/pool-authorities";
import { readPools, type Pool, type SkippedService } from "../docker/pools";
import { ReplicaLogReader, type ReplicaLog } from "../docker/replica-lines";
import { ManagerSearch, type PoolManagers } from "../gitlab/pool-managers";
import { plainIo, runCommand, TOOL_EXIT, type Io } from "../io";
import { chooseExitCode, onlineMessages, poolStatus, type PoolStatus } from "./model";
import { renderStatus } from "./table";

/** Time between two refreshes. */
const REFRESH_MS = 2_000;

/** Clears the screen and moves the cursor to the upper left corner. */
const CLEAR = "\u001b[2J\u001b[H";

/** The conventional exit code of a program that Ctrl-C has ended. */
const INTERRUPTED = 130;

const HELP = `
Environment:
  GITLAB_TOKEN   access token with the \`read_api\` scope. For a group or project
                 runner it must belong to a Maintainer. Running jobs are visible
                 to an Owner of the group, a Maintainer of the project or, for an
                 instance runner, an administrator (if Admin Mode is on, with the
                 \`admin_mode\` scope too).
  RUNNER_CI_URL  GitLab instance that GITLAB_TOKEN belongs to. Required if the
                 swarm has pools for several instances.

Exit codes:
  0  no problems
  1  Docker and GitLab disagree, a replica is missing, refused or waiting, or a
     runner is paused
  2  the status is incomplete: Docker or GitLab did not answer, or GITLAB_TOKEN is
     missing, invalid or lacks access to the runner`;

interface Options {
  readonly watch?: true;
  readonly json?: true;
}

/**
 * Runs `npm run status`: shows the replicas of the pools as Docker and GitLab see them.
 * @returns the exit code
 */
export function runStatus(args: readonly string[], io: Io, signal: AbortSignal): Promise<number> {
  return runCommand(args, io, (exitWith) =>
    new Command("npm run status --")
      .description(
        "Show every replica of the pools with its node, state, system ID, image and GitLab runner. Read-only.",
      )
      .argument("[services...]", "pools to show, by service name (default: all)")
      .option("-w, --watch", "refresh every 2 seconds until Ctrl-C")
      .option("--json", "print JSON")
      .addHelpText("after", HELP)
      .action((services: readonly string[], options: Options) =>
        exitWith(status(services, options, io, signal)),
      ),
  );
}

async function status(
  services: readonly string[],
  { watch, json }: Options,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  if (watch === true && (io.out.isTTY !== true || json === true)) {
    io.err.write("--watch needs a terminal and cannot be combined with --json\n");
    return TOOL_EXIT.failed;
  }
  const { out, err } = plainIo(io);
  const reader = new StatusReader(io.env);
  const show = ({ pools }: Reading) =>
    json === true
      ? `${JSON.stringify({ pools }, undefined, 2)}\n`
      : renderStatus(pools, io.out.isTTY === true ? io.out.columns : undefined);

  const interrupted = waitForAbort(signal);
  let exitCode: number | undefined;
  do {
    // Ctrl-C must work at once, even while GitLab is slow.
    const reading = await Promise.race([reader.read(services), interrupted]);
    if (reading === undefined) return exitCode ?? INTERRUPTED;
    if (watch === true) io.out.write(CLEAR);
    out.write(show(reading));
    for (const { name, reason } of reading.skipped) err.write(`${name}: skipped, ${reason}\n`);
    exitCode = chooseExitCode(reading.pools);
    if (watch === true) await sleep(REFRESH_MS, undefined, { signal }).catch(() => undefined);
  } while (watch === true && !signal.aborted);
  return exitCode;
}

function waitForAbort(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const end = () => {
      resolve(undefined);
    };
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
  });
}

/** One snapshot of the swarm. */
interface Reading {
  readonly pools: readonly PoolStatus[];
  readonly skipped: readonly SkippedService[];
}

/** Reads the status of pools, once or repeatedly. */
class StatusReader {
  private readonly engine: EngineApi;
  private readonly log: ReplicaLogReader;
  private readonly search: ManagerSearch;

  constructor(env: Io["env"]) {
    this.engine = EngineApi.fromEnv(env);
    this.log = new ReplicaLogReader(this.engine);
    this.search = new ManagerSearch(env, (pool) => readPoolAuthorities(this.engine, pool));
  }

  async read(services: readonly string[]): Promise<Reading> {
    const { pools, skipped } = await readPools(this.engine, services);
    const logged = await Promise.all(
      pools.map(async (pool) => ({ pool, log: await this.log.read(pool) })),
    );
    const found = await this.search.find(
      logged.map(({ pool, log }) => ({ pool, named: reportedRunners(pool, log) })),
    );
    const now = new Date();
    return {
      pools: logged.map(({ pool, log }) => combineStatus(pool, log, found.get(pool.name), now)),
      skipped,
    };
  }
}

/** Lists the runners that the running replicas of a pool logged. */
function reportedRunners(pool: Pool, { reports }: ReplicaLog): readonly number[] {
  const own = activeTasks(pool).map(({ id }) => [id, reports.get(id) ?? []] as const);
  return [...new Set(onlineMessages(new Map(own)).map(({ runnerId }) => runnerId))];
}

function combineStatus(
  pool: Pool,
  { reports, problem }: ReplicaLog,
  found: PoolManagers = { managers: [], paused: [] },
  now: Date,
): PoolStatus {
  const status = poolStatus(
    "unavailable" in found
      ? { pool, reports, managers: found, now }
      : { pool, reports, managers: found.managers, paused: found.paused, now },
  );
  return problem === undefined ? status : { ...status, warnings: [...status.warnings, problem] };
}
