import { join } from "node:path";
import { unpackPackage } from "./apt";
import { makeFolderAtomic } from "./atomic-folder";
import type { Context } from "./context";
import { isInstalled } from "./files";

const PROGRAM = "tinyproxy";

/** The package with only the program. The package `tinyproxy` would start a service. */
const PACKAGE = "tinyproxy-bin";

/**
 * Returns tinyproxy, the forward proxy of the tests: the installed program, or the one from the
 * unpacked Debian package.
 * @param note receives the progress of slow steps
 */
export async function installTinyproxy(
  { paths, commands }: Pick<Context, "paths" | "commands">,
  note: (text: string) => void,
): Promise<string> {
  if (await isInstalled(PROGRAM)) return PROGRAM;
  const folder = join(paths.cache, PROGRAM);
  await makeFolderAtomic(folder, "a forward proxy", async (draft) => {
    note("unpacking tinyproxy from its Debian package");
    await unpackPackage(commands, PACKAGE, draft);
  });
  return join(folder, "usr/bin", PROGRAM);
}
