import {
  resolveAuthentication,
  checkPool,
  checkExecutorSettings,
  type Findings,
} from "../components/settings/check-pool";
import {
  requireValue,
  getValue,
  type ParsedSettings,
} from "../components/settings/parsed-settings";
import type { ArgumentNames } from "../components/settings/argument-names";
import type { PoolArgs } from "../components/settings/pool-args";
import { describeSource } from "../components/settings/problems";
import type { LoginNames } from "../components/registry/login-provider";
import {
  appliesTo,
  envOf,
  POOL_KEYS,
  SETTING_KEYS,
  settingOf,
  type KeyOf,
  type SettingKey,
  type ValueOf,
} from "../contract/settings/keys";
import { nest } from "../contract/settings/nested";
import type { RegistryAddress } from "../contract/settings/types/registry-address";
import { checkRegistrySettings } from "./check-registry-settings";
import { readEnvironment } from "./environment";
import { warnOfHelperVersion } from "./helper-image";
import { buildRunnerDescription, buildServiceName } from "./names";
import { findPlainSecrets } from "./plain-secrets";
import { readPools, readTopLevel, DEFAULT_POOL, type Pool } from "./read-pools";

/** The sources of a stack's settings. */
export interface Sources {
  /** Stack config by key, without the project's namespace. Objects are JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys of the stack config that are secrets, or objects with a secret in them. @default none */
  readonly secretKeys?: readonly string[];
  /** Lists the paths of the secrets, such as `pools.big.token`. @default none */
  readonly readSecretPaths?: () => readonly string[];
  /**
   * Paths of settings that are set elsewhere, such as `pools.big.docker.hostKey`. Their values are
   * not known. @default none
   */
  readonly unknown?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly project: string;
  readonly stack: string;
}

/** The checked settings of a stack. */
export interface StackSettings {
  readonly registry: RegistrySettings;
  readonly baseImage: string;
  readonly nodeImage: string;
  /** The default pool, whose settings are at the top level. */
  readonly pool: StackPool;
  /** The additional pools, ordered by name. */
  readonly additionalPools: readonly StackPool[];
  /** Environment variables that provided settings. */
  readonly fromEnvironment: readonly string[];
  /** Warnings about variables that have no effect, and about the versions of the images. */
  readonly warnings: readonly string[];
}

/** Why the settings are invalid. */
export interface InvalidSettings {
  readonly problems: readonly string[];
  /** Warnings about variables, which may explain why a setting is missing. */
  readonly warnings: readonly string[];
}

/** The registry of the image, with its login. */
export interface RegistrySettings extends RegistryAddress {
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Where the user set the login. */
  readonly loginNames: LoginNames;
}

/** One pool of a stack. */
export interface StackPool {
  /** Name of the component. It must not change while the pool exists. */
  readonly name: string;
  readonly args: PoolArgs & { readonly serviceName: string; readonly description: string };
  /** Where the user set the arguments. */
  readonly names: ArgumentNames;
  /** Warnings about its settings. The component logs the same ones. */
  readonly warnings: readonly string[];
}

/** Reads and checks the settings of a stack. Returns either the settings or the problems. */
export function readStackSettings(
  sources: Sources,
): { readonly settings: StackSettings } | InvalidSettings {
  const environment = readEnvironment(sources.env);
  const { unknown = [] } = sources;
  const top = readTopLevel(sources.config, environment.env, unknown);
  const additional = readPools(sources.config["pools"], top.parsed, unknown);
  const topLevel = checkStackPool({ name: DEFAULT_POOL, parsed: top.parsed }, sources);
  const known = new Set([...topLevel.problems, ...topLevel.warnings]);
  const others = additional.pools.map((pool) => checkStackPool(pool, sources, known));
  const pools = [topLevel, ...others];
  const problems = [
    ...top.problems,
    ...additional.problems,
    ...environment.problems,
    ...checkSecretConfig(sources, pools),
    ...findUnusedSettings(pools),
    ...checkRegistrySettings(top.parsed),
    ...(sources.env["GITLAB_TOKEN"] ? [] : checkGitlabToken(pools)),
    ...pools.flatMap((pool) => pool.problems),
  ];
  if (problems.length > 0) {
    return { problems: [...new Set(problems)], warnings: environment.warnings };
  }
  return {
    settings: {
      registry: {
        ...requireValue(top.parsed, "registry.address"),
        username: top.parsed.values["registry.username"],
        password: top.parsed.values["registry.password"],
        loginNames: {
          username: nameSetting(top.parsed, "registry.username"),
          password: nameSetting(top.parsed, "registry.password"),
        },
      },
      baseImage: requireValue(top.parsed, "baseImage"),
      nodeImage: requireValue(top.parsed, "nodeImage"),
      pool: buildStackPool(topLevel, sources),
      additionalPools: others.map((pool) => buildStackPool(pool, sources, known)),
      fromEnvironment: [...top.parsed.origins]
        .filter(([, { source }]) => source === "env")
        .map(([key]) => envOf(key)),
      warnings: [
        ...new Set([
          ...environment.warnings,
          ...findPlainSecrets(
            sources,
            pools.map(({ parsed }) => parsed),
          ),
          ...pools.flatMap((pool) => compareHelperVersion(pool, top.parsed)),
        ]),
      ],
    },
  };
}

/** A pool whose settings were checked against each other. */
interface CheckedPool extends Pool, Findings {}

function checkStackPool(
  pool: Pool,
  { project, stack }: Sources,
  known?: ReadonlySet<string>,
): CheckedPool {
  const { authentication, problems } = resolveAuthentication(pool.parsed);
  const serviceName = buildServiceName(project, stack, getNamePart(pool.name));
  const found = checkPool(pool.parsed, authentication, serviceName, known);
  return { ...pool, ...found, problems: [...problems, ...found.problems] };
}

function compareHelperVersion({ parsed }: Pool, top: ParsedSettings): readonly string[] {
  return warnOfHelperVersion(
    `\`${parsed.origins.get("docker.helperImage")?.path ?? "docker.helperImage"}\``,
    parsed.values["docker.helperImage"],
    getValue(top, "baseImage") ?? "",
  );
}

/**
 * Reports settings of an executor that no pool uses. At the top level, such settings are allowed if
 * any pool uses the executor.
 */
function findUnusedSettings(pools: readonly Pool[]): readonly string[] {
  const used = new Set(pools.map(({ parsed }) => getValue(parsed, "executor")));
  return pools.flatMap(({ parsed }) => {
    const isOwn = parsed.pathPrefix !== "";
    const owners = [...parsed.origins.keys()].map((key) => settingOf(key).executor);
    const isUnused = owners.some((owner) => owner !== undefined && !used.has(owner));
    return isOwn || isUnused ? checkExecutorSettings(parsed) : [];
  });
}

/** Names a setting as the user wrote it. */
function nameSetting({ origins }: ParsedSettings, key: SettingKey): string {
  const origin = origins.get(key);
  return origin === undefined ? `\`${key}\`` : describeSource(key, origin);
}

/**
 * Reports a secret in a setting that the service contains in readable form. Only settings that
 * often contain secrets are reported: others may be stored as secrets for no reason.
 */
function checkSecretConfig(
  { secretKeys = [], readSecretPaths = () => [] }: Sources,
  pools: readonly Pool[],
): readonly string[] {
  const keys = SETTING_KEYS.filter(
    (key) =>
      settingOf(key).type.isHidden === true &&
      settingOf(key).type.mayBeSecret !== true &&
      settingOf(key).secret !== true,
  );
  const written = pools.flatMap(({ parsed }) =>
    keys.flatMap((key) => {
      const { path, source } = parsed.origins.get(key) ?? {};
      return path !== undefined && source === "config" ? [{ key, path }] : [];
    }),
  );
  // A secret in an object makes the whole object secret, such as `pools` or `docker`.
  const mayBeInside = written.some(({ path }) => {
    const [object = ""] = path.split(".");
    return object !== path && secretKeys.includes(object);
  });
  const inside = mayBeInside ? readSecretPaths() : [];
  return written
    .filter(
      ({ path }) =>
        secretKeys.includes(path) ||
        inside.some((secret) => secret === path || secret.startsWith(`${path}.`)),
    )
    .map(({ key, path }) => {
      const instead = `${path.slice(0, -key.length)}secretEnvironment`;
      return `\`${path}\` must not be a secret in the stack config, because everybody who can inspect the service can read it: move secret values to \`${instead}\`, and set \`${path}\` without --secret`;
    });
}

function checkGitlabToken(pools: readonly Pool[]): readonly string[] {
  return pools.some(({ parsed }) => parsed.values.runnerScope !== undefined)
    ? [
        "`runnerScope` requires the environment variable GITLAB_TOKEN: set it to a GitLab access token with the scopes create_runner and manage_runner, or api",
      ]
    : [];
}

function buildStackPool(
  { name, parsed, warnings }: CheckedPool,
  { project, stack }: Sources,
  known?: ReadonlySet<string>,
): StackPool {
  const serviceName = buildServiceName(project, stack, getNamePart(name));
  const description = buildRunnerDescription(
    requireValue(parsed, "runnerName"),
    stack,
    getNamePart(name),
  );
  const args = { ...buildPoolArgs(parsed), gitlabUrl: requireValue(parsed, "gitlabUrl") };
  const names = { pathPrefix: parsed.pathPrefix, origins: parsed.origins, known };
  return { name, args: { ...args, serviceName, description }, names, warnings };
}

type PoolValues = { readonly [K in KeyOf<"pool" | "replica">]?: ValueOf<K> };

/**
 * Builds the component's arguments from the values that are set, without the defaults. Leaves out
 * settings of another executor, which the top level may have for an additional pool.
 */
function buildPoolArgs(parsed: ParsedSettings) {
  const executor = getValue(parsed, "executor");
  const keys = POOL_KEYS.filter((key) => appliesTo(executor, key));
  const own: PoolValues = Object.fromEntries(keys.map((key) => [key, parsed.values[key]]));
  return nest(own);
}

function getNamePart(name: string): string | undefined {
  return name === DEFAULT_POOL ? undefined : name;
}
