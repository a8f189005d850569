import { EXIT, type ExitCode } from "../../../contract/exit-codes";
import { monotonicMs } from "../system/clock";
import { bootstrap, type Starting, type StopRequest } from "./bootstrap";
import { checkTemplate } from "./check-template";
import { delayExit } from "../system/exit-delay";
import { createLog, writeStack } from "../log";
import type { ReplicaPaths } from "../system/paths";
import { provideJobRegistries } from "./job-registries";
import { overrideProxy } from "./proxy-variables";
import { placeRecord } from "./record-place";
import { checkRoute } from "../gitlab/check-route";
import { followLater, isAborted } from "../gitlab/retry";
import { prepareRunFolder } from "./run-folder";
import { readSettings, listSecrets } from "../settings/settings";

/** How long a request in flight may continue after a stop signal. */
const CUT_OFF_MS = 2_000;

/** How long after a stop signal the last request to undo the registration may begin. */
const UNDO_MS = 3_500;

/**
 * Reads the settings, registers with GitLab and writes config.toml. After any other failure, such
 * as a full disk, the exit is delayed too: Swarm restarts the replica, which would otherwise ask
 * GitLab every few seconds.
 * @param secrets strings that the log redacts; grows
 * @param folder descriptor of the configuration folder, which entrypoint.sh keeps open
 * @returns the replica's exit code if it must not run
 */
export async function start(
  paths: ReplicaPaths,
  env: NodeJS.ProcessEnv,
  secrets: string[],
  folder?: number,
): Promise<ExitCode> {
  const context: Starting = {
    paths,
    env,
    stopping: listenForStop(),
    report: createLog(secrets),
    secrets,
  };
  try {
    return await begin(context, folder);
  } catch (error) {
    context.report("refused", `this replica cannot start: ${String(error)}`);
    writeStack(error, secrets);
    await delayExit(context.report, context.stopping.signal);
    return EXIT.internal;
  }
}

async function begin(context: Starting, folder: number | undefined): Promise<ExitCode> {
  const { paths, env, report, stopping, secrets } = context;
  const problem = prepareRunFolder(paths.run);
  if (problem !== undefined) {
    report("refused", `this replica cannot start: ${problem}`);
    await delayExit(report, stopping.signal);
    return isAborted(stopping.signal) ? EXIT.ok : EXIT.internal;
  }
  const { settings, problems, warnings } = readSettings(env);
  if (settings !== undefined) {
    secrets.push(...listSecrets(settings));
    // Before the check of the route, which uses these variables.
    overrideProxy(env, settings.proxy);
  }
  for (const warning of warnings) report("warning", warning);
  const wrong =
    settings === undefined
      ? problems.join("; ")
      : ((await checkRoute(settings.gitlabUrl, paths.certificates, env)) ??
        (await checkTemplate(settings, paths, report, stopping.signal)) ??
        provideJobRegistries(settings, paths.jobRegistries));
  if (settings === undefined || wrong !== undefined) {
    report("refused", wrong ?? "");
    await delayExit(report, stopping.signal);
    return isAborted(stopping.signal) ? EXIT.ok : EXIT.config;
  }
  const record = await placeRecord({ paths, folder, report, tokenKind: settings.tokenKind });
  return bootstrap({ ...context, paths: { ...paths, record } }, settings);
}

function listenForStop(): StopRequest {
  const stopped = new AbortController();
  let stoppedAtMs = Infinity;
  process.on("SIGTERM", () => {
    stoppedAtMs = Math.min(stoppedAtMs, monotonicMs());
    stopped.abort();
  });
  return {
    signal: stopped.signal,
    cutOff: followLater(stopped.signal, CUT_OFF_MS),
    deadlineMs: () => stoppedAtMs + UNDO_MS,
  };
}
