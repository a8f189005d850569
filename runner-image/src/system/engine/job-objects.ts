import { callEngine } from "./client";
import type { Engine } from "./engine";

/** gitlab-runner puts its system ID into this label of everything that it creates for jobs. */
const SYSTEM_ID = "com.gitlab.gitlab-runner.runner.system_id";

/** Longest wait for one response. The engine may have to kill a job first. */
const RESPONSE_TIMEOUT_MS = 30_000;

/** Longest response that is read. */
const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;

/**
 * Removes the containers and networks that a killed replica left on an engine. Nothing controls its
 * jobs anymore, and its services would run forever. Volumes stay, because later jobs use them as
 * caches.
 * @param systemId the killed replica's; no running replica may have the same
 * @returns how many were removed
 * @throws Error naming what the engine did not do
 */
export async function removeJobObjects(engine: Engine, systemId: string): Promise<number> {
  const label = encodeURIComponent(JSON.stringify({ label: [`${SYSTEM_ID}=${systemId}`] }));
  const containers = readIds(await ask(engine, "GET", `/containers/json?all=1&filters=${label}`));
  await each(containers, (id) => ask(engine, "DELETE", `/containers/${id}?force=1&v=1`));
  const networks = readIds(await ask(engine, "GET", `/networks?filters=${label}`));
  await each(networks, (id) => ask(engine, "DELETE", `/networks/${id}`));
  return containers.length + networks.length;
}

async function each(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<void> {
  await Promise.all(ids.map(act));
}

function readIds(response: unknown): readonly string[] {
  if (!Array.isArray(response)) return [];
  return (response as readonly ({ readonly Id?: unknown } | null)[]).flatMap((object) =>
    typeof object?.Id === "string" ? [object.Id] : [],
  );
}

/** @returns the JSON in the engine's response; undefined if there is none */
async function ask(engine: Engine, method: "GET" | "DELETE", path: string): Promise<unknown> {
  const { status, text } = await callEngine(engine, {
    ...{ method, path, timeoutMs: RESPONSE_TIMEOUT_MS, maxBytes: MAX_RESPONSE_BYTES },
  });
  // 404 and 409: the object is already gone or being removed.
  if (method === "DELETE" && (status === 204 || status === 404 || status === 409)) return undefined;
  if (status === 200) return JSON.parse(text);
  throw new Error(`${method} ${path.split("?")[0] ?? ""}: ${status} ${text.trim()}`);
}
