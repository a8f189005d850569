import { readFile } from "node:fs/promises";
import path from "node:path";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { Instance } from "../state/instance";
import { sendFeed, sendLog } from "./feed";

const ASSETS: Readonly<Record<string, string>> = {
  "page.css": "text/css; charset=utf-8",
  "page.js": "text/javascript; charset=utf-8",
  "dom.js": "text/javascript; charset=utf-8",
  "states.js": "text/javascript; charset=utf-8",
  "runners.js": "text/javascript; charset=utf-8",
  "jobs.js": "text/javascript; charset=utf-8",
  "log.js": "text/javascript; charset=utf-8",
  "icon.svg": "image/svg+xml",
};

const HEADERS = {
  "Cache-Control": "no-cache",
  "X-Content-Type-Options": "nosniff",
  // Only the page's own scripts may run, so a job's name or output can never become a script.
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/**
 * The live page with runners, managers and jobs. It is read-only, and its data contains no token.
 */
export function addPageRoutes(app: FastifyInstance, instance: Instance): void {
  app.get("/", (_request, reply) => sendAsset(reply, "index.html", "text/html; charset=utf-8"));

  app.get<{ Params: { file: string } }>("/-/fake-gitlab/assets/:file", (request, reply) => {
    const { file } = request.params;
    const type = Object.hasOwn(ASSETS, file) ? ASSETS[file] : undefined;
    if (type !== undefined) return sendAsset(reply, file, type);
    reply.callNotFound();
    return reply;
  });

  app.get("/-/fake-gitlab/feed", (_request, reply) => {
    sendFeed(instance, reply);
  });

  app.get<{ Params: { id: string } }>("/-/fake-gitlab/jobs/:id/log", (request, reply) => {
    const job = instance.jobs.get(Number(request.params.id));
    if (job === undefined) reply.callNotFound();
    else sendLog(instance, reply, job);
  });

  // GitLab's own health check for load balancers.
  app.get("/-/health", (_request, reply) => reply.type("text/plain").send("GitLab OK"));
}

async function sendAsset(reply: FastifyReply, file: string, type: string): Promise<FastifyReply> {
  const content = await readFile(path.join(__dirname, "assets", file));
  return reply.headers(HEADERS).type(type).send(content);
}
