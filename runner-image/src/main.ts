import { EXIT } from "../../contract/exit-codes";
import { leave } from "./leave";
import { createLog, writeStack } from "./log";
import { online } from "./online";
import { findPaths } from "./paths";
import { readState } from "./replica-state";
import { RunnerProcess } from "./runner-process";
import { start } from "./start";
import { stop } from "./stop";

/** What neither the log nor a stack shows. */
const secrets: string[] = [];

/** Runs a sub-command of entrypoint.sh. @returns the exit code */
async function run([command = "", argument = ""]: readonly string[]): Promise<number> {
  const paths = findPaths(process.env);
  if (command === "start") return start(paths, process.env, secrets);
  const state = readState(paths.state);
  secrets.push(state.token);
  const say = createLog(secrets);
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
    writeStack(error, secrets);
    process.exit(EXIT.internal);
  },
);
