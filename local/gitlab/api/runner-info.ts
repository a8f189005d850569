import type { FastifyRequest } from "fastify";
import type { ManagerDetails } from "../state/types";
import { isRecord, rawParams } from "./params";

/** What a runner tells of itself in `info`; undefined if the request has none. */
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
    ipAddress: request.ip.replace(/^::ffff:/, ""),
    features: features(info["features"]),
  };
}

function features(raw: unknown): Record<string, boolean> {
  if (!isRecord(raw)) return {};
  return Object.fromEntries(Object.entries(raw).map(([name, on]) => [name, on === true]));
}
