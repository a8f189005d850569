import { EXIT } from "../../contract/exit-codes";
import { cleanUp } from "./stop/after-crash";
import { writeExitCode } from "./stop/exit-code";
import { refuseArguments } from "./start/refuse-arguments";
import { createLog, writeStack } from "./log";
import { listAnswers } from "./gitlab-runner/metrics";
import { limitImages, readDiskUsage } from "./online/limit-images";
import { reportOnline } from "./online/report-online";
import { findPaths } from "./system/paths";
import { readState } from "./system/state-file";
import { RunnerProcess } from "./gitlab-runner/process";
import { start } from "./start/start";
import { stop } from "./stop/stop";
import { readReported, readSeen, watch } from "./online/watch";
import { tidy } from "./tidy/tidy";
import { watchEngine } from "./online/watch-engine";

/** Strings that neither the log nor a stack trace may show. */
const secrets: string[] = [];

/** Runs a subcommand for entrypoint.sh or watch.sh. @returns the exit code */
async function run([command = "", ...rest]: readonly string[]): Promise<number> {
  if (command === "refuse") return refuseArguments(rest);
  const [argument = ""] = rest;
  const paths = findPaths(process.env);
  if (command === "start") {
    return start(paths, process.env, secrets, argument === "" ? undefined : Number(argument));
  }
  const state = readState(paths.state);
  secrets.push(state.token, ...state.secrets);
  const report = createLog(secrets);
  switch (command) {
    case "online":
      await reportOnline({ paths, state, runner: new RunnerProcess(Number(argument)), report });
      return EXIT.ok;
    case "watch":
      return watch({ paths, state, report, ...readSeen(rest) });
    case "engine":
      return watchEngine({ paths, state, report, ...readReported(rest) });
    case "tidy":
      await tidy({ paths, state, report });
      return EXIT.ok;
    case "images":
      if (state.engine !== null && state.imageLimit !== null) {
        const readUsage = () => readDiskUsage(paths.disk);
        const { engine, imageLimit: limit } = state;
        await limitImages({ engine, limit, record: paths.images, readUsage, report });
      }
      return EXIT.ok;
    case "answers":
      process.stdout.write(await listAnswers(state.metricsPort));
      return EXIT.ok;
    case "stop":
    case "after-crash": {
      const [, forced = ""] = rest;
      const ending = { paths, state, report, isForced: forced !== "" };
      const code =
        command === "stop"
          ? await stop({ ...ending, runner: new RunnerProcess(Number(argument)) })
          : await cleanUp({ ...ending, code: Number(argument) });
      writeExitCode(paths.exitCode, code);
      return code;
    }
    default:
      throw new Error(`unknown subcommand "${command}"`);
  }
}

// If the process ends without a result, for example with nothing left to wait for, it has failed.
process.exitCode = EXIT.internal;
run(process.argv.slice(2)).then(
  (code) => {
    process.exit(code);
  },
  (error: unknown) => {
    writeStack(error, secrets);
    process.exit(EXIT.internal);
  },
);
