import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** The longest name that Swarm accepts for a secret or a config. */
const MAX_NAME = 64;

/** Length in bytes of the random suffix in a name. */
const SUFFIX_BYTES = 4;

/**
 * Names a swarm secret or a swarm config. Swarm cannot change them, so a new value needs a new
 * name. The suffix changes with the value, but is random: after a failed update, a value may get a
 * new object while its old one still exists.
 * @param role distinguishes the objects of a pool
 * @param digest changes with the value
 */
export function nameVersion(
  parent: pulumi.Resource,
  name: string,
  serviceName: pulumi.Output<string>,
  role: string,
  digest: pulumi.Output<string>,
): pulumi.Output<string> {
  const suffix = new random.RandomId(
    `${name}-${role}-id`,
    { byteLength: SUFFIX_BYTES, keepers: { [role]: digest } },
    { parent },
  );
  // A long service name is truncated. The suffix keeps the name unique.
  const room = MAX_NAME - role.length - 2 * SUFFIX_BYTES - 2;
  return pulumi.interpolate`${serviceName.apply((text) => text.slice(0, room))}-${role}-${suffix.hex}`;
}

/** Computes 64 bits of a digest that changes with the value. */
export function digestOf(role: string, value: pulumi.Output<string>): pulumi.Output<string> {
  return value.apply((text) =>
    createHash("sha256").update(`gitlab-runner-pool ${role}: ${text}`).digest("hex").slice(0, 16),
  );
}
