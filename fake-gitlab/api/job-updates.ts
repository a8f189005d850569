import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import type { Job } from "../state/job";
import { finishJob, startJob } from "../state/jobs";
import { digestToken } from "../state/tokens";
import { appendTrace, traceInterval } from "../state/trace";
import { header } from "./authenticate";
import { ApiError, forbidden } from "./errors";
import { authenticateJob, heartbeatOfJob } from "./job-authentication";
import { checkLimit } from "./limits";
import { hash, integer, readParams, text } from "./params";

const INTERVAL = "X-GitLab-Trace-Update-Interval";
const STATUS = "Job-Status";

/** The requests with which a runner reports the state and the log of its job. */
export function addJobUpdateRoutes(app: FastifyInstance, instance: Instance): void {
  app.put("/jobs/:id", (request, reply) => {
    // The token must be a parameter. The header alone is not enough.
    const { token } = readParams(request, { token: text }, ["token"]);
    checkLimit(instance, `calls of job ${digestToken(token)}`, instance.switches.jobCallsPerMinute);
    const job = authenticateJob(instance, request, { allowPending: true });
    heartbeatOfJob(instance, job);
    const status = updateState(instance, request, job);
    return reply
      .code(status)
      .headers({
        [STATUS]: job.status,
        ...(status === 202 && { [INTERVAL]: traceInterval(instance, job) }),
      })
      .type("application/json")
      .send(String(status));
  });

  app.patch("/jobs/:id/trace", (request, reply) => {
    const token = header(request, "job-token") ?? "";
    checkLimit(instance, `logs of job ${digestToken(token)}`, instance.switches.jobCallsPerMinute);
    const job = authenticateJob(instance, request);
    heartbeatOfJob(instance, job);
    return patchTrace(instance, request, reply, job);
  });
}

const stateParams = { state: text, failure_reason: text, exit_code: integer, output: hash };

/** @returns the HTTP status */
function updateState(instance: Instance, request: FastifyRequest, job: Job): number {
  const { state, failure_reason, exit_code, output } = readParams(request, stateParams);
  if (job.status === "pending") return acknowledge(instance, job, state);
  if (state === "running") return 200;
  if (state !== "success" && state !== "failed") return 400;
  if (output !== undefined && isBeingStored(instance, job)) return 202;
  finishJob(instance, job, {
    status: state,
    ...(failure_reason !== undefined && { failureReason: failure_reason }),
    ...(exit_code !== undefined && { exitCode: exit_code }),
  });
  return 200;
}

/** Maximum time for which GitLab waits for the last parts of a log. */
const LONGEST_STORE_MS = 300_000;

/** Whether the end of the job's log is still being stored, counted from the first final request. */
function isBeingStored(instance: Instance, job: Job): boolean {
  const now = instance.clock.now();
  job.endReportedAt ??= now;
  const wait = Math.min(instance.switches.traceStoreSeconds * 1000, LONGEST_STORE_MS);
  return now < job.endReportedAt + wait;
}

/** Two-phase commit: `pending` asks for more time, `running` starts the job. */
function acknowledge(instance: Instance, job: Job, state: string | undefined): number {
  if (state === "pending") {
    job.ackDeadline = instance.clock.now() + instance.switches.jobAckSeconds * 1000;
    return 200;
  }
  if (state !== "running" || !instance.managers.has(job.offeredTo?.managerId ?? -1)) return 400;
  startJob(instance, job);
  return 200;
}

function patchTrace(
  instance: Instance,
  request: FastifyRequest,
  reply: FastifyReply,
  job: Job,
): FastifyReply {
  const range = header(request, "content-range");
  if (range === undefined) throw new ApiError(400, { error: "400 Missing header Content-Range" });
  const data = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const start = Number.parseInt(range, 10);
  if (start + data.length > instance.switches.traceSizeLimit) {
    finishJob(instance, job, { status: "failed", failureReason: "trace_size_exceeded" });
    throw forbidden();
  }
  if (!appendTrace(job, start, data)) {
    throw new ApiError(
      416,
      { error: "416 Range Not Satisfiable" },
      { Range: `0-${job.trace.length}` },
    );
  }
  return reply
    .code(202)
    .headers({
      [STATUS]: job.status,
      Range: `0-${job.trace.length}`,
      [INTERVAL]: traceInterval(instance, job),
    })
    .send();
}
