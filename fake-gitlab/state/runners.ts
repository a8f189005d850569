import { nextId, type Instance } from "./instance";
import { listManagers, removeManager } from "./managers";
import { tickQueue } from "./queue";
import { digestToken, newLegacyRunnerToken, newRunnerToken } from "./tokens";
import type { AccessLevel, Runner, RunnerType } from "./types";

/** The settings of a runner, at its creation and later. */
export interface RunnerSettings {
  readonly description: string | null;
  readonly maintenanceNote: string | null;
  readonly paused: boolean;
  readonly locked: boolean;
  readonly accessLevel: AccessLevel;
  readonly runUntagged: boolean;
  readonly tags: readonly string[];
  readonly maximumTimeout: number | null;
}

export const DEFAULT_RUNNER_SETTINGS: RunnerSettings = {
  description: null,
  maintenanceNote: null,
  paused: false,
  locked: false,
  accessLevel: "not_protected",
  runUntagged: true,
  tags: [],
  maximumTimeout: null,
};

/** The owner and the origin of a runner. */
export interface RunnerOrigin {
  readonly type: RunnerType;
  readonly origin: Runner["origin"];
  readonly creatorId: number | null;
  readonly groupId: number | null;
  readonly projectIds: readonly number[];
  readonly name: string | null;
}

/** A validation error of the runner model: GitLab's field name and text. */
export interface ModelError {
  readonly field: string;
  readonly text: string;
}

/** The validations of the runner model. */
export function validateRunner(settings: RunnerSettings): readonly ModelError[] {
  const errors: ModelError[] = [];
  const check = (bad: boolean, field: string, text: string): void => {
    if (bad) errors.push({ field, text });
  };
  check(
    settings.tags.length === 0 && !settings.runUntagged,
    "tags_list",
    "can not be empty when runner is not allowed to pick untagged jobs",
  );
  check(
    settings.tags.length > 50,
    "tags_list",
    "Too many tags specified. Please limit the number of tags to 50",
  );
  const long = "is too long (maximum is 1024 characters)";
  check((settings.description ?? "").length > 1024, "description", long);
  check((settings.maintenanceNote ?? "").length > 1024, "maintenance_note", long);
  check(
    (settings.maximumTimeout ?? 600) < 600,
    "maximum_timeout",
    "needs to be at least 10 minutes",
  );
  return errors;
}

/** Expiry of the first token, if it differs from the instance's setting. Epoch milliseconds. */
export interface TokenLife {
  readonly tokenExpiresAt?: number | undefined;
  readonly tokenRotationDeadline?: number | undefined;
}

/** Creates a runner without a manager. Only the caller ever sees the token. */
export function createRunner(
  instance: Instance,
  origin: RunnerOrigin,
  settings: RunnerSettings,
  life: TokenLife = {},
): { runner: Runner; token: string } {
  const token = newToken(instance, origin);
  const runner: Runner = {
    ...origin,
    ...settings,
    id: nextId(instance, "runner"),
    createdAt: instance.clock.now(),
    updatedAt: instance.clock.now(),
    tokenDigest: digestToken(token),
    tokenExpiresAt: life.tokenExpiresAt ?? tokenExpiry(instance),
    tokenRotationDeadline: life.tokenRotationDeadline ?? null,
    contactedAt: null,
    contactedColumn: null,
    creationFinished: origin.origin === "registration",
    queueValue: null,
  };
  instance.runners.set(runner.id, runner);
  instance.events.add({ kind: "runner", change: "created", runnerId: runner.id });
  return { runner, token };
}

function newToken(instance: Instance, { type, origin }: Pick<Runner, "type" | "origin">): string {
  const prefix = instance.switches.tokenPrefix;
  return origin === "user" ? newRunnerToken(prefix, type) : newLegacyRunnerToken(prefix);
}

function tokenExpiry(instance: Instance): number | null {
  const life = instance.switches.runnerTokenLifeSeconds;
  return life === null ? null : instance.clock.now() + life * 1000;
}

/** Finds the runner of an authentication token. An expired token counts as unknown. */
export function findRunnerByToken(instance: Instance, token: string): Runner | undefined {
  const digest = digestToken(token);
  const found = [...instance.runners.values()].find((runner) => runner.tokenDigest === digest);
  const expired =
    found !== undefined &&
    found.tokenExpiresAt !== null &&
    found.tokenExpiresAt <= instance.clock.now();
  return expired ? undefined : found;
}

/** Gives the runner a new token and rejects the old one at once. */
export function resetRunnerToken(instance: Instance, runner: Runner): string {
  const token = newToken(instance, runner);
  runner.tokenDigest = digestToken(token);
  runner.tokenExpiresAt = tokenExpiry(instance);
  runner.queueValue = null;
  runner.updatedAt = instance.clock.now();
  instance.events.add({ kind: "runner", change: "token reset", runnerId: runner.id });
  return token;
}

/** Changes settings. Every edit gives the runner's queue a new value. */
export function editRunner(
  instance: Instance,
  runner: Runner,
  settings: Partial<RunnerSettings>,
): void {
  Object.assign(runner, settings);
  runner.updatedAt = instance.clock.now();
  instance.events.add({ kind: "runner", change: "edited", runnerId: runner.id });
  tickQueue(instance, runner);
}

/** Assigns a project runner to another project. */
export function assignProject(instance: Instance, runner: Runner, projectId: number): void {
  runner.projectIds = [...runner.projectIds, projectId];
  tickQueue(instance, runner);
}

/** Whether the group or all projects of a runner were deleted. */
export function isOrphaned(instance: Instance, runner: Runner): boolean {
  if (runner.type === "group_type") return !instance.groups.has(runner.groupId ?? -1);
  if (runner.type === "instance_type") return false;
  return !runner.projectIds.some((id) => instance.projects.has(id));
}

/** Deletes the runner and its managers. Its running jobs continue. */
export function deleteRunner(instance: Instance, runner: Runner): void {
  for (const manager of listManagers(instance, runner.id)) removeManager(instance, manager);
  instance.runners.delete(runner.id);
  instance.events.add({ kind: "runner", change: "removed", runnerId: runner.id });
}

/** Returns the current settings of a runner. */
export function getSettings(runner: Runner): RunnerSettings {
  const { description, maintenanceNote, paused, locked } = runner;
  const { accessLevel, runUntagged, tags, maximumTimeout } = runner;
  return {
    description,
    maintenanceNote,
    paused,
    locked,
    accessLevel,
    runUntagged,
    tags,
    maximumTimeout,
  };
}
