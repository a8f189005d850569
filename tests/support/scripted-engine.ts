import { EngineError } from "../../docker-engine/api";

/** What an engine answers, by path without its query. An Error is thrown. */
export type EngineAnswers = Readonly<Record<string, unknown>>;

/** An engine with fixed answers. It answers 404 to every other path. */
export interface ScriptedEngine {
  get(path: string, query?: object, headers?: Readonly<Record<string, string>>): Promise<unknown>;
  /** Requests so far. */
  readonly asked: { readonly path: string; readonly headers: Readonly<Record<string, string>> }[];
}

export function scriptedEngine(answers: EngineAnswers): ScriptedEngine {
  const asked: { path: string; headers: Readonly<Record<string, string>> }[] = [];
  return {
    asked,
    get: (path, _query, headers = {}) => {
      asked.push({ path, headers });
      const answer = answers[path] ?? new EngineError(`no such object: ${path}`, 404);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

/** What a healthy manager of a swarm with one node answers. */
export const HEALTHY_ENGINE: EngineAnswers = {
  "/version": { Version: "28.5.2", ApiVersion: "1.51" },
  "/info": {
    Name: "vm",
    DockerRootDir: "/no/such/folder",
    Swarm: { LocalNodeState: "active", ControlAvailable: true },
  },
  "/nodes": [node("vm")],
  "/networks": [],
  "/images/gitlab/gitlab-runner:v19.4.0/json": { Id: "sha256:1" },
  "/images/node:24.21.0-bookworm-slim/json": { Id: "sha256:2" },
};

/** A node in the form of the engine's API. */
export function node(
  name: string,
  { state = "ready", availability = "active", cpus = 4, memoryBytes = 8 * 1024 ** 3 } = {},
): object {
  return {
    ID: `id-of-${name}`,
    Spec: { Availability: availability },
    Status: { State: state },
    Description: {
      Hostname: name,
      Resources: { NanoCPUs: cpus * 1e9, MemoryBytes: memoryBytes },
    },
  };
}
