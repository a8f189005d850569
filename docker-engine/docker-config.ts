import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";

type Env = Readonly<Record<string, string | undefined>>;

const text = z.catch(z.optional(z.string()), undefined);

const auth = z.object({
  auth: text,
  username: text,
  password: text,
  identitytoken: text,
});

const schema = z.object({
  auths: z.catch(z.record(z.string(), z.catch(auth, {})), {}),
  credHelpers: z.catch(z.record(z.string(), z.string()), {}),
  credsStore: text,
  currentContext: text,
});

/** The relevant part of the docker command line's config.json. */
export type DockerConfig = z.infer<typeof schema>;

const NOTHING: DockerConfig = schema.parse({});

/** Finds the folder with the docker command line's contexts and, usually, its config.json. */
export function findDockerFolder(env: Env): string {
  const folder = env["DOCKER_CONFIG"];
  if (folder !== undefined && folder !== "") return folder;
  return join(env["HOME"] ?? homedir(), ".docker");
}

/**
 * Reads config.json. If the file is unusable, the docker command line warns and continues without
 * it. This function does the same.
 * @returns an empty config if there is no usable file, and what is wrong with an unusable one
 */
export function readDockerConfig(env: Env): {
  readonly config: DockerConfig;
  readonly problem?: string;
} {
  const path = findConfigFile(env);
  if (!existsSync(path)) return { config: NOTHING };
  try {
    const content = readFileSync(path, "utf8");
    if (content.startsWith("\ufeff")) {
      return {
        config: NOTHING,
        problem: `${path} starts with a byte order mark, which docker rejects: save it as UTF-8 without a byte order mark`,
      };
    }
    return { config: schema.parse(JSON.parse(content)) };
  } catch (error) {
    const reason = error instanceof SyntaxError ? "is not valid JSON" : "cannot be read";
    return {
      config: NOTHING,
      problem: `${path} ${reason}: its logins and context are ignored`,
    };
  }
}

/** DOCKER_CONFIG names a folder. The provider also accepts the file itself. */
function findConfigFile(env: Env): string {
  const folder = findDockerFolder(env);
  const isFile = statSync(folder, { throwIfNoEntry: false })?.isFile() === true;
  return isFile ? folder : join(folder, "config.json");
}
