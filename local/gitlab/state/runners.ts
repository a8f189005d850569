import { nextId, type Instance } from "./instance";
import { managersOf, removeManager } from "./managers";
import { tickQueue } from "./queue";
import { digestOf, newLegacyRunnerToken, newRunnerToken } from "./tokens";
import type { AccessLevel, Runner, RunnerType } from "./types";

/** What may be set on a runner, at creation and later. */
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

/** Where a runner belongs and how it came to be. */
export interface RunnerOrigin {
  readonly type: RunnerType;
  readonly origin: Runner["origin"];
  readonly creatorId: number | null;
  readonly groupId: number | null;
  readonly projectIds: readonly number[];
  readonly name: string | null;
}

/** A problem of the runner model: GitLab's field name and text. */
export interface ModelError {
  readonly field: string;
  readonly text: string;
}

/** The runner model's checks. */
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

/** Makes a runner. Only the caller ever sees the token. No manager is made. */
export function createRunner(
  instance: Instance,
  origin: RunnerOrigin,
  settings: RunnerSettings,
): { runner: Runner; token: string } {
  const token = newToken(instance, origin);
  const runner: Runner = {
    ...origin,
    ...settings,
    id: nextId(instance, "runner"),
    createdAt: instance.clock.now(),
    tokenDigest: digestOf(token),
    tokenExpiresAt: tokenExpiry(instance),
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

/** The runner of an authentication token; an expired token is as good as unknown. */
export function findRunnerByToken(instance: Instance, token: string): Runner | undefined {
  const digest = digestOf(token);
  const found = [...instance.runners.values()].find((runner) => runner.tokenDigest === digest);
  const expired =
    found !== undefined &&
    found.tokenExpiresAt !== null &&
    found.tokenExpiresAt <= instance.clock.now();
  return expired ? undefined : found;
}

/** Gives the runner a new token; the old one is refused at once. */
export function resetRunnerToken(instance: Instance, runner: Runner): string {
  const token = newToken(instance, runner);
  runner.tokenDigest = digestOf(token);
  runner.tokenExpiresAt = tokenExpiry(instance);
  runner.queueValue = null;
  instance.events.add({ kind: "runner", change: "token reset", runnerId: runner.id });
  return token;
}

/** Changes settings; every edit gives the runner's queue a new value. */
export function editRunner(
  instance: Instance,
  runner: Runner,
  settings: Partial<RunnerSettings>,
): void {
  Object.assign(runner, settings);
  instance.events.add({ kind: "runner", change: "edited", runnerId: runner.id });
  tickQueue(instance, runner);
}

/** Deletes the runner with its managers. Its running jobs go on. */
export function deleteRunner(instance: Instance, runner: Runner): void {
  for (const manager of managersOf(instance, runner.id)) removeManager(instance, manager);
  instance.runners.delete(runner.id);
  instance.events.add({ kind: "runner", change: "removed", runnerId: runner.id });
}

/** The settings of a runner as they are now. */
export function settingsOf(runner: Runner): RunnerSettings {
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
