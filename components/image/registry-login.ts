import { DOCKER_HUB, HUB_KEY, isDockerHub } from "../../contract/settings/types/registry-address";
import { askHelper } from "./credential-helper";
import { readDockerConfig, type DockerConfig } from "../../docker-engine/docker-config";

type Env = Readonly<Record<string, string | undefined>>;

/** The login that `docker push` of the same shell would use for a registry. */
export type Login =
  | { readonly kind: "none" }
  /**
   * The provider finds the login itself. The state does not contain it, so a new short-lived token
   * is not a change.
   */
  | { readonly kind: "found" }
  /** The provider cannot find the login, so it gets the login as an argument. */
  | { readonly kind: "explicit"; readonly username: string; readonly password: string };

/** The user name for an identity token. Registries accept this name or any other. */
export const TOKEN_USER = "00000000-0000-0000-0000-000000000000";

/**
 * Finds the login of a registry as docker does: from the registry's credential helper, from the
 * credential store, or from config.json.
 * @param warn called with each problem that may hide a login
 */
export async function findLogin(
  host: string,
  env: Env,
  warn: (sentence: string) => void,
): Promise<Login> {
  const { config, problem } = readDockerConfig(env);
  if (problem !== undefined) warn(`${problem}.`);
  const keys = listKeys(host);
  const helper = findHelper(config, keys);
  if (helper === undefined) return findInFile(config, keys);
  const server = host === DOCKER_HUB ? HUB_KEY : host;
  const answer = await askHelper(helper, server, env);
  switch (answer.kind) {
    case "no login":
      return { kind: "none" };
    case "failed":
      warn(`Cannot read the login for ${host}: ${answer.reason}.`);
      return { kind: "none" };
    case "login":
      // The provider asks the helper itself, but with a wrong name for Docker Hub.
      if (answer.username === "<token>") return buildTokenLogin("", answer.secret);
      return host === DOCKER_HUB
        ? { kind: "explicit", username: answer.username, password: answer.secret }
        : { kind: "found" };
  }
}

/** Lists the keys under which `docker login` may have stored the login of a registry. */
export function listKeys(host: string): readonly string[] {
  return isDockerHub(host)
    ? [HUB_KEY, "index.docker.io", DOCKER_HUB, "registry-1.docker.io", "registry.hub.docker.com"]
    : [host];
}

/** Finds the credential helper of a registry; undefined if config.json has its login. */
export function findHelper(
  { credHelpers, credsStore }: DockerConfig,
  keys: readonly string[],
): string | undefined {
  const own = keys.map((key) => credHelpers[key]).find((name) => name !== undefined && name !== "");
  return own ?? (credsStore === "" ? undefined : credsStore);
}

/** Finds the entry of a registry in config.json. */
export function findEntry(
  { auths }: DockerConfig,
  keys: readonly string[],
): DockerConfig["auths"][string] | undefined {
  return Object.entries(auths).find(
    ([key]) => keys.includes(key) || keys.includes(parseHost(key)),
  )?.[1];
}

function findInFile(config: DockerConfig, keys: readonly string[]): Login {
  const entry = findEntry(config, keys);
  if (entry === undefined) return { kind: "none" };
  const token = entry.identitytoken ?? "";
  if (token !== "") return buildTokenLogin(parseUser(entry.auth), token);
  // An empty entry only records that a helper has the login.
  const has = [entry.auth, entry.username].some((text) => text !== undefined && text !== "");
  return { kind: has ? "found" : "none" };
}

/**
 * The provider supports only a user and a password. Registries that issue identity tokens accept
 * them as the password.
 */
function buildTokenLogin(user: string, token: string): Login {
  return { kind: "explicit", username: user === "" ? TOKEN_USER : user, password: token };
}

/** Reads the user from an `auth` of config.json. */
export function parseUser(auth: string | undefined): string {
  return (
    Buffer.from(auth ?? "", "base64")
      .toString("utf8")
      .split(":")[0] ?? ""
  );
}

/** Reads the host from a key, which may be a URL. */
function parseHost(key: string): string {
  return key.replace(/^https?:\/\//, "").split("/")[0] ?? "";
}
