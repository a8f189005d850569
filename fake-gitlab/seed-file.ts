import { readFile } from "node:fs/promises";
import * as z from "zod/mini";
import type { Controls } from "./control/controls";
import { controlSchemas } from "./control/schemas";

/** The contents of a seed file: what a fake GitLab has from its start. */
const seedSchema = z.object({
  /** Each as in the control `createPersonalAccessToken`, with its `token`. */
  personalAccessTokens: z.optional(z.array(controlSchemas.createPersonalAccessToken)),
  /** Full paths. */
  projects: z.optional(z.array(z.string())),
  registrationTokens: z.optional(z.array(controlSchemas.setRegistrationToken)),
  switches: z.optional(controlSchemas.setSwitches),
});

/**
 * Applies a seed file.
 * @throws {Error} naming the file if it cannot be read or is invalid
 */
export async function applySeed(gitlab: Controls, file: string): Promise<void> {
  const seed = await readSeed(file);
  for (const path of seed.projects ?? []) await gitlab.createProject({ path });
  for (const token of seed.personalAccessTokens ?? []) {
    await gitlab.createPersonalAccessToken(token);
  }
  for (const token of seed.registrationTokens ?? []) await gitlab.setRegistrationToken(token);
  if (seed.switches !== undefined) await gitlab.setSwitches(seed.switches);
}

async function readSeed(file: string): Promise<z.infer<typeof seedSchema>> {
  const text = await readFile(file, "utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's message would quote the file, including tokens.
    throw new Error(`seed file ${file} is not JSON`);
  }
  const parsed = seedSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(`seed file ${file}: ${z.prettifyError(parsed.error)}`);
}
