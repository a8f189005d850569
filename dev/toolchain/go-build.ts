import { join } from "node:path";
import type { Commands } from "../commands";
import { ExpectedError } from "../expected-error";
import type { GoBuild, Tool } from "./tools";

const STRIP = "-s -w";

/** Arguments of `go` for a reproducible build. */
function goArguments({ package: package_, variables }: GoBuild, output: string): string[] {
  const set = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  return ["build", "-trimpath", "-ldflags", [STRIP, ...set].join(" "), "-o", output, package_];
}

/**
 * Builds a tool's programs from the Go module proxy.
 * @param folder receives the programs
 * @param reasons why it has to be built, as clauses for the message
 * @throws ExpectedError when Go is not installed
 */
export async function buildTool(
  commands: Commands,
  goModules: string,
  tool: Tool,
  folder: string,
  reasons: readonly string[],
): Promise<void> {
  await requireGo(commands, tool, reasons);
  // One at a time: a single `go build` keeps all cores busy.
  for (const build of tool.builds) {
    await commands.run("go", goArguments(build, join(folder, build.program)), {
      cwd: join(goModules, build.module),
      env: { CGO_ENABLED: "0", GOWORK: "off" },
    });
  }
}

async function requireGo(
  commands: Commands,
  { name, version }: Tool,
  reasons: readonly string[],
): Promise<void> {
  try {
    await commands.read("go", ["version"]);
  } catch (cause) {
    const why = reasons.map((reason) => `\n- ${reason}`).join("");
    throw new ExpectedError(
      `cannot get ${name} ${version}:${why}\n- Go is not installed, so it cannot be built either: install Go 1.26 or later (https://go.dev/doc/install) and run this again`,
      { cause },
    );
  }
}
