import { Command } from "commander";
import { demo } from "./demo";
import { describeKept, takeDown } from "./down";
import { removeTree } from "./files";
import { bringUp } from "./platform";
import { inSession } from "./session";
import { runSoak } from "./soak";
import { parseLevels, runTests } from "./test-run";
import { isGood } from "./test-totals";

/** Gives the command's exit code to the process; what still listens, such as a connection to the engine, ends with it. */
async function exitWith(code: Promise<number>): Promise<void> {
  process.exit(await code);
}

const program = new Command("local")
  .description("The local platform: an engine, a swarm, a registry and a stand-in for GitLab")
  .enablePositionalOptions();

program
  .command("demo")
  .description("bring the platform and the stack dev up, and run a CI job on it")
  .action(() =>
    exitWith(
      inSession("demo", async (context, progress) => {
        await demo(context, progress);
        return 0;
      }),
    ),
  );

program
  .command("platform")
  .description("bring the platform up, without a stack")
  .action(() =>
    exitWith(
      inSession("platform", async (context, progress) => {
        await bringUp(context, progress, "platform");
        return 0;
      }),
    ),
  );

program
  .command("soak")
  .description("bring the platform up, and disturb a pool on it at random while it runs jobs")
  .option("--minutes <number>", "how long", "30")
  .option("--seed <number>", "what is done, and when: the same seed gives the same", "1")
  .action((options: { minutes: string; seed: string }) =>
    exitWith(inSession("soak", (context, progress) => runSoak(context, progress, options))),
  );

program
  .command("down")
  .description("take down all that the other commands created")
  .option("--purge", "remove the caches too")
  .action(({ purge = false }: { purge?: boolean }) =>
    exitWith(
      inSession("down", async (context, progress) => {
        const kept = await describeKept(context, purge);
        await takeDown(context, progress);
        if (purge) await removeTree(context.paths.cache);
        await removeTree(context.paths.state);
        for (const line of kept) progress.say(line);
        return 0;
      }),
    ),
  );

program
  .command("test")
  .description("run the tests; everything after the options goes to jest")
  .option("--select <levels>", "levels to run, separated by commas", "unit,image,e2e")
  .argument("[jestArgs...]")
  .passThroughOptions()
  .action((jestArgs: string[], { select }: { select: string }) =>
    exitWith(
      inSession("test", async (context, progress) =>
        isGood(await runTests(context, progress, parseLevels(select), jestArgs)) ? 0 : 1,
      ),
    ),
  );

void program.parseAsync();
