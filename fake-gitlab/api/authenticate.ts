import type { FastifyRequest } from "fastify";
import type { Instance } from "../state/instance";
import type { Job } from "../state/job";
import { findRunnerByToken, isOrphaned } from "../state/runners";
import { digestToken } from "../state/tokens";
import type { PersonalAccessToken, Runner, User } from "../state/types";
import { ApiError, forbidden, unauthorized } from "./errors";
import { rawParams } from "./params";

/** Returns a request's header as one string. */
export function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * Finds the runner of a runner token.
 * @throws {ApiError} 403 for unknown, deleted and expired tokens
 */
export function authenticateRunner(instance: Instance, token: string): Runner {
  const runner = findRunnerByToken(instance, token);
  if (runner === undefined) throw forbidden();
  return runner;
}

/**
 * Does the same for calls that need the runner's group or project.
 * @throws {ApiError} 403 also if the group or project was deleted
 */
export function authenticateOwnedRunner(instance: Instance, token: string): Runner {
  const runner = authenticateRunner(instance, token);
  if (isOrphaned(instance, runner)) throw forbidden("Runner is orphaned");
  return runner;
}

/** Finds the job whose token is in the request, in the header or as a parameter. */
export function findJobByToken(instance: Instance, request: FastifyRequest): Job | undefined {
  const token = header(request, "job-token") ?? rawParams(request)["token"];
  if (typeof token !== "string" || token === "") return undefined;
  const digest = digestToken(token);
  return [...instance.jobs.values()].find((job) => job.tokenDigest === digest);
}

export interface Caller {
  readonly user: User;
  readonly token: PersonalAccessToken;
}

/**
 * Finds the user of a personal access token.
 * @param scopes one of them is enough; `api` is always enough
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
  return { user: inMode(instance, user, token), token };
}

/** In Admin Mode, administrator rights require a token with the scope `admin_mode`. */
function inMode(instance: Instance, user: User, token: PersonalAccessToken): User {
  const denied = instance.switches.adminMode && !token.scopes.includes("admin_mode");
  return user.admin && denied ? { ...user, admin: false } : user;
}

function findToken(instance: Instance, request: FastifyRequest): PersonalAccessToken {
  const bearer = /^Bearer (.+)$/i.exec(header(request, "authorization") ?? "")?.[1];
  const text = header(request, "private-token") ?? bearer ?? rawParams(request)["private_token"];
  if (typeof text !== "string" || text === "") throw unauthorized();
  const digest = digestToken(text);
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
