import { isObject } from "../../../contract/json";
import { hasTokenFormat } from "../../../contract/token";
import type { ApiResult } from "./client";

/** GitLab's response to a token that it accepts, and to a registration. */
export interface AnsweredRunner {
  readonly id: number;
  readonly token: string;
  /** ISO 8601; null for a token that does not expire. */
  readonly token_expires_at?: string | null | undefined;
}

/** @returns undefined if the body does not describe a runner */
export function parseRunner(body: unknown): AnsweredRunner | undefined {
  if (!isObject(body)) return undefined;
  const { id, token, token_expires_at } = body;
  if (!Number.isSafeInteger(id) || Number(id) < 1) return undefined;
  if (typeof token !== "string" || !hasTokenFormat(token)) return undefined;
  if (!isExpiry(token_expires_at)) return undefined;
  const expiry = token_expires_at === undefined ? {} : { token_expires_at };
  return { id: Number(id), token, ...expiry };
}

/**
 * Whether a value is a date that config.toml can hold. GitLab sends ISO 8601, or null for a token
 * that does not expire.
 */
function isExpiry(value: unknown): value is string | null | undefined {
  if (value === undefined || value === null) return true;
  return (
    typeof value === "string" &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value) &&
    !Number.isNaN(Date.parse(value))
  );
}

/** Turns a success without a runner into no response: something in between may have sent it. */
export function requireRunner(result: ApiResult, success: number): ApiResult {
  if (result.kind !== "status" || result.status !== success) return result;
  if (parseRunner(result.body) !== undefined) return result;
  const message = `the ${success} response describes no runner`;
  return { kind: "no response", message, sent: true };
}
