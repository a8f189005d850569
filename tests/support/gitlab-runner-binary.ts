import { access, constants } from "node:fs/promises";
import { readTools } from "../../local/facts";

/**
 * Path of the real gitlab-runner: the one in GITLAB_RUNNER_BIN, else the local platform's.
 * @throws {Error} if there is none; tests do not go on without it
 */
export async function findGitlabRunner(): Promise<string> {
  const file = process.env["GITLAB_RUNNER_BIN"] ?? (await readTools()).gitlabRunner;
  await access(file, constants.X_OK).catch((error: unknown) => {
    throw new Error(`no gitlab-runner program at ${file}`, { cause: error });
  });
  return file;
}
