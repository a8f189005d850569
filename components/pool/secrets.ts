import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { toKebabCase } from "../../contract/kebab-case";
import { getSecretFile } from "../../contract/replica-paths";
import type { SettingKey } from "../../contract/settings/keys";
import { digestOf, nameVersion } from "./versioned-name";

/** A swarm secret and its file in a replica. */
export interface PoolSecret {
  /** The setting whose value it holds. */
  readonly key: SettingKey;
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly file: pulumi.Input<string>;
}

/** Creates a swarm secret for each secret setting of a pool. @param values by the setting's key */
export function createSecrets(
  parent: pulumi.Resource,
  name: string,
  serviceName: pulumi.Output<string>,
  values: ReadonlyMap<SettingKey, pulumi.Input<string>>,
): readonly PoolSecret[] {
  return [...values].map(([key, value]) =>
    createSecret(parent, name, serviceName, { key, value, file: getSecretFile(key) }),
  );
}

/**
 * Creates a swarm secret. Swarm cannot change a secret, so a new value needs a new secret with a
 * new name. The new secret is created before the service switches to it, and the old one is deleted
 * after that.
 */
export function createSecret(
  parent: pulumi.Resource,
  name: string,
  serviceName: pulumi.Output<string>,
  { key, value, file }: Pick<PoolSecret, "key" | "file"> & { readonly value: pulumi.Input<string> },
): PoolSecret {
  const role = toKebabCase(key);
  const secret = pulumi.secret(value);
  const resource = new docker.Secret(
    `${name}-${role}`,
    {
      name: nameVersion(parent, name, serviceName, role, digestValue(role, secret)),
      data: secret.apply((text) => Buffer.from(text).toString("base64")),
    },
    // The provider assumes that an explicit name is still taken. By default it would delete the old
    // secret first, while it is in use.
    { parent, deleteBeforeReplace: false },
  );
  return { key, id: resource.id, name: resource.name, file };
}

/**
 * Computes a digest that changes with the value. A token is random, so 64 bits of its digest do not
 * reveal it. A password can be guessed from its digest, so that digest is a secret, too.
 */
function digestValue(role: string, secret: pulumi.Output<string>): pulumi.Output<string> {
  const digest = digestOf(role, secret);
  return role === "token" ? pulumi.unsecret(digest) : digest;
}
