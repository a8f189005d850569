import { randomInt } from "node:crypto";
import { once } from "node:events";
import { appendFile, mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removePlaces } from "../../dev/places";
import { makeEngineCertificates } from "./engine-certificates";
import { forwardTo, listenOnSocket, listenOnTcp } from "./engine-proxy";
import type { PoolFixture } from "./pool-fixture";
import type { ExternalResources, SettingChange } from "./setting-change";
import { SETTING_CHANGES } from "./setting-changes";

/** Changes that are deployed together, on the stack as the previous steps left it. */
export interface RunStep {
  /** Names of the changes in `SETTING_CHANGES`. */
  readonly changes: readonly string[];
  /**
   * Stack config in addition to, or instead of, what its changes set. `undefined` removes a key.
   */
  readonly settings?: (around: RunSurroundings) => Readonly<Record<string, unknown>>;
  /** Also renames the stack. */
  readonly renames?: true;
  /** A job runs during the step and must succeed. */
  readonly withJob?: true;
}

/** What steps need in addition to the stack. */
export interface RunSurroundings extends ExternalResources {
  readonly registrationToken: string;
  /** Other names of the images that the pool's image is built from. */
  readonly baseImage: string;
  readonly nodeImage: string;
  /** A subnet that no other network uses. */
  readonly subnet: string;
  /** Another socket of the node's engine, as a value of `docker.host`. */
  readonly engineSocket: string;
  /** Settings to reach the node's engine through TLS. */
  readonly engineWithTls: Readonly<Record<string, string>>;
  /** Settings to reach GitLab through TLS, with a client certificate. */
  readonly gitlabWithTls: Readonly<Record<string, string>>;
}

/** Creates what a pool's steps need. Dispose of it only after the pool is destroyed. */
export async function surround(pool: PoolFixture): Promise<RunSurroundings & AsyncDisposable> {
  const { docker, gitlab, gitlabUrl, platform, stack } = pool;
  const network = `${stack.stack}-other`;
  const { serviceName } = stack;
  const created = await docker.createNetwork({
    Name: network,
    Driver: "overlay",
    Attachable: true,
  });
  const { token: accessToken } = await gitlab.createPersonalAccessToken({ scopes: ["api"] });
  stack.env = { ...stack.env, GITLAB_TOKEN: accessToken };
  const tag = async (image: string) => {
    const other = `${image}-${stack.stack}`;
    const [repo = "", name = ""] = other.split(":");
    await docker.getImage(image).tag({ repo, tag: name });
    return other;
  };
  const door = await openDoor(gitlabUrl);
  const engine = await openEngine(pool);
  const secureDoor = await openSecureDoor(gitlabUrl);
  const images = [await tag(platform.images.base), await tag(platform.images.node)] as const;
  return {
    network,
    gitlabUrl: door.url,
    token: (await gitlab.createRunner({ tags: ["docker"], runUntagged: true })).token,
    registrationToken: (await gitlab.registrationToken({})).token,
    baseImage: images[0],
    nodeImage: images[1],
    subnet: `10.${randomInt(200, 250)}.${randomInt(0, 256)}.0/24`,
    engineSocket: engine.socket,
    engineWithTls: engine.withTls,
    gitlabWithTls: secureDoor.settings,
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
      await secureDoor[Symbol.asyncDispose]();
      await created.remove();
      // Belongs to the service under its first name.
      await removePlaces(docker, serviceName);
      for (const image of images) await docker.getImage(image).remove();
    },
  };
}

/** Other ways to the node's engine. */
async function openEngine({ platform }: PoolFixture) {
  const { hostAddress, dockerHost } = platform;
  const folder = await mkdtemp(join(tmpdir(), "engine-"));
  const forward = forwardTo(dockerHost.slice("unix://".length));
  const { ca, server, client } = await makeEngineCertificates(hostAddress);
  const tls = { ca, ...server, requestCert: true, rejectUnauthorized: true };
  const socket = await listenOnSocket(join(folder, "engine.sock"), forward);
  const tcp = await listenOnTcp(hostAddress, forward, tls);
  return {
    socket: socket.host,
    withTls: {
      "docker.host": tcp.host,
      "docker.hostCa": ca,
      "docker.hostCert": client.cert,
      "docker.hostKey": client.key,
    },
    async [Symbol.asyncDispose]() {
      await socket[Symbol.asyncDispose]();
      await tcp[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

/** Another address of the same GitLab, which forwards every request to it. */
async function openDoor(gitlabUrl: string): Promise<AsyncDisposable & { readonly url: string }> {
  const { hostname, port } = new URL(gitlabUrl);
  const sockets = new Set<Socket>();
  const server = createServer((incoming) => {
    const outgoing = connect(Number(port), hostname);
    for (const socket of [incoming, outgoing]) {
      sockets.add(socket);
      socket.on("error", () => {
        incoming.destroy();
        outgoing.destroy();
      });
    }
    incoming.pipe(outgoing).pipe(incoming);
  });
  server.listen(0, hostname);
  await once(server, "listening");
  return {
    url: `http://${hostname}:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Another address of the same GitLab, with TLS. It requires a client certificate. */
async function openSecureDoor(gitlabUrl: string) {
  const { hostname, port } = new URL(gitlabUrl);
  const { ca, server, client } = await makeEngineCertificates(hostname);
  const tls = { ca, ...server, requestCert: true, rejectUnauthorized: true };
  const forward = forwardTo({ host: hostname, port: Number(port) });
  const proxy = await listenOnTcp(hostname, forward, tls);
  return {
    settings: {
      gitlabUrl: proxy.host.replace("tcp:", "https:"),
      caCertificate: ca,
      clientCertificate: client.cert,
      clientKey: client.key,
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}

/** Applies the changes of a step to the stack's copy of the program. */
export async function makeChanges(
  { stack }: PoolFixture,
  step: RunStep,
  around: RunSurroundings,
): Promise<void> {
  const changes = step.changes.map(changeNamed);
  const settings = changes.map((change) => change.settings?.(around) ?? {});
  await stack.configure(
    Object.assign({}, ...settings, step.settings?.(around)) as Readonly<Record<string, unknown>>,
  );
  for (const { file } of changes) {
    if (file !== undefined) await appendFile(join(stack.folder, file), "# one more comment\n");
  }
  if (step.renames === true) await stack.rename(`${stack.stack}-renamed`);
}

function changeNamed(name: string): SettingChange {
  const found = SETTING_CHANGES.find((change) => change.name === name);
  if (found === undefined) throw new Error(`no change is named ${name}`);
  return found;
}
