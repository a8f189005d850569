import { Command } from "commander";
import { demo } from "./demo";
import { describeKept, takeDown } from "./down";
import { removeTree } from "./files";
import { startPlatform } from "./platform";
import { exitWith, inSession } from "./session";

const program = new Command("npm run").description(
  "The local platform: a Docker engine, a swarm, a registry and a fake GitLab",
);

program
  .command("demo")
  .usage("-- [options]")
  .description("start the platform, deploy the stack dev and run a CI job on it")
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
  .usage("-- [options]")
  .description("start the platform without a stack")
  .action(() =>
    exitWith(
      inSession("platform", async (context, progress) => {
        await startPlatform(context, progress, "platform");
        return 0;
      }),
    ),
  );

program
  .command("down")
  .configureHelp({ commandUsage: () => "npm run demo:down -- [options]" })
  .description("remove everything that the other commands created")
  .option("--purge", "also remove the caches")
  .option("--all-stacks", "also destroy stacks in the demo's backend that the demo did not create")
  .action(({ purge = false, allStacks = false }: { purge?: boolean; allStacks?: boolean }) =>
    exitWith(
      inSession("down", async (context, progress) => {
        const kept = await describeKept(context, purge);
        await takeDown(context, progress, allStacks);
        if (purge) await removeTree(context.paths.cache);
        await removeTree(context.paths.state);
        for (const line of kept) progress.print(line);
        return 0;
      }),
    ),
  );

void program.parseAsync();
