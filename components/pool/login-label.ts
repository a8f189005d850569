import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { REGISTRY_LOGIN_LABEL } from "../../contract/swarm";
import { findDockerProvider } from "../engine";
import { LoginProvider } from "../registry/login-provider";
import type { Label } from "./owner";

/** Length in bytes of the label's value. */
const VALUE_BYTES = 4;

/**
 * Creates the label that changes with the login of the registry. Swarm gets a new login only with
 * an update of the service, and the provider updates the service only if a property changes. A
 * label of a service is not part of its replicas, so no replica restarts. The value is random: a
 * password could be guessed from a digest.
 * @returns nothing if the login does not come from the pool's docker provider, or was found on this
 *   machine, where a short-lived token would be a change in every update
 */
export function createLoginLabel(pool: pulumi.Resource, name: string): readonly Label[] {
  const provider = findDockerProvider(pool);
  if (!(provider instanceof LoginProvider)) return [];
  const digest = provider.login.apply(({ username, password }) =>
    createHash("sha256")
      .update(JSON.stringify(["gitlab-runner-pool registry login", username, password]))
      .digest("hex")
      .slice(0, 16),
  );
  const id = new random.RandomId(
    `${name}-registry-login-id`,
    { byteLength: VALUE_BYTES, keepers: { "registry-login": pulumi.secret(digest) } },
    { parent: pool },
  );
  return [{ label: REGISTRY_LOGIN_LABEL, value: id.hex }];
}
