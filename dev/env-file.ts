import { join, relative } from "node:path";
import type { Context } from "./context";
import type { PlatformFacts } from "./facts";
import { writeFileAtomic } from "./files";
import { stateFolder } from "./pulumi/stack";

/**
 * The platform's addresses in Pulumi.dev.yaml. If the platform came up at other addresses,
 * environment variables override them.
 */
const USUAL = { gitlabUrl: "http://172.17.0.1:8929", registry: "127.0.0.1:5000" };

/**
 * Set in a shell that works with the platform's stacks. The program reads it (stack/demo-shell.ts).
 */
const DEMO_SHELL = "GITLAB_RUNNER_POOL_DEMO_SHELL";

const NOTICE =
  "This shell now uses the demo's Pulumi backend, whose passphrase is public, and the demo's GitLab. Use a fresh shell for your own stacks.";

/** Name of the file in the state folder that sets a shell's environment. */
const FILE = "env.sh";

/** The platform's settings that differ from Pulumi.dev.yaml, as environment variables. */
export function stackEnv({ gitlab, registry }: PlatformFacts): Record<string, string> {
  return {
    ...(gitlab.url === USUAL.gitlabUrl ? {} : { RUNNER_CI_URL: gitlab.url }),
    ...(registry === USUAL.registry ? {} : { REGISTRY_ADDRESS: registry }),
  };
}

/** Writes the file that sets up a shell for the platform's stacks. */
export async function writeEnvFile(
  context: Context,
  facts: PlatformFacts,
  toolFolder: string,
): Promise<void> {
  const pulumiEnv = Object.entries(facts.pulumiEnv).filter(([name]) => name !== "PATH");
  const text = renderEnvFile(
    {
      ...Object.fromEntries(pulumiEnv),
      PULUMI_BACKEND_URL: `file://${stateFolder(context)}`,
      DOCKER_HOST: facts.dockerHost,
      ...stackEnv(facts),
    },
    toolFolder,
    facts.gitlab.tokenFile,
  );
  await writeFileAtomic(join(context.paths.state, FILE), text, 0o600);
}

/** The command that a person types in the project's folder to set up a shell. */
export function envCommand({ paths }: Context): string {
  const file = relative(paths.project, join(paths.state, FILE));
  return `. ${file.startsWith("..") ? join(paths.state, FILE) : `./${file}`}`;
}

/**
 * Shell code: variables, the tools' folder first in PATH, and the token, read when the shell
 * sources the file.
 */
export function renderEnvFile(
  variables: Readonly<Record<string, string>>,
  toolFolder: string,
  tokenFile: string,
): string {
  return [
    "# Sets up a shell for the stacks of the local platform.",
    `export PATH=${quote(toolFolder)}:"$PATH"`,
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
    `GITLAB_TOKEN=$(cat ${quote(tokenFile)})`,
    "export GITLAB_TOKEN",
    // With this variable, the program warns when this shell deploys a stack that is not the demo's.
    `export ${DEMO_SHELL}=1`,
    `case $- in *i*) echo ${quote(NOTICE)} >&2 ;; esac`,
    "",
  ].join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
