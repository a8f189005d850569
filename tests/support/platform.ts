import { readFacts, type PlatformFacts } from "../../local/facts";

/** The part of the platform that a test of the Pulumi program needs. */
export type PulumiPlatform = Pick<PlatformFacts, "pulumi" | "pulumiEnv">;

export type Platform = PlatformFacts;

/**
 * What the local platform offers to this test.
 * @throws Error that says how to bring it up
 */
export function readPlatform(): Promise<Platform> {
  return readFacts();
}
