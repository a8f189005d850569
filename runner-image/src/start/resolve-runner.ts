import { listTokens } from "../gitlab-runner/config-toml";
import type { ReplicaPaths } from "../system/paths";
import { register, verify, type Registering, type Registration } from "./register";
import { readRecord, removeRecord } from "../system/registration-file";
import { askToRemove, isGone, planRemoval } from "../gitlab/removal";
import { readTemplate } from "./template";

/** Longest wait for the removal of an earlier runner. */
const RESPONSE_TIMEOUT_MS = 10_000;

/** GitLab does not know the token, or the runner has lost its group or project. */
const UNUSABLE = [403, 422];

/**
 * Gets this replica a runner. Presents an authentication token as it is. With a registration token,
 * reuses the runner that an earlier replica recorded here, or registers a new one.
 */
export async function resolveRunner(
  context: Registering,
  paths: ReplicaPaths,
): Promise<Registration> {
  const { settings } = context;
  if (settings.tokenKind === "authentication") {
    await removeStaleRunner(context, paths);
    return verify(context, settings.token, false);
  }
  return (await reuseRegistration(context, paths)) ?? register(context);
}

/**
 * Deletes a runner that an earlier replica registered with a registration token and recorded here.
 * With an authentication token, nobody would use that runner again. If this fails, the next start
 * tries again.
 */
async function removeStaleRunner(context: Registering, paths: ReplicaPaths): Promise<void> {
  const { gitlab, settings, systemId, report, cutOff } = context;
  const record = readRecord(paths.record, settings.gitlabUrl);
  if (record === undefined || record.token === settings.token) return;
  const removal = planRemoval({ ...record, systemId, ownsRunner: true });
  const result = await askToRemove(gitlab, removal, RESPONSE_TIMEOUT_MS, cutOff);
  const gone = isGone(result, removal);
  if (gone) removeRecord(paths.record);
  const runner = `${removal.thing}, which an earlier replica registered here`;
  report(
    "warning",
    gone
      ? `deleted ${runner}`
      : `${runner}, is still in GitLab: ${result.message}; ${removal.otherwise}`,
  );
}

/**
 * Reuses the runner that an earlier replica registered. Its record stays until a new runner's
 * record replaces it. Otherwise, no replica would know the runner if GitLab rejected it by mistake,
 * or does not register another runner.
 * @returns undefined if there is no earlier runner, or GitLab no longer accepts it
 */
async function reuseRegistration(
  context: Registering,
  paths: ReplicaPaths,
): Promise<Registration | undefined> {
  const { gitlabUrl } = context.settings;
  const record = readRecord(paths.record, gitlabUrl);
  const [found] = listTokens(readTemplate(paths.template), gitlabUrl);
  const token = record?.token ?? found;
  if (token === undefined) return undefined;
  const registration = await verify(context, token, record !== undefined);
  if (registration.kind !== "refused" || !UNUSABLE.includes(registration.status)) {
    return registration;
  }
  context.report(
    "warning",
    `GitLab no longer knows the previous runner (${registration.message}); registering a new one`,
  );
  return undefined;
}
