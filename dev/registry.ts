import { join } from "node:path";
import { unpackPackage } from "./apt";
import type { Context } from "./context";
import { findDaemon, startDaemon, stopDaemon } from "./daemons";
import { eventually } from "./eventually";
import { isInstalled, removeTree, writeFileAtomic } from "./files";
import type { Paths } from "./paths";
import { choosePort } from "./ports";
import { makeFolderAtomic } from "./atomic-folder";

/** Where the platform looks for a registry. Docker does not require TLS on the loopback address. */
const HOST = "127.0.0.1";
const PORT = 5000;

const ANSWER_TIMEOUT_MS = 2_000;
const START_TIMEOUT_MS = 20_000;

const PROGRAM = "docker-registry";

export interface Registry {
  /** `HOST:PORT`. */
  readonly address: string;
  /** True if the registry was already running. */
  readonly found: boolean;
}

const mark = ({ state }: Paths): string => `${state} registry`;

/**
 * Uses a registry without login that listens on this machine, or starts Debian's with its own
 * configuration.
 */
export async function ensureRegistry(
  context: Context,
  note: (text: string) => void,
): Promise<Registry> {
  const { paths, record } = context;
  const { registryPort } = await record.read();
  const running = (await findDaemon(mark(paths))).length > 0;
  if (running && registryPort !== undefined) {
    return { address: await waitFor(registryPort), found: false };
  }
  if (registryPort === undefined && (await isOpen(PORT))) {
    return { address: `${HOST}:${PORT}`, found: true };
  }
  note("starting a registry");
  const port = await choosePort(registryPort ?? PORT);
  await record.change((all) => ({ ...all, registryPort: port }));
  await start(context, port);
  return { address: await waitFor(port), found: false };
}

/** Stops the registry that this platform started and removes its data. */
export async function removeRegistry({ paths }: Context): Promise<void> {
  await stopDaemon(mark(paths));
  await removeTree(join(paths.state, "registry"));
}

async function start(context: Context, port: number): Promise<void> {
  const { paths } = context;
  await stopDaemon(mark(paths));
  const folder = join(paths.state, "registry");
  const config = join(folder, "config.yml");
  await writeFileAtomic(config, renderConfig(port, join(folder, "data")));
  startDaemon({
    daemonId: mark(paths),
    file: await findRegistryProgram(context),
    args: ["serve", config],
    logFile: join(paths.logs, "registry.log"),
    isPrivate: true,
  });
}

/** The registry's configuration. JSON is also valid YAML. */
function renderConfig(port: number, data: string): string {
  const config = {
    version: 0.1,
    log: { level: "warn" },
    storage: { filesystem: { rootdirectory: data }, delete: { enabled: true } },
    http: { addr: `${HOST}:${port}` },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

/**
 * The installed program, or the one from the unpacked Debian package, because installing that would
 * start its service.
 */
export async function findRegistryProgram({
  commands,
  paths,
}: Pick<Context, "commands" | "paths">): Promise<string> {
  if (await isInstalled(PROGRAM)) return PROGRAM;
  const folder = join(paths.cache, PROGRAM);
  await makeFolderAtomic(folder, "a registry", (draft) => unpackPackage(commands, PROGRAM, draft));
  return join(folder, "usr/bin", PROGRAM);
}

async function waitFor(port: number): Promise<string> {
  await eventually(() => isOpen(port), {
    what: `the registry on ${HOST}:${port} to answer`,
    timeoutMs: START_TIMEOUT_MS,
  });
  return `${HOST}:${port}`;
}

/** True if a registry answers on the port and does not require a login. */
async function isOpen(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://${HOST}:${port}/v2/`, {
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.ok && response.headers.has("docker-distribution-api-version");
  } catch {
    return false;
  }
}
