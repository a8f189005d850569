import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";

/** An exact version, not a range: a plugin's folder is named after it. */
const exact = z.string().check(z.regex(/^\d+\.\d+\.\d+$/, "must be an exact version"));

const schema = z.object({
  /** The version of Pulumi's engine to download or build. */
  pulumi: exact,
  /** The oldest engine on PATH that is used. */
  pulumiMinimum: exact,
  /** Start of the commit in the module version of runner/go.mod. */
  gitlabRunnerRevision: z.string(),
  /** The version in s3-server/go.mod. */
  versitygw: exact,
  /** SHA-256 of downloads by their URL. A download that is not in the list is not verified. */
  sha256: z.optional(z.record(z.url(), z.string().check(z.regex(/^[0-9a-f]{64}$/)))),
});

/** The versions that the runner image is built from. */
const imageSchema = z.object({ gitlabRunner: exact });

const locked = z.object({ version: exact });

const lockSchema = z.object({
  packages: z.object({
    "node_modules/@pulumi/docker": locked,
    "node_modules/@pulumi/random": locked,
  }),
});

/**
 * Every version that the local platform installs. The go.mod files pin the modules of the builds.
 */
export interface Versions extends z.infer<typeof schema>, z.infer<typeof imageSchema> {
  /** Plugins have the versions of their npm packages. */
  readonly plugins: { readonly docker: string; readonly random: string };
}

/** Reads the versions from both files named versions.json and from package-lock.json. */
export async function readVersions(project: string): Promise<Versions> {
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(project, file), "utf8"));
  const { packages } = lockSchema.parse(await read("package-lock.json"));
  return {
    ...schema.parse(await read("dev/toolchain/versions.json")),
    ...imageSchema.parse(await read("contract/versions.json")),
    plugins: {
      docker: packages["node_modules/@pulumi/docker"].version,
      random: packages["node_modules/@pulumi/random"].version,
    },
  };
}

/**
 * True if a printed version (`v3.256.0`, `3.257.0-dev.1+abc`) has the same major version and is not
 * older.
 */
export function serves(version: string, minimum: string): boolean {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version.trim())?.slice(1).map(Number);
  if (found === undefined) return false;
  const least = minimum.split(".").map(Number);
  if (found[0] !== least[0]) return false;
  const differs = found.findIndex((part, i) => part !== least[i]);
  return differs === -1 || (found[differs] ?? 0) > (least[differs] ?? 0);
}
