import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { findArchive, installPackages, isRoot, unpackPackage, type Archive } from "../apt";
import type { Context } from "../context";
import { exists, removeTree } from "../files";
import { ExpectedError } from "../expected-error";
import { makeFolderAtomic } from "../atomic-folder";

/**
 * Installed on top of Debian's minimal system: what shell jobs and helpers find in gitlab-runner's
 * own images.
 */
const PACKAGES = ["ca-certificates", "dumb-init", "git"];

/** Nothing in the image uses these at run time. */
const OMITTED = [
  "./dev/*",
  "./usr/share/doc/*",
  "./usr/share/info/*",
  "./usr/share/locale/*",
  "./usr/share/man/*",
  "./var/cache/*",
  "./var/lib/apt/lists/*",
  "./var/log/*",
];

/**
 * Libraries that every base image has. A Node.js binary that needs others cannot be copied into it.
 */
const PLAIN_LIBRARIES =
  /^(linux-vdso|ld-linux-[\w-]+|libc|libdl|libgcc_s|libm|libpthread|librt|libstdc\+\+)\.so/;

/**
 * Folder with `rootfs.tar.gz`, a small system of this machine's distribution, kept in the cache.
 * @throws ExpectedError when the cache does not have it and this user cannot build it
 */
export async function ensureSystem(
  context: Context,
  note: (text: string) => void,
): Promise<string> {
  const archive = await findArchive(context.commands);
  const recipe = JSON.stringify([archive.suite, process.arch, PACKAGES, OMITTED]);
  const hash = createHash("sha256").update(recipe).digest("hex").slice(0, 12);
  const folder = join(context.paths.cache, `system-${archive.suite}-${hash}`);
  await makeFolderAtomic(folder, "a root file system", async (draft) => {
    note(`building a system of ${archive.suite} with debootstrap`);
    await bootstrap(context, archive, draft);
  });
  return folder;
}

async function bootstrap(
  { commands, record }: Context,
  archive: Archive,
  draft: string,
): Promise<void> {
  if (!isRoot()) {
    throw new ExpectedError(
      "no registry with GitLab's images can be reached, and only root can build replacements with debootstrap. Run this once as root; the result is kept.",
    );
  }
  await record.add(
    "packages",
    ...(await installPackages(commands, ["debootstrap"], "a base image")),
  );
  const root = join(draft, "root");
  // In its own mount and process namespaces, an interruption leaves nothing mounted or running.
  await commands.run("unshare", [
    ...["--mount", "--pid", "--fork", "--kill-child", "debootstrap", "--variant=minbase"],
    ...[`--include=${PACKAGES.join(",")}`, `--components=${archive.components.join(",")}`],
    ...[archive.suite, root, archive.mirror],
  ]);
  await commands.run("tar", [
    ...["--create", "--file", join(draft, "rootfs.tar.gz"), "--use-compress-program=gzip -1"],
    ...["--numeric-owner", "--directory", root],
    ...[...OMITTED.map((pattern) => `--exclude=${pattern}`), "."],
  ]);
  await removeTree(root);
}

/** Folder with a statically linked `busybox`. */
export async function ensureBusybox({ commands, paths }: Context): Promise<string> {
  const folder = join(paths.cache, "busybox");
  await makeFolderAtomic(folder, "busybox", async (draft) => {
    const package_ = join(draft, "package");
    await mkdir(package_);
    await unpackPackage(commands, "busybox-static", package_);
    const merged = join(package_, "usr/bin/busybox");
    const program = (await exists(merged)) ? merged : join(package_, "bin/busybox");
    await commands.run("mv", [program, join(draft, "busybox")]);
    await removeTree(package_);
  });
  return folder;
}

/**
 * Folder with a `node` binary that needs only the base image's libraries: the running one, or the
 * same version from npm.
 */
export async function ensureNode({ commands, paths }: Context): Promise<string> {
  const folder = join(paths.cache, `node-${process.version}`);
  await makeFolderAtomic(folder, "node", async (draft) => {
    if (isPlain(await commands.read("ldd", [process.execPath]))) {
      await commands.run("cp", ["--reflink=auto", process.execPath, join(draft, "node")]);
      return;
    }
    const package_ = `node-linux-${process.arch}`;
    await commands.run("npm", [
      ...["install", "--ignore-scripts", "--no-save", "--prefix", draft],
      `${package_}@${process.versions.node}`,
    ]);
    const program = join(draft, "node_modules", package_, "bin/node");
    await commands.run("mv", [program, join(draft, "node")]);
    await removeTree(join(draft, "node_modules"));
  });
  return folder;
}

/** True if ldd lists only libraries that every glibc system has. */
function isPlain(ldd: string): boolean {
  const names = ldd.split("\n").map((line) => line.trim().split(" ")[0] ?? "");
  return names.every((name) => PLAIN_LIBRARIES.test(name.replace(/^.*\//, "")));
}
