import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hash } from "bcryptjs";
import type Docker from "dockerode";
import { Commands } from "../../dev/commands";
import { findPaths } from "../../dev/paths";
import { choosePort } from "../../dev/ports";
import { findRegistryProgram } from "../../dev/registry";
import { startServer } from "./server-process";

/** Passwords by user. */
export type Logins = Readonly<Record<string, string>>;

export interface LoginRegistryOptions {
  readonly logins: Logins;
  /**
   * The address on which the registry listens, without TLS. Docker accepts that on the loopback
   * interface. On another address, the engine needs it as an insecure registry.
   * @default "127.0.0.1"
   */
  readonly host?: string;
  /** @default a free port */
  readonly port?: number;
}

/** Debian's registry, which requires a login (htpasswd) for every request. */
export interface LoginRegistry extends AsyncDisposable {
  /** `HOST:PORT` */
  readonly address: string;
  /** Replaces all logins. The registry reads them again at its next request. */
  setLogins(logins: Logins): Promise<void>;
  /**
   * Pushes an image of the engine.
   * @param image its name in the engine
   * @param path such as `ci/job:1`
   * @returns its name in the registry, which the engine no longer has
   */
  push(docker: Docker, image: string, path: string, login: Login): Promise<string>;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

const PREFERRED_PORT = 17_090;

/** The cheapest hash that the registry accepts. It is only a test's. */
const BCRYPT_ROUNDS = 4;

export async function startLoginRegistry(options: LoginRegistryOptions): Promise<LoginRegistry> {
  const { host = "127.0.0.1", port = await choosePort(PREFERRED_PORT) } = options;
  const paths = findPaths();
  const commands = new Commands(join(paths.logs, "login-registry.log"));
  const program = await findRegistryProgram({ paths, commands });
  const folder = await mkdtemp(join(tmpdir(), "login-registry-"));
  const address = `${host}:${port}`;
  const htpasswd = join(folder, "htpasswd");
  const setLogins = async (logins: Logins) => writeFile(htpasswd, await hashLogins(logins));
  await setLogins(options.logins);
  const config = join(folder, "config.yml");
  await writeFile(config, renderConfig(address, folder, htpasswd));
  const server = await startServer({ program, args: ["serve", config], host, port });
  return {
    address,
    setLogins,
    async push(docker, image, path, { username, password }) {
      const name = `${address}/${path}`;
      const [repo = "", tag = ""] = name.split(/:(?=[^:]*$)/);
      await docker.getImage(image).tag({ repo, tag });
      const authconfig = { username, password, serveraddress: address };
      await followToEnd(docker, await docker.getImage(name).push({ authconfig }));
      await docker.getImage(name).remove();
      return name;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** The lines of an htpasswd file. */
async function hashLogins(logins: Logins): Promise<string> {
  const lines = Object.entries(logins).map(
    async ([user, password]) => `${user}:${await hash(password, BCRYPT_ROUNDS)}\n`,
  );
  return (await Promise.all(lines)).join("");
}

/** The registry's configuration. JSON is also valid YAML. */
function renderConfig(address: string, folder: string, htpasswd: string): string {
  return JSON.stringify({
    version: 0.1,
    log: { level: "warn" },
    storage: { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } },
    auth: { htpasswd: { realm: "registry", path: htpasswd } },
    http: { addr: address },
  });
}

/** Waits until a push has ended. */
function followToEnd(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}
