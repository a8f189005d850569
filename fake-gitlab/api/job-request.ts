import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import type { Job } from "../state/job";
import { assignJob, finishJob } from "../state/jobs";
import { heartbeat } from "../state/managers";
import { canTake, missingFeature } from "../state/matching";
import { ensureQueueValue } from "../state/queue";
import { digestToken, newJobToken } from "../state/tokens";
import type { Manager, Runner } from "../state/types";
import { authenticateOwnedRunner } from "./authenticate";
import { closed } from "./connection";
import { noteHeld } from "./identity";
import { jobPayload } from "./job-payload";
import { checkLimit } from "./limits";
import { longPoll } from "./long-poll";
import { hash, readParams, text } from "./params";
import { managerDetails, managerFor } from "./runner-info";

const LAST_UPDATE = "X-GitLab-Last-Update";

const requestParams = { token: text, system_id: text, last_update: text, info: hash };

/** `POST /jobs/request`: the request with which runners poll. */
export function addJobRequestRoute(app: FastifyInstance, instance: Instance): void {
  app.post("/jobs/request", async (request, reply) => {
    if (await longPoll(instance, request, reply)) return reply;
    const params = readParams(request, requestParams, ["token"]);
    const limit = instance.switches.jobRequestsPerMinute;
    checkLimit(instance, `job requests of ${digestToken(params.token)}`, limit);
    return await answerPoll(instance, request, reply, params);
  });
}

interface PollParams {
  readonly token: string;
  readonly system_id: string | undefined;
  readonly last_update: string | undefined;
}

async function answerPoll(
  instance: Instance,
  request: FastifyRequest,
  reply: FastifyReply,
  { token, system_id, last_update }: PollParams,
): Promise<FastifyReply> {
  if (closed(reply).aborted) return noContent(reply, "");
  const runner = authenticateOwnedRunner(instance, token);
  const manager = managerFor(instance, runner, system_id);
  heartbeat(instance, runner, manager, managerDetails(request));
  runner.creationFinished = true;
  const value = ensureQueueValue(instance, runner);
  if (runner.paused || last_update === value) return noContent(reply, value);
  const job = pickJob(instance, runner, manager);
  if (job === undefined) return noContent(reply, value);
  const project = instance.projects.get(job.projectId);
  if (project === undefined) return noContent(reply, value);
  const payload = handOver(instance, job, runner, manager);
  if (job.spec.holdAnswerMs > 0) {
    noteHeld(instance, request, "assigned job", job.id);
    await sleep(job.spec.holdAnswerMs, undefined, { signal: instance.stopping.signal });
  }
  return reply.code(201).send(payload(project));
}

function noContent(reply: FastifyReply, value: string): FastifyReply {
  return reply.code(204).header(LAST_UPDATE, value).send();
}

/**
 * Finds the oldest suitable job in the queue. Jobs that this runner can never run fail on the way.
 */
function pickJob(instance: Instance, runner: Runner, manager: Manager): Job | undefined {
  for (const job of waitingJobs(instance, runner)) {
    if (missingFeature(manager, job) === undefined) return job;
    finishJob(instance, job, { status: "failed", failureReason: "runner_unsupported" });
  }
  return undefined;
}

/** Instance runners serve projects with fewer running jobs first. Other runners go by age. */
function waitingJobs(instance: Instance, runner: Runner): readonly Job[] {
  const jobs = [...instance.jobs.values()];
  const waiting = jobs.filter(
    (job) => job.status === "pending" && job.runnerId === null && canTake(instance, runner, job),
  );
  if (runner.type !== "instance_type") return waiting;
  const running = (projectId: number): number =>
    jobs.filter((job) => job.projectId === projectId && job.status === "running").length;
  return waiting.sort((a, b) => running(a.projectId) - running(b.projectId) || a.id - b.id);
}

function handOver(
  instance: Instance,
  job: Job,
  runner: Runner,
  manager: Manager,
): (project: Parameters<typeof jobPayload>[2]) => Record<string, unknown> {
  const token = newJobToken(instance.switches.tokenPrefix);
  job.timeoutSeconds = Math.min(job.spec.timeoutSeconds, runner.maximumTimeout ?? Infinity);
  const { id: managerId, systemId } = manager;
  const twoPhase =
    instance.switches.twoPhaseCommit && manager.details.features["two_phase_job_commit"] === true;
  const to = { runnerId: runner.id, managerId, systemId, tokenDigest: digestToken(token) };
  assignJob(instance, job, to, twoPhase);
  return (project) => jobPayload(instance, job, project, runner, token);
}
