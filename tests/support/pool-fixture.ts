import Docker from "dockerode";
import { type PlatformFacts, readFacts } from "../../local/facts";
import { type Gitlab, type ManagerView, startGitlab, type Switches } from "../../local/gitlab";
import { eventually } from "./eventually";
import { PoolStack } from "./pool-stack";

export interface PoolFixtureOptions {
  /** Stack config that differs from, or adds to, what fits the local platform; undefined leaves a key out. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly switches?: Partial<Switches>;
  /** Do not make a runner and supply its token. @default false */
  readonly withoutToken?: boolean;
  /** Platform to run on. @default the one of this checkout */
  readonly platform?: PlatformFacts;
}

/** A GitLab and a stack of the program that is configured for it; nothing is up yet. */
export interface PoolFixture extends AsyncDisposable {
  readonly platform: PlatformFacts;
  readonly docker: Docker;
  readonly gitlab: Gitlab;
  /** GitLab's URL as containers see it. */
  readonly gitlabUrl: string;
  readonly stack: PoolStack;
  /** The runner whose token is supplied; 0 without one. */
  readonly runnerId: number;
  readonly token: string;
}

export async function createPool(options: PoolFixtureOptions = {}): Promise<PoolFixture> {
  const platform = options.platform ?? (await readFacts());
  const gitlab = await startGitlab({
    host: "0.0.0.0",
    // Long polls would make an idle replica wait for the end of one; tests of that switch them on.
    switches: { longPollSeconds: 0, traceIntervalSeconds: 1, ...options.switches },
  });
  const gitlabUrl = `http://${platform.hostAddress}:${new URL(gitlab.url).port}`;
  gitlab.instance.externalUrl = gitlabUrl;
  const runner = options.withoutToken
    ? { id: 0, token: "" }
    : await gitlab.createRunner({ tags: ["docker", "linux"], runUntagged: true });
  const stack = await PoolStack.create({
    platform,
    config: {
      ...localSettings(platform, gitlabUrl),
      ...(runner.token === "" ? {} : { token: runner.token }),
      ...options.settings,
    },
    ...(options.env && { env: options.env }),
  });
  return {
    platform,
    docker: new Docker(dockerOptions(platform.dockerHost)),
    gitlab,
    gitlabUrl,
    stack,
    runnerId: runner.id,
    token: runner.token,
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await gitlab.stop();
    },
  };
}

/** Settings under which a pool runs on the local platform, where no image can be pulled from outside. */
export function localSettings(
  { registry, images }: PlatformFacts,
  gitlabUrl: string,
): Record<string, unknown> {
  return {
    gitlabUrl,
    replicas: 2,
    drainTimeout: "2m",
    baseImage: images.base,
    nodeImage: images.node,
    jobImage: images.job,
    registry: { address: registry },
    docker: { helperImage: images.helper, pullPolicy: "if-not-present" },
  };
}

function dockerOptions(dockerHost: string): Docker.DockerOptions {
  return dockerHost.startsWith("unix://") ? { socketPath: dockerHost.slice(7) } : {};
}

/** Waits until GitLab shows exactly this many managers of a runner. */
export function managersSettle(
  { gitlab, runnerId }: Pick<PoolFixture, "gitlab" | "runnerId">,
  count: number,
  timeoutMs = 30_000,
): Promise<readonly ManagerView[]> {
  return eventually(
    async () => {
      const managers = await gitlab.managers({ runnerId });
      return managers.length === count && managers;
    },
    { what: `GitLab to show ${count} managers of runner ${runnerId}`, timeoutMs, intervalMs: 50 },
  );
}
