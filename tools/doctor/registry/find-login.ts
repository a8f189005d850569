import { findCredentials, type Credentials } from "../../../components/image/registry-credentials";
import type { RegistrySettings } from "../../../stack/stack-settings";

/** A login, and where a user changes it. */
export interface RegistryLogin {
  /** Undefined for anonymous requests. */
  readonly credentials: Credentials | undefined;
  /** How a user sets another login. */
  readonly remedy: string;
  /** Problems that may hide a login. */
  readonly warnings: readonly string[];
}

/**
 * Finds the login with which `pulumi up` pushes: that in the settings, or that of `docker login`.
 */
export async function findRegistryLogin(
  { host, username, password }: RegistrySettings,
  env: Readonly<Record<string, string | undefined>>,
): Promise<RegistryLogin> {
  if (username !== undefined && password !== undefined) {
    const remedy = "correct `registry.username` and `registry.password`";
    return { credentials: { username, password }, remedy, warnings: [] };
  }
  const warnings: string[] = [];
  const credentials = await findCredentials(host, env, (problem) => warnings.push(problem));
  const remedy = `run \`docker login ${host}\`, or set \`registry.username\` and \`registry.password\``;
  return { credentials, remedy, warnings };
}
