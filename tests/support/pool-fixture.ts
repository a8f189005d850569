import Docker from "dockerode";
import { type PlatformFacts, readFacts } from "../../dev/facts";
import { type Gitlab, type ManagerView, startGitlab, type Switches } from "../../fake-gitlab";
import { removePlaces } from "../../dev/places";
import { eventually } from "./eventually";
import { PoolStack } from "../../dev/pulumi/pool-stack";

export interface PoolFixtureOptions {
  /**
   * Stack config in addition to, or instead of, what the local platform needs. `undefined` removes
   * a key.
   */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly switches?: Partial<Switches>;
  /**
   * Name of the stack.
   * @default a random one
   */
  readonly name?: string;
  /**
   * Do not create a runner and supply its token.
   * @default false
   */
  readonly withoutToken?: boolean;
  /**
   * Platform to run on.
   * @default the platform of this checkout
   */
  readonly platform?: PlatformFacts;
}

/** A fake GitLab and a stack of the program that is configured for it. Nothing is deployed yet. */
export interface PoolFixture extends AsyncDisposable {
  readonly platform: PlatformFacts;
  readonly docker: Docker;
  readonly gitlab: Gitlab;
  /** GitLab's URL as containers see it. */
  readonly gitlabUrl: string;
  readonly stack: PoolStack;
  /** ID of the runner whose token is supplied; 0 if there is none. */
  readonly runnerId: number;
  readonly token: string;
}

export async function createPool(options: PoolFixtureOptions = {}): Promise<PoolFixture> {
  const platform = options.platform ?? (await readFacts());
  const gitlab = await startGitlab({
    host: ["127.0.0.1", platform.hostAddress],
    // With long polls, an idle replica would wait for the current poll to end. Tests of long polls
    // enable them.
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
    ...(options.name !== undefined && { name: options.name }),
  });
  const docker = new Docker(dockerOptions(platform.dockerHost));
  return {
    platform,
    docker,
    gitlab,
    gitlabUrl,
    stack,
    runnerId: runner.id,
    token: runner.token,
    async [Symbol.asyncDispose]() {
      await stack[Symbol.asyncDispose]();
      await removePlaces(docker, stack.serviceName);
      await gitlab.stop();
    },
  };
}

/** Settings that a pool needs on the local platform, which cannot pull images from elsewhere. */
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

/** Waits until GitLab lists exactly `count` managers of a runner. */
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
