import type { FastifyInstance } from "fastify";
import { ApiError } from "./errors";

/**
 * Responds to requests without a route as Grape does: 405 if the path does not support the method,
 * 404 if the path is unknown.
 * @param app all routes added to it later count
 */
export function answerUnknownRoutes(app: FastifyInstance): void {
  const known = new Map<string, { readonly pattern: RegExp; readonly methods: Set<string> }>();
  app.addHook("onRoute", ({ url, method }) => {
    const entry = known.get(url) ?? { pattern: toPattern(url), methods: new Set<string>() };
    for (const one of [method].flat()) entry.methods.add(one);
    known.set(url, entry);
  });
  app.setNotFoundHandler((request) => {
    const path = request.url.split("?")[0] ?? "";
    const here = [...known.values()].filter(({ pattern }) => pattern.test(path));
    if (here.length === 0) throw new ApiError(404, { error: "404 Not Found" });
    const allowed = new Set(here.flatMap(({ methods }) => [...methods]));
    throw new ApiError(405, { error: "405 Not Allowed" }, { Allow: [...allowed].join(", ") });
  });
}

function toPattern(url: string): RegExp {
  const parts = url.split("/").map((part) => (part.startsWith(":") ? "[^/]+" : part));
  return new RegExp(`^${parts.join("/")}$`);
}
