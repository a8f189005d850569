import { isPlainObject, parseJson } from "../../json";
import { findNearest } from "../../suggest";
import { registryUser } from "../../values";
import { andThen, type EntryProblem, type Parsed, type SettingType } from "../type";
import { isDockerConfig, readDockerConfig } from "./docker-config";
import { DOCKER_HUB, HUB_KEY } from "./registry-address";
import { readRegistryHost } from "./registry-host";
import { registryPassword } from "./registry-password";

/** A user of a registry. */
export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
}

/** Logins by the registry's host, in lower case. Docker Hub is `docker.io`. */
export type JobRegistries = Readonly<Record<string, RegistryLogin>>;

/** The maximum length in UTF-8. It is far below that of a swarm secret. */
const MAX_BYTES = 64 * 1024;

const RULE =
  'must map hosts to logins, such as {"registry.example.com": {"username": "ci", "password": "…"}}, or be the text of a docker config.json';

/** An entry as the user wrote it. */
interface Entry {
  readonly name: string;
  readonly host: Parsed<string>;
  readonly login: Parsed<RegistryLogin>;
  /** `pulumi config set --path` split the host at its dots. */
  readonly isSplit: boolean;
}

/**
 * Logins of registries: an object, the same as JSON, or the text of a docker config.json. In code
 * and in stack config, `@PATH` stands for the content of a file. A message never shows a user or a
 * password.
 */
export const jobRegistries: SettingType<JobRegistries, JobRegistries | string> = {
  label: "map, JSON or `@PATH`",
  isHidden: true,
  namesFile: { maxBytes: MAX_BYTES },
  parse: (written) => andThen(readObject(written), readRegistries),
  format: (value) => JSON.stringify(value),
  secretParts: (value) =>
    Object.values(value).flatMap((login) => [login.password, encodeLogin(login)]),
};

/** Formats logins as a docker config.json. */
export function formatDockerConfig(registries: JobRegistries): string {
  const auths = Object.entries(registries).map(([host, login]) => [
    host === DOCKER_HUB ? HUB_KEY : host,
    { auth: encodeLogin(login) },
  ]);
  return JSON.stringify({ auths: Object.fromEntries(auths) as object });
}

/** Encodes a login as in HTTP's header `Authorization` and in a docker config.json. */
function encodeLogin({ username, password }: RegistryLogin): string {
  return Buffer.from(`${username}:${password}`).toString("base64");
}

function readObject(written: unknown): Parsed<Readonly<Record<string, unknown>>> {
  if (typeof written === "string" && written.trim().startsWith("@")) {
    return {
      problem: `${RULE}; only stack config and plain arguments can name a file with @`,
    };
  }
  const bytes = measure(typeof written === "string" ? written : JSON.stringify(written ?? null));
  if (bytes > MAX_BYTES) return { problem: `must be at most ${MAX_BYTES} bytes; it has ${bytes}` };
  const value =
    typeof written === "string" ? parseJson(written.replace(/^\ufeff/, "").trim()) : written;
  if (isPlainObject(value)) return { value };
  if (value !== undefined || typeof written !== "string") return { problem: RULE };
  const mayBePath = /^[^\s{[][^\r\n]*$/.test(written.trim());
  const hint = mayBePath
    ? ", or a path with @ in front, which stack config and plain arguments can have"
    : "";
  return { problem: `${RULE}${hint}; it is not JSON` };
}

function measure(text: string): number {
  return new TextEncoder().encode(text).length;
}

function readRegistries(written: Readonly<Record<string, unknown>>): Parsed<JobRegistries> {
  return andThen<readonly Entry[], JobRegistries>(readEntries(written), (entries) => {
    if (entries.length === 0) return { problem: `${RULE}; it has no registry` };
    const problems = [...entries.flatMap(listProblems), ...findRepeated(entries)];
    if (problems.length > 0) {
      return { problem: problems.map(({ problem }) => problem).join("; "), entries: problems };
    }
    const logins = entries.flatMap(({ host, login }) =>
      "value" in host && "value" in login ? [[host.value, login.value] as const] : [],
    );
    return { value: Object.fromEntries(logins.sort(([a], [b]) => (a < b ? -1 : 1))) };
  });
}

function readEntries(written: Readonly<Record<string, unknown>>): Parsed<readonly Entry[]> {
  if (!isDockerConfig(written)) {
    const entries = Object.entries(written).map(([name, login]) => ({
      name,
      host: readRegistryHost(name),
      login: readLogin(name, login),
      isSplit: containsOnlyObjects(login),
    }));
    return { value: entries };
  }
  return andThen(readDockerConfig(written), (auths) => ({
    value: auths.map(({ name, login }) => ({
      name,
      host: readRegistryHost(name, "url"),
      login: andThen(login, (found) => readLogin(name, found)),
      isSplit: false,
    })),
  }));
}

function containsOnlyObjects(value: unknown): boolean {
  const inside = isPlainObject(value) ? Object.values(value) : [];
  return inside.length > 0 && inside.every(isPlainObject);
}

function listProblems({ name, host, login, isSplit }: Entry): readonly EntryProblem[] {
  if (isSplit) {
    const problem = `must name each registry by its HOST[:PORT], and ${JSON.stringify(name)} contains only objects, because a path is split at each dot: remove it, and quote the host, such as jobRegistries["registry.example.com"].username`;
    return [{ name, problem, isNameInvalid: true }];
  }
  if ("problem" in host) return [{ name, problem: host.problem, isNameInvalid: true }];
  return "problem" in login ? [{ name, problem: login.problem }] : [];
}

/** Finds registries that are there twice, under different names. */
function findRepeated(entries: readonly Entry[]): readonly EntryProblem[] {
  const names = new Map<string, string>();
  return entries.flatMap(({ name, host }) => {
    if ("problem" in host) return [];
    const other = names.get(host.value);
    names.set(host.value, name);
    if (other === undefined) return [];
    const problem = `must not repeat a registry, but ${JSON.stringify(other)} and ${JSON.stringify(name)} are the same one: remove it once`;
    return [{ name, problem }];
  });
}

const FIELDS = ["username", "password"] as const;

function readLogin(name: string, written: unknown): Parsed<RegistryLogin> {
  const of = JSON.stringify(name);
  if (!isPlainObject(written)) {
    return {
      problem: `must have a username and a password for ${of}: write {"username": "ci", "password": "…"}`,
    };
  }
  const unknown = Object.keys(written).find((field) => !FIELDS.some((known) => known === field));
  if (unknown !== undefined) {
    const hint = findNearest(unknown, FIELDS);
    return {
      problem: `must have only username and password for ${of}, but has ${JSON.stringify(unknown)}: ${hint === undefined ? "write username and password" : `did you mean ${hint}?`}`,
    };
  }
  const missing = FIELDS.find((field) => written[field] === undefined);
  if (missing !== undefined) {
    return { problem: `must have a ${missing} for ${of}, which is missing: set it` };
  }
  const username = registryUser.parse(written["username"]);
  if ("problem" in username) {
    return { problem: `has an invalid username for ${of}, which ${username.problem}: set another` };
  }
  const password = registryPassword.parse(written["password"]);
  if ("problem" in password) {
    return { problem: `has an invalid password for ${of}, which ${password.problem}: set another` };
  }
  return { value: { username: username.value, password: password.value } };
}
