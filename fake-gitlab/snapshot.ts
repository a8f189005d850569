import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { IdKind, Instance } from "./state/instance";
import { isFinal, type Job } from "./state/job";
import type { Group, Manager, PersonalAccessToken, Project, Runner, User } from "./state/types";

/** Defaults for what a snapshot of an earlier version lacks. */
const NEW_IN_RUNNERS = { tokenRotationDeadline: null };
const NEW_IN_JOBS = { tokenExpiresAt: null, erasedAt: null, offeredTo: null, mayFail: false };

/** Maximum length of a saved log, counted from its end. */
const TRACE_BYTES = 64 * 1024;

interface Snapshot {
  readonly version: 1;
  readonly ids: Record<IdKind, number>;
  readonly users: readonly User[];
  readonly tokens: readonly PersonalAccessToken[];
  readonly groups: readonly Group[];
  readonly projects: readonly Project[];
  readonly runners: readonly Runner[];
  readonly managers: readonly Manager[];
  readonly jobs: readonly (Omit<Job, "trace"> & { readonly trace: string })[];
}

/**
 * Writes the instance to a file atomically. The file contains tokens only as digests. It contains
 * neither the variables of assigned jobs, nor artifacts, nor registration tokens. Waiting jobs with
 * a masked variable are skipped.
 */
async function saveSnapshot(instance: Instance, file: string): Promise<void> {
  const snapshot: Snapshot = {
    version: 1,
    ids: instance.ids,
    users: [...instance.users.values()],
    tokens: [...instance.tokens.values()],
    groups: [...instance.groups.values()],
    projects: [...instance.projects.values()],
    runners: [...instance.runners.values()],
    managers: [...instance.managers.values()],
    jobs: [...instance.jobs.values()].filter(mayBeSaved).map(savedJob),
  };
  await mkdir(path.dirname(file), { recursive: true });
  const temporary = `${file}.new`;
  await writeFile(temporary, JSON.stringify(snapshot), { mode: 0o600 });
  await rename(temporary, file);
}

function mayBeSaved(job: Job): boolean {
  return isWithoutVariables(job) || !job.spec.variables.some(({ masked }) => masked);
}

function isWithoutVariables(job: Job): boolean {
  return isFinal(job.status) || job.runnerId !== null;
}

function savedJob(job: Job): Snapshot["jobs"][number] {
  const spec = isWithoutVariables(job) ? { ...job.spec, variables: [] } : job.spec;
  return {
    ...job,
    spec,
    artifacts: [],
    trace: job.trace.subarray(-TRACE_BYTES).toString("base64"),
  };
}

/**
 * Restores an empty instance from a file.
 * @returns false if the file does not exist
 * @throws {Error} if the file is not a snapshot
 */
export async function loadSnapshot(instance: Instance, file: string): Promise<boolean> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return false;
  const snapshot = JSON.parse(text) as Partial<Snapshot>;
  if (snapshot.version !== 1) throw new Error(`${file} is not a snapshot of a fake GitLab`);
  const { ids, users, tokens, groups, projects, runners, managers, jobs } = snapshot as Snapshot;
  Object.assign(instance.ids, ids);
  fill(instance.users, users);
  fill(instance.tokens, tokens);
  fill(instance.groups, groups);
  fill(instance.projects, projects);
  fill(
    instance.runners,
    runners.map((runner) => ({ ...NEW_IN_RUNNERS, ...runner })),
  );
  fill(instance.managers, managers);
  const restored = jobs.map((job) => ({
    ...NEW_IN_JOBS,
    ...job,
    trace: Buffer.from(job.trace, "base64"),
  }));
  fill(instance.jobs, restored);
  return true;
}

function fill<T extends { readonly id: number }>(map: Map<number, T>, items: readonly T[]): void {
  for (const item of items) map.set(item.id, item);
}

const SAVE_AFTER_MS = 1000;

/**
 * Saves an instance a moment after each change other than a request.
 * @returns a function that stops this after a last save
 */
export function keepSaved(instance: Instance, file: string): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let saving = Promise.resolve();
  const save = (): Promise<void> => {
    timer = undefined;
    saving = saving.then(() => saveSnapshot(instance, file));
    return saving;
  };
  const stopListening = instance.events.listen(({ kind }) => {
    if (kind === "request" || kind === "held") return;
    timer ??= setTimeout(() => void save(), SAVE_AFTER_MS);
  });
  return async () => {
    stopListening();
    clearTimeout(timer);
    await save();
  };
}
