import { createServer, type ServerResponse } from "node:http";
import { rmSync } from "node:fs";

import { DOCKER } from "./engine-answers";

/** An image of a scripted engine. */
export interface ScriptedImage {
  readonly id: string;
  readonly tags?: readonly string[];
  readonly digests?: readonly string[];
  /** When it was built, in epoch milliseconds. @default long ago */
  readonly builtMs?: number;
  /** When it was last tagged, ISO 8601. @default unknown */
  readonly taggedAt?: string;
}

/** An engine that has images and containers, and removes images as a real one does. */
export interface ImageEngine extends AsyncDisposable {
  images: readonly ScriptedImage[];
  /** ID of each container and of its image. */
  readonly containers: Map<string, string>;
  /** Lines of its events. */
  events: readonly object[];
  /** Requests so far. */
  readonly asked: string[];
  /** Status of requests to remove something. @default what a real engine answers */
  removalStatus: number | undefined;
  /** Called before each removal. */
  onRemoval: (name: string) => void;
  /** Names that were removed, or IDs of images without a name. */
  removed(): readonly string[];
}

/** @param path the new socket */
export async function startImageEngine(path: string): Promise<ImageEngine> {
  const engine: ImageEngine = {
    images: [],
    containers: new Map(),
    events: [],
    asked: [],
    removalStatus: undefined,
    onRemoval: () => undefined,
    removed: () =>
      engine.asked.flatMap((request) => /^DELETE \/images\/(.*)$/.exec(request)?.[1] ?? []),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(path, { force: true });
    },
  };
  const server = createServer(({ method = "", url = "" }, response) => {
    engine.asked.push(`${method} ${url}`);
    const { pathname } = new URL(url, "http://engine");
    if (method === "DELETE") response.writeHead(removeName(engine, pathname.slice(8))).end("[]");
    else answer(engine, pathname, response);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return engine;
}

function answer(engine: ImageEngine, path: string, response: ServerResponse): void {
  const image = engine.images.find(({ id }) => path === `/images/${id}/json`);
  if (image !== undefined) {
    const LastTagTime = image.taggedAt ?? "0001-01-01T00:00:00Z";
    response.end(JSON.stringify({ Id: image.id, Metadata: { LastTagTime } }));
  } else if (path === "/images/json") {
    response.end(JSON.stringify(engine.images.map(toJson)));
  } else if (path === "/containers/json") {
    const containers = [...engine.containers].map(([Id, ImageID]) => ({ Id, ImageID }));
    response.end(JSON.stringify(containers));
  } else if (path === "/events") {
    response.end(engine.events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  } else {
    const [status, body, headers] = DOCKER[path] ?? [404, '{"message":"not found"}'];
    response.writeHead(status, headers).end(body);
  }
}

function toJson({ id, tags = [], digests = [], builtMs = 1_600_000_000_000 }: ScriptedImage) {
  return { Id: id, RepoTags: tags, RepoDigests: digests, Created: Math.floor(builtMs / 1000) };
}

/** Removes a name, and with the last one the image. @returns the status */
function removeName(engine: ImageEngine, name: string): number {
  engine.onRemoval(name);
  if (engine.removalStatus !== undefined) return engine.removalStatus;
  const has = ({ id, tags = [], digests = [] }: ScriptedImage): boolean =>
    [id, ...tags, ...digests].includes(name);
  const image = engine.images.find(has);
  if (image === undefined) return 404;
  const tags = (image.tags ?? []).filter((tag) => tag !== name);
  const digests = tags.length === 0 ? [] : (image.digests ?? []);
  const others = engine.images.filter((other) => other !== image);
  if (tags.length > 0 && image.id === name) return 409;
  if (tags.length === 0 && [...engine.containers.values()].includes(image.id)) return 409;
  engine.images = tags.length === 0 ? others : [...others, { ...image, tags, digests }];
  return 200;
}
