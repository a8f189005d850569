import { join } from "node:path";
import type { Commands } from "../commands";
import { Refusal } from "../refusal";
import type { GoBuild, Tool } from "./tools";

const STRIP = "-s -w";

/** Arguments of `go` for a build; the same inputs give the same bytes. */
export function goArguments({ package: package_, variables }: GoBuild, output: string): string[] {
  const set = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return ["build", "-trimpath", "-ldflags", [STRIP, ...set].join(" "), "-o", output, package_];
}

/**
 * Builds a tool's programs from the Go module proxy.
 * @param folder gets the programs
 * @throws Refusal when there is no Go
 */
export async function buildTool(
  commands: Commands,
  recipes: string,
  tool: Tool,
  folder: string,
): Promise<void> {
  await requireGo(commands, tool);
  // One after the other: `go build` keeps all cores busy by itself.
  for (const build of tool.builds) {
    await commands.run("go", goArguments(build, join(folder, build.program)), {
      cwd: join(recipes, build.module),
      env: { CGO_ENABLED: "0", GOWORK: "off" },
    });
  }
}

async function requireGo(commands: Commands, { name, version }: Tool): Promise<void> {
  try {
    await commands.read("go", ["version"]);
  } catch (cause) {
    throw new Refusal(
      `${name} ${version} is neither installed nor can it be downloaded here, and to build it Go is missing: install Go 1.26 or later (https://go.dev/doc/install) and run this again`,
      { cause },
    );
  }
}
