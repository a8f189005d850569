import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { Commands } from "../commands";
import { isExecutable } from "../files";
import type { Tool } from "./tools";

/** Folders in which a tool may already be installed, in order. */
export function placesOf(tool: Tool, env: NodeJS.ProcessEnv): string[] {
  const kind = /^(\w+) plugin$/.exec(tool.name)?.[1];
  if (kind === undefined) return (env["PATH"] ?? "").split(delimiter).filter((dir) => dir !== "");
  const home = env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  return [join(home, "plugins", `resource-${kind}-v${tool.version}`)];
}

/** The first place that holds all of a tool's programs; undefined if none does. */
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

/** The version that a tool's first program prints; undefined if it does not run. */
export async function readVersion(
  commands: Commands,
  folder: string,
  { programs: [program], versionArgument }: Tool,
): Promise<string | undefined> {
  try {
    const text = await commands.read(join(folder, program), [versionArgument], {
      env: { PULUMI_SKIP_UPDATE_CHECK: "1" },
      timeoutMs: 20_000,
    });
    return /v?\d+\.\d+\.\d+\S*/.exec(text)?.[0];
  } catch {
    return undefined;
  }
}
