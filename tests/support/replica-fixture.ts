import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Gitlab,
  type GitlabOptions,
  type RequestEvent,
  startGitlab,
} from "../../local/gitlab";
import { fastClock } from "./fast-clock";
import { findGitlabRunner } from "./gitlab-runner-binary";
import { type ReplicaOptions, ReplicaProcess } from "./replica-process";
import { scriptedRunner, type RunnerScript } from "./scripted-runner";

export type FixtureReplica = Partial<Pick<ReplicaOptions, "env" | "shell" | "place">> & {
  /** Plays gitlab-runner by a script. @default the real one */
  readonly script?: RunnerScript;
  /** How much faster the entrypoint's clock runs. @default 1 */
  readonly clock?: number;
};

/** A GitLab in this process, with a runner that takes any job, and replicas of it that run shell jobs. */
export interface ReplicaFixture extends AsyncDisposable {
  readonly gitlab: Gitlab;
  readonly runnerId: number;
  readonly token: string;
  /** Starts a replica; `env` is added to what it needs. */
  replica(options?: FixtureReplica): Promise<ReplicaProcess>;
  /** Requests that GitLab answered, or a fault caught, to an endpoint such as `DELETE /runners/managers`. */
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
      // Counted at once: two that are started together are two replicas.
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
