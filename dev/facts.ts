import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { writeFileAtomic } from "./files";
import { findPaths } from "./paths";

const toolSchema = z.object({
  /** Path of the `pulumi` program. */
  pulumi: z.string(),
  /**
   * What Pulumi needs besides a backend: PATH (with the language host), PULUMI_HOME (with the
   * plugins), passphrase.
   */
  pulumiEnv: z.record(z.string(), z.string()),
  /** Path of the gitlab-runner program in the base image. */
  gitlabRunner: z.string(),
});

/** Names of the images in the engine. No registry has them. */
export const imageFacts = z.object({
  base: z.string(),
  node: z.string(),
  helper: z.string(),
  job: z.string(),
});

const platformSchema = z.object({
  ...toolSchema.shape,
  /** The engine's socket, in DOCKER_HOST's format. */
  dockerHost: z.string(),
  /** The host's address as containers see it. */
  hostAddress: z.string(),
  /** A registry without login, as `HOST:PORT`. */
  registry: z.string(),
  images: imageFacts,
  /** The platform's fake GitLab. */
  gitlab: z.object({
    url: z.string(),
    /** File with an administrator's personal access token. */
    tokenFile: z.string(),
  }),
});

/** The programs that the local platform provides: `.local/tools.json`. */
export type ToolFacts = z.infer<typeof toolSchema>;

/** What a running local platform provides: `.local/platform.json`. */
export type PlatformFacts = z.infer<typeof platformSchema>;

const TOOLS = "tools.json";
const PLATFORM = "platform.json";

/** @param state the platform's state folder */
export function writeTools(state: string, facts: ToolFacts): Promise<void> {
  return write(join(state, TOOLS), facts);
}

/** @param state the platform's state folder */
export function writeFacts(state: string, facts: PlatformFacts): Promise<void> {
  return write(join(state, PLATFORM), facts);
}

/**
 * Reads which programs the platform provides. They need neither an engine nor a swarm.
 * @param state the platform's state folder. @default that of this checkout
 * @throws Error that says how to get them
 */
export function readTools(state: string = findPaths().state): Promise<ToolFacts> {
  return read(join(state, TOOLS), toolSchema);
}

/**
 * Reads what this checkout's local platform provides.
 * @param state the platform's state folder. @default that of this checkout
 * @throws Error that says how to start the platform
 */
export function readFacts(state: string = findPaths().state): Promise<PlatformFacts> {
  return read(join(state, PLATFORM), platformSchema);
}

function write(file: string, facts: object): Promise<void> {
  return writeFileAtomic(file, `${JSON.stringify(facts, undefined, 2)}\n`);
}

async function read<T>(file: string, schema: z.ZodMiniType<T>): Promise<T> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Error(
      `the local platform is not up: cannot read ${file}. Start it with \`npm run platform\`; \`npm test\` starts it by itself.`,
      { cause },
    );
  });
  return schema.parse(JSON.parse(text));
}
