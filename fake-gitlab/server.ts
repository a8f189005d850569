import { randomUUID } from "node:crypto";
import formbody from "@fastify/formbody";
import multipart from "@fastify/multipart";
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from "fastify";
import { addApiRoutes } from "./api/routes";
import { ApiError } from "./api/errors";
import { addControlRoutes, type ControlAccess } from "./control/routes";
import type { FaultBook } from "./faults/book";
import { addFaultHooks } from "./faults/hooks";
import { addPageRoutes } from "./page/routes";
import { addRequestLog } from "./request-log";
import { addHostCheck } from "./own-host";
import { addRootCheck, stripRoot } from "./relative-root";
import { addRepositoryRoutes } from "./repositories";
import type { Instance } from "./state/instance";

export interface ServerOptions {
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly control: ControlAccess;
}

const BODY_LIMIT = 64 * 1024 * 1024;

/** Creates the HTTP server of an instance. It does not listen yet. */
export async function createServer(
  instance: Instance,
  faults: FaultBook,
  options: ServerOptions,
): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    requestIdHeader: "x-request-id",
    genReqId: () => randomUUID(),
    https: options.tls ?? null,
    rewriteUrl: (request) => stripRoot(instance, request),
  }) as unknown as FastifyInstance;
  addParsers(app);
  await app.register(formbody);
  await app.register(multipart);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("X-Request-Id", request.id);
  });
  app.addHook("onSend", async (_request, reply, payload) => {
    // GitLab sends no charset, but Fastify adds one.
    if (reply.getHeader("content-type") === "application/json; charset=utf-8") {
      reply.header("content-type", "application/json");
    }
    return payload;
  });
  addErrorHandlers(app);
  addHostCheck(app, instance);
  addRequestLog(app, instance);
  addRootCheck(app, instance);
  addFaultHooks(app, instance, faults);
  await app.register(
    (api, _options, done) => {
      addApiRoutes(api, instance);
      done();
    },
    { prefix: "/api/v4" },
  );
  addControlRoutes(app, instance, faults, options.control);
  addPageRoutes(app, instance);
  addRepositoryRoutes(app, instance);
  return app;
}

/**
 * Parses JSON as GitLab does: an empty body and a plain `null` are valid. Logs and files are bytes.
 */
function addParsers(app: FastifyInstance): void {
  app.removeContentTypeParser(["application/json", "text/plain"]);
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    if (body === "") {
      done(null, undefined);
      return;
    }
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(new ApiError(400, { error: "Problem while decoding body: invalid JSON" }), undefined);
    }
  });
  const bytes = ["text/plain", "application/octet-stream"];
  app.addContentTypeParser(bytes, { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
}

function addErrorHandlers(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) => sendJson(reply, 404, { error: "404 Not Found" }));
  app.setErrorHandler((error: FastifyError | ApiError, _request, reply) => {
    if (error instanceof ApiError) {
      return sendJson(reply.headers(error.headers), error.status, error.body);
    }
    const status = error.statusCode ?? 500;
    const text = status < 500 ? error.message : "500 Internal Server Error";
    return sendJson(reply, status, status < 500 ? { error: text } : { message: text });
  });
}

function sendJson(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  return reply.code(status).type("application/json").send(body);
}
