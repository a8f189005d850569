import type { Instance } from "../state/instance";
import { countUse } from "../state/rate-limits";
import { tooManyRequests } from "./errors";

/**
 * Counts one use of a limited resource.
 * @param key the resource and its user, such as `notes of user 3`
 * @param perMinute null: no limit
 * @throws {ApiError} 429 above the limit
 */
export function checkLimit(instance: Instance, key: string, perMinute: number | null): void {
  if (perMinute !== null && countUse(instance, key) > perMinute) throw tooManyRequests();
}
