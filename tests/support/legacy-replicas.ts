import { parseRegistrationNote } from "../../contract/registration-note";
import { createReplicaFixture, type FixtureReplica, type ReplicaFixture } from "./replica-fixture";
import type { ReplicaProcess } from "./replica-process";

/** A GitLab that accepts registration tokens, and replicas that have one. */
export interface Legacy extends AsyncDisposable {
  readonly fixture: ReplicaFixture;
  /** Starts a replica in the only slot with a registration token. */
  start(options?: FixtureReplica): Promise<ReplicaProcess>;
  /** The registered runners, with the system ID in each runner's note. */
  registered(): readonly { readonly id: number; readonly systemId: string | undefined }[];
}

export async function createLegacy(): Promise<Legacy> {
  const fixture = await createReplicaFixture({ switches: { registrationAllowed: true } });
  const { gitlab } = fixture;
  const { token } = await gitlab.registrationToken({});
  const env = { RUNNER_CI_TOKEN: token, RUNNER_SLOT: "1", RUNNER_TAGS: "a,b" };
  return {
    fixture,
    start: (options = {}) =>
      fixture.replica({ script: {}, ...options, env: { ...env, ...options.env } }),
    registered: () =>
      [...gitlab.instance.runners.values()]
        .filter(({ origin }) => origin === "registration")
        .map(({ id, maintenanceNote }) => ({
          id,
          systemId: parseRegistrationNote(maintenanceNote ?? ""),
        })),
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  };
}
