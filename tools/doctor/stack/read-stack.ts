import * as z from "zod/mini";
import { isObject, parseJson } from "../../../contract/json";
import { PULUMI } from "../../../pulumi-cli/commands";
import { runPulumi } from "../../../pulumi-cli/run";
import { findProjectName } from "./project-name";

/** How long `pulumi` may take to read a stack's config. */
const TIMEOUT_MS = 40_000;

type Env = Readonly<Record<string, string | undefined>>;

/** One value of the stack config, decrypted. */
export interface ConfigEntry {
  readonly value: string;
  readonly isSecret: boolean;
}

/** The config of a stack. */
export interface StackConfig {
  readonly project: string;
  /** Name of the stack, without its organization and project. */
  readonly stack: string;
  /** The values of this project, by key without the project's name. Objects are JSON. */
  readonly entries: ReadonlyMap<string, ConfigEntry>;
}

const entrySchema = z.object({ value: z.optional(z.string()), secret: z.optional(z.boolean()) });

/** What to do about an error of `pulumi config`. */
interface Remedy {
  readonly pattern: RegExp;
  /** @default Pulumi's own words */
  readonly reason?: string;
  readonly fix: string;
}

const REMEDIES: readonly Remedy[] = [
  {
    pattern: /no stack selected/,
    reason: "no stack is selected",
    fix: "run `pulumi stack select NAME`, or `pulumi stack init NAME` for a new stack, or pass `--stack NAME`",
  },
  { pattern: /no stack named/, fix: "run `pulumi stack ls` to list the stacks" },
  { pattern: /passphrase/, fix: "set PULUMI_CONFIG_PASSPHRASE to the passphrase of the stack" },
  {
    pattern: /not logged in|PULUMI_ACCESS_TOKEN/i,
    reason: "it is not logged in",
    fix: "run `pulumi login`, or `pulumi login --local` to keep the state on this machine",
  },
  {
    pattern: /unable to open bucket/,
    fix: "check the address of the state in PULUMI_BACKEND_URL, or run `pulumi login`",
  },
  { pattern: /invalid YAML file/, fix: "correct Pulumi.STACK.yaml" },
  { pattern: /Pulumi\.yaml/, fix: "run the command in the folder of the program" },
];

/**
 * Reads the config that `pulumi up` would give to the program.
 * @param selected the stack. @default the selected one
 * @returns the config, or why `pulumi` cannot read it and what to do
 */
export async function readStack(
  selected: string | undefined,
  env: Env,
): Promise<StackConfig | { readonly problem: string }> {
  const flags = selected === undefined ? [] : ["--stack", selected];
  const options = { env, timeoutMs: TIMEOUT_MS };
  const config = await runPulumi(PULUMI.config(...flags), options);
  if (config.exitCode === undefined) {
    return {
      problem:
        "`pulumi` cannot be started: install it (https://www.pulumi.com/docs/install) and put it on PATH",
    };
  }
  if (config.exitCode !== 0) return { problem: describeError(config.stderr) };
  const project = await findProjectName(process.cwd());
  if (project === undefined) {
    return { problem: "Pulumi.yaml has no `name`: add the name of the project" };
  }
  const entries = parseConfig(config.stdout, project);
  if (entries === undefined) {
    return { problem: "`pulumi config --json` did not print JSON: update Pulumi" };
  }
  if (selected !== undefined) return { project, stack: getLastPart(selected), entries };
  const { stdout } = await runPulumi(PULUMI.stackName(), options);
  return { project, stack: getLastPart(stdout.trim()), entries };
}

/**
 * Parses the output of `pulumi config --show-secrets --json`. Its text is never part of an error,
 * because it contains secrets.
 * @returns undefined if it is not such an output
 */
export function parseConfig(
  output: string,
  project: string,
): ReadonlyMap<string, ConfigEntry> | undefined {
  const object = output.trim() === "" ? {} : parseJson(output);
  if (!isObject(object)) return undefined;
  const prefix = `${project}:`;
  const entries = Object.entries(object)
    .filter(([key]) => key.startsWith(prefix))
    .flatMap(([key, entry]) => {
      const { value, secret } = entrySchema.safeParse(entry).data ?? {};
      const read = { value: value ?? "", isSecret: secret ?? false };
      return value === undefined ? [] : [[key.slice(prefix.length), read] as const];
    });
  return new Map(entries);
}

/** Describes an error of `pulumi`, with what to do if that is known. */
export function describeError(stderr: string): string {
  const [line = ""] = stderr.split("\n").filter((text) => text.trim() !== "");
  const remedy = REMEDIES.find(({ pattern }) => pattern.test(stderr));
  const reason = remedy?.reason ?? line.replace(/^error: /, "").replace(/[.\s]+$/, "");
  const fix = remedy?.fix ?? "`pulumi config` must work before `pulumi up` can";
  return `\`pulumi\` cannot read the stack config: ${reason}: ${fix}`;
}

/** Pulumi also accepts `ORGANIZATION/STACK` and `ORGANIZATION/PROJECT/STACK`. */
function getLastPart(stack: string): string {
  return stack.slice(stack.lastIndexOf("/") + 1);
}
