import { isPullFailure } from "../../contract/pull-failure";
import { formatDuration } from "../../contract/duration";
import type { ReplicaReport, Sources } from "./model";

/**
 * Maximum time in seconds for which GitLab may record no contact from a running replica. With long
 * polling, GitLab records the contact of an idle replica only once an hour. Until then, Workhorse
 * answers its requests, and may hold the last one for up to a minute.
 */
const LONGEST_SILENCE_SECONDS = 61 * 60;

/** Lists the problems of a pool, one sentence each. */
export function findProblems(
  replicas: readonly ReplicaReport[],
  { pool, managers, paused = [], now }: Sources,
): readonly string[] {
  const known = "unavailable" in managers ? undefined : managers;
  const running = replicas.filter(
    ({ slot, state }) =>
      slot !== undefined && state.kind !== "draining" && state.kind !== "starting",
  );
  const stale = replicas.filter(({ slot }) => slot === undefined);
  return [
    ...(running.length < pool.desired
      ? [`${running.length} of ${pool.desired} replicas are running`]
      : []),
    ...replicas.flatMap((replica) =>
      replica.state.kind === "starting" && isPullFailure(replica.state.reason)
        ? [`${nameReplica(replica)} does not start: ${replica.state.reason}`]
        : [],
    ),
    ...running.flatMap((replica) =>
      replica.state.kind === "refused"
        ? [`${nameReplica(replica)} is refused: ${replica.state.reason}`]
        : [],
    ),
    ...running.flatMap((replica) =>
      replica.state.kind === "waiting"
        ? [`${nameReplica(replica)} is waiting: ${replica.state.reason}`]
        : [],
    ),
    ...running
      .filter(({ runner, state }) => {
        const isReported = state.kind === "refused" || state.kind === "waiting";
        return known !== undefined && runner === undefined && !isReported;
      })
      .map((replica) => `${nameReplica(replica)} (${replica.systemId}) is not in GitLab`),
    ...running.flatMap((replica) => describeSilence(replica, known ?? [], now)),
    ...paused.map((id) => `runner ${id} is paused in GitLab: its replicas get no jobs`),
    ...stale.map(
      ({ systemId, runner }) =>
        `stale manager ${systemId} of runner ${runner ?? ""}: no replica uses it; \`npm run reap\` can delete it once it is silent`,
    ),
  ];
}

type Managers = Exclude<Sources["managers"], { readonly unavailable: string }>;

/** Reports a replica that has had no contact for too long. */
function describeSilence(
  replica: ReplicaReport,
  managers: Managers,
  now: Date | undefined,
): readonly string[] {
  const { systemId } = replica;
  const manager = managers.find((one) => one.systemId === systemId);
  const contact = Date.parse(manager?.contacted ?? manager?.created ?? "");
  if (now === undefined || Number.isNaN(contact)) return [];
  const seconds = Math.floor((now.getTime() - contact) / 1000);
  if (seconds < LONGEST_SILENCE_SECONDS) return [];
  const silence = formatDuration(seconds - (seconds % 60));
  return [`${nameReplica(replica)} (${systemId}) has not contacted GitLab for ${silence}`];
}

/** Names a replica by its slot, or by its node in a global service. */
function nameReplica({ slot, node }: ReplicaReport): string {
  return slot === 0 ? `the replica on node ${node ?? "?"}` : `replica ${slot ?? ""}`;
}
