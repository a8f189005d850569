import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

const FILES = ["Pulumi.yaml", "Pulumi.yml"];

/**
 * Reads the project's name from the Pulumi.yaml that `pulumi` would use: the one in the folder or
 * the nearest folder above it. No command of `pulumi` prints the name.
 */
export async function findProjectName(folder: string): Promise<string | undefined> {
  for (const file of FILES) {
    const text = await readFile(join(folder, file), "utf8").catch(() => undefined);
    if (text !== undefined) return parseProjectName(text);
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : findProjectName(parent);
}

/** Reads `name` at the top level of a Pulumi.yaml. Pulumi allows no other characters in it. */
export function parseProjectName(text: string): string | undefined {
  return /^(?:name|"name"):[ \t]*["']?([A-Za-z0-9_.-]+)/m.exec(text)?.[1];
}
