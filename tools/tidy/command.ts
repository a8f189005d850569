import { Command } from "commander";
import { EngineApi } from "../../docker-engine/api";
import { readEngineInfo } from "../../docker-engine/engine-details";
import { readJobObjects, type JobObjects } from "../../docker-engine/job-objects";
import { EngineRemover, type RemovableKind } from "../../docker-engine/remover";
import { plainIo, runCommand, TOOL_EXIT, type Io } from "../io";
import { findLiving, isLiving, type Living } from "./living";
import { describeEntry, planTidy, type TidyEntry } from "./plan";

const HELP = `
Environment:
  DOCKER_HOST, DOCKER_CONTEXT  the engine to tidy up. Run the command once for
                               each node. On a manager, it also sees replicas
                               that have no container yet.

Exit codes:
  0  nothing is left of replicas that do not run
  1  something is left
  2  the command failed`;

interface Options {
  readonly yes?: true;
  readonly unused?: true;
}

/**
 * Runs `npm run tidy`: removes from an engine what jobs of replicas left that do not run.
 * @returns the exit code
 */
export function runTidy(args: readonly string[], io: Io): Promise<number> {
  return runCommand(args, io, (exitWith) =>
    new Command("npm run tidy --")
      .description(
        "List the volumes, containers and networks of jobs that replicas left on the Docker engine and that no living replica uses. With --yes, remove them and nothing else.",
      )
      .argument(
        "[services...]",
        "pools, by service name, also of services that were deleted (default: all that the engine knows)",
      )
      .option("-y, --yes", "remove what is listed")
      .option(
        "--unused",
        "no replica uses this engine from another machine; required with --yes if the engine is not part of a swarm and runs no replica",
      )
      .addHelpText("after", HELP)
      .action((services: readonly string[], options: Options) =>
        exitWith(tidy(services, options, plainIo(io))),
      ),
  );
}

/** Such an engine may be the `docker.host` of a pool whose replicas are elsewhere. */
const MAY_BE_USED =
  "this engine is not part of a swarm and runs no replica, but replicas on other machines may use it through `docker.host`, and this command cannot see them: if none of them runs";

/** Whether the engine shows no replica at all. */
function isUnknown({ pools, prefixes }: Living): boolean {
  return pools.size === 0 && prefixes.size === 0;
}

async function tidy(services: readonly string[], options: Options, io: Io): Promise<number> {
  const engine = EngineApi.fromEnv(io.env);
  const { swarm } = await readEngineInfo(engine);
  // The objects come first: a replica that leaves something in between is already alive.
  const objects = await readJobObjects(engine);
  const living = await findLiving(engine, swarm.isManager);
  const names = services.length > 0 ? services : [...living.pools].sort();
  if (names.length === 0) {
    io.out.write("this engine has no pool: name those whose services were deleted\n");
    return TOOL_EXIT.ok;
  }
  if (swarm.state !== "active" && isUnknown(living) && options.unused !== true) {
    if (options.yes === true) throw new Error(`removing nothing: ${MAY_BE_USED}, pass --unused`);
    io.err.write(`warning: ${MAY_BE_USED}, pass --unused with --yes\n`);
  }
  const remover = options.yes === true ? EngineRemover.fromEnv(io.env) : undefined;
  let code: number = TOOL_EXIT.ok;
  for (const name of names) {
    const plan = planTidy(name, objects, (id) => isLiving(living, id));
    io.out.write(`${name}:\n${describePlan(plan)}`);
    const dead = plan.filter(({ reason }) => reason === undefined);
    if (remover === undefined && dead.length > 0) {
      const ids = dead.length === 1 ? "1 system ID" : `${dead.length} system IDs`;
      io.out.write(`  dry run, nothing was removed; --yes removes what ${ids} left\n`);
    }
    const left = remover === undefined ? dead : await removeAll(dead, { engine, remover, io });
    if (left.length > 0 || plan.some((one) => one.reason !== undefined && !one.isLiving)) {
      code = TOOL_EXIT.problems;
    }
  }
  return code;
}

function describePlan(plan: readonly TidyEntry[]): string {
  const lines = plan.map((entry) =>
    entry.reason === undefined
      ? `left: ${describeEntry(entry)}`
      : `kept: ${describeEntry(entry)}: ${entry.reason}`,
  );
  return (lines.length === 0 ? ["nothing is left"] : lines).map((line) => `  ${line}\n`).join("");
}

interface Removing {
  readonly engine: EngineApi;
  readonly remover: EngineRemover;
  readonly io: Io;
}

/** @returns what still exists */
async function removeAll(
  entries: readonly TidyEntry[],
  { engine, remover, io }: Removing,
): Promise<readonly TidyEntry[]> {
  const left: TidyEntry[] = [];
  for (const entry of entries) {
    // Swarm may have started a replica with this system ID in the meantime.
    const { swarm } = await readEngineInfo(engine);
    if (isLiving(await findLiving(engine, swarm.isManager), entry.systemId)) {
      io.out.write(`  kept: ${describeEntry(entry)}: its replica is running again\n`);
      continue;
    }
    const reason = await removeObjects(entry, remover);
    if (reason !== undefined) left.push(entry);
    io.out.write(
      reason === undefined
        ? `  removed: ${describeEntry(entry)}\n`
        : `  not removed: ${describeEntry(entry)}: ${reason}\n`,
    );
  }
  return left;
}

/** @returns why something still exists; undefined if nothing does */
async function removeObjects(
  { containers, networks, volumes }: JobObjects,
  remover: EngineRemover,
): Promise<string | undefined> {
  // A container uses networks and volumes.
  const objects: readonly (readonly [RemovableKind, string])[] = [
    ...containers.map(({ id }) => ["containers", id] as const),
    ...networks.map((id) => ["networks", id] as const),
    ...volumes.map((name) => ["volumes", name] as const),
  ];
  let reason: string | undefined;
  for (const [kind, id] of objects) {
    await remover.remove(kind, id).catch((error: unknown) => {
      reason ??= error instanceof Error ? error.message : String(error);
    });
  }
  return reason;
}
