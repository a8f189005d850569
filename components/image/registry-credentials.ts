import { DOCKER_HUB, HUB_KEY } from "../../contract/settings/types/registry-address";
import { readDockerConfig, type DockerConfig } from "../../docker-engine/docker-config";
import { askHelper } from "./credential-helper";
import { findEntry, findHelper, listKeys, parseUser, TOKEN_USER } from "./registry-login";

type Env = Readonly<Record<string, string | undefined>>;

/** A user and a password or identity token. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Reads the login that `docker push` of the same shell would use for a registry.
 * @param warn called with each problem that may hide a login
 * @returns undefined if there is none
 */
export async function findCredentials(
  host: string,
  env: Env,
  warn: (sentence: string) => void,
): Promise<Credentials | undefined> {
  const { config, problem } = readDockerConfig(env);
  if (problem !== undefined) warn(problem);
  const keys = listKeys(host);
  const helper = findHelper(config, keys);
  if (helper === undefined) return readFromFile(config, keys);
  const answer = await askHelper(helper, host === DOCKER_HUB ? HUB_KEY : host, env);
  switch (answer.kind) {
    case "no login":
      return undefined;
    case "failed":
      warn(`the login for ${host} cannot be read: ${answer.reason}`);
      return undefined;
    case "login":
      return {
        username: answer.username === "<token>" ? TOKEN_USER : answer.username,
        password: answer.secret,
      };
  }
}

function readFromFile(config: DockerConfig, keys: readonly string[]): Credentials | undefined {
  const entry = findEntry(config, keys);
  const { auth = "", identitytoken = "", username = "", password = "" } = entry ?? {};
  if (identitytoken !== "") {
    const user = parseUser(auth);
    return { username: user === "" ? TOKEN_USER : user, password: identitytoken };
  }
  if (auth !== "") {
    const decoded = Buffer.from(auth, "base64").toString("utf8");
    return { username: parseUser(auth), password: decoded.slice(decoded.indexOf(":") + 1) };
  }
  return username === "" ? undefined : { username, password };
}
