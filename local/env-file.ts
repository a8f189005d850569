import { join, relative } from "node:path";
import type { Context } from "./context";
import type { PlatformFacts } from "./facts";
import { writeFileWhole } from "./files";
import { stateFolder } from "./pulumi/stack";

/** What Pulumi.dev.yaml says about the platform; where it came up otherwise, variables take precedence. */
const USUAL = { gitlabUrl: "http://172.17.0.1:8929", registry: "127.0.0.1:5000" };

/** Name of the file in the state folder that sets a shell's environment. */
const FILE = "env.sh";

/** Settings of the stack that this platform makes differ from Pulumi.dev.yaml. */
export function stackEnv({ gitlab, registry }: PlatformFacts): Record<string, string> {
  return {
    ...(gitlab.url === USUAL.gitlabUrl ? {} : { RUNNER_CI_URL: gitlab.url }),
    ...(registry === USUAL.registry ? {} : { REGISTRY_ADDRESS: registry }),
  };
}

/** Writes the file that a shell reads to work with the platform's stacks. */
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
  await writeFileWhole(join(context.paths.state, FILE), text, 0o600);
}

/** The line for a person's shell, in the project's folder. */
export function envCommand({ paths }: Context): string {
  const file = relative(paths.project, join(paths.state, FILE));
  return `. ${file.startsWith("..") ? join(paths.state, FILE) : `./${file}`}`;
}

/** Shell text: variables, the folder in front of PATH, and the token, which is read when the file is. */
export function renderEnvFile(
  variables: Readonly<Record<string, string>>,
  toolFolder: string,
  tokenFile: string,
): string {
  return [
    "# Sets a shell's environment for the stacks of the local platform.",
    `export PATH=${quote(toolFolder)}:"$PATH"`,
    ...Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`),
    `GITLAB_TOKEN=$(cat ${quote(tokenFile)})`,
    "export GITLAB_TOKEN",
    "",
  ].join("\n");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
