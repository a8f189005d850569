import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join, normalize } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { header } from "./api/authenticate";
import type { Instance } from "./state/instance";
import type { Project } from "./state/types";
import { findProject } from "./state/projects";
import { digestToken } from "./state/tokens";

interface RepositoryRequest {
  readonly Params: { readonly group: string; readonly repository: string; readonly "*": string };
}

/**
 * Serves the repositories of projects as `GROUP/PROJECT.git` to their running jobs, over Git's
 * plain ("dumb") HTTP protocol.
 */
export function addRepositoryRoutes(app: FastifyInstance, instance: Instance): void {
  const path = "/:group/:repository(^[\\w.-]+\\.git$)/*";
  app.get<RepositoryRequest>(path, async (request, reply) => {
    const { group, repository, "*": file } = request.params;
    const project = findProject(instance, `${group}/${repository.replace(/\.git$/, "")}`);
    if (project === undefined || !isForJob(instance, request, project)) {
      return reply
        .code(401)
        .header("WWW-Authenticate", 'Basic realm="GitLab"')
        .type("text/plain; charset=utf-8")
        .send("HTTP Basic: Access denied");
    }
    return sendFile(reply, instance.repositories.get(project.fullPath), file);
  });
}

/** Whether the request has the token of a running job of the project. */
function isForJob(instance: Instance, request: FastifyRequest, { id }: Project): boolean {
  const encoded = /^Basic (.+)$/i.exec(header(request, "authorization") ?? "")?.[1] ?? "";
  const [, user, token = ""] =
    /^([^:]*):(.*)$/.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  const digest = digestToken(token);
  return (
    user === "gitlab-ci-token" &&
    [...instance.jobs.values()].some(
      ({ projectId, status, tokenDigest }) =>
        projectId === id && status === "running" && tokenDigest === digest,
    )
  );
}

async function sendFile(
  reply: FastifyReply,
  folder: string | undefined,
  file: string,
): Promise<FastifyReply> {
  const path = folder && join(folder, normalize(`/${file}`));
  const isFile = path && (await stat(path).catch(() => undefined))?.isFile();
  if (!path || !isFile) return reply.code(404).type("text/plain").send("Not Found");
  return reply.type("application/octet-stream").send(createReadStream(path));
}
