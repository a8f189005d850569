import { isPlainObject } from "../../json";
import type { Parsed } from "../type";

/** An entry of a docker config.json, named by its registry as it is written there. */
interface DockerAuth {
  readonly name: string;
  /** With the fields `username` and `password` as far as they are there. */
  readonly login: Parsed<object>;
}

/** Keys by which a docker config.json is recognized. No registry has such a host. */
const KEYS = ["auths", "credsStore", "credHelpers"];

/** What `docker login` stores beside the login of Docker Hub if a user logs in in a browser. */
const WEB_LOGIN = /^(?:https:\/\/)?index\.docker\.io\/v1\/(?:access|refresh)-token\/?$/;

/** Whether an object is the content of a docker config.json. */
export function isDockerConfig(value: Readonly<Record<string, unknown>>): boolean {
  return KEYS.some((key) => Object.hasOwn(value, key));
}

/**
 * Reads the logins of a docker config.json. Other keys are ignored. Credential helpers are rejected
 * because the runner image does not have these programs.
 */
export function readDockerConfig(
  config: Readonly<Record<string, unknown>>,
): Parsed<readonly DockerAuth[]> {
  const helper = ["credsStore", "credHelpers"].find((key) => isSet(config[key]));
  if (helper !== undefined) {
    return {
      problem: `must contain the logins themselves, but this docker config.json has ${helper}, which names programs that the runner image does not have: set the username and the password of each registry`,
    };
  }
  const { auths } = config;
  if (!isPlainObject(auths) || Object.keys(auths).length === 0) {
    return {
      problem:
        "must have logins, but this docker config.json has none in auths: use one that `docker login` wrote without a credential helper",
    };
  }
  if (Object.keys(auths).some((name) => WEB_LOGIN.test(name))) {
    return {
      problem:
        "must have logins that last, but this docker config.json has a short-lived web login of Docker Hub: create an access token at Docker Hub, and set your user as the username and the access token as the password of docker.io",
    };
  }
  return {
    value: Object.entries(auths).map(([name, auth]) => ({ name, login: read(name, auth) })),
  };
}

function isSet(value: unknown): boolean {
  return isPlainObject(value) ? Object.keys(value).length > 0 : value !== undefined && value !== "";
}

function read(name: string, written: unknown): Parsed<object> {
  const of = JSON.stringify(name);
  if (!isPlainObject(written)) {
    return { problem: `must have an object for ${of} in auths: write {"auth": "…"}` };
  }
  const { auth, username, password } = written;
  const token = ["identitytoken", "registrytoken"].find((key) => isSet(written[key]));
  if (token !== undefined) {
    return {
      problem: `must have a username and a password for ${of}, not ${token === "identitytoken" ? "an" : "a"} ${token}, which expires: use a password or an access token that lasts`,
    };
  }
  if (isSet(auth)) return decode(of, auth);
  if (isSet(username) || isSet(password)) {
    return {
      value: Object.fromEntries(
        Object.entries({ username, password }).filter(([, one]) => one !== undefined),
      ),
    };
  }
  return {
    problem: `has no login for ${of}, because a credential helper of another machine holds it: set its username and password`,
  };
}

/** Decodes `auth`, the Base64 of `USER:PASSWORD`. */
function decode(of: string, auth: unknown): Parsed<object> {
  const rule = `must have the Base64 of USER:PASSWORD as auth for ${of}: set username and password instead`;
  if (typeof auth !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/.test(auth)) return { problem: rule };
  try {
    const bytes = Buffer.from(auth, "base64");
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const [, username, password = ""] = /^([^:]*):(.*)$/s.exec(text) ?? [];
    // Docker pads some logins with NUL.
    return username === undefined
      ? { problem: rule }
      : { value: { username, password: password.replace(/\0+$/, "") } };
  } catch {
    return { problem: rule };
  }
}
