import type Docker from "dockerode";
import type { Bench } from "../bench";
import { PREFIX } from "../bench";
import { REPLICA_ENV } from "../../contract/replica-env";

export interface ReplicaOptions {
  readonly image: string;
  /** A runner's authentication token. */
  readonly token: string;
  /** Environment beside the five variables of old. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a replica was stopped; times in epoch milliseconds. */
export interface Stop {
  readonly signalledAt: number;
  readonly exitedAt: number;
  readonly exitCode: number;
}

const STOP_TIMEOUT_S = 120;

/** One replica as a plain container, without a swarm; disposing of it removes the container, whatever state it is in. */
export class Replica implements AsyncDisposable {
  private constructor(
    private readonly container: Docker.Container,
    /** When the engine had started it, epoch milliseconds. */
    readonly startedAt: number,
  ) {}

  static async start(bench: Bench, { image, token, env = {} }: ReplicaOptions): Promise<Replica> {
    const container = await bench.docker.createContainer({
      name: `${PREFIX}-replica-${process.pid}-${Date.now()}`,
      Image: image,
      Env: Object.entries({ ...fiveVariables(bench, token), ...env }).map(([k, v]) => `${k}=${v}`),
      HostConfig: { Binds: ["/var/run/docker.sock:/var/run/docker.sock"] },
    });
    await container.start();
    const { State } = await container.inspect();
    return new Replica(container, Date.parse(State.StartedAt));
  }

  /** Stops it as `docker stop` and swarm do: a signal, and SIGKILL only after a long time. */
  async stop(): Promise<Stop> {
    const signalledAt = Date.now();
    await this.container.stop({ t: STOP_TIMEOUT_S });
    const { State } = await this.container.inspect();
    return { signalledAt, exitedAt: Date.parse(State.FinishedAt), exitCode: State.ExitCode };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.container.remove({ force: true, v: true });
  }
}

/** The five variables of the first version of the idea. */
export function fiveVariables(
  { gitlab, platform }: Pick<Bench, "gitlab" | "platform">,
  token: string,
): Record<string, string> {
  return {
    [REPLICA_ENV.gitlabUrl]: gitlab.url,
    [REPLICA_ENV.token]: token,
    [REPLICA_ENV.runnerName]: "gitlab-runner-",
    [REPLICA_ENV.jobImage]: platform.images.job,
    [REPLICA_ENV.tags]: "docker,linux",
  };
}
