import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "./context";
import { openStack } from "./demo";
import { findEngine, type Engine } from "./engine/engine";
import { stopEngine } from "./engine/leftovers";
import { removeTraces } from "./engine/traces";
import { readFacts, type PlatformFacts } from "./facts";
import { exists, removeTree } from "./files";
import { ensureGitlab, removeGitlab } from "./gitlab-server";
import { removeImages } from "./images/remove";
import { removeJobObjects } from "./job-objects";
import { bringTools } from "./platform";
import type { Progress } from "./progress";
import { recoverStack } from "./pulumi/recover";
import { listStacks } from "./pulumi/stack";
import { Refusal } from "./refusal";
import { removeRegistry } from "./registry";
import { removeSwarm } from "./swarm";

const STAYS = "stays, it was there before";

/** In the state folder: the lock that is held, and the logs of what went before. */
const KEPT = ["lock", "log"];

/**
 * Takes down what this checkout's platform created, each thing before those that it needs, and nothing else. Things that
 * are gone already are no error.
 */
export async function takeDown(context: Context, progress: Progress): Promise<void> {
  const { paths, record, commands } = context;
  const { engine: before, registryPort, swarm } = await record.read();
  const engine = await findRecordedEngine(context);
  if (engine !== undefined) {
    await destroyStacks(context, progress, engine);
    await progress.step("swarm", async (note) => {
      await emptyEngine(context, engine);
      await removeSwarm(context, engine.docker);
      note(swarm === undefined ? STAYS : "left");
    });
  }
  await progress.step("gitlab", async (note) => {
    await removeGitlab(context);
    note("stopped");
  });
  await progress.step("registry", async (note) => {
    await removeRegistry(context);
    note(registryPort === undefined ? STAYS : "stopped");
  });
  await progress.step("engine", async (note) => {
    note(before === undefined ? STAYS : "stopped");
    if (before === undefined) return;
    await stopEngine(context);
    await removeTraces(commands, before);
    await removeTree(paths.engineData);
    await removeTree(paths.engineRun);
  });
  for (const name of await readdir(paths.state)) {
    if (!KEPT.includes(name)) await removeTree(join(paths.state, name));
  }
}

/**
 * The engine in which there may be something of ours; undefined if that was an engine of ours which is dead, with all
 * that was in it.
 * @throws Refusal when somebody else's engine has to run for that, and does not
 */
async function findRecordedEngine(context: Context): Promise<Engine | undefined> {
  const { engine: before, swarm, images } = await context.record.read();
  const engine = await findEngine(context);
  if (engine !== undefined || before !== undefined) return engine;
  const holds = swarm !== undefined || images.length > 0 || (await listStacks(context)).length > 0;
  if (!holds) return undefined;
  throw new Refusal(
    "Docker does not run, and what the platform created in it can only be removed while it does: start it and run this again",
  );
}

/** Destroys all stacks of the platform's backend, so that replicas finish their jobs and take themselves off GitLab. */
async function destroyStacks(context: Context, progress: Progress, engine: Engine): Promise<void> {
  const names = await listStacks(context);
  if (names.length === 0) return;
  const facts = await readFacts(context.paths.state);
  const tools = await bringTools(context, progress);
  await progress.step("destroy", async (note) => {
    const gitlab = await ensureGitlab(context, facts.hostAddress, note);
    const platform = { tools, facts, gitlab, docker: engine.docker };
    for (const name of names) {
      note(`stack ${name}`);
      const stack = await openStack(context, platform, name);
      await stack.unlock();
      await recoverStack(stack, engine.docker);
      await stack.remove();
    }
    note(`stack ${names.join(", ")}`);
  });
}

/** Removes what is in an engine because of us and not known to a stack. An engine of ours goes with all that is in it. */
async function emptyEngine(context: Context, { docker, found }: Engine): Promise<void> {
  if (!found) return;
  const facts: PlatformFacts | undefined = await readFacts(context.paths.state).catch(
    // Without it no job has run: the platform did not come up as far as that.
    () => undefined,
  );
  if (facts !== undefined) await removeJobObjects(docker, facts.gitlab.url);
  const { images } = await context.record.read();
  await removeImages(docker, images);
}

/** Lines that say what stays on this machine after `takeDown`, and how to remove it. */
export async function describeKept(
  { paths, record }: Context,
  purge: boolean,
): Promise<readonly string[]> {
  const { packages } = await record.read();
  return [
    ...(purge || !(await exists(paths.cache))
      ? []
      : [`${paths.cache} stays for the next time; \`npm run demo:down -- --purge\` removes it.`]),
    ...(packages.length === 0
      ? []
      : [`Packages stay installed; \`apt-get purge ${packages.join(" ")}\` removes them.`]),
  ];
}
