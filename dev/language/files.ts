import { execFileSync } from "node:child_process";

const PROSE = /(?:\.(?:md|ts|js|mjs|cjs|sh|ya?ml)|Dockerfile)$/;

/** Third-party text, data, and the list itself, which has to quote what it forbids. */
const NOT_OURS =
  /(?:^|\/)(?:fixtures|node_modules)\/|^dev\/language\/|^LICENSE|package-lock\.json$/;

/** The files of a checkout that people read, relative to it. */
export function proseFiles(project: string): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: project,
    encoding: "utf8",
  });
  return listed.split("\n").filter((file) => PROSE.test(file) && !NOT_OURS.test(file));
}
