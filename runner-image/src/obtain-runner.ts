import { readConfig, tokensOf } from "./config-toml";
import { readIfThere } from "./files";
import type { ReplicaPaths } from "./paths";
import { register, verify, type Registering, type Registration } from "./register";
import { readRecord, removeRecord } from "./registration-record";
import { askToRemove, isGone, removalOf } from "./removal";

/** Longest wait for the removal of an earlier runner (ms). */
const ANSWER_TIMEOUT = 10_000;

/** Presents the token that was given, or uses the runner of an earlier replica in this place, or registers a new one. */
export async function obtainRunner(
  context: Registering,
  paths: ReplicaPaths,
): Promise<Registration> {
  const { settings } = context;
  if (settings.tokenKind === "authentication") {
    await removeEarlier(context, paths);
    return verify(context, settings.token, false);
  }
  return (await reuse(context, paths)) ?? register(context);
}

/**
 * Removes the runner that an earlier replica in this place registered with a registration token, and could not remove: with
 * an authentication token nobody would use it again. What does not work now is tried at the next start.
 */
async function removeEarlier(context: Registering, paths: ReplicaPaths): Promise<void> {
  const { gitlab, settings, systemId, say, cutOff } = context;
  const record = readRecord(paths.record, settings.gitlabUrl);
  if (record === undefined || record.token === settings.token) return;
  const removal = removalOf({ ...record, systemId, ownsRunner: true });
  const answer = await askToRemove(gitlab, removal, ANSWER_TIMEOUT, cutOff);
  const gone = isGone(answer);
  if (gone) removeRecord(paths.record);
  const fate = gone ? "is removed" : `is still in GitLab: ${answer.message}; ${removal.otherwise}`;
  say("warning", `${removal.thing}, which was registered here before, ${fate}`);
}

/** @returns undefined if there is no earlier runner, or GitLab no longer knows it */
async function reuse(context: Registering, paths: ReplicaPaths): Promise<Registration | undefined> {
  const { gitlabUrl } = context.settings;
  const record = readRecord(paths.record, gitlabUrl);
  const [found] = tokensOf(readConfig(readIfThere(paths.config) ?? "") ?? {}, gitlabUrl);
  const token = record?.token ?? found;
  if (token === undefined) return undefined;
  const registration = await verify(context, token, record !== undefined);
  if (registration.kind !== "refused") return registration;
  removeRecord(paths.record);
  context.say(
    "warning",
    `GitLab no longer knows the runner of before (${registration.message}); a new one is registered`,
  );
  return undefined;
}
