import type { FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import type { Job } from "../state/job";
import { findRunnerByToken } from "../state/runners";
import { digestOf } from "../state/tokens";
import type { PersonalAccessToken, Runner, User } from "../state/types";
import { ApiError, forbidden, unauthorized } from "./errors";
import { rawParams } from "./params";

/** A request's header as one text. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The runner of a runner token. @throws {ApiError} 403, for unknown, deleted and expired tokens alike */
export function authenticateRunner(instance: Instance, token: string): Runner {
  const runner = findRunnerByToken(instance, token);
  if (runner === undefined) throw forbidden();
  return runner;
}

/** The job whose token the request carries, in the header or as a parameter. */
export function findJobByToken(instance: Instance, request: FastifyRequest): Job | undefined {
  const token = header(request, "job-token") ?? rawParams(request)["token"];
  if (typeof token !== "string" || token === "") return undefined;
  const digest = digestOf(token);
  return [...instance.jobs.values()].find((job) => job.tokenDigest === digest);
}

export interface Caller {
  readonly user: User;
  readonly token: PersonalAccessToken;
}

/**
 * The user behind a personal access token.
 * @param scopes any of which will do; `api` always does
 * @throws {ApiError} 401 without a valid token, 403 `insufficient_scope`
 */
export function authenticateUser(
  instance: Instance,
  request: FastifyRequest,
  ...scopes: readonly string[]
): Caller {
  const token = findToken(instance, request);
  const user = instance.users.get(token.userId);
  if (user === undefined) throw unauthorized();
  const allowed = ["api", ...scopes];
  if (!token.scopes.some((scope) => allowed.includes(scope))) throw insufficientScope(allowed);
  token.lastUsedAt = instance.clock.now();
  return { user, token };
}

function findToken(instance: Instance, request: FastifyRequest): PersonalAccessToken {
  const bearer = /^Bearer (.+)$/i.exec(header(request, "authorization") ?? "")?.[1];
  const text = header(request, "private-token") ?? bearer ?? rawParams(request)["private_token"];
  if (typeof text !== "string" || text === "") throw unauthorized();
  const digest = digestOf(text);
  const token = [...instance.tokens.values()].find((known) => known.digest === digest);
  if (token === undefined) throw unauthorized();
  if (token.revoked) {
    throw invalidToken("Token was revoked. You have to re-authorize from the user.");
  }
  if (token.expiresAt !== null && token.expiresAt <= instance.clock.now()) {
    throw invalidToken("Token is expired. You can either do re-authorization or token refresh.");
  }
  return token;
}

function invalidToken(description: string): ApiError {
  return new ApiError(401, { error: "invalid_token", error_description: description });
}

function insufficientScope(scopes: readonly string[]): ApiError {
  return new ApiError(403, {
    error: "insufficient_scope",
    error_description: "The request requires higher privileges than provided by the access token.",
    scope: scopes.join(" "),
  });
}
