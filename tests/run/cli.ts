import { Command } from "commander";
import { exitWith, inSession } from "../../dev/session";
import { parseLevels, runTests } from "./run";
import { isGood } from "./totals";

void new Command("npm test --")
  .description("Run the tests. Arguments after the options are passed to jest.")
  .option("--select <levels>", "comma-separated levels to run", "unit,image,e2e")
  .argument("[jestArgs...]")
  .passThroughOptions()
  .action((jestArgs: string[], { select }: { select: string }) =>
    exitWith(
      inSession("test", async (context, progress) =>
        isGood(await runTests(context, progress, parseLevels(select), jestArgs)) ? 0 : 1,
      ),
    ),
  )
  .parseAsync();
