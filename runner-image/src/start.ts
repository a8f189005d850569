import { EXIT, type ExitCode } from "../../contract/exit-codes";
import { enter, type Starting, type Stopping } from "./enter";
import { moveIfThere, remove } from "./files";
import { hold } from "./hold";
import { createLog, writeStack } from "./log";
import type { ReplicaPaths } from "./paths";
import { followLater, isAborted } from "./retry";
import { readSettings } from "./settings";

/** How long a request that is under way may go on after a stop (ms). */
const CUT_OFF_MS = 2_000;

/** When, after a stop, the last request is begun that takes back what GitLab may know (ms). */
const TAKE_BACK_MS = 3_500;

/**
 * Reads the settings, registers with GitLab and writes config.toml. What fails otherwise, such as a disk that is full, is
 * said and held up too: swarm tries again, and GitLab would be asked every few seconds.
 * @param secrets what the log blots out; grows
 * @returns the replica's exit code if it is not to run
 */
export async function start(
  paths: ReplicaPaths,
  env: NodeJS.ProcessEnv,
  secrets: string[],
): Promise<ExitCode> {
  const context: Starting = { paths, stopping: listenForStop(), say: createLog(secrets), secrets };
  try {
    return await begin(context, env);
  } catch (error) {
    context.say("refused", `this replica cannot start: ${String(error)}`);
    writeStack(error, secrets);
    await hold(context.say, context.stopping.signal);
    return EXIT.internal;
  }
}

async function begin(context: Starting, env: NodeJS.ProcessEnv): Promise<ExitCode> {
  const { paths, say, stopping, secrets } = context;
  for (const file of [paths.ready, paths.online, paths.state, paths.stoppedAt]) remove(file);
  moveIfThere(paths.configBefore, paths.config);
  const { settings, problems, warnings } = readSettings(env);
  if (settings !== undefined) secrets.push(settings.token);
  for (const warning of warnings) say("warning", warning);
  if (settings === undefined) {
    say("refused", problems.join("; "));
    await hold(say, stopping.signal);
    return isAborted(stopping.signal) ? EXIT.ok : EXIT.config;
  }
  return enter(context, settings);
}

function listenForStop(): Stopping {
  const stopped = new AbortController();
  let stoppedAt = Infinity;
  process.on("SIGTERM", () => {
    stoppedAt = Math.min(stoppedAt, Date.now());
    stopped.abort();
  });
  return {
    signal: stopped.signal,
    cutOff: followLater(stopped.signal, CUT_OFF_MS),
    deadline: () => stoppedAt + TAKE_BACK_MS,
  };
}
