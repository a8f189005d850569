import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** The folder with the Dockerfile, in this package's root. */
const FOLDER = "runner-image";

/**
 * Finds the build context that comes with this package. The path is relative to the program's
 * folder, where the docker provider starts. The state stores the path, so it must be the same on
 * every machine.
 * @param from a folder of the package
 * @returns undefined if the package was copied without the folder
 */
export function findPackageContext(from: string = __dirname): string | undefined {
  const context = join(from, FOLDER);
  if (existsSync(join(context, "Dockerfile"))) {
    // Nothing else in components/ depends on the current directory.
    return relative(process.cwd(), context);
  }
  const above = dirname(from);
  return above === from ? undefined : findPackageContext(above);
}
