import { checkPool, identityOf, unusedDockerSettings } from "./check-pool";
import { checkRegistry } from "./check-registry";
import { definitionOf } from "./definitions";
import { required, valueOf } from "./draft";
import { nest } from "./flatten";
import { readPools, readTopLevel, TOP_LEVEL_POOL, type Pool } from "./read-pools";
import type { PoolArgs } from "./pool-args";
import type { RegistryAddress } from "./registry-address";
import { runnerDescription, serviceNameOf } from "./names";

/** What the settings of a stack are read from. */
export interface Sources {
  /** The stack's config by key, without the project's namespace; values as text, objects as JSON. */
  readonly config: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly project: string;
  readonly stack: string;
}

/** The checked settings of a stack. */
export interface StackSettings {
  readonly registry: RegistrySettings;
  readonly baseImage: string;
  readonly nodeImage: string;
  /** The pool whose settings stand at the top level. */
  readonly pool: StackPool;
  /** The further ones, by name. */
  readonly furtherPools: readonly StackPool[];
  /** Environment variables that settings were taken from. */
  readonly fromEnvironment: readonly string[];
  /** Sentences about settings that have no effect. */
  readonly warnings: readonly string[];
}

/** Where the image is pushed and pulled. */
export interface RegistrySettings extends RegistryAddress {
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** One pool of a stack. */
export interface StackPool {
  /** Name of the component; stays the same as long as the pool does. */
  readonly name: string;
  readonly args: PoolArgs & { readonly serviceName: string; readonly description: string };
}

/** Reads and checks the settings of a stack; either there are problems, or there are settings. */
export function stackSettings(
  sources: Sources,
): { readonly settings: StackSettings } | { readonly problems: readonly string[] } {
  const top = readTopLevel(sources.config, sources.env);
  const further = readPools(sources.config["pools"], top.draft);
  const topLevel = { name: TOP_LEVEL_POOL, draft: top.draft };
  const pools = [topLevel, ...further.pools];
  const checked = pools.map((pool) => checkOne(pool, sources));
  const problems = [
    ...top.problems,
    ...further.problems,
    ...unusedDocker(pools),
    ...checkRegistry(top.draft),
    ...(sources.env["GITLAB_TOKEN"] ? [] : gitlabTokenProblems(pools)),
    ...checked.flatMap((pool) => pool.problems),
  ];
  if (problems.length > 0) return { problems: [...new Set(problems)] };
  return {
    settings: {
      registry: {
        ...required(top.draft, "registry.address"),
        username: top.draft.values["registry.username"],
        password: top.draft.values["registry.password"],
      },
      baseImage: required(top.draft, "baseImage"),
      nodeImage: required(top.draft, "nodeImage"),
      pool: stackPool(topLevel, sources),
      furtherPools: further.pools.map((pool) => stackPool(pool, sources)),
      fromEnvironment: [...top.draft.origins]
        .filter(([, { place }]) => place === "env")
        .map(([key]) => definitionOf(key).env),
      warnings: [...new Set(checked.flatMap((pool) => pool.warnings))],
    },
  };
}

function checkOne({ name, draft }: Pool, { project, stack }: Sources) {
  const { identity, problems } = identityOf(draft, draft.values.token);
  const found = checkPool(draft, identity, serviceNameOf(project, stack, poolPart(name)));
  return { problems: [...problems, ...found.problems], warnings: found.warnings };
}

/** The docker executor's settings at the top level are of use if any pool that inherits them has that executor. */
function unusedDocker(pools: readonly Pool[]): readonly string[] {
  return pools
    .filter(({ draft }) => valueOf(draft, "executor") === "shell")
    .filter(
      ({ draft }) =>
        draft.prefix !== "" || !pools.some((pool) => valueOf(pool.draft, "executor") === "docker"),
    )
    .flatMap(({ draft }) => unusedDockerSettings(draft));
}

function gitlabTokenProblems(pools: readonly Pool[]): readonly string[] {
  return pools.some(({ draft }) => draft.values.runnerScope !== undefined)
    ? [
        "`runnerScope` needs an access token of GitLab with the scope create_runner (or api) in the environment variable GITLAB_TOKEN",
      ]
    : [];
}

function stackPool({ name, draft }: Pool, { project, stack }: Sources): StackPool {
  // Every value has passed the parser of its key, and the component reads it with the same one.
  const written = [...draft.written].filter(([key]) => definitionOf(key).stackWide !== true);
  const args = nest(new Map(written)) as unknown as PoolArgs;
  const serviceName = serviceNameOf(project, stack, poolPart(name));
  const description = runnerDescription(required(draft, "runnerName"), stack, poolPart(name));
  return { name, args: { ...args, serviceName, description } };
}

function poolPart(name: string): string | undefined {
  return name === TOP_LEVEL_POOL ? undefined : name;
}
