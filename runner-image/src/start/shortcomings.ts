import { PLACES_FOLDER } from "../../../contract/replica-paths";
import type { Identity } from "./identity";
import type { ReplicaSettings } from "../settings/settings";

/**
 * Finds the guarantees that do not hold because of how this replica is run, and describes them with
 * the reasons in one line. A pool's service has everything that is needed.
 * @returns undefined if all guarantees hold
 */
export function describeShortcomings(
  { slot, executor }: ReplicaSettings,
  identity: Identity,
): string | undefined {
  const unplaced = [
    identity.by === "slot"
      ? "it shares its manager in GitLab with an older replica of its slot while that one drains"
      : "",
    executor === "docker" && identity.by !== "place" ? describeKill(identity) : "",
  ].filter((text) => text !== "");
  const found = [
    identity.by === "container"
      ? "a container that replaces this one gets a different manager in GitLab, because RUNNER_SLOT is not set"
      : "",
    unplaced.length === 0
      ? ""
      : `${unplaced.join(", and ")}, because no volume is mounted at ${PLACES_FOLDER}`,
    slot === undefined
      ? "Docker kills it 10 s after the stop signal and its jobs fail, unless you set a longer stop_grace_period (which a replica cannot check)"
      : "",
  ].filter((text) => text !== "");
  return found.length === 0
    ? undefined
    : `some guarantees do not hold for this replica: ${found.join("; ")}`;
}

/** What happens to the jobs of a replica that is killed and has no place. */
function describeKill({ ownsSystemId }: Identity): string {
  const when = ownsSystemId ? "killed and replaced, not restarted" : "killed";
  return `if it is ${when}, its jobs continue while GitLab retries them`;
}
