import { createServer, type ServerResponse } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PING, VERSION } from "./engine-answers";
import type { Engine } from "../../runner-image/src/system/engine/engine";

type Labels = Readonly<Record<string, string>>;

/** A container, as the engine lists it. */
export interface FakeContainer {
  readonly id: string;
  readonly labels: Labels;
  /** @default "running" */
  readonly state?: string;
  /** @default "sleep 1" */
  readonly command?: string;
}

/** What an engine has. Names are IDs, too. */
export interface FakeObjects {
  containers: readonly FakeContainer[];
  networks: readonly { readonly id: string; readonly labels: Labels }[];
  volumes: readonly { readonly name: string; readonly labels: Labels | null }[];
}

/** An engine with containers, networks and volumes, which it lists by label and removes. */
export interface LeftoversEngine extends AsyncDisposable {
  readonly engine: Engine;
  /** Value for DOCKER_HOST. */
  readonly host: string;
  readonly objects: FakeObjects;
  /** Other answers by method and path, without the query. */
  readonly answers: Map<string, { readonly status: number; readonly body: unknown }>;
  /** Names of volumes that a container uses. */
  readonly inUse: Set<string>;
  /** Requests so far, without their queries. */
  readonly asked: string[];
  /** How long each removal takes. */
  removalMs: number;
}

/** Labels of what gitlab-runner created for a job. */
export function ofJob(systemId: string, more: Labels = {}): Labels {
  const prefix = "com.gitlab.gitlab-runner";
  return { [`${prefix}.managed`]: "true", [`${prefix}.runner.system_id`]: systemId, ...more };
}

export async function startLeftoversEngine(): Promise<LeftoversEngine> {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  const socket = join(folder, "sock");
  const fake: LeftoversEngine = {
    engine: { kind: "socket", path: socket },
    host: `unix://${socket}`,
    objects: { containers: [], networks: [], volumes: [] },
    answers: new Map(),
    inUse: new Set(),
    asked: [],
    removalMs: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
  const server = createServer(({ method = "", url = "" }, response) => {
    const { pathname, searchParams } = new URL(url, "http://engine");
    fake.asked.push(`${method} ${pathname}`);
    const answer = fake.answers.get(`${method} ${pathname}`);
    if (answer !== undefined) send(response, answer.status, answer.body);
    else if (method === "GET") send(response, 200, list(fake.objects, pathname, searchParams));
    else
      setTimeout(() => {
        send(response, remove(fake, pathname), "");
      }, fake.removalMs);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return fake;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, PING).end(typeof body === "string" ? body : JSON.stringify(body));
}

/** Lists objects as the engine does: containers only if they run, unless `all` is set. */
function list(
  { containers, networks, volumes }: FakeObjects,
  path: string,
  query: URLSearchParams,
) {
  const { label = [] } = JSON.parse(query.get("filters") ?? "{}") as { label?: string[] };
  const matches = (labels: Labels | null) =>
    label.every((wanted) => {
      const [name = "", value] = wanted.split("=");
      return value === undefined ? labels?.[name] !== undefined : labels?.[name] === value;
    });
  switch (path) {
    case "/containers/json":
      return containers
        .filter(({ labels, state = "running" }) => {
          const isListed = query.has("all") || !["exited", "dead", "created"].includes(state);
          return isListed && matches(labels);
        })
        .map(({ id, labels, state = "running", command = "sleep 1" }) => ({
          ...{ Id: id, Names: [`/${id}`], Labels: labels, State: state, Command: command },
        }));
    case "/networks":
      return networks
        .filter(({ labels }) => matches(labels))
        .map(({ id, labels }) => ({ Id: id, Name: id, Labels: labels }));
    case "/volumes":
      return {
        Volumes: volumes
          .filter(({ labels }) => matches(labels))
          .map(({ name, labels }) => ({ Name: name, Labels: labels })),
      };
    case "/version":
      return VERSION;
    default:
      return {};
  }
}

function remove({ objects, inUse }: LeftoversEngine, path: string): number {
  const [, kind = "", name = ""] = path.split("/").map(decodeURIComponent);
  if (inUse.has(name)) return 409;
  const before = count(objects);
  if (kind === "containers")
    objects.containers = objects.containers.filter(({ id }) => id !== name);
  if (kind === "networks") objects.networks = objects.networks.filter(({ id }) => id !== name);
  if (kind === "volumes") objects.volumes = objects.volumes.filter((one) => one.name !== name);
  return count(objects) < before ? 204 : 404;
}

function count({ containers, networks, volumes }: FakeObjects): number {
  return containers.length + networks.length + volumes.length;
}
