import type { FixtureReplica, ReplicaFixture } from "./replica-fixture";
import type { ReplicaProcess } from "./replica-process";

export interface OnlineReplica {
  readonly replica: ReplicaProcess;
  /** Its manager in the words of the log. */
  readonly manager: string;
}

/** Starts a replica, of a scripted gitlab-runner if nothing else is said, and waits until it is online. */
export async function startOnline(
  fixture: ReplicaFixture,
  options: FixtureReplica = {},
): Promise<OnlineReplica> {
  const replica = await fixture.replica({ script: {}, ...options });
  await replica.says("online");
  const [systemId = ""] = await fixture.systemIds();
  return { replica, manager: `manager ${systemId} of runner ${fixture.runnerId}` };
}
