import { readConfig, tokensOf } from "./config-toml";
import { readIfThere } from "./files";
import type { ReplicaPaths } from "./paths";
import { register, verify, type Registering, type Registration } from "./register";
import { readRecord, removeRecord, writeRecord } from "./registration-record";

/** Presents the token that was given, or uses the runner of an earlier replica in this place, or registers a new one. */
export async function obtainRunner(
  context: Registering,
  paths: ReplicaPaths,
): Promise<Registration> {
  const { settings } = context;
  if (settings.tokenKind === "authentication") return verify(context, settings.token, false);
  return (await reuse(context, paths)) ?? registerNew(context, paths);
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

async function registerNew(context: Registering, paths: ReplicaPaths): Promise<Registration> {
  const { gitlabUrl } = context.settings;
  const registration = await register(context);
  if (registration.kind === "accepted") {
    const { id, token } = registration.runner;
    writeRecord(paths.record, { gitlabUrl, runnerId: id, token });
  }
  return registration;
}
