import type { FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import { ensureManager } from "../state/managers";
import type { Manager, ManagerDetails, Runner } from "../state/types";
import { header } from "./authenticate";
import { ApiError } from "./errors";
import { isRecord, rawParams } from "./params";

const LONGEST_SYSTEM_ID = 64;

/**
 * Finds or creates the manager of a runner with a system ID.
 * @throws {ApiError} 500 for an ID that the model rejects, which GitLab does not turn into a 400
 */
export function managerFor(
  instance: Instance,
  runner: Runner,
  systemId: string | undefined,
): Manager {
  if (systemId !== undefined && (systemId === "" || systemId.length > LONGEST_SYSTEM_ID)) {
    throw new ApiError(500, { message: "500 Internal Server Error" });
  }
  return ensureManager(instance, runner, systemId);
}

/** Reads the information about a runner in `info`; undefined if the request has none. */
export function managerDetails(request: FastifyRequest): ManagerDetails | undefined {
  const info = rawParams(request)["info"];
  if (!isRecord(info)) return undefined;
  const field = (name: string): string | null => {
    const value = info[name];
    return typeof value === "string" && value !== "" ? value : null;
  };
  return {
    version: field("version"),
    revision: field("revision"),
    platform: field("platform"),
    architecture: field("architecture"),
    executor: field("executor"),
    ipAddress: clientAddress(request),
    features: features(info["features"]),
  };
}

/** Returns the client's address, even behind proxies: the first address that they list. */
function clientAddress(request: FastifyRequest): string {
  const named = header(request, "x-forwarded-for")?.split(",")[0]?.trim() ?? "";
  return (named === "" ? request.ip : named).replace(/^::ffff:/, "");
}

function features(raw: unknown): Record<string, boolean> {
  if (!isRecord(raw)) return {};
  return Object.fromEntries(Object.entries(raw).map(([name, on]) => [name, on === true]));
}
