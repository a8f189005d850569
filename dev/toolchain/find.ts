import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { isExecutable } from "../files";
import { isPlugin, type Tool } from "./tools";

/** Folders in which a tool may be installed, in search order. */
export function searchPaths(tool: Tool, env: NodeJS.ProcessEnv): string[] {
  if (!isPlugin(tool)) return (env["PATH"] ?? "").split(delimiter).filter((dir) => dir !== "");
  const home = env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const kind = tool.name.replace(/ plugin$/, "");
  return [join(home, "plugins", `resource-${kind}-v${tool.version}`)];
}

/** The first folder that holds all programs of a tool; undefined if none does. */
export async function findInstalled(
  tool: Tool,
  places: readonly string[],
): Promise<string | undefined> {
  for (const place of places) {
    if (await holdsPrograms(place, tool)) return place;
  }
  return undefined;
}

/** True if a folder holds all programs of a tool. */
export async function holdsPrograms(folder: string, { programs }: Tool): Promise<boolean> {
  const found = await Promise.all(programs.map((program) => isExecutable(join(folder, program))));
  return found.every(Boolean);
}
