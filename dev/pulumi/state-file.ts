import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import * as z from "zod/mini";
import { removeTree } from "../files";
import { PROJECT_NAME } from "./stack";

/** The part of a stack's state that names objects in Docker. */
const schema = z.object({
  checkpoint: z.object({
    latest: z.nullish(
      z.object({
        resources: z.optional(
          z.array(
            z.object({
              type: z.string(),
              inputs: z.optional(z.record(z.string(), z.unknown())),
              outputs: z.optional(z.record(z.string(), z.unknown())),
            }),
          ),
        ),
      }),
    ),
  }),
});

/** A resource with its name outside Pulumi. */
export interface NamedResource {
  readonly type: string;
  readonly name: string;
}

const ENDINGS = [".json", ".json.gz"];

/** A stack's resources, read from its file without Pulumi. Empty if the file cannot be read. */
export async function readResources(state: string, stack: string): Promise<NamedResource[]> {
  for (const ending of ENDINGS) {
    const bytes = await readFile(stateFile(state, stack, ending)).catch(() => undefined);
    if (bytes === undefined) continue;
    try {
      const text = (ending.endsWith("gz") ? gunzipSync(bytes) : bytes).toString();
      return namedResources(JSON.parse(text));
    } catch {
      // The file was only half written.
    }
  }
  return [];
}

/**
 * The resources of a state whose name is a string.
 * @throws Error if it is not a state
 */
export function namedResources(state: unknown): NamedResource[] {
  const { resources = [] } = schema.parse(state).checkpoint.latest ?? {};
  return resources.flatMap(({ type, inputs, outputs }) => {
    const name = outputs?.["name"] ?? inputs?.["name"];
    return typeof name === "string" ? [{ type, name }] : [];
  });
}

/** Deletes a stack's files, whatever resources it has. */
export async function removeStackFiles(state: string, stack: string): Promise<void> {
  for (const ending of ENDINGS) {
    for (const backup of ["", ".bak"]) await removeTree(stateFile(state, stack, ending) + backup);
  }
}

function stateFile(state: string, stack: string, ending: string): string {
  return join(state, ".pulumi/stacks", PROJECT_NAME, `${stack}${ending}`);
}
