import { expect } from "@jest/globals";
import type { PlatformFacts } from "../../dev/facts";
import type { ReplicaFixture } from "./replica-fixture";
import type { ReplicaProcess } from "./replica-process";

/** Starts a replica whose jobs an engine runs. */
export function startWithEngine(
  fixture: ReplicaFixture,
  { images }: PlatformFacts,
  env: Readonly<Record<string, string>>,
): Promise<ReplicaProcess> {
  return fixture.replica({
    env: {
      RUNNER_EXECUTOR: "docker",
      RUNNER_IMAGE: images.job,
      RUNNER_DOCKER_HELPER_IMAGE: images.helper,
      RUNNER_DOCKER_PULL_POLICY: "if-not-present",
      ...env,
    },
  });
}

/** Queues a job that needs neither a repository nor a cache. Its last line is `done`. */
export function enqueue(
  { gitlab }: ReplicaFixture,
  script: readonly string[] = [],
): Promise<{ readonly id: number }> {
  return gitlab.enqueueJob({
    script: [...script, "echo done"],
    variables: [{ key: "GIT_STRATEGY", value: "none" }],
  });
}

/** Waits until a job has succeeded. */
export async function expectSuccess({ gitlab }: ReplicaFixture, id: number): Promise<void> {
  const { status } = await gitlab.waitForJob({ id, timeoutMs: 60_000 });
  const log = await gitlab.trace({ id });
  expect(`${log}\n${status}`).toMatch(/^done\n[^]*success$/m);
}
