import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { nameCertificateFiles } from "../../contract/certificate-files";
import { toKebabCase } from "../../contract/kebab-case";
import { CERTIFICATES_FOLDER } from "../../contract/replica-paths";
import { settingOf, type SettingKey } from "../../contract/settings/keys";
import type { PoolSettings } from "../settings/pool-settings";
import { createSecret, type PoolSecret } from "./secrets";
import { digestOf, nameVersion } from "./versioned-name";

/** A swarm config and its file in a replica. */
export interface PoolConfig {
  readonly id: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;
  readonly file: pulumi.Output<string>;
}

/** The certificates for GitLab: what is public is in swarm configs, the private key in a secret. */
export interface PoolCertificates {
  readonly configs: readonly PoolConfig[];
  readonly secrets: readonly PoolSecret[];
}

/**
 * Creates a swarm config or a swarm secret for each certificate of a pool. The replicas get them at
 * the paths where gitlab-runner looks for the certificates for this GitLab.
 */
export function createCertificates(
  parent: pulumi.Resource,
  name: string,
  serviceName: pulumi.Output<string>,
  { certificates, gitlabUrl }: Pick<PoolSettings, "certificates" | "gitlabUrl">,
): PoolCertificates {
  const configs: PoolConfig[] = [];
  const secrets: PoolSecret[] = [];
  for (const [key, value] of certificates) {
    const { certificateFile, secret } = settingOf(key);
    if (certificateFile === undefined) continue;
    const file = gitlabUrl.apply(
      (url) => `${CERTIFICATES_FOLDER}/${nameCertificateFiles(url)[certificateFile]}`,
    );
    if (secret === true) {
      secrets.push(createSecret(parent, name, serviceName, { key, value, file }));
    } else configs.push(createConfig(parent, name, serviceName, { key, value, file }));
  }
  return { configs, secrets };
}

/** Creates a swarm config. Swarm cannot change one, so a new value needs a new one, as a secret. */
function createConfig(
  parent: pulumi.Resource,
  name: string,
  serviceName: pulumi.Output<string>,
  given: Pick<PoolConfig, "file"> & {
    readonly key: SettingKey;
    readonly value: pulumi.Input<string>;
  },
): PoolConfig {
  const role = toKebabCase(given.key);
  const value = pulumi.output(given.value);
  const resource = new docker.ServiceConfig(
    `${name}-${role}`,
    {
      name: nameVersion(parent, name, serviceName, role, digestOf(role, value)),
      // A certificate is public, but as Base64 it would only make diffs long.
      data: pulumi.secret(value.apply((text) => Buffer.from(text).toString("base64"))),
    },
    // Otherwise the provider would delete the old config first, while it is in use.
    { parent, deleteBeforeReplace: false },
  );
  return { id: resource.id, name: resource.name, file: given.file };
}
