import type { FastifyRequest } from "fastify";
import { ApiError } from "./errors";
import { header } from "./authenticate";

/**
 * Respects `If-Unmodified-Since` of a deletion.
 * @throws {ApiError} 412 if the object was changed since then
 */
export function checkUnmodified(request: FastifyRequest, thing: { updatedAt: number }): void {
  const since = Date.parse(header(request, "if-unmodified-since") ?? "");
  if (!Number.isNaN(since) && thing.updatedAt > since) {
    throw new ApiError(412, { message: "412 Precondition Failed" });
  }
}
