import {
  authenticationOf,
  checkPool,
  unusedExecutorSettings,
} from "../components/settings/check-pool";
import { required, valueOf, type Draft } from "../components/settings/draft";
import type { PoolArgs } from "../components/settings/pool-args";
import { envOf, POOL_KEYS, settingOf, type KeyOf, type ValueOf } from "../contract/settings/keys";
import { nest } from "../contract/settings/nested";
import type { RegistryAddress } from "../contract/settings/types/registry-address";
import { checkRegistrySettings } from "./check-registry-settings";
import { readEnvironment } from "./environment";
import { runnerDescription, serviceNameOf } from "./names";
import { readPools, readTopLevel, TOP_LEVEL_POOL, type Pool } from "./read-pools";

/** What the settings of a stack are read from. */
export interface Sources {
  /**
   * The stack's config by key, without the project's namespace; values as text, objects as JSON.
   */
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

/** Why settings cannot be used. */
export interface WrongSettings {
  readonly problems: readonly string[];
  /** Sentences about variables that may have been meant for what is missing. */
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
): { readonly settings: StackSettings } | WrongSettings {
  const environment = readEnvironment(sources.env);
  const top = readTopLevel(sources.config, environment.env);
  const further = readPools(sources.config["pools"], top.draft);
  const topLevel = { name: TOP_LEVEL_POOL, draft: top.draft };
  const pools = [topLevel, ...further.pools];
  const checked = pools.map((pool) => checkOne(pool, sources));
  const problems = [
    ...top.problems,
    ...further.problems,
    ...environment.problems,
    ...unusedSettings(pools),
    ...checkRegistrySettings(top.draft),
    ...(sources.env["GITLAB_TOKEN"] ? [] : gitlabTokenProblems(pools)),
    ...checked.flatMap((pool) => pool.problems),
  ];
  if (problems.length > 0) {
    return { problems: [...new Set(problems)], warnings: environment.warnings };
  }
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
        .map(([key]) => envOf(key)),
      warnings: [
        ...new Set([...environment.warnings, ...checked.flatMap((pool) => pool.warnings)]),
      ],
    },
  };
}

function checkOne({ name, draft }: Pool, { project, stack }: Sources) {
  const { authentication, problems } = authenticationOf(draft);
  const found = checkPool(draft, authentication, serviceNameOf(project, stack, poolPart(name)));
  return { problems: [...problems, ...found.problems], warnings: found.warnings };
}

/**
 * An executor's settings at the top level are of use if any pool that inherits them has that
 * executor.
 */
function unusedSettings(pools: readonly Pool[]): readonly string[] {
  const used = new Set(pools.map(({ draft }) => valueOf(draft, "executor")));
  return pools.flatMap(({ draft }) => {
    const isOwn = draft.prefix !== "";
    const owners = [...draft.origins.keys()].map((key) => settingOf(key).executor);
    const isUseless = owners.some((owner) => owner !== undefined && !used.has(owner));
    return isOwn || isUseless ? unusedExecutorSettings(draft) : [];
  });
}

function gitlabTokenProblems(pools: readonly Pool[]): readonly string[] {
  return pools.some(({ draft }) => draft.values.runnerScope !== undefined)
    ? [
        "`runnerScope` requires GITLAB_TOKEN: set it to a GitLab access token with the scopes create_runner and manage_runner, or api",
      ]
    : [];
}

function stackPool({ name, draft }: Pool, { project, stack }: Sources): StackPool {
  const serviceName = serviceNameOf(project, stack, poolPart(name));
  const description = runnerDescription(required(draft, "runnerName"), stack, poolPart(name));
  const args = { ...poolArguments(draft), gitlabUrl: required(draft, "gitlabUrl") };
  return { name, args: { ...args, serviceName, description } };
}

type PoolValues = { readonly [K in KeyOf<"pool" | "replica">]?: ValueOf<K> };

/** The values of a pool as the component takes them; its defaults are the component's. */
function poolArguments({ values }: Draft) {
  const own: PoolValues = Object.fromEntries(POOL_KEYS.map((key) => [key, values[key]]));
  return nest(own);
}

function poolPart(name: string): string | undefined {
  return name === TOP_LEVEL_POOL ? undefined : name;
}
