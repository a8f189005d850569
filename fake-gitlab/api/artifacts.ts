import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import type { Artifact, Job } from "../state/job";
import { findJobByToken } from "./authenticate";
import { ApiError, badRequest, forbidden, notFound, unauthorized } from "./errors";
import { authenticateJob } from "./job-authentication";
import { ARTIFACT_TYPES } from "./artifact-types";
import { integer, oneOf, readParams, text } from "./params";

const uploadParams = {
  artifact_type: oneOf(...ARTIFACT_TYPES),
  artifact_format: oneOf("raw", "zip", "gzip"),
  expire_in: text,
};

/** Upload and download of artifacts by runners, with job tokens. */
export function addArtifactRoutes(app: FastifyInstance, instance: Instance): void {
  app.post("/jobs/:id/artifacts", async (request, reply) => {
    const job = authenticateJob(instance, request);
    const artifact = await readArtifact(instance, request);
    job.artifacts = [...job.artifacts.filter(({ type }) => type !== artifact.type), artifact];
    return reply.code(201).type("application/json").send("201");
  });

  app.get("/jobs/:id/artifacts", (request, reply) => {
    const { id } = readParams(request, { id: integer }, ["id"]);
    return sendArchive(reply, readableJob(instance, request, id));
  });
}

async function readArtifact(instance: Instance, request: FastifyRequest): Promise<Artifact> {
  const { artifact_type, artifact_format } = readParams(request, uploadParams);
  if (!request.isMultipart()) throw badRequest("Missing artifacts file!");
  const limits = { fileSize: instance.switches.artifactSizeLimit };
  const part = await request.file({ limits, throwFileSizeLimit: false });
  if (part?.fieldname !== "file") throw badRequest("Missing artifacts file!");
  const content = await part.toBuffer().catch(() => undefined);
  if (content === undefined || part.file.truncated) {
    throw new ApiError(413, { message: "413 Request Entity Too Large" });
  }
  return {
    filename: part.filename,
    type: artifact_type ?? "archive",
    format: artifact_format ?? "zip",
    content,
  };
}

/**
 * The job whose artifacts a job token may read: its own, or one of the same project while its own
 * job runs.
 */
function readableJob(instance: Instance, request: FastifyRequest, id: number): Job {
  const caller = findJobByToken(instance, request);
  if (caller === undefined || !isRunning(caller)) throw unauthorized();
  const wanted = instance.jobs.get(id);
  if (wanted === undefined) throw notFound("Job");
  if (wanted.id === caller.id) return wanted;
  if (wanted.projectId !== caller.projectId) throw forbidden();
  return wanted;
}

function isRunning({ status }: Job): boolean {
  return status === "running" || status === "canceling";
}

/**
 * Sends a job's archive.
 * @throws {ApiError} 404 if it has none
 */
export function sendArchive(reply: FastifyReply, job: Job): FastifyReply {
  const archive = job.artifacts.find(({ type }) => type === "archive");
  if (archive === undefined) throw notFound("File");
  const filename = archive.filename.replace(/[^\w.-]/g, "_");
  return reply
    .code(200)
    .type("application/octet-stream")
    .header("Content-Disposition", `attachment; filename="${filename}"`)
    .send(archive.content);
}
