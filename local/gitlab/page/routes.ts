import type { FastifyInstance } from "fastify";

/** The page that shows runners and jobs. */
export function addPageRoutes(app: FastifyInstance): void {
  app.get("/", (_request, reply) => reply.type("text/plain").send("GitLab stand-in"));
}
