import { EXIT } from "../../contract/exit-codes";
import { leave } from "./leave";
import { createLog } from "./log";
import { online } from "./online";
import { findPaths } from "./paths";
import { readState } from "./replica-state";
import { RunnerProcess } from "./runner-process";
import { start } from "./start";
import { stop } from "./stop";

/** Runs a sub-command of entrypoint.sh. @returns the exit code */
async function run([command = "", argument = ""]: readonly string[]): Promise<number> {
  const paths = findPaths(process.env);
  if (command === "start") return start(paths, process.env);
  const state = readState(paths.state);
  const say = createLog([state.token]);
  const runner = new RunnerProcess(Number(argument));
  switch (command) {
    case "online":
      await online(paths, state, runner, say);
      return EXIT.ok;
    case "stop":
      return stop({ paths, state, runner, say });
    case "leave":
      return leave(paths, state, Number(argument), say);
    default:
      throw new Error(`unknown sub-command "${command}"`);
  }
}

run(process.argv.slice(2)).then(
  (code) => {
    process.exit(code);
  },
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(EXIT.internal);
  },
);
