import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { findPaths } from "./paths";
import { writeFileWhole } from "./files";

const schema = z.object({
  /** Path of the `pulumi` program. */
  pulumi: z.string(),
  /** What Pulumi needs besides a backend: PATH (with the language host), PULUMI_HOME (with the plugins), passphrase. */
  pulumiEnv: z.record(z.string(), z.string()),
  /** Path of the gitlab-runner program that is in the base image. */
  gitlabRunner: z.string(),
  /** The engine's socket, as DOCKER_HOST takes it. */
  dockerHost: z.string(),
  /** Address of the host as containers see it. */
  hostAddress: z.string(),
  /** Registry without login, as `HOST:PORT`. */
  registry: z.string(),
  /** Images in the engine; they are in no registry. */
  images: z.object({
    base: z.string(),
    node: z.string(),
    helper: z.string(),
    job: z.string(),
  }),
  /** The stand-in GitLab of the platform. */
  gitlab: z.object({
    url: z.string(),
    /** File with a personal access token of an administrator. */
    tokenFile: z.string(),
  }),
});

/** What a running local platform offers: `.local/platform.json`. */
export type PlatformFacts = z.infer<typeof schema>;

const FILE = "platform.json";

/** @param state the platform's state folder */
export async function writeFacts(state: string, facts: PlatformFacts): Promise<void> {
  await writeFileWhole(join(state, FILE), `${JSON.stringify(facts, undefined, 2)}\n`);
}

/**
 * Reads what the local platform of this checkout offers.
 * @param state the platform's state folder. @default that of this checkout
 * @throws Error that says how to bring the platform up
 */
export async function readFacts(state: string = findPaths().state): Promise<PlatformFacts> {
  const file = join(state, FILE);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Error(
      `the local platform is not up: ${file} cannot be read; \`npm run platform\` brings it up, \`npm test\` does so by itself`,
      { cause },
    );
  });
  return schema.parse(JSON.parse(text));
}
