import { hostname } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { EngineApi } from "../../docker-engine/api";
import { findEngine } from "../../docker-engine/environment";
import { PULUMI } from "../../pulumi-cli/commands";
import { runPulumi } from "../../pulumi-cli/run";
import { plainIo, runCommand, TOOL_EXIT, type Io } from "../io";
import { diagnose, type Surroundings } from "./doctor";
import { formatLine } from "./format-line";
import { redactOutcome } from "./redact-outcome";
import { createRegistryTransport } from "../../components/registry/transport";
import { readStack } from "./stack/read-stack";
import { listConfigSecrets, listEnvironmentSecrets } from "./stack/secrets";
import { Steps } from "./steps";

/** How long `pulumi version` may take. */
const VERSION_TIMEOUT_MS = 20_000;

const HELP = `
Checks, in this order: settings, engine, swarm, job engine (if \`docker.host\` is set),
registry, base image, GitLab, token, network, node resources, versions. A check that
depends on a failed one is skipped.
Nothing stays: no runner manager, no upload, no image.

Environment:
  GITLAB_TOKEN   access token with the \`read_api\` scope, to read the version of
                 GitLab. With \`runnerScope\`, the token that creates the runner.
  DOCKER_HOST, DOCKER_CONTEXT, the variables of settings, and those of Pulumi have
  the same meaning as for \`pulumi up\`.

Lines begin with:
  ✓  in order
  !  in order, with a warning
  ✗  not in order; the line says what to do
  -  skipped

Exit codes:
  0  no check failed
  1  a check failed
  2  the command line is wrong`;

interface Options {
  readonly stack?: string;
}

/**
 * Runs `npm run doctor`: checks everything that a pool needs.
 * @param replace what tests replace. @default nothing
 * @returns the exit code
 */
export function runDoctor(
  args: readonly string[],
  io: Io,
  replace: Partial<Surroundings> = {},
): Promise<number> {
  return runCommand(args, io, (exitWith) =>
    new Command("npm run doctor --")
      .description(
        "Check everything that `pulumi up` and the replicas need, and say what to do about each problem. Changes nothing.",
      )
      .option("-s, --stack <name>", "stack to check (default: the selected stack)", readName)
      .addHelpText("after", HELP)
      .action((options: Options) => exitWith(doctor(options, io, replace))),
  );
}

/** An empty name, as from an unset variable, would silently check the selected stack. */
function readName(name: string): string {
  if (name.trim() === "") throw new InvalidArgumentError("It must be the name of a stack.");
  return name;
}

async function doctor({ stack }: Options, io: Io, replace: Partial<Surroundings>): Promise<number> {
  const { env } = io;
  const { out } = plainIo(io);
  const around = { ...reachSurroundings(env, stack), ...replace };
  let secrets = listEnvironmentSecrets(env);
  const steps = new Steps((name, outcome) => {
    out.write(`${formatLine(name, redactOutcome(outcome, secrets))}\n`);
  });
  await diagnose(steps, {
    ...around,
    readStack: async () => {
      const config = await around.readStack();
      if ("entries" in config) secrets = [...secrets, ...listConfigSecrets(config.entries)];
      return config;
    },
  });
  return steps.hasFailed ? TOOL_EXIT.problems : TOOL_EXIT.ok;
}

/** Reaches what `pulumi up` in this shell would reach. */
function reachSurroundings(env: Io["env"], stack: string | undefined): Surroundings {
  return {
    env,
    readStack: () => readStack(stack, env),
    readPulumiVersion: () => readPulumiVersion(env),
    nodeVersion: process.versions.node,
    machineName: hostname(),
    locateEngine: () => findEngine(env),
    engine: EngineApi.fromEnv(env),
    registry: createRegistryTransport(env),
  };
}

async function readPulumiVersion(env: Io["env"]): Promise<string | undefined> {
  const options = { env, timeoutMs: VERSION_TIMEOUT_MS };
  const { exitCode, stdout } = await runPulumi(PULUMI.version(), options);
  return exitCode === 0 ? stdout.trim().replace(/^v/, "") : undefined;
}
