import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { Commands } from "../commands";
import { findPaths } from "../paths";
import { CHECKS } from "./checks";
import { bringLinters } from "./linters";
import { type Outcome, runChecks } from "./run-checks";

const names = CHECKS.map(({ name }) => name);

function report({ name, ok, output, seconds }: Outcome): void {
  process.stdout.write(`${ok ? "✓" : "✗"} ${name} (${seconds.toFixed(1)} s)\n`);
  if (!ok) process.stdout.write(`${output.trimEnd()}\n\n`);
}

async function check(selected: readonly string[]): Promise<void> {
  const unknown = selected.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(
      `Unknown check: ${unknown.join(", ")}. Available checks: ${names.join(", ")}\n`,
    );
    process.exitCode = 2;
    return;
  }
  const paths = findPaths();
  const commands = new Commands(join(paths.logs, "check.log"));
  const list = await commands.read(
    "git",
    ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"],
    { cwd: paths.project },
  );
  const deleted = new Set(
    (await commands.read("git", ["ls-files", "--deleted"], { cwd: paths.project })).split("\n"),
  );
  let linters: Promise<string> | undefined;
  const good = await runChecks(
    CHECKS.filter(({ name }) => selected.length === 0 || selected.includes(name)),
    {
      project: paths.project,
      files: list.split("\n").filter((file) => !deleted.has(file)),
      linters: () => (linters ??= bringLinters(commands, paths)),
    },
    Math.min(availableParallelism(), 3),
    report,
  );
  process.exitCode = good ? 0 : 1;
}

new Command("npm run check --")
  .description(
    "Check the source tree without running it: format, lint, types, unused code, links, shell scripts, Dockerfiles",
  )
  .argument("[checks...]", `run only these checks: ${names.join(", ")}`)
  .action(check)
  .parse();
