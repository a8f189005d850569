import type { Instance } from "../state/instance";
import type { TokenLife } from "../state/runners";
import type { Runner } from "../state/types";
import { ApiError, paramError } from "./errors";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SHORTEST = 5 * MINUTE;
const LONGEST = 15 * DAY;

/**
 * Reads the expiry of a new runner's token, as the paid editions do.
 * @throws {ApiError} 400 if it is too near or too far, or if a rotation deadline is given alone
 */
export function tokenLife(
  instance: Instance,
  params: {
    readonly token_expires_at: number | undefined;
    readonly token_rotation_deadline: number | undefined;
  },
): TokenLife {
  const { token_expires_at: end, token_rotation_deadline: deadline } = params;
  const left = end === undefined ? undefined : end - instance.clock.now();
  if (left === undefined && deadline !== undefined) {
    throw paramError("token_expires_at is required when token_rotation_deadline is given");
  }
  if (left !== undefined && left < SHORTEST) {
    throw paramError("token_expires_at must be at least 5 minutes in the future");
  }
  if (left !== undefined && left > LONGEST) {
    throw paramError("token_expires_at must be at most 15 days in the future");
  }
  return { tokenExpiresAt: end, tokenRotationDeadline: deadline };
}

/** @throws {ApiError} 422 if the runner's token can no longer be renewed */
export function checkRotation(instance: Instance, runner: Runner): void {
  const deadline = runner.tokenRotationDeadline;
  if (deadline === null || instance.clock.now() <= deadline) return;
  throw new ApiError(422, { message: "Runner token rotation deadline has passed" });
}
