import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { EngineApi } from "../../components/docker/engine-api";
import { readPools, type Pool } from "../docker/pools";
import { readReplicaLines } from "../docker/replica-lines";
import { ManagerSearch } from "../gitlab/pool-managers";
import { runCommand, TOOL_EXIT, type Io } from "../io";
import { exitCodeOf, onlineMessages, poolStatus, type PoolStatus, type Sources } from "./model";
import { renderStatus } from "./table";

/** Time between two refreshes (ms). */
const REFRESH = 2_000;

/** Clears the screen and goes to its upper left corner. */
const CLEAR = "\u001b[2J\u001b[H";

/** Exit code of a program that Ctrl-C cut off, by convention. */
const INTERRUPTED = 130;

interface Options {
  readonly watch?: true;
  readonly json?: true;
}

/** `npm run status`: the replicas of the pools as Docker and GitLab see them. @returns the exit code */
export async function runStatus(
  args: readonly string[],
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  let exitCode: number = TOOL_EXIT.ok;
  const command = new Command("status")
    .description(
      "Shows each replica: its node, what it does, its system ID, its image and its runner in GitLab. Reads only.",
    )
    .argument("[services...]", "swarm services to show; all with runners by default")
    .option("-w, --watch", "show it again every 2 seconds, until Ctrl-C")
    .option("--json", "print JSON, for scripts")
    .addHelpText(
      "after",
      "\nGITLAB_TOKEN: access token with the scope read_api (an administrator's where the runner is one of the instance).\nRUNNER_CI_URL: the GitLab that the token is of, where the swarm has pools of several.\nExit codes: 0 all is well, 1 Docker and GitLab differ or replicas are missing, 2 the status, or GitLab's side of it, could not be read.",
    )
    .action(async (services: readonly string[], options: Options) => {
      exitCode = await status(services, options, io, signal);
    });
  return runCommand(command, args, io, () => exitCode);
}

async function status(
  services: readonly string[],
  { watch, json }: Options,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  if (watch === true && (io.out.isTTY !== true || json === true)) {
    io.err.write("--watch needs a terminal, and does not go with --json\n");
    return TOOL_EXIT.failed;
  }
  const reader = new StatusReader(io.env);
  const show = (pools: readonly PoolStatus[]) =>
    json === true
      ? `${JSON.stringify({ pools }, undefined, 2)}\n`
      : renderStatus(pools, io.out.isTTY === true ? io.out.columns : undefined);

  const interrupted = abortOf(signal);
  let exitCode: number | undefined;
  do {
    // GitLab may be slow to answer; Ctrl-C is not.
    const pools = await Promise.race([reader.read(services), interrupted]);
    if (pools === undefined) return exitCode ?? INTERRUPTED;
    io.out.write(`${watch === true ? CLEAR : ""}${show(pools)}`);
    exitCode = exitCodeOf(pools);
    if (watch === true) await sleep(REFRESH, undefined, { signal }).catch(() => undefined);
  } while (watch === true && !signal.aborted);
  return exitCode;
}

function abortOf(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    const end = () => {
      resolve(undefined);
    };
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
  });
}

/** Reads the status of pools, once or again and again. */
class StatusReader {
  private readonly engine: EngineApi;
  private readonly search: ManagerSearch;

  constructor(env: Io["env"]) {
    this.engine = new EngineApi(env);
    this.search = new ManagerSearch(env);
  }

  async read(services: readonly string[]): Promise<readonly PoolStatus[]> {
    const pools = await readPools(this.engine, services);
    const heard = await Promise.all(pools.map((pool) => this.listen(pool)));
    const named = heard.flatMap(({ said }) => onlineMessages(said).map(({ runnerId }) => runnerId));
    const managers = await this.search.find(pools, named);
    return pools.map((pool, i) => {
      const { said, problem } = heard[i] ?? { said: new Map(), problem: undefined };
      const status = poolStatus({ pool, said, managers: managers.get(pool.name) ?? [] });
      return problem === undefined
        ? status
        : { ...status, warnings: [...status.warnings, problem] };
    });
  }

  /** What the replicas said; without it the states of the tasks tell less. */
  private async listen(pool: Pool): Promise<{
    readonly said: Sources["said"];
    readonly problem: string | undefined;
  }> {
    try {
      return { said: await readReplicaLines(this.engine, pool), problem: undefined };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { said: new Map(), problem: `the log of its replicas cannot be read: ${reason}` };
    }
  }
}
