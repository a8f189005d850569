import { EXIT } from "../../contract/exit-codes";
import { leave } from "./leave";
import { createLog, write } from "./log";
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
  switch (command) {
    case "online":
      await online(paths, state, new RunnerProcess(Number(argument)), say);
      return EXIT.ok;
    case "stop": {
      const runner = new RunnerProcess(Number(argument));
      return stop({ paths, state, runner, say });
    }
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
    write(2, `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(EXIT.internal);
  },
);
