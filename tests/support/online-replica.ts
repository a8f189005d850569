import type { FixtureReplica, ReplicaFixture } from "./replica-fixture";
import type { ReplicaProcess } from "./replica-process";

export interface OnlineReplica {
  readonly replica: ReplicaProcess;
  /** Its manager, as the log names it. */
  readonly manager: string;
}

/** Starts a replica, by default with a scripted gitlab-runner, and waits until it is online. */
export async function startOnline(
  fixture: ReplicaFixture,
  options: FixtureReplica = {},
): Promise<OnlineReplica> {
  const replica = await fixture.replica({ script: {}, ...options });
  await replica.waitForState("online");
  const [systemId = ""] = await fixture.systemIds();
  return { replica, manager: `manager ${systemId} of runner ${fixture.runnerId}` };
}
