import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Commands } from "../../dev/commands";
import { findPaths } from "../../dev/paths";
import { choosePort } from "../../dev/ports";
import { installTinyproxy } from "../../dev/tinyproxy";
import { startServer } from "./server-process";

/** A user of the proxy. tinyproxy accepts only letters, digits, `-`, `.` and `_` in both. */
export interface ProxyUser {
  readonly user: string;
  readonly password: string;
}

export interface ForwardProxyOptions {
  /** The user that the proxy requires. @default it requires none */
  readonly login?: ProxyUser;
  /** Runs the proxy in another place: `["nsenter", "--net=…"]`. @default on this machine */
  readonly prefix?: readonly string[];
  /** Address from which it connects to servers. @default the kernel chooses */
  readonly bind?: string;
  /** @default a free port of this machine */
  readonly port?: number;
}

/**
 * Debian's tinyproxy: a real forward proxy, for requests with an absolute URL and for CONNECT, with
 * an access log.
 */
export interface ForwardProxy extends AsyncDisposable {
  /** `HOST:PORT`. */
  readonly address: string;
  /** `http://HOST:PORT`, with the user if the proxy requires one. */
  readonly url: string;
  /**
   * Reads the requests from its access log, in order: `POST http://gitlab/api/v4/jobs/request` or
   * `CONNECT gitlab:443`. A request that it rejects with 407 is among them.
   */
  requests(): Promise<readonly string[]>;
  /** Its whole log. */
  log(): Promise<string>;
  /** Ends it. Its port refuses connections from then on. */
  stop(): Promise<void>;
  /**
   * Starts it again on the same port.
   * @param login another user, or null to require none. @default the last one
   */
  start(login?: ProxyUser | null): Promise<void>;
}

/** Ports of which each proxy prefers another, because several tests start one at the same time. */
const [FIRST_PORT, PORTS] = [20_000, 10_000];

/** Starts a forward proxy. @param host the address on which clients reach it */
export async function startForwardProxy(
  host: string,
  { login, prefix = [], bind, port: fixed }: ForwardProxyOptions = {},
): Promise<ForwardProxy> {
  const program = await findTinyproxy();
  const folder = await mkdtemp(join(tmpdir(), "forward-proxy-"));
  const [config, logFile] = [join(folder, "tinyproxy.conf"), join(folder, "log")];
  const port = fixed ?? (await choosePort(FIRST_PORT + Math.floor(Math.random() * PORTS)));
  await writeFile(logFile, "");
  let user = login;
  let server: AsyncDisposable | undefined;
  const stop = async () => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  const start = async (next: ProxyUser | null | undefined = user) => {
    await stop();
    user = next ?? undefined;
    await writeFile(config, renderConfig({ host, port, logFile, user, bind }), { mode: 0o600 });
    const [command, ...args] = [...prefix, program, "-d", "-c", config];
    server = await startServer({ program: command, args, host, port });
  };
  await start();
  const log = () => readFile(logFile, "utf8");
  return {
    address: `${host}:${port}`,
    url: `http://${login === undefined ? "" : `${login.user}:${login.password}@`}${host}:${port}`,
    requests: async () => listRequests(await log()),
    log,
    stop,
    start,
    async [Symbol.asyncDispose]() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

function findTinyproxy(): Promise<string> {
  const paths = findPaths();
  const commands = new Commands(join(paths.logs, "forward-proxy.log"));
  return installTinyproxy({ paths, commands }, () => undefined);
}

interface Config {
  readonly host: string;
  readonly port: number;
  readonly logFile: string;
  readonly user: ProxyUser | undefined;
  readonly bind: string | undefined;
}

function renderConfig({ host, port, logFile, user, bind }: Config): string {
  return [
    `Listen ${host}`,
    `Port ${port}`,
    `LogFile "${logFile}"`,
    "LogLevel Connect",
    "Timeout 600",
    "MaxClients 200",
    ...(bind === undefined ? [] : [`Bind ${bind}`]),
    ...(user === undefined ? [] : [`BasicAuth ${user.user} ${user.password}`]),
    "",
  ].join("\n");
}

/** Reads lines such as `… Request (file descriptor 4): GET http://… HTTP/1.1`. */
function listRequests(log: string): readonly string[] {
  return [...log.matchAll(/Request \(file descriptor \d+\): (\S+ \S+)/g)].map(
    ([, request = ""]) => request,
  );
}
