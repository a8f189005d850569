import type { FastifyRequest } from "fastify";
import { ApiError } from "./errors";
import { header } from "./authenticate";

/** Honours `If-Unmodified-Since` of a deletion. @throws {ApiError} 412 if the thing is newer */
export function checkUnmodified(request: FastifyRequest, thing: { createdAt: number }): void {
  const since = Date.parse(header(request, "if-unmodified-since") ?? "");
  if (!Number.isNaN(since) && thing.createdAt > since) {
    throw new ApiError(412, { message: "412 Precondition Failed" });
  }
}
