import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { writeFileWhole } from "./files";
import { findPaths } from "./paths";

const toolSchema = z.object({
  /** Path of the `pulumi` program. */
  pulumi: z.string(),
  /** What Pulumi needs besides a backend: PATH (with the language host), PULUMI_HOME (with the plugins), passphrase. */
  pulumiEnv: z.record(z.string(), z.string()),
  /** Path of the gitlab-runner program that is in the base image. */
  gitlabRunner: z.string(),
});

/** Names of the images in the engine; they are in no registry. */
export const imageFacts = z.object({
  base: z.string(),
  node: z.string(),
  helper: z.string(),
  job: z.string(),
});

const platformSchema = z.object({
  ...toolSchema.shape,
  /** The engine's socket, as DOCKER_HOST takes it. */
  dockerHost: z.string(),
  /** Address of the host as containers see it. */
  hostAddress: z.string(),
  /** Registry without login, as `HOST:PORT`. */
  registry: z.string(),
  images: imageFacts,
  /** The stand-in GitLab of the platform. */
  gitlab: z.object({
    url: z.string(),
    /** File with a personal access token of an administrator. */
    tokenFile: z.string(),
  }),
});

/** Programs that the local platform has at hand: `.local/tools.json`. */
export type ToolFacts = z.infer<typeof toolSchema>;

/** What a running local platform offers: `.local/platform.json`. */
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
 * Reads which programs are at hand; neither an engine nor a swarm is needed for them.
 * @param state the platform's state folder. @default that of this checkout
 * @throws Error that says how to get them
 */
export function readTools(state: string = findPaths().state): Promise<ToolFacts> {
  return read(join(state, TOOLS), toolSchema);
}

/**
 * Reads what the local platform of this checkout offers.
 * @param state the platform's state folder. @default that of this checkout
 * @throws Error that says how to bring the platform up
 */
export function readFacts(state: string = findPaths().state): Promise<PlatformFacts> {
  return read(join(state, PLATFORM), platformSchema);
}

function write(file: string, facts: object): Promise<void> {
  return writeFileWhole(file, `${JSON.stringify(facts, undefined, 2)}\n`);
}

async function read<T>(file: string, schema: z.ZodMiniType<T>): Promise<T> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Error(
      `the local platform is not up: ${file} cannot be read; \`npm run platform\` brings it up, \`npm test\` does so by itself`,
      { cause },
    );
  });
  return schema.parse(JSON.parse(text));
}
