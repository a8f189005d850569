import type Docker from "dockerode";
import type { Bench } from "../bench";
import { PREFIX } from "../bench";
import { envOf } from "../../contract/settings/keys";

export interface ReplicaOptions {
  readonly image: string;
  /** A runner's authentication token. */
  readonly token: string;
  /**
   * Environment variables in addition to the five basic ones.
   * @default none
   */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a replica stopped. Times are in epoch milliseconds. */
export interface Stop {
  readonly signalledAt: number;
  readonly exitedAt: number;
  readonly exitCode: number;
}

const STOP_TIMEOUT_SECONDS = 120;

/**
 * One replica as a plain container, without a swarm. Disposing of it removes the container in any
 * state.
 */
export class Replica implements AsyncDisposable {
  private constructor(
    private readonly container: Docker.Container,
    /** The engine's start time of the container, in epoch milliseconds. */
    readonly startedAt: number,
  ) {}

  static async start(bench: Bench, { image, token, env = {} }: ReplicaOptions): Promise<Replica> {
    const container = await bench.docker.createContainer({
      name: `${PREFIX}-replica-${process.pid}-${Date.now()}`,
      Image: image,
      Env: Object.entries({ ...basicEnv(bench, token), ...env }).map(([k, v]) => `${k}=${v}`),
      HostConfig: { Binds: ["/var/run/docker.sock:/var/run/docker.sock"] },
    });
    await container.start();
    const { State } = await container.inspect();
    return new Replica(container, Date.parse(State.StartedAt));
  }

  /** Stops it as `docker stop` and Swarm do: a stop signal, then SIGKILL after a long timeout. */
  async stop(): Promise<Stop> {
    const signalledAt = Date.now();
    await this.container.stop({ t: STOP_TIMEOUT_SECONDS });
    const { State } = await this.container.inspect();
    return { signalledAt, exitedAt: Date.parse(State.FinishedAt), exitCode: State.ExitCode };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container.remove({ force: true, v: true });
  }
}

/** The five variables that the manual setup and this project share. */
export function basicEnv(
  { gitlab, platform }: Pick<Bench, "gitlab" | "platform">,
  token: string,
): Record<string, string> {
  return {
    [envOf("gitlabUrl")]: gitlab.url,
    [envOf("token")]: token,
    [envOf("runnerName")]: "gitlab-runner-",
    [envOf("jobImage")]: platform.images.job,
    [envOf("tags")]: "docker,linux",
  };
}
