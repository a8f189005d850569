import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import execa from "execa";

const PROJECT = resolve(__dirname, "../..");

/** The folder of the local GitLab SDK. */
export const GITLAB_SDK = `file:${join(PROJECT, "sdks/gitlab")}`;

/** The packages that the example installs in addition to the package's dependencies. */
const TOOLS = ["node_modules/typescript"];

interface LockedPackage {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly version: string;
}

/**
 * Copies examples/library into a folder and installs the package there as `npm pack` creates it.
 * The other packages have the versions of this project's lock file, so npm finds them in its cache
 * and no other plugin versions are needed.
 * @param more additional packages to install, with the folder of each
 */
export async function installLibraryProgram(
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  await cp(join(PROJECT, "examples/library"), folder, { recursive: true });
  const packed = await execa("npm", ["pack", "--silent", "--pack-destination", folder], {
    cwd: PROJECT,
  });
  const manifest = await readJson<{ dependencies: Record<string, string> }>(folder, "package.json");
  const dependencies = {
    ...manifest.dependencies,
    "gitlab-runner-pool": `file:${packed.stdout}`,
    ...more,
  };
  await writeJson(folder, "package.json", { ...manifest, dependencies });
  await writeJson(folder, "package-lock.json", {
    lockfileVersion: 3,
    requires: true,
    packages: { "": {}, ...(await lockedPackages()) },
  });
  // Copies the folder, because a link would resolve to this project's packages.
  await execa("npm", ["install", "--prefer-offline", "--ignore-scripts", "--install-links"], {
    cwd: folder,
  });
}

/** Lists the production dependencies of this project. */
async function lockedPackages(): Promise<Record<string, LockedPackage>> {
  const { packages } = await readJson<{ packages: Record<string, LockedPackage> }>(
    PROJECT,
    "package-lock.json",
  );
  return Object.fromEntries(
    Object.entries(packages).filter(
      ([path, { dev, link }]) =>
        TOOLS.includes(path) || (path.startsWith("node_modules/") && dev !== true && link !== true),
    ),
  );
}

async function readJson<T>(folder: string, name: string): Promise<T> {
  return JSON.parse(await readFile(join(folder, name), "utf8")) as T;
}

async function writeJson(folder: string, name: string, value: object): Promise<void> {
  await writeFile(join(folder, name), JSON.stringify(value, undefined, 2));
}
