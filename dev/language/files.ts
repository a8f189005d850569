import { execFileSync } from "node:child_process";

const PROSE =
  /(?:\.(?:md|ts|js|mjs|cjs|sh|go|py|html|css|jsonc|ya?ml)|Dockerfile|ignore|attributes|(?:^|\/)[a-z-]+)$/;

/** Third-party text, data, and the list and its test, which have to quote what they forbid. */
const NOT_OURS =
  /(?:^|\/)(?:fixtures|node_modules)\/|^dev\/language\/|^tests\/unit\/docs\/language\.test\.ts$|^LICENSE|package-lock\.json$/;

/** The files of a checkout that people read, relative to it. */
export function proseFiles(project: string): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: project,
    encoding: "utf8",
  });
  return listed.split("\n").filter((file) => PROSE.test(file) && !NOT_OURS.test(file));
}
