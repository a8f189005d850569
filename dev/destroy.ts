import type Docker from "dockerode";
import type { Context } from "./context";
import { openStack, STACK } from "./demo";
import { repairBridges } from "./engine/bridges";
import type { Engine } from "./engine/engine";
import { readFacts } from "./facts";
import { ensureGitlab } from "./gitlab-server";
import { removePlaces } from "./places";
import { installTools } from "./platform";
import type { Progress } from "./progress";
import { recoverStack } from "./pulumi/recover";
import { removeDirectly } from "./pulumi/remove-directly";
import { listStacks, PROJECT_NAME, stateFolder } from "./pulumi/stack";
import { readResources, removeStackFiles } from "./pulumi/state-file";

const SERVICE = "docker:index/service:Service";

/**
 * Splits the stacks in the platform's backend into the demo's own and those that somebody else
 * created.
 */
export function splitStacks(names: readonly string[]): {
  readonly own: readonly string[];
  readonly others: readonly string[];
} {
  return {
    own: names.filter((name) => name === STACK),
    others: names.filter((name) => name !== STACK),
  };
}

/**
 * Destroys stacks of the platform's backend: their replicas finish their jobs and deregister. If
 * Pulumi cannot do it, for example because the fake GitLab cannot start, removes what the stacks
 * have in Docker directly.
 */
export async function destroyStacks(
  context: Context,
  progress: Progress,
  engine: Engine,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  const destroy = await prepare(context, progress, engine).catch((error: unknown) => {
    context.commands.note(`without Pulumi: ${String(error)}`);
    return undefined;
  });
  await progress.step("destroy", async (note) => {
    const ways: string[] = [];
    for (const name of names) {
      note(`stack ${name}`);
      ways.push(await destroyStack(context, engine.docker, name, destroy));
    }
    note(ways.join(", "));
  });
}

type Destroy = (name: string) => Promise<void>;

/**
 * Makes sure that `pulumi destroy` has what it needs: the programs, a route from containers to this
 * machine, and GitLab.
 */
async function prepare(context: Context, progress: Progress, { docker }: Engine): Promise<Destroy> {
  const facts = await readFacts(context.paths.state);
  const tools = await installTools(context, progress);
  await repairBridges(context, docker);
  const gitlab = await ensureGitlab(context, facts.hostAddress, (text) => {
    context.commands.note(text);
  });
  return async (name) => {
    const stack = await openStack(context, { tools, facts, gitlab }, name);
    await stack.unlock();
    await recoverStack(stack, docker);
    await stack.remove(await longestDrain(context, docker, name));
  };
}

/** @returns the result, in words */
async function destroyStack(
  context: Context,
  docker: Docker,
  name: string,
  destroy: Destroy | undefined,
): Promise<string> {
  const failure = await destroy?.(name).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  if (destroy !== undefined && failure === undefined) {
    await removePlaces(docker, `${PROJECT_NAME}-${name}`);
    return `stack ${name}`;
  }
  context.commands.note(
    `removing stack ${name} without Pulumi: ${failure ?? "the platform is not ready"}`,
  );
  const state = stateFolder(context);
  const left = await removeDirectly(docker, await readResources(state, name));
  if (left.length > 0) throw new Error(`stack ${name}: ${left.join("; ")}`);
  await removePlaces(docker, `${PROJECT_NAME}-${name}`);
  await removeStackFiles(state, name);
  return `stack ${name} removed without Pulumi, because Pulumi failed`;
}

/** Milliseconds that the replicas of a stack have to finish their jobs. */
async function longestDrain(context: Context, docker: Docker, stack: string): Promise<number> {
  const resources = await readResources(stateFolder(context), stack);
  const graces = await Promise.all(
    resources.filter(({ type }) => type === SERVICE).map(({ name }) => readGrace(docker, name)),
  );
  return Math.max(0, ...graces);
}

async function readGrace(docker: Docker, service: string): Promise<number> {
  const found = (await docker
    .getService(service)
    .inspect()
    .catch(() => ({}))) as {
    readonly Spec?: {
      readonly TaskTemplate?: { readonly ContainerSpec?: { readonly StopGracePeriod?: number } };
    };
  };
  return (found.Spec?.TaskTemplate?.ContainerSpec?.StopGracePeriod ?? 0) / 1e6;
}

/** Names of all stacks in the platform's backend, the demo's and others. */
export async function findStacks(context: Context): Promise<ReturnType<typeof splitStacks>> {
  return splitStacks(await listStacks(context));
}
