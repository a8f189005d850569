/** `npm run runner-keys` updates the list of gitlab-runner's keys. It needs Go. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Commands } from "../commands";
import { findPaths } from "../paths";
import { KEYS_FILE, listKeys } from "./list-keys";

async function writeKeys(): Promise<void> {
  const { project, logs } = findPaths();
  const list = await listKeys(new Commands(join(logs, "runner-keys.log")), project);
  await writeFile(join(project, KEYS_FILE), list);
}

void writeKeys();
