import { parse, stringify, type TomlTable } from "smol-toml";
import type { ReplicaSettings } from "./settings";

/** The runner that a config.toml is for. */
export interface RegisteredRunner {
  readonly id: number;
  readonly token: string;
  /** Epoch milliseconds. */
  readonly obtainedAt: number;
  /** ISO 8601; null for a token that does not expire. */
  readonly expiresAt: string | null;
}

/** Seconds between two job requests. */
const CHECK_INTERVAL = 3;

/**
 * Job requests that may be open at once. More than the jobs that may run are never sent; with one alone gitlab-runner
 * warns, since a request that GitLab holds open would keep a second job waiting.
 */
const requestConcurrency = (concurrent: number) => Math.min(Math.max(concurrent, 2), 4);

/** Seconds that gitlab-runner takes at most to abort its jobs. */
export const SHUTDOWN_TIMEOUT = 20;

/**
 * Seconds that gitlab-runner stops asking for jobs after three refusals in a row. Its default is an hour, and GitLab may
 * refuse wrongly for a minute.
 */
const UNHEALTHY_INTERVAL = "60s";

/**
 * Renders gitlab-runner's config.toml.
 * @param existing what a config.toml that was there before holds; what this function does not set stays
 */
export function renderConfig(
  settings: ReplicaSettings,
  runner: RegisteredRunner,
  metricsPort: number,
  existing: TomlTable = {},
): string {
  const before = runnersOf(existing).find((entry) => entry["token"] === runner.token) ?? {};
  return stringify({
    ...existing,
    concurrent: settings.concurrent,
    check_interval: CHECK_INTERVAL,
    shutdown_timeout: SHUTDOWN_TIMEOUT,
    listen_address: `127.0.0.1:${metricsPort}`,
    runners: [
      {
        ...before,
        name: nameOf(settings),
        url: settings.gitlabUrl,
        id: runner.id,
        token: runner.token,
        token_obtained_at: new Date(runner.obtainedAt),
        ...(runner.expiresAt === null ? {} : { token_expires_at: new Date(runner.expiresAt) }),
        executor: settings.executor,
        ...(settings.executor === "shell" ? { shell: before["shell"] ?? "bash" } : {}),
        // Never reached while jobs are taken; what a stop needs it for is told in quieten.ts.
        limit: settings.concurrent,
        request_concurrency: requestConcurrency(settings.concurrent),
        unhealthy_interval: UNHEALTHY_INTERVAL,
        feature_flags: {
          ...table(before["feature_flags"]),
          // Replicas share the token: one that resets it would lock the others out.
          FF_DISABLE_AUTOMATIC_TOKEN_ROTATION: true,
        },
        ...(settings.executor === "docker"
          ? { docker: { ...table(before["docker"]), ...dockerSection(settings) } }
          : {}),
      },
    ],
  });
}

/**
 * The same configuration without runners: gitlab-runner that reads it asks for no further job.
 * @param concurrent how many workers it has from then on
 */
export function withoutRunners(config: string, concurrent: number): string {
  return stringify({ ...parse(config), concurrent, runners: [] });
}

/** Reads a config.toml. @returns undefined if it is none */
export function readConfig(text: string): TomlTable | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Tokens of the runners of one GitLab in a config.toml. */
export function tokensOf(config: TomlTable, gitlabUrl: string): readonly string[] {
  return runnersOf(config)
    .filter(({ url }) => typeof url === "string" && url.replace(/\/+$/, "") === gitlabUrl)
    .flatMap(({ token }) => (typeof token === "string" && token !== "" ? [token] : []));
}

/** Names of the runners in a config.toml that are not this replica's: it runs its own alone. */
export function othersIn(config: TomlTable, name: string, token: string): readonly string[] {
  return runnersOf(config)
    .filter((runner) => runner["token"] !== token && runner["name"] !== name)
    .map(({ name: other }) => (typeof other === "string" ? other : "without a name"));
}

/** What GitLab and gitlab-runner's log call a replica. */
export function nameOf({ runnerName, slot = "" }: ReplicaSettings): string {
  return `${runnerName}${slot}`;
}

function runnersOf(config: TomlTable): readonly TomlTable[] {
  const { runners } = config;
  return Array.isArray(runners) ? runners.map(table) : [];
}

function table(value: unknown): TomlTable {
  return typeof value === "object" && value !== null ? (value as TomlTable) : {};
}

function dockerSection(settings: ReplicaSettings): TomlTable {
  const { dockerHelperImage, dockerNetworkMode, dockerAllowedImages } = settings;
  return {
    image: settings.jobImage,
    privileged: settings.dockerPrivileged,
    volumes: [...settings.dockerVolumes],
    pull_policy: settings.dockerPullPolicy,
    ...(dockerAllowedImages.length === 0 ? {} : { allowed_images: [...dockerAllowedImages] }),
    ...(dockerHelperImage === undefined ? {} : { helper_image: dockerHelperImage }),
    ...(dockerNetworkMode === undefined ? {} : { network_mode: dockerNetworkMode }),
  };
}
