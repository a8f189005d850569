import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import execa from "execa";
import { parse, type TomlTable } from "smol-toml";
import { findGitlabRunner } from "./gitlab-runner-binary";

/**
 * Lets the real gitlab-runner load a config.toml and save what it has read. `reset-token` is the
 * only command that saves its configuration whatever GitLab answers.
 * @param text a config.toml whose GitLab does not exist
 * @throws Error if gitlab-runner cannot load it, or its `lint` finds a mistake
 */
export async function rereadConfig(text: string): Promise<TomlTable> {
  const program = await findGitlabRunner();
  const folder = await mkdtemp(join(tmpdir(), "reread-config-"));
  const file = join(folder, "config.toml");
  try {
    await writeFile(file, text);
    await execa(program, ["lint", "--config", file]);
    await execa(program, ["reset-token", "--all-runners", "--config", file]);
    const saved = await readFile(file, "utf8");
    if (saved === text) throw new Error("gitlab-runner did not save its configuration");
    return parse(saved);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
