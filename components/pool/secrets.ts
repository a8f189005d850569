import { createHash } from "node:crypto";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { toKebabCase } from "../../contract/kebab-case";
import { getSecretFile } from "../../contract/replica-paths";
import type { SettingKey } from "../../contract/settings/keys";

/** The longest name that Swarm accepts for a secret. */
const MAX_NAME = 64;

/** Length in bytes of the random suffix in a secret's name. */
const SUFFIX_BYTES = 4;

/** A swarm secret and its file in a replica. */
export interface PoolSecret {
  /** The setting whose value it holds. */
  readonly key: SettingKey;
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly file: string;
}

/** Creates a swarm secret for each secret setting of a pool. @param values by the setting's key */
export function createSecrets(
  parent: pulumi.Resource,
  name: string,
  serviceName: pulumi.Output<string>,
  values: ReadonlyMap<SettingKey, pulumi.Input<string>>,
): readonly PoolSecret[] {
  return [...values].map(([key, value]) => createSecret(parent, name, serviceName, key, value));
}

/**
 * Creates a swarm secret. Swarm cannot change a secret, so a new value needs a new secret with a
 * new name. The new secret is created before the service switches to it, and the old one is deleted
 * after that.
 */
function createSecret(
  parent: pulumi.Resource,
  name: string,
  serviceName: pulumi.Output<string>,
  key: SettingKey,
  value: pulumi.Input<string>,
): PoolSecret {
  const role = toKebabCase(key);
  const secret = pulumi.secret(value);
  const suffix = new random.RandomId(
    `${name}-${role}-id`,
    { byteLength: SUFFIX_BYTES, keepers: { [role]: digestValue(role, secret) } },
    { parent },
  );
  // A long service name is truncated. The suffix keeps the secret's name unique.
  const room = MAX_NAME - role.length - 2 * SUFFIX_BYTES - 2;
  const resource = new docker.Secret(
    `${name}-${role}`,
    {
      name: pulumi.interpolate`${serviceName.apply((text) => text.slice(0, room))}-${role}-${suffix.hex}`,
      data: secret.apply((text) => Buffer.from(text).toString("base64")),
    },
    // The provider assumes that an explicit name is still taken. By default it would delete the old
    // secret first, while it is in use.
    { parent, deleteBeforeReplace: false },
  );
  return { key, id: resource.id, name: resource.name, file: getSecretFile(key) };
}

/**
 * Computes a digest that changes with the value. A token is random, so 64 bits of its digest do not
 * reveal it. A password can be guessed from its digest, so that digest is a secret, too.
 */
function digestValue(role: string, secret: pulumi.Output<string>): pulumi.Output<string> {
  const digest = secret.apply((text) =>
    createHash("sha256").update(`gitlab-runner-pool ${role}: ${text}`).digest("hex").slice(0, 16),
  );
  return role === "token" ? pulumi.unsecret(digest) : digest;
}
