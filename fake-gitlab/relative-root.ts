import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import type { Instance } from "./state/instance";

/**
 * The path under which GitLab is installed (relative URL root), such as `/gitlab`; empty at the
 * root of its host.
 */
function getRoot({ externalUrl }: Instance): string {
  return URL.canParse(externalUrl) ? new URL(externalUrl).pathname.replace(/\/+$/, "") : "";
}

/** Removes the relative URL root from a request's path, for the router. */
export function stripRoot(instance: Instance, { url = "/" }: IncomingMessage): string {
  const root = getRoot(instance);
  return url.startsWith(`${root}/`) ? url.slice(root.length) : url;
}

/** Answers requests outside of the relative URL root with 404 and plain text, as Workhorse does. */
export function addRootCheck(app: FastifyInstance, instance: Instance): void {
  app.addHook("onRequest", async ({ originalUrl }, reply) => {
    const root = getRoot(instance);
    if (originalUrl.startsWith(`${root}/`)) return;
    const path = originalUrl.replace(/\?.*$/, "");
    // The page's own links are relative.
    if (path === root) await reply.redirect(`${root}/`);
    else await reply.code(404).type("text/plain; charset=utf-8").send(`Not found "${path}"\n`);
  });
}
