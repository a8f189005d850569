import { readFile, rm, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { logEvents } from "./event-lines";
import { serveGitlab, type Gitlab } from "./index";
import { applySeed } from "./seed-file";
import { keepSaved, loadSnapshot } from "./snapshot";
import { createInstance, type Instance } from "./state/instance";
import { seedBasics } from "./state/seed";

interface Options {
  readonly host: readonly string[];
  readonly port: number;
  readonly externalUrl?: string;
  readonly adminTokenFile?: string;
  readonly seed?: string;
  readonly snapshot?: string;
  readonly logFile?: string;
  readonly pidFile?: string;
}

/** Environment variable with the administrator's token, if there is no file. */
const ADMIN_TOKEN = "FAKE_GITLAB_ADMIN_TOKEN";

const command = new Command("fake-gitlab")
  .description("Run a fake GitLab: the API for runners and jobs, and a page that shows them.")
  .option("--host <addresses...>", "addresses to listen on", ["127.0.0.1"])
  .option("--port <number>", "port to listen on; 0 selects a free port", Number, 8929)
  .option(
    "--external-url <url>",
    "URL at which runners and users reach it, with the relative URL root, if any",
  )
  .option(
    "--admin-token-file <file>",
    `file with root's personal access token, which also allows the controls; or set ${ADMIN_TOKEN}`,
  )
  .option("--seed <file>", "JSON file with initial tokens, projects and switches")
  .option("--snapshot <file>", "file in which runners and jobs survive a restart")
  .option("--log-file <file>", "file to append requests and changes to")
  .option("--pid-file <file>", "file to write the process ID to when the server is ready")
  .action(run);

async function run(options: Options): Promise<void> {
  const adminToken = await readAdminToken(options);
  const instance = await prepareInstance(options);
  const gitlab = await serveGitlab(instance, {
    host: options.host,
    port: options.port,
    ...(options.externalUrl !== undefined && { externalUrl: options.externalUrl }),
    ...(adminToken !== undefined && { controlToken: adminToken }),
  });
  const endings = [
    ...(options.logFile === undefined ? [] : [logEvents(instance.events, options.logFile)]),
    ...(options.snapshot === undefined ? [] : [keepSaved(instance, options.snapshot)]),
  ];
  if (adminToken !== undefined) {
    await gitlab.createPersonalAccessToken({ token: adminToken, scopes: ["api", "admin_mode"] });
  }
  try {
    if (options.seed !== undefined) await applySeed(gitlab, options.seed);
    if (options.pidFile !== undefined) await writeFile(options.pidFile, `${process.pid}\n`);
    process.stdout.write(`Fake GitLab ready at ${gitlab.url} (pid ${process.pid})\n`);
    await untilStopped();
  } finally {
    await shutDown(gitlab, endings, options);
  }
}

async function readAdminToken({ adminTokenFile }: Options): Promise<string | undefined> {
  const fromEnv = process.env[ADMIN_TOKEN];
  // Child processes do not need it.
  Reflect.deleteProperty(process.env, ADMIN_TOKEN);
  const token = adminTokenFile === undefined ? fromEnv : await readFile(adminTokenFile, "utf8");
  return token?.trim();
}

async function prepareInstance({ snapshot }: Options): Promise<Instance> {
  const instance = createInstance();
  const restored = snapshot !== undefined && (await loadSnapshot(instance, snapshot));
  if (!restored) seedBasics(instance);
  return instance;
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        resolve();
      });
    }
  });
}

async function shutDown(
  gitlab: Gitlab,
  endings: readonly (() => Promise<void>)[],
  { pidFile }: Options,
): Promise<void> {
  await gitlab.stop();
  for (const end of endings) await end();
  if (pidFile !== undefined) await rm(pidFile, { force: true });
}

command.parseAsync().catch((error: unknown) => {
  process.stderr.write(`Fake GitLab: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
