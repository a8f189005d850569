import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { findArchive, installPackages, isRoot, unpackPackage, type Archive } from "../apt";
import type { Context } from "../context";
import { exists, removeTree } from "../files";
import { Refusal } from "../refusal";
import { makeFolder } from "../whole-folder";

/** In the system beside what Debian calls minimal: what gitlab-runner's own images offer to shell jobs and helpers. */
const PACKAGES = ["ca-certificates", "dumb-init", "git"];

/** Nothing that runs needs these. */
const LEFT_OUT = [
  "./dev/*",
  "./usr/share/doc/*",
  "./usr/share/info/*",
  "./usr/share/locale/*",
  "./usr/share/man/*",
  "./var/cache/*",
  "./var/lib/apt/lists/*",
  "./var/log/*",
];

/** Libraries that the base image surely has; a Node that needs others cannot be copied into it. */
const PLAIN_LIBRARIES =
  /^(linux-vdso|ld-linux-[\w-]+|libc|libdl|libgcc_s|libm|libpthread|librt|libstdc\+\+)\.so/;

/**
 * Folder with `rootfs.tar.gz`, a small system of this machine's distribution, kept in the cache.
 * @throws Refusal when it is not in the cache and this process may not make one
 */
export async function ensureSystem(
  context: Context,
  note: (text: string) => void,
): Promise<string> {
  const archive = await findArchive(context.commands);
  const recipe = JSON.stringify([archive.suite, process.arch, PACKAGES, LEFT_OUT]);
  const hash = createHash("sha256").update(recipe).digest("hex").slice(0, 12);
  const folder = join(context.paths.cache, `system-${archive.suite}-${hash}`);
  await makeFolder(folder, "a root file system", async (draft) => {
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
    throw new Refusal(
      "GitLab's images can be pulled from no registry here, and only root can build stand-ins with debootstrap: run this once as root, the result is kept",
    );
  }
  await record.add(
    "packages",
    ...(await installPackages(commands, ["debootstrap"], "a base image")),
  );
  const root = join(draft, "root");
  // In mount and process namespaces of its own nothing stays mounted or running when it is interrupted.
  await commands.run("unshare", [
    ...["--mount", "--pid", "--fork", "--kill-child", "debootstrap", "--variant=minbase"],
    ...[`--include=${PACKAGES.join(",")}`, `--components=${archive.components.join(",")}`],
    ...[archive.suite, root, archive.mirror],
  ]);
  await commands.run("tar", [
    ...["--create", "--file", join(draft, "rootfs.tar.gz"), "--use-compress-program=gzip -1"],
    ...["--numeric-owner", "--directory", root],
    ...[...LEFT_OUT.map((pattern) => `--exclude=${pattern}`), "."],
  ]);
  await removeTree(root);
}

/** Folder with `busybox`, linked statically. */
export async function ensureBusybox({ commands, paths }: Context): Promise<string> {
  const folder = join(paths.cache, "busybox");
  await makeFolder(folder, "busybox", async (draft) => {
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

/** Folder with a `node` that needs no library beyond the base image's: this one, or the same version from npm. */
export async function ensureNode({ commands, paths }: Context): Promise<string> {
  const folder = join(paths.cache, `node-${process.version}`);
  await makeFolder(folder, "node", async (draft) => {
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

/** True if the output of ldd names only libraries that every glibc system has. */
export function isPlain(ldd: string): boolean {
  const names = ldd.split("\n").map((line) => line.trim().split(" ")[0] ?? "");
  return names.every((name) => PLAIN_LIBRARIES.test(name.replace(/^.*\//, "")));
}
