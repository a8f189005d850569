import type { FastifyRequest } from "fastify";
import { paramError } from "./errors";

/** Parses a value; undefined if it is invalid. */
export type Reader<T> = (raw: unknown) => T | undefined;

/** A declared parameter: its parser, and the error for an invalid value. */
export interface Param<T> {
  readonly read: Reader<T>;
  /** An empty string counts as a value, not as a missing one. */
  readonly takesEmpty?: true;
  /** The error text for an invalid value. */
  readonly complaint: string;
}

const invalid = "is invalid";

export const text: Param<string> = {
  read: (raw) => {
    if (typeof raw === "string") return raw;
    return typeof raw === "number" || typeof raw === "boolean" ? String(raw) : undefined;
  },
  takesEmpty: true,
  complaint: invalid,
};

export const integer: Param<number> = {
  read: (raw) => (/^-?\d+$/.test(String(raw)) ? Number(raw) : undefined),
  complaint: invalid,
};

export const boolean: Param<boolean> = {
  read: (raw) => {
    if (["true", "t", "1", "yes", "on"].includes(String(raw).toLowerCase())) return true;
    return ["false", "f", "0", "no", "off"].includes(String(raw).toLowerCase()) ? false : undefined;
  },
  complaint: invalid,
};

export const hash: Param<Record<string, unknown>> = {
  read: (raw) => (isRecord(raw) ? raw : undefined),
  complaint: invalid,
};

/** A time in ISO 8601, parsed to epoch milliseconds. */
export const time: Param<number> = {
  read: (raw) => {
    const value = typeof raw === "string" ? Date.parse(raw) : NaN;
    return Number.isNaN(value) ? undefined : value;
  },
  complaint: invalid,
};

/** A list, as an array or a comma-separated string. */
export const list: Param<readonly string[]> = {
  read: (raw) => {
    const parts = typeof raw === "string" ? raw.split(",") : raw;
    if (!Array.isArray(parts)) return undefined;
    return [...new Set(parts.map((part) => String(part).trim()))].filter((part) => part !== "");
  },
  takesEmpty: true,
  complaint: invalid,
};

export function oneOf<const T extends string>(...values: readonly T[]): Param<T> {
  return {
    read: (raw) => values.find((value) => value === raw),
    complaint: "does not have a valid value",
  };
}

export function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

type Specs = Readonly<Record<string, Param<unknown>>>;
type ValueOf<P> = P extends Param<infer T> ? T : never;
type Values<S extends Specs, R extends keyof S> = {
  readonly [K in keyof S]: K extends R ? ValueOf<S[K]> : ValueOf<S[K]> | undefined;
};

/** The parameters of a request as in GitLab: query, body and path combined. */
export function rawParams(request: FastifyRequest): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const source of [request.query, request.body, request.params]) {
    if (!isRecord(source)) continue;
    for (const [key, value] of Object.entries(source)) merged[key.replace(/\[\]$/, "")] = value;
  }
  return merged;
}

/**
 * Reads declared parameters and ignores others.
 * @param required names of required parameters
 * @throws {ApiError} 400 with all errors, in the order of the declaration
 */
export function readParams<S extends Specs, const R extends keyof S = never>(
  request: FastifyRequest,
  specs: S,
  required: readonly R[] = [],
): Values<S, R> {
  const raw = rawParams(request);
  const complaints: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(specs)) {
    const given = raw[name];
    if (given === undefined || given === null || (given === "" && param.takesEmpty !== true)) {
      if ((required as readonly unknown[]).includes(name)) complaints.push(...missing(name, param));
      continue;
    }
    values[name] = param.read(given);
    if (values[name] === undefined) complaints.push(`${name} ${param.complaint}`);
  }
  if (complaints.length > 0) throw paramError(complaints.join(", "));
  return values as Values<S, R>;
}

/** A missing value of a fixed set causes two errors, because GitLab runs both parameter checks. */
function missing(name: string, param: Param<unknown>): string[] {
  const texts = [`${name} is missing`];
  if (param.complaint !== invalid) texts.push(`${name} ${param.complaint}`);
  return texts;
}

/** @throws {ApiError} 400 if both are given */
export function mutuallyExclusive(request: FastifyRequest, a: string, b: string): void {
  const raw = rawParams(request);
  if (raw[a] !== undefined && raw[b] !== undefined) {
    throw paramError(`${a}, ${b} are mutually exclusive`);
  }
}
