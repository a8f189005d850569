import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "./context";
import { destroyStacks, findStacks } from "./destroy";
import { findEngine, type Engine } from "./engine/engine";
import { stopEngine } from "./engine/cleanup";
import { restoreHostState } from "./engine/host-state";
import { envCommand } from "./env-file";
import { readFacts, type PlatformFacts } from "./facts";
import { exists, removeTree } from "./files";
import { removeGitlab } from "./gitlab-server";
import { removeImages } from "./images/remove";
import { removeJobObjects } from "./job-objects";
import type { Note, Progress } from "./progress";
import { listStacks, stateFolder } from "./pulumi/stack";
import { ExpectedError } from "./expected-error";
import { removeRegistry } from "./registry";
import { removeSwarm } from "./swarm";

const STAYS = "existed before and stays";

/** In the state folder: the lock that this process holds, and the logs of earlier commands. */
const KEPT = ["lock", "log"];

/**
 * Removes exactly what this checkout's platform created, each thing before the things that it
 * depends on. Something that is already gone is not an error. If one step fails, the others still
 * run.
 * @param allStacks also destroys stacks of the backend that the demo did not create
 * @throws ExpectedError when such stacks exist: they stay, and so does the platform that they may
 * run on
 * @throws Error naming every failed step; the record stays, so the next run tries again
 */
export async function takeDown(
  context: Context,
  progress: Progress,
  allStacks = false,
): Promise<void> {
  const { paths, record, commands } = context;
  const { engine: before, registryPort, swarm } = await record.read();
  const engine = await findRecordedEngine(context);
  const { own, others } = await findStacks(context);
  const failures: string[] = [];
  const tolerate = async (name: string, work: () => Promise<void>): Promise<void> => {
    await work().catch((error: unknown) => {
      commands.note(error instanceof Error ? (error.stack ?? "") : String(error));
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  const step = (name: string, work: (note: Note) => Promise<void>): Promise<void> =>
    tolerate(name, () => progress.step(name, work));
  if (engine !== undefined) {
    const names = [...own, ...(allStacks ? others : [])];
    await tolerate("stacks", () => destroyStacks(context, progress, engine, names));
    // Everything in our own engine disappears together with the engine.
    if (!engine.found) failures.length = 0;
  }
  if (others.length > 0 && !allStacks) throw new ExpectedError(explainOthers(context, others));
  if (engine !== undefined) {
    await step("swarm", async (note) => {
      await emptyEngine(context, engine);
      if (engine.found) await removeSwarm(context, engine.docker);
      note(swarm === undefined ? STAYS : "left the swarm");
    });
  }
  await step("gitlab", async (note) => {
    await removeGitlab(context);
    note("stopped");
  });
  await step("registry", async (note) => {
    await removeRegistry(context);
    note(registryPort === undefined ? STAYS : "stopped");
  });
  await step("engine", async (note) => {
    note(before === undefined ? STAYS : "stopped");
    if (before === undefined) return;
    await stopEngine(context);
    await restoreHostState(commands, before);
    await removeTree(paths.engineData);
    await removeTree(paths.engineRun);
  });
  if (failures.length > 0) {
    throw new Error(
      `Some things could not be removed. Run the command again.\n- ${failures.join("\n- ")}`,
    );
  }
  for (const name of await readdir(paths.state)) {
    if (!KEPT.includes(name)) await removeTree(join(paths.state, name));
  }
}

function explainOthers(context: Context, others: readonly string[]): string {
  const [names, they, them] =
    others.length === 1 ? ["stack", "it stays", "it"] : ["stacks", "they stay", "them"];
  return [
    `The demo did not create the ${names} ${others.join(", ")} in its backend (${stateFolder(context)}),`,
    `so ${they}, and so does the platform. Destroy ${them} yourself (\`${envCommand(context)}\`, \`pulumi destroy\`, \`pulumi stack rm\`),`,
    "or run `npm run demo:down -- --all-stacks` to destroy all stacks of this backend.",
  ].join("\n");
}

/**
 * Finds the engine that may contain objects of the platform. Undefined if that was our own engine
 * and it is not running: nothing in it remains.
 * @throws ExpectedError when it is somebody else's engine and it is not running
 */
async function findRecordedEngine(context: Context): Promise<Engine | undefined> {
  const { engine: before, swarm, images } = await context.record.read();
  const engine = await findEngine(context).catch((error: unknown) => {
    // If our own engine no longer answers, it is killed with everything in it.
    if (before === undefined) throw error;
    return undefined;
  });
  if (engine !== undefined || before !== undefined) return engine;
  const holds = swarm !== undefined || images.length > 0 || (await listStacks(context)).length > 0;
  if (!holds) return undefined;
  throw new ExpectedError(
    "Docker is not running, and what the platform created in it can only be removed while it runs. Start Docker and run this command again.",
  );
}

/**
 * Removes what the platform created in an engine outside of a stack. Our own engine is removed as a
 * whole.
 */
async function emptyEngine(context: Context, { docker, found }: Engine): Promise<void> {
  if (!found) return;
  const facts: PlatformFacts | undefined = await readFacts(context.paths.state).catch(
    // Without platform.json, the platform never started completely, so no job has run.
    () => undefined,
  );
  if (facts !== undefined) await removeJobObjects(docker, facts.gitlab.url);
  const { images } = await context.record.read();
  await removeImages(docker, images);
}

/** Lines that list what stays on this machine after `takeDown`, and how to remove it. */
export async function describeKept(
  { paths, record }: Context,
  purge: boolean,
): Promise<readonly string[]> {
  const { packages } = await record.read();
  return [
    ...(purge || !(await exists(paths.cache))
      ? []
      : [
          `${paths.cache} is kept for the next time. Remove it with \`npm run demo:down -- --purge\`.`,
        ]),
    ...(packages.length === 0
      ? []
      : [`Installed packages are kept. Remove them with \`apt-get purge ${packages.join(" ")}\`.`]),
  ];
}
