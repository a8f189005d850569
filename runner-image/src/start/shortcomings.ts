import { existsSync } from "node:fs";
import { PLACES_FOLDER } from "../../../contract/replica-paths";
import { DOCKER_SOCKET } from "../system/job-objects";
import { usesEngine } from "../../../contract/values";
import type { Identity } from "./identity";
import type { ReplicaSettings } from "../settings/settings";

/** How a replica is run, as far as it can see. */
export interface Provision {
  readonly identity: Identity;
  readonly hasSocket: boolean;
}

/**
 * Finds the guarantees that do not hold because of how this replica is run, and describes them with
 * the reasons in one line. A pool's service has everything that is needed.
 * @returns undefined if all guarantees hold
 */
export function findShortcomings(
  settings: ReplicaSettings,
  identity: Identity,
): string | undefined {
  return describeShortcomings(settings, { identity, hasSocket: existsSync(DOCKER_SOCKET) });
}

export function describeShortcomings(
  { executor, slot }: ReplicaSettings,
  { identity, hasSocket }: Provision,
): string | undefined {
  const found = [
    usesEngine(executor) && !hasSocket
      ? `its jobs will fail because ${DOCKER_SOCKET} is not mounted`
      : "",
    identity.by === "slot"
      ? `it shares its manager in GitLab with an older replica of its slot while that one drains, because no volume is mounted at ${PLACES_FOLDER}`
      : "",
    identity.by === "container"
      ? "a container that replaces this one gets a different manager in GitLab, because RUNNER_SLOT is not set"
      : "",
    slot === undefined
      ? "Docker kills it 10 s after the stop signal and its jobs fail, unless you set a longer stop_grace_period (which a replica cannot check)"
      : "",
  ].filter((text) => text !== "");
  return found.length === 0
    ? undefined
    : `some guarantees do not hold for this replica: ${found.join("; ")}`;
}
