import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Commands } from "./commands";
import { ExpectedError } from "./expected-error";

const APT_ENV = { DEBIAN_FRONTEND: "noninteractive" };
const APT_OPTIONS = ["--yes", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"];

/** True if this process may install packages and start an engine. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** The packages in the list that are not installed. */
async function listMissing(commands: Commands, packages: readonly string[]): Promise<string[]> {
  const states = await Promise.all(
    packages.map((name) =>
      commands.read("dpkg-query", ["--show", "--showformat", "${db:Status-Status}", name]).catch(
        // dpkg-query fails for a package that is not in its database.
        () => "unknown",
      ),
    ),
  );
  return packages.filter((_, i) => states[i] !== "installed");
}

/**
 * Installs the distribution packages that are missing.
 * @param purpose what needs them, as in "PURPOSE needs the packages …"
 * @returns the packages that it installed
 * @throws ExpectedError when a package is missing and this user cannot install it
 */
export async function installPackages(
  commands: Commands,
  packages: readonly string[],
  purpose: string,
): Promise<string[]> {
  const missing = await listMissing(commands, packages);
  if (missing.length === 0) return [];
  if (!isRoot()) {
    throw new ExpectedError(
      `${purpose} needs the packages ${missing.join(", ")}, and only root can install them. Run \`apt-get install ${missing.join(" ")}\` as root.`,
    );
  }
  await withFreshLists(commands, () =>
    commands.run("apt-get", [...APT_OPTIONS, "install", "--no-install-recommends", ...missing], {
      env: APT_ENV,
    }),
  );
  return missing;
}

/**
 * Unpacks a distribution package into a folder without installing it. No service starts, and root
 * is not required.
 * @param folder exists and is empty
 */
export async function unpackPackage(
  commands: Commands,
  name: string,
  folder: string,
): Promise<void> {
  await withFreshLists(commands, () =>
    commands.run("apt-get", ["-o", "APT::Sandbox::User=root", "download", name], { cwd: folder }),
  );
  const file = (await readdir(folder)).find((entry) => entry.endsWith(".deb"));
  if (file === undefined) throw new Error(`apt-get download ${name} left no file`);
  await commands.run("dpkg-deb", ["--extract", join(folder, file), folder]);
}

/**
 * Runs the work. If it fails, repairs the usual causes (outdated package lists, an interrupted
 * dpkg) and tries again.
 */
async function withFreshLists(commands: Commands, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isRoot()) throw error;
    await commands.run("dpkg", ["--configure", "-a"], { env: APT_ENV });
    await commands.run("apt-get", [...APT_OPTIONS, "update"], { env: APT_ENV });
    await work();
  }
}

/** The distribution's main archive, in debootstrap's terms. */
export interface Archive {
  readonly suite: string;
  readonly mirror: string;
  readonly components: readonly string[];
}

/**
 * The archive that apt uses for this machine's own release.
 * @throws Error when apt has no such archive
 */
export async function findArchive(commands: Commands): Promise<Archive> {
  const targets = await commands.read("apt-get", [
    "indextargets",
    ...["--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages"],
  ]);
  const codename = await commands.read("sh", ["-c", '. /etc/os-release; echo "$VERSION_CODENAME"']);
  return chooseArchive(targets, codename);
}

/**
 * Picks a release's archive from lines of the form `URI SUITE COMPONENT`, with the components that
 * it offers.
 */
function chooseArchive(targets: string, suite: string): Archive {
  const rows = targets.split("\n").map((line) => line.split(" "));
  const mirror = rows.find(([, of, component]) => of === suite && component === "main")?.[0];
  if (mirror === undefined) throw new Error(`apt has no archive for ${suite} in its sources`);
  const components = rows
    .filter(([uri, of]) => uri === mirror && of === suite)
    .flatMap(([, , component]) => component ?? []);
  return { suite, mirror, components: [...new Set(components)] };
}
