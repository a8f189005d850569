import { createHash, randomBytes } from "node:crypto";
import type { RunnerType } from "./types";

/** Returns the SHA-256 digest of a token, the only form in which it is stored. */
export function digestToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Returns a random string of the characters in GitLab's tokens. */
function randomText(length: number): string {
  const text = randomBytes(length).toString("base64url").slice(0, length);
  return text.replace(/^[-_]/, "x").replace(/[-_]$/, "y");
}

const KIND_OF_TYPE: Record<RunnerType, string> = {
  instance_type: "t1",
  group_type: "t2",
  project_type: "t3",
};

/**
 * Returns the end of a routable token: a version and a checksum-like part, both opaque to clients.
 */
function routablePart(): string {
  return `${randomText(27)}.01.${randomBytes(5).toString("hex").slice(0, 9)}`;
}

/** Returns a token for a runner that a user created, such as `glrt-t1_…`. */
export function newRunnerToken(prefix: string, type: RunnerType): string {
  return `${prefix}glrt-${KIND_OF_TYPE[type]}_${routablePart()}`;
}

/** Returns a token for a runner that registered with a registration token. */
export function newLegacyRunnerToken(prefix: string): string {
  return `${prefix}glrtr-${routablePart()}`;
}

export function newRegistrationToken(): string {
  return `GR1348941${randomText(20)}`;
}

export function newPersonalAccessToken(): string {
  return `glpat-${randomText(20)}`;
}

export function newJobToken(prefix: string): string {
  return `${prefix}glcbt-64_${randomText(20)}`;
}
