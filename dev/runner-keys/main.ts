/** `npm run runner-keys` updates the lists of gitlab-runner's keys and flags. It needs Go. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Commands } from "../commands";
import { findPaths } from "../paths";
import { FLAGS_FILE, KEYS_FILE, listFlags, listKeys } from "./list-keys";

async function writeLists(): Promise<void> {
  const { project, logs } = findPaths();
  const commands = new Commands(join(logs, "runner-keys.log"));
  await writeFile(join(project, KEYS_FILE), await listKeys(commands, project));
  await writeFile(join(project, FLAGS_FILE), await listFlags(commands, project));
}

void writeLists();
