import { Command, CommanderError } from "commander";
import { dryRun, EXIT, release, type Surroundings } from "./release";

const HELP = `
Nothing is pushed or published. CONTRIBUTING.md says what to edit first.

Exit codes:
  0  released, or the dry run found no problems
  1  there are problems, or a step failed
  2  a wrong option
`;

/** Where the command runs, and where its messages go. */
export interface CommandSurroundings extends Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Prints an error. */
  readonly complain: (line: string) => void;
}

/**
 * Runs `npm run release`.
 * @returns the exit code
 */
export async function runCommand(
  args: readonly string[],
  around: CommandSurroundings,
): Promise<number> {
  const { say, complain, env } = around;
  const write = (print: (line: string) => void) => (text: string) => {
    print(text.trimEnd());
  };
  let exitCode: number = EXIT.ok;
  const command = new Command("npm run release --")
    .description(
      "Release the version in the top section of CHANGELOG.md: run all checks and tests, create the package, and create the tag",
    )
    .option("--dry-run", "change nothing; print every step, the notes, the files and all problems")
    .addHelpText("after", HELP)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: write(say), writeErr: write(complain) })
    .action(async (options: { readonly dryRun?: true }) => {
      // Without `--` before it, npm takes the option and sets this variable.
      const isDry = options.dryRun === true || env["npm_config_dry_run"] === "true";
      exitCode = await (isDry ? dryRun(around) : release(around));
    });
  try {
    await command.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.misused;
    complain(error instanceof Error ? error.message : String(error));
    return EXIT.failed;
  }
}
