import { parse, stringify, type TomlTable } from "smol-toml";
import { NO_TOKEN_ROTATION } from "../../../contract/feature-flags";
import { gitlabUrl as urlType } from "../../../contract/gitlab-url";
import { isObject } from "../../../contract/json";
import { isEmptyDefault, REPLICA_KEYS, settingOf } from "../../../contract/settings/keys";
import { parseEngineHost } from "../../../contract/settings/types/engine-host";
import { setAt } from "../../../contract/settings/nested";
import { DEFAULT_CHECK_INTERVAL_SECONDS, EXECUTORS, type Executor } from "../../../contract/values";
import { addVariables } from "./job-variables";
import { completeCache } from "./cache-section";
import { getValue, type ReplicaSettings } from "../settings/settings";
import { templateTable } from "./config-template";

/** The runner that a config.toml configures. */
export interface RegisteredRunner {
  readonly id: number;
  readonly token: string;
  /** Epoch milliseconds. */
  readonly obtainedAtMs: number;
  /** ISO 8601; null for a token that does not expire. */
  readonly expiresAt: string | null;
}

/** Files of certificates. */
export interface CertificateFiles {
  /** For GitLab, by gitlab-runner's keys, such as `tls-ca-file`. */
  readonly runner?: Readonly<Record<string, string>>;
  /** Folder of the certificates for a Docker engine with TLS. */
  readonly engineFolder?: string;
}

/**
 * Returns how many job requests may be open at once, unless `requestConcurrency` is set.
 * gitlab-runner never sends more requests than it may run jobs. It warns if the value is 1, because
 * a request that GitLab holds open would delay a second job.
 */
const limitRequests = (concurrent: number) => Math.min(Math.max(concurrent, 2), 4);

/** Longest time that gitlab-runner takes to abort its jobs. */
export const SHUTDOWN_TIMEOUT_SECONDS = 20;

/**
 * How long gitlab-runner pauses polling after three rejections in a row. Its default is an hour,
 * too long if GitLab rejects it by mistake for a minute.
 */
const UNHEALTHY_INTERVAL = "60s";

/**
 * Renders gitlab-runner's config.toml. A setting takes precedence over the setting
 * `configTemplate`, which takes precedence over the user's config.toml.
 * @param existing the user's config.toml; keys that this function does not set stay
 * @param certificates of GitLab and of the engine
 */
export function renderConfig(
  settings: ReplicaSettings,
  runner: RegisteredRunner,
  metricsPort: number,
  existing: TomlTable = {},
  { runner: ofGitlab = {}, engineFolder = "" }: CertificateFiles = {},
): string {
  const template = templateTable(settings.configTemplate);
  const before = merge(
    readRunners(existing).find((entry) => entry["token"] === runner.token) ?? {},
    readRunners(template)[0] ?? {},
  );
  const { runners: ofRunner = {}, ...global } = buildTables(settings);
  const merged = merge(
    merge({ ...ofGitlab, ...before }, table(ofRunner), isReplaced, "runners."),
    engineKeys(settings, engineFolder),
  );
  return stringify({
    ...merge(
      merge(existing, template),
      { check_interval: DEFAULT_CHECK_INTERVAL_SECONDS, ...global },
      isReplaced,
    ),
    shutdown_timeout: SHUTDOWN_TIMEOUT_SECONDS,
    listen_address: settings.listenAddress ?? `127.0.0.1:${metricsPort}`,
    runners: [
      {
        ...merged,
        name: formatRunnerName(settings),
        id: runner.id,
        token: runner.token,
        token_obtained_at: new Date(runner.obtainedAtMs),
        ...(runner.expiresAt === null ? {} : { token_expires_at: new Date(runner.expiresAt) }),
        ...executorKeys(settings.executor, before),
        // Never reached while polling. A stop needs it, see pause-polling.ts.
        limit: settings.concurrent,
        request_concurrency: settings.requestConcurrency ?? limitRequests(settings.concurrent),
        unhealthy_interval: UNHEALTHY_INTERVAL,
        ...addVariables(merged, settings),
        feature_flags: {
          ...table(merged["feature_flags"]),
          // Replicas share the token. A replica that resets it would lock the others out.
          [NO_TOKEN_ROTATION]: true,
        },
      },
    ],
  });
}

/**
 * Places each setting that has a key in config.toml at that key; a runner's keys below `runners`.
 */
function buildTables(settings: ReplicaSettings): TomlTable {
  const tables: Record<string, unknown> = {};
  for (const key of REPLICA_KEYS) {
    const { toml, type } = settingOf(key);
    const value = getValue(settings, key);
    if (toml === undefined || value === undefined || isEmptyDefault(key, value)) continue;
    if (!belongsTo(settings.executor, toml)) continue;
    const path = toml.split(".");
    setAt(tables, path, type.toToml?.(value) ?? value);
    for (const [name, beside] of Object.entries(type.toTomlBeside?.(value) ?? {})) {
      setAt(tables, [...path.slice(0, -1), name], beside);
    }
  }
  completeCache(tables);
  return table(tables);
}

/** Whether a key applies to an executor: each executor's own keys are in a section of its name. */
function belongsTo(executor: Executor, toml: string): boolean {
  const [, section, inside] = toml.split(".");
  return inside === undefined || section === executor || !isExecutor(section);
}

function isExecutor(word: string | undefined): boolean {
  return EXECUTORS.some((executor) => executor === word);
}

/**
 * Returns what an executor needs besides its settings.
 * @param before the runner's table in the user's config.toml
 */
function executorKeys(executor: Executor, before: TomlTable): TomlTable {
  switch (executor) {
    case "docker":
      return {};
    case "shell":
      return { shell: before["shell"] ?? "bash" };
  }
}

/**
 * Returns how gitlab-runner connects to the engine in the settings. Options of the user's
 * config.toml belong to another engine, so they are overwritten.
 */
function engineKeys(settings: ReplicaSettings, folder: string): TomlTable {
  if (settings.executor !== "docker" || settings.docker.host === undefined) return {};
  const secure = parseEngineHost(settings.docker.host).kind === "tcp";
  return { docker: { tls_verify: secure, tls_cert_path: secure ? folder : "" } };
}

/** The keys of settings. A setting replaces the whole value, also if it is a table. */
const REPLACED: ReadonlySet<string> = new Set(
  // Each feature flag has its own default, so a setting only changes those that it names.
  REPLICA_KEYS.filter((key) => key !== "featureFlags").flatMap((key) => settingOf(key).toml ?? []),
);

function isReplaced(path: string): boolean {
  return REPLACED.has(path);
}

/**
 * Merges two tables, nested tables too. On conflict, `above` wins.
 * @param isWhole whether a table in `above` replaces the one in `below`
 */
function merge(
  below: TomlTable,
  above: TomlTable,
  isWhole: (path: string) => boolean = () => false,
  prefix = "",
): TomlTable {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const [found, path] = [merged[key], `${prefix}${key}`];
    merged[key] =
      isTable(found) && isTable(value) && !isWhole(path)
        ? merge(found, value, isWhole, `${path}.`)
        : value;
  }
  return merged;
}

function isTable(value: unknown): value is TomlTable {
  return isObject(value) && !(value instanceof Date);
}

/**
 * Returns the configuration without runners. A gitlab-runner that loads it asks for no further job.
 * @param concurrent how many workers it has from then on
 */
export function withoutRunners(config: string, concurrent: number): string {
  const table = parse(config, { integersAsBigInt: "asNeeded" });
  return stringify({ ...table, concurrent, runners: [] });
}

/** Parses a config.toml. @returns undefined if it is not TOML */
export function readConfig(text: string): TomlTable | undefined {
  try {
    return parse(text, { integersAsBigInt: "asNeeded" });
  } catch {
    return undefined;
  }
}

/** Returns the tokens of one GitLab's runners in a config.toml. */
export function listTokens(config: TomlTable, gitlabUrl: string): readonly string[] {
  return readRunners(config)
    .filter(({ url }) => readUrl(url) === gitlabUrl)
    .flatMap(({ token }) => (typeof token === "string" && token !== "" ? [token] : []));
}

/** Returns a GitLab's URL as the replica's settings have it; undefined if it is invalid. */
function readUrl(written: unknown): string | undefined {
  const parsed = urlType.parse(written);
  return "value" in parsed ? parsed.value : undefined;
}

/**
 * Returns the section `[runners.docker]` of a runner in a config.toml; empty if it has none.
 * @param token the runner's; undefined for the first runner of this GitLab
 */
export function findDockerSection(
  config: TomlTable,
  gitlabUrl: string,
  token: string | undefined,
): TomlTable {
  const own = token ?? listTokens(config, gitlabUrl)[0];
  return table(readRunners(config).find((runner) => runner["token"] === own)?.["docker"]);
}

/** Returns the names of the runners in a config.toml that are not this replica's own. */
export function listOtherRunners(
  config: TomlTable,
  name: string,
  token: string,
): readonly string[] {
  return readRunners(config)
    .filter((runner) => runner["token"] !== token && runner["name"] !== name)
    .map(({ name: other }) => (typeof other === "string" ? other : "(unnamed)"));
}

/** Returns a replica's name in GitLab and in gitlab-runner's log. */
export function formatRunnerName({ runnerName, slot = "" }: ReplicaSettings): string {
  return `${runnerName}${slot}`;
}

function readRunners(config: TomlTable): readonly TomlTable[] {
  const { runners } = config;
  return Array.isArray(runners) ? runners.map(table) : [];
}

function table(value: unknown): TomlTable {
  return typeof value === "object" && value !== null ? (value as TomlTable) : {};
}
