import type { Instance } from "../state/instance";
import type { Job, JobStatus } from "../state/job";
import {
  managerStatus,
  runnerStatus,
  type ManagerStatus,
  type RunnerStatus,
} from "../state/runner-status";
import type { AccessLevel, Manager, Runner, RunnerType } from "../state/types";

/** A runner in the controls and on the page. Times are epoch milliseconds by GitLab's clock. */
export interface RunnerView {
  readonly id: number;
  readonly type: RunnerType;
  readonly description: string | null;
  readonly status: RunnerStatus;
  readonly paused: boolean;
  readonly locked: boolean;
  readonly runUntagged: boolean;
  readonly accessLevel: AccessLevel;
  readonly maximumTimeout: number | null;
  readonly tags: readonly string[];
  readonly groupId: number | null;
  readonly projectIds: readonly number[];
  readonly createdAt: number;
  readonly contactedAt: number | null;
  readonly tokenExpiresAt: number | null;
}

export interface ManagerView {
  readonly id: number;
  readonly runnerId: number;
  readonly systemId: string;
  readonly status: ManagerStatus;
  readonly version: string | null;
  readonly revision: string | null;
  readonly platform: string | null;
  readonly architecture: string | null;
  readonly executor: string | null;
  readonly ipAddress: string | null;
  readonly createdAt: number;
  readonly contactedAt: number | null;
  /** Its running jobs. */
  readonly runningJobs: readonly number[];
}

export interface JobView {
  readonly id: number;
  readonly name: string;
  readonly stage: string;
  readonly project: string;
  readonly pipelineId: number;
  readonly status: JobStatus;
  readonly failureReason: string | null;
  readonly exitCode: number | null;
  readonly runnerId: number | null;
  readonly managerId: number | null;
  readonly systemId: string | null;
  readonly tags: readonly string[];
  readonly ref: string;
  readonly createdAt: number;
  readonly queuedAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly traceBytes: number;
  readonly artifacts: readonly { filename: string; type: string; size: number }[];
  readonly retryOf: number | null;
  readonly retriedAs: number | null;
}

export function viewRunner(instance: Instance, runner: Runner): RunnerView {
  const { id, type, description, paused, locked, runUntagged, accessLevel, maximumTimeout } =
    runner;
  const { tags, groupId, projectIds, createdAt, contactedAt, tokenExpiresAt } = runner;
  return {
    id,
    type,
    description,
    status: runnerStatus(runner, instance.clock.now()),
    paused,
    locked,
    runUntagged,
    accessLevel,
    maximumTimeout,
    tags,
    groupId,
    projectIds,
    createdAt,
    contactedAt,
    tokenExpiresAt,
  };
}

export function viewManager(instance: Instance, manager: Manager): ManagerView {
  const { id, runnerId, systemId, createdAt, contactedAt, details } = manager;
  const { version, revision, platform, architecture, executor, ipAddress } = details;
  const mine = [...instance.jobs.values()].filter(
    (job) => job.managerId === id && (job.status === "running" || job.status === "canceling"),
  );
  return {
    id,
    runnerId,
    systemId,
    status: managerStatus(manager, instance.clock.now()),
    version,
    revision,
    platform,
    architecture,
    executor,
    ipAddress,
    createdAt,
    contactedAt,
    runningJobs: mine.map((job) => job.id),
  };
}

export function viewJob(instance: Instance, job: Job): JobView {
  const { id, pipelineId, status, failureReason, exitCode, spec } = job;
  const { runnerId, managerId, systemId, createdAt, queuedAt, startedAt, finishedAt } = job;
  return {
    id,
    name: spec.name,
    stage: spec.stage,
    project: instance.projects.get(job.projectId)?.fullPath ?? "",
    pipelineId,
    status,
    failureReason,
    exitCode,
    runnerId,
    managerId,
    systemId,
    tags: spec.tags,
    ref: spec.ref,
    createdAt,
    queuedAt,
    startedAt,
    finishedAt,
    traceBytes: job.trace.length,
    artifacts: job.artifacts.map(({ filename, type, content }) => ({
      filename,
      type,
      size: content.length,
    })),
    retryOf: job.retryOf,
    retriedAs: job.retriedAs,
  };
}
