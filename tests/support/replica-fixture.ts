import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Gitlab, type GitlabOptions, type RequestEvent, startGitlab } from "../../fake-gitlab";
import { fastClock } from "./fast-clock";
import { findGitlabRunner } from "./gitlab-runner-binary";
import { type ReplicaOptions, ReplicaProcess } from "./replica-process";
import { scriptedRunner, type RunnerScript } from "./scripted-runner";

export type FixtureReplica = Partial<Pick<ReplicaOptions, "env" | "shell" | "folder" | "etc">> & {
  /**
   * Script of a fake gitlab-runner.
   * @default the real gitlab-runner
   */
  readonly script?: RunnerScript;
  /**
   * How much faster the entrypoint's clock runs.
   * @default 1
   */
  readonly clock?: number;
};

/**
 * A fake GitLab in this process, with a runner that accepts any job, and its replicas, which run
 * shell jobs.
 */
export interface ReplicaFixture extends AsyncDisposable {
  readonly gitlab: Gitlab;
  readonly runnerId: number;
  readonly token: string;
  /** Starts a replica with additional variables `env`. */
  replica(options?: FixtureReplica): Promise<ReplicaProcess>;
  /**
   * Lists the requests to an endpoint, such as `DELETE /runners/managers`, that GitLab answered or
   * a fault caught.
   */
  requests(endpoint: string): Promise<readonly RequestEvent[]>;
  systemIds(): Promise<readonly string[]>;
}

export async function createReplicaFixture(options: GitlabOptions = {}): Promise<ReplicaFixture> {
  const program = await findGitlabRunner();
  const gitlab = await startGitlab({
    ...options,
    switches: { longPollSeconds: 0, traceIntervalSeconds: 1, ...options.switches },
  });
  const { id: runnerId, token } = await gitlab.createRunner({ runUntagged: true });
  const folder = mkdtempSync(join(tmpdir(), "gitlab-runner-"));
  symlinkSync(program, join(folder, "gitlab-runner"));
  const replicas: ReplicaProcess[] = [];
  let slots = 0;
  return {
    gitlab,
    runnerId,
    token,
    async replica({ script, clock, env, ...rest } = {}) {
      // Counted before the start, so that two replicas started together get different numbers.
      slots += 1;
      const replica = await ReplicaProcess.start({
        ...rest,
        runnerFolder: script === undefined ? folder : scriptedRunner(),
        env: {
          RUNNER_CI_URL: gitlab.url,
          RUNNER_CI_TOKEN: token,
          RUNNER_EXECUTOR: "shell",
          RUNNER_DRAIN_TIMEOUT: "2m",
          RUNNER_POOL: "test",
          RUNNER_SLOT: String(slots),
          ...(script === undefined ? {} : { POOL_SCRIPT: JSON.stringify(script) }),
          ...(clock === undefined ? {} : fastClock(clock)),
          ...env,
        },
      });
      replicas.push(replica);
      return replica;
    },
    async requests(endpoint) {
      const { events } = await gitlab.events({});
      return events
        .filter((event) => event.kind === "request")
        .filter((request) => request.endpoint === endpoint);
    },
    async systemIds() {
      return (await gitlab.managers({})).map(({ systemId }) => systemId);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]()));
      await gitlab.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
