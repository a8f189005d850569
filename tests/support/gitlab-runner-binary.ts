import { access, constants } from "node:fs/promises";
import { readTools } from "../../dev/facts";

/**
 * Returns the path of the real gitlab-runner: GITLAB_RUNNER_BIN if set, otherwise the local
 * platform's.
 * @throws {Error} if there is none, because the tests require it
 */
export async function findGitlabRunner(): Promise<string> {
  const file = process.env["GITLAB_RUNNER_BIN"] ?? (await readTools()).gitlabRunner;
  await access(file, constants.X_OK).catch((error: unknown) => {
    throw new Error(`no gitlab-runner program at ${file}`, { cause: error });
  });
  return file;
}
