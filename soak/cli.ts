import { Command } from "commander";
import { exitWith, inSession } from "../dev/session";
import { EXECUTORS, runSoak, type RawSoakOptions } from "./command";

void new Command("npm run soak --")
  .description("Start the local platform and disturb pools on it at random while they run jobs.")
  .option("--minutes <number>", "duration in minutes, at least 1", "30")
  .option("--seed <number>", "seed of the random plan: the same seed repeats the same plan", "1")
  .option(
    "--executor <names>",
    "executors, comma-separated: one pool for each",
    EXECUTORS.join(","),
  )
  .action((options: RawSoakOptions) =>
    exitWith(inSession("soak", (context, progress) => runSoak(context, progress, options))),
  )
  .parseAsync();
