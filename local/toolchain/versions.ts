import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";

/** An exact version: what a plugin's folder is named after, so no range will do. */
const exact = z.string().check(z.regex(/^\d+\.\d+\.\d+$/, "must be an exact version"));

const schema = z.object({
  /** Pulumi's engine, where it is downloaded or built. */
  pulumi: exact,
  /** The oldest engine that is used when it is found on PATH. */
  pulumiMinimum: exact,
  gitlabRunner: exact,
  /** Start of the commit that the module version in runner/go.mod names. */
  gitlabRunnerRevision: z.string(),
});

const packageSchema = z.object({
  dependencies: z.object({ "@pulumi/docker": exact, "@pulumi/random": exact }),
});

/** Every version that the local platform installs; go.mod files pin the modules that they are built from. */
export interface Versions extends z.infer<typeof schema> {
  /** Plugins have the versions of the npm packages that call them. */
  readonly plugins: { readonly docker: string; readonly random: string };
}

/** Reads the versions from versions.json and package.json. */
export async function readVersions(project: string): Promise<Versions> {
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(project, file), "utf8"));
  const { dependencies } = packageSchema.parse(await read("package.json"));
  return {
    ...schema.parse(await read("local/toolchain/versions.json")),
    plugins: { docker: dependencies["@pulumi/docker"], random: dependencies["@pulumi/random"] },
  };
}

/** True if a version as programs print it (`v3.256.0`, `3.257.0-dev.1+abc`) is of the same major and not older. */
export function serves(version: string, minimum: string): boolean {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version.trim())?.slice(1).map(Number);
  if (found === undefined) return false;
  const least = minimum.split(".").map(Number);
  if (found[0] !== least[0]) return false;
  const differs = found.findIndex((part, i) => part !== least[i]);
  return differs === -1 || (found[differs] ?? 0) > (least[differs] ?? 0);
}
