import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { parseToml } from "../../config-toml/parse-toml";
import { runCommand, TOOL_EXIT, type Io } from "../io";
import { listHidden } from "./find-secrets";
import { planPools } from "./plan";
import { renderPlan } from "./render";
import { listRunners, type Runner } from "./runners";

const HELP = `
Prints YAML for Pulumi.STACK.yaml. What looks like a secret is not printed.
The first runner becomes the default pool, and each other runner an additional
pool.

Exit codes:
  0  everything that has a setting or fits into \`configTemplate\` is in the output, and
     \`pulumi up\` accepts it
  1  the output has problems that you must solve
  2  the file cannot be read, or is not a config.toml`;

interface Options {
  readonly runner?: string;
}

/**
 * Runs `npm run import-config`: converts a config.toml to the config of a stack.
 * @returns the exit code
 */
export function runImportConfig(args: readonly string[], io: Io): Promise<number> {
  return runCommand(args, io, (exitWith) =>
    new Command("npm run import-config --")
      .description("Convert an existing config.toml of gitlab-runner to the config of a stack.")
      .argument("<file>", "the config.toml; - reads standard input")
      .option("--runner <name>", "import only the runner with this name")
      .addHelpText("after", HELP)
      .action((file: string, options: Options) => exitWith(importConfig(file, options, io))),
  );
}

async function importConfig(file: string, { runner }: Options, io: Io): Promise<number> {
  const name = file === "-" ? "standard input" : file;
  const result = parseToml(await readInput(file, io));
  if ("problem" in result) {
    const { line, column, message } = result.problem;
    throw new Error(`${name} is not valid TOML: line ${line}, column ${column}: ${message}`);
  }
  const hidden = listHidden(result.document.table);
  const runners = listRunners(result.document, hidden);
  if (runners.length === 0) throw new Error(`${name} has no [[runners]]`);
  const plan = planPools(result.document, choose(runners, runner), hidden);
  io.out.write(renderPlan(plan));
  const hasProblems =
    [...plan.refused, ...plan.rejections].length > 0 ||
    plan.pools.some((one) => one.problems.length > 0);
  return hasProblems ? TOOL_EXIT.problems : TOOL_EXIT.ok;
}

function choose(runners: readonly Runner[], name: string | undefined): readonly Runner[] {
  if (name === undefined) return runners;
  const found = runners.filter((one) => one.name === name);
  if (found.length === 1) return found;
  const names = runners.map((one) => JSON.stringify(one.name)).join(", ");
  throw new Error(
    found.length === 0
      ? `no runner has the name ${JSON.stringify(name)}: the names are ${names}`
      : `${found.length} runners have the name ${JSON.stringify(name)}: rename them in the file`,
  );
}

async function readInput(file: string, io: Io): Promise<string> {
  if (file === "-") return text(io.stdin);
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${code})`;
    throw new Error(`${file} ${reason}`, { cause: error });
  }
}
