import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * The swarm secret that holds a pool's token. Swarm's secrets cannot be changed, so a new token makes a new one under a
 * new name: it is there before the service moves to it, and the old one goes after.
 */
export function createTokenSecret(
  parent: pulumi.Resource,
  name: string,
  serviceName: string,
  token: pulumi.Input<string>,
): docker.Secret {
  const secret = pulumi.secret(token);
  const suffix = new random.RandomId(
    `${name}-token-id`,
    { byteLength: 4, keepers: { token: digestOf(secret) } },
    { parent },
  );
  return new docker.Secret(
    `${name}-token`,
    {
      // Swarm allows 64 characters; the service's name is cut, and the suffix keeps the secret's unique.
      name: pulumi.interpolate`${serviceName.slice(0, 49)}-token-${suffix.hex}`,
      data: secret.apply((text) => Buffer.from(text).toString("base64")),
    },
    // The provider takes a name that was set for one that is not free, and would delete the secret in use first.
    { parent, deleteBeforeReplace: false },
  );
}

/** Tells one token from another; from 64 random bits nobody gets the token back. */
function digestOf(token: pulumi.Output<string>): pulumi.Output<string> {
  const digest = token.apply((text) =>
    createHash("sha256").update(`gitlab-runner-pool token: ${text}`).digest("hex").slice(0, 16),
  );
  return pulumi.unsecret(digest);
}
